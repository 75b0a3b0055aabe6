//! The thirty questions of `docs/query-language.md`: the page's own queries, asked of the reference city, have the answers
//! that loops over the city's files have, and the tables on the page are the beginnings of these.

mod city;
mod lists;
mod numbers;
mod page;
mod ways;

use std::sync::Arc;

use ezu::application::queries::QueryRequest;
use ezu::application::{Workspace, files};
use ezu::domain::clock::Clock;
use ezu::query::value::json::{from_json, to_json};
use ezu::settings::Limits;
use ezu::storage::Store;
use serde_json::Value as Json;

use city::City;
use page::{Question, cell};

/// The rows of an answer.
type Rows = Vec<Vec<Json>>;

/// A second way to an answer.
type Computation = fn(&City) -> Rows;

/// A row of things that JSON can hold.
macro_rules! row {
    ($($value:expr),* $(,)?) => { vec![$(serde_json::json!($value)),*] };
}
use row;

/// Question by question, the same without ezu.
const COMPUTATIONS: [Computation; 30] = [
    lists::one_system,
    lists::sections_of_a_division,
    numbers::actors,
    lists::systems_of_a_section,
    lists::unregistered_personal_files,
    lists::urgent_work_offline,
    lists::most_retyping,
    lists::unguarded_media,
    lists::standard_affairs,
    numbers::general_functions,
    numbers::channels,
    numbers::vendors,
    lists::unconnected_systems,
    numbers::issues,
    numbers::out_of_support,
    numbers::contracts_by_fiscal_year,
    lists::wrong_privacy_assessments,
    lists::work_of_a_section,
    lists::leavers,
    lists::explained_flows,
    lists::idle_controls,
    ways::moving_in,
    ways::standing_on_a_machine,
    ways::to_the_printing_contractor,
    ways::hops_to_the_internet,
    lists::colliding_projects,
    numbers::ended_leases,
    ways::stopped_sign_on,
    ways::person_and_residents,
    ways::leaks,
];

#[test]
fn the_page_asks_thirty_questions_in_two_languages() {
    let questions = page::questions();
    let numbers: Vec<usize> = questions.iter().map(|question| question.number).collect();
    assert_eq!(numbers, (1..=30).collect::<Vec<_>>());
    for question in &questions {
        let is_japanese = question.japanese.chars().any(|letter| ('ぁ'..='ん').contains(&letter));
        assert!(is_japanese && question.english.is_ascii() && !question.english.is_empty(), "{question:?}");
        assert!(!question.remark.is_empty() && !question.rows.is_empty(), "{question:?}");
    }
}

#[test]
fn the_thirty_questions_have_the_answers_that_the_files_give() {
    let workspace = workspace();
    let city = City::read();
    let mut wrong = Vec::new();
    for (question, compute) in page::questions().iter().zip(COMPUTATIONS) {
        let (columns, answered) = asked(&workspace, question);
        let (answered, computed) = (in_order(question, answered), in_order(question, compute(&city)));
        if !same(&answered, &computed) {
            wrong.push(format!(
                "{}: ezu answers\n{}the files say\n{}",
                question.number,
                shown(&answered),
                shown(&computed)
            ));
        }
        if let Some(fault) = misprint(question, &columns, &computed) {
            wrong.push(format!("{}: {fault}; it should begin\n{}", question.number, shown(&computed)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn workspace() -> Arc<Workspace> {
    let metamodel = files::load_metamodel(None).expect("sound");
    let workspace = Workspace::open(metamodel, Store::memory(), Clock::System, &Limits::default()).expect("opens");
    files::load_sample(&workspace).expect("the sample is sound");
    Arc::new(workspace)
}

/// The columns and rows with which the engine answers.
fn asked(workspace: &Arc<Workspace>, question: &Question) -> (Vec<String>, Rows) {
    let parameters = question.parameters.iter().map(|(name, value)| (name.as_str().into(), from_json(value)));
    let request =
        QueryRequest { text: question.query.clone(), parameters: parameters.collect(), ..QueryRequest::default() };
    let limits = Limits::default();
    let ready = workspace.ready_query(request, &limits).unwrap_or_else(|error| panic!("{}: {error}", question.number));
    let answer = ready.run(&limits, None).unwrap_or_else(|error| panic!("{}: {error}", question.number));
    let graph = answer.graph();
    let rows = answer.rows.iter().map(|row| row.iter().map(|value| to_json(value, &graph)).collect());
    (answer.columns.iter().map(ToString::to_string).collect(), rows.collect())
}

/// Rows in an order that can be compared: without `ORDER BY` any order is right.
fn in_order(question: &Question, mut rows: Rows) -> Rows {
    if !question.query.contains("ORDER BY") {
        rows.sort_by_key(|row| format!("{row:?}"));
    }
    rows
}

/// Equal, where numbers may differ by the rounding of the last place of a float.
fn same(left: &Rows, right: &Rows) -> bool {
    let close = |left: &Json, right: &Json| match (left.as_f64(), right.as_f64()) {
        (Some(left), Some(right)) => (left - right).abs() <= 1e-9 * left.abs(),
        _ => left == right,
    };
    let rows = |(left, right): (&Vec<Json>, &Vec<Json>)| {
        left.len() == right.len() && left.iter().zip(right).all(|(left, right)| close(left, right))
    };
    left.len() == right.len() && left.iter().zip(right).all(rows)
}

/// What is wrong with the table that the page prints.
fn misprint(question: &Question, columns: &[String], computed: &Rows) -> Option<String> {
    if question.columns != columns {
        return Some(format!("the page heads the columns {:?}, not {columns:?}", question.columns));
    }
    if question.of.unwrap_or(question.rows.len()) != computed.len() {
        return Some(format!("the page speaks of another number of rows than {}", computed.len()));
    }
    let mut rows: Vec<Vec<String>> = computed.iter().map(|row| row.iter().map(cell).collect()).collect();
    let mut printed = question.rows.clone();
    if !question.query.contains("ORDER BY") {
        rows.sort();
        printed.sort();
    }
    (!rows.starts_with(&printed)).then(|| "the page prints another table".to_owned())
}

fn shown(rows: &Rows) -> String {
    let line = |row: &Vec<Json>| format!("| {} |\n", row.iter().map(cell).collect::<Vec<_>>().join(" | "));
    rows.iter().map(line).collect()
}
