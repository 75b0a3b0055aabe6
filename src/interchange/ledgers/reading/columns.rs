//! What the columns of a table mean.

use std::sync::Arc;

use rustc_hash::FxHashMap;
use sha2::{Digest, Sha256};

use crate::domain::metamodel::Kind;
use crate::interchange::ledgers::cells::spelling::heading;
use crate::interchange::ledgers::grid::Grid;
use crate::interchange::ledgers::headings::Heading;
use crate::interchange::ledgers::meaning::{ColumnRead, KnownFrom, Meaning, TableChoice};
use crate::interchange::ledgers::vocabulary::{HeadingKey, KindVocabulary, name_meaning};
use crate::interchange::place::{Place, column_name};
use crate::interchange::problem::{Problem, ProblemKind, Said};

/// The columns of a table.
#[derive(Debug)]
pub(super) struct Columns {
    pub all: Vec<TableColumn>,
    /// What a heading that is not understood may mean, likest first. Once for each heading, as one that is merged over
    /// thousands of columns is compared with every known heading once only.
    suggestions: FxHashMap<String, Vec<String>>,
}

/// One column.
#[derive(Debug, Clone)]
pub(super) struct TableColumn {
    /// Counted from 0.
    pub place: usize,
    /// As a spreadsheet program names it.
    pub letter: Arc<str>,
    pub heading: String,
    pub meaning: Option<Meaning>,
    pub known_from: KnownFrom,
    pub carry_down: bool,
    /// Counts rows: known to say nothing.
    pub counts_rows: bool,
}

impl Columns {
    /// Looks up every heading; of two columns with one meaning the first has it.
    pub fn of(found: &Heading, vocabulary: &KindVocabulary, kind: &Kind, choice: Option<&TableChoice>) -> Self {
        let mut all: Vec<TableColumn> = Vec::new();
        for (place, text) in found.texts.iter().enumerate().filter(|(_, text)| !text.is_empty()) {
            let mut column = column(place, text, vocabulary, kind, choice);
            let is_repeated =
                || !adds_up(column.meaning.as_ref()) && all.iter().any(|held| held.meaning == column.meaning);
            if column.known_from != KnownFrom::Choice && is_repeated() {
                (column.meaning, column.known_from) = (None, KnownFrom::Nobody);
            }
            all.push(column);
        }
        let mut suggestions: FxHashMap<String, Vec<String>> = FxHashMap::default();
        for column in all.iter().filter(|column| column.meaning.is_none() && !column.counts_rows) {
            if !suggestions.contains_key(&column.heading) {
                suggestions.insert(column.heading.clone(), vocabulary.suggestions(&column.heading));
            }
        }
        Self { all, suggestions }
    }

    fn suggestions(&self, column: &TableColumn) -> &[String] {
        let suggested = self.suggestions.get(&column.heading).filter(|_| column.meaning.is_none());
        suggested.map_or(&[], Vec::as_slice)
    }

    /// The same for every ledger with the same headings.
    pub fn fingerprint(&self) -> String {
        let mut headings: Vec<String> = self.all.iter().map(|column| heading(&column.heading)).collect();
        headings.sort();
        let digest = Sha256::digest(headings.join("\n").as_bytes());
        digest.iter().take(6).map(|byte| format!("{byte:02x}")).collect()
    }

    /// What there is to say of columns that are not understood or passed over.
    pub fn problems(&self, grid: &Grid, found: &Heading, place: &Place) -> Vec<Problem> {
        let row = grid.rows[found.last].number;
        let at = |column: &TableColumn| Place { row: Some(row), ..place.in_column(column.place) };
        let mut problems = Vec::new();
        for column in self.all.iter().filter(|column| !column.counts_rows) {
            match &column.meaning {
                None => problems.push(unknown(column, self.suggestions(column), at(column))),
                Some(Meaning::Ignored(ignored)) => {
                    let why = ignored
                        .why
                        .clone()
                        .unwrap_or_else(|| Said::new("取り込まない列です", "the column is passed over"));
                    problems.push(Problem::new(
                        ProblemKind::Notice,
                        "ignored_column",
                        at(column),
                        &column.heading,
                        why,
                    ));
                }
                Some(_) => {}
            }
        }
        problems
    }

    /// For people.
    pub fn described(&self) -> Vec<ColumnRead> {
        let described = |column: &TableColumn| ColumnRead {
            column: column_name(column.place),
            heading: column.heading.clone(),
            meaning: column.meaning.clone(),
            known_from: column.known_from,
            suggestions: self.suggestions(column).to_vec(),
        };
        self.all.iter().map(described).collect()
    }
}

/// Whether several columns may have the meaning: references add up.
fn adds_up(meaning: Option<&Meaning>) -> bool {
    matches!(meaning, None | Some(Meaning::Ignored(_)))
        || matches!(meaning, Some(Meaning::Attribute { with, .. }) if !with.is_empty())
}

fn column(
    place: usize,
    text: &str,
    vocabulary: &KindVocabulary,
    kind: &Kind,
    choice: Option<&TableChoice>,
) -> TableColumn {
    let chosen = choice.and_then(|choice| {
        choice.columns.iter().find(|(held, _)| heading(held) == heading(text)).map(|(_, meaning)| meaning)
    });
    let column = |meaning, known_from, carry_down, counts_rows| TableColumn {
        place,
        letter: column_name(place).into(),
        heading: text.to_owned(),
        meaning,
        known_from,
        carry_down,
        counts_rows,
    };
    let known = vocabulary.look_up(&HeadingKey::of(text));
    let carry_down = known.is_some_and(|known| known.carry_down);
    if let Some(meaning) = chosen {
        return column(Some(name_meaning(kind, meaning.clone())), KnownFrom::Choice, carry_down, false);
    }
    match known {
        Some(known) => column(Some(known.meaning.clone()), known.known_from, carry_down, false),
        None => column(None, KnownFrom::Nobody, false, vocabulary.row_numbers.contains(&heading(text))),
    }
}

fn unknown(column: &TableColumn, suggestions: &[String], place: Place) -> Problem {
    let wrong = Said::new("何の列か分かりません", "it is not known what the column means");
    let problem = Problem::new(ProblemKind::Question, "unknown_column", place, &column.heading, wrong)
        .assuming("この列は取り込みません", "the column is not imported");
    let suggestions = suggestions.join(", ");
    let hint = if suggestions.is_empty() { String::new() } else { format!(" ({suggestions}?)") };
    problem.advising(
        format!("列の意味を選ぶか、取り込まない列としてください{hint}"),
        format!("choose what it means, or say that it is to be ignored{hint}"),
    )
}
