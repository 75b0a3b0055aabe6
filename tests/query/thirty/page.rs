//! The thirty questions as the documentation prints them.

use std::path::Path;

use serde_json::Value as Json;

/// A question of the page.
#[derive(Debug, Default)]
pub(super) struct Question {
    /// Its number.
    pub(super) number: usize,
    /// In Japanese.
    pub(super) japanese: String,
    /// In English.
    pub(super) english: String,
    /// The query.
    pub(super) query: String,
    /// The values of its parameters.
    pub(super) parameters: Vec<(String, Json)>,
    /// The table: heading, and the rows that are printed.
    pub(super) columns: Vec<String>,
    pub(super) rows: Vec<Vec<String>>,
    /// How many rows there are, where not all are printed.
    pub(super) of: Option<usize>,
    /// What the answer says.
    pub(super) remark: String,
}

/// All questions of the page.
pub(super) fn questions() -> Vec<Question> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/query-language.md");
    let page = std::fs::read_to_string(path).expect("readable");
    let section = page.split("\n## Thirty questions\n").nth(1).expect("the section is there");
    let section = section.split("\n## ").next().unwrap_or_default();
    section.split("\n### ").skip(1).map(question).collect()
}

fn question(text: &str) -> Question {
    let (heading, rest) = text.split_once('\n').expect("a heading");
    let (number, japanese) = heading.split_once(". ").expect("a number");
    let (before, rest) = rest.split_once("```cypher\n").expect("a query");
    let (query, rest) = rest.split_once("```").expect("the end of the query");
    let mut question = Question {
        number: number.parse().expect("a number"),
        japanese: japanese.to_owned(),
        english: before.trim().to_owned(),
        query: query.to_owned(),
        ..Question::default()
    };
    rest.lines().map(str::trim).filter(|line| !line.is_empty()).for_each(|line| question.add(line));
    question
}

impl Question {
    /// A line behind the query.
    fn add(&mut self, line: &str) {
        if let Some(row) = line.strip_prefix('|') {
            self.add_row(row);
        } else if let Some(parameters) = line.strip_prefix("With `$") {
            self.parameters = parameters.split(", `$").map(parameter).collect();
        } else if let Some((printed, all)) = line.strip_suffix(" rows.)").and_then(|line| line.split_once(" of ")) {
            assert_eq!(printed, format!("({}", self.rows.len()), "question {}", self.number);
            self.of = Some(all.parse().expect("a number"));
        } else {
            self.remark += line;
        }
    }

    fn add_row(&mut self, row: &str) {
        let cells: Vec<String> = row.trim_end_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect();
        if self.columns.is_empty() {
            self.columns = cells;
        } else if !cells.iter().all(|cell| cell == "---") {
            self.rows.push(cells);
        }
    }
}

/// `` name` = `"value"` ``.
fn parameter(text: &str) -> (String, Json) {
    let (name, value) = text.split_once("` = `").expect("a name and a value");
    let value = value.trim_end_matches(':').trim_end_matches('`');
    (name.to_owned(), serde_json::from_str(value).expect("JSON"))
}

/// A value as the page prints it.
pub(super) fn cell(value: &Json) -> String {
    match value {
        Json::Null => String::new(),
        Json::String(text) => text.clone(),
        Json::Array(items) => items.iter().map(cell).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}
