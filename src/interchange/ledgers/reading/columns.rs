//! What the columns of a table mean.

use std::sync::Arc;

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
            let repeats = |held: &TableColumn| held.meaning == column.meaning && !adds_up(column.meaning.as_ref());
            if all.iter().any(repeats) && column.known_from != KnownFrom::Choice {
                (column.meaning, column.known_from) = (None, KnownFrom::Nobody);
            }
            all.push(column);
        }
        Self { all }
    }

    /// The same for every ledger with the same headings.
    pub fn fingerprint(&self) -> String {
        let mut headings: Vec<String> = self.all.iter().map(|column| heading(&column.heading)).collect();
        headings.sort();
        let digest = Sha256::digest(headings.join("\n").as_bytes());
        digest.iter().take(6).map(|byte| format!("{byte:02x}")).collect()
    }

    /// What there is to say of columns that are not understood or passed over.
    pub fn problems(&self, vocabulary: &KindVocabulary, grid: &Grid, found: &Heading, place: &Place) -> Vec<Problem> {
        let row = grid.rows[found.last].number;
        let at = |column: &TableColumn| Place { row: Some(row), ..place.in_column(column.place) };
        let mut problems = Vec::new();
        for column in self.all.iter().filter(|column| !column.counts_rows) {
            match &column.meaning {
                None => problems.push(unknown(column, vocabulary, at(column))),
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
    pub fn described(&self, vocabulary: &KindVocabulary) -> Vec<ColumnRead> {
        let described = |column: &TableColumn| ColumnRead {
            column: column_name(column.place),
            heading: column.heading.clone(),
            meaning: column.meaning.clone(),
            known_from: column.known_from,
            suggestions: match column.meaning {
                None if !column.counts_rows => vocabulary.suggestions(&column.heading),
                _ => Vec::new(),
            },
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

fn unknown(column: &TableColumn, vocabulary: &KindVocabulary, place: Place) -> Problem {
    let wrong = Said::new("何の列か分かりません", "it is not known what the column means");
    let problem = Problem::new(ProblemKind::Question, "unknown_column", place, &column.heading, wrong)
        .assuming("この列は取り込みません", "the column is not imported");
    let suggestions = vocabulary.suggestions(&column.heading).join(", ");
    let hint = if suggestions.is_empty() { String::new() } else { format!(" ({suggestions}?)") };
    problem.advising(
        format!("列の意味を選ぶか、取り込まない列としてください{hint}"),
        format!("choose what it means, or say that it is to be ignored{hint}"),
    )
}
