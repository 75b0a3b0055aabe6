//! Random graphs and random queries: the engine against the naive evaluator.
//!
//! Every case has a number, which is the seed of its graph and its query. `EZU_QUERY_CASE=17` runs one case and prints
//! it, `EZU_QUERY_CASES=100000` runs more than usual.

mod accepting;
mod clauses;
mod comparing;
mod dice;
mod expressions;
mod graphs;
mod patterns;
mod scope;

use std::collections::BTreeMap;
use std::panic::catch_unwind;

use ezu::query::value::Map;

use crate::engine::{ezu, naive};
use crate::toy::{Toy, execute};
use comparing::difference;
use dice::Dice;
use scope::Writer;

/// How many cases are usually run.
const CASES: u64 = 2000;

/// After so many differences a run ends.
const ENOUGH: usize = 8;

/// A question to a graph.
struct Case {
    number: u64,
    graph: String,
    query: String,
}

impl Case {
    fn new(number: u64) -> Self {
        let graph = graphs::graph(&mut Dice::new(number));
        let query = Writer::new(number ^ 0xe2_0000_0000).query();
        Self { number, graph, query }
    }

    fn toy(&self, quick: bool) -> Toy {
        let mut toy = Toy::default();
        execute(&mut toy, &self.graph, &Map::new()).expect("a generated graph can be made");
        toy.quick = quick;
        toy
    }

    /// How the engine differs from the naive evaluator, if it does.
    fn difference(&self) -> Option<String> {
        let wanted = naive(&self.toy(false), &self.query, &Map::new());
        [false, true].into_iter().find_map(|quick| {
            let toy = self.toy(quick);
            let asked = catch_unwind(|| ezu(&toy, &self.query, &Map::new()));
            let ordered = self.query.rsplit_once("RETURN").is_some_and(|(_, end)| end.contains(" ORDER BY "));
            match asked {
                Ok(came) => difference(&wanted, &came, ordered),
                Err(_) => Some("the engine panicked".to_owned()),
            }
        })
    }

    fn shown(&self, why: &str) -> String {
        format!("case {}\n{}\n{}\n{why}\n", self.number, self.graph, self.query)
    }
}

#[test]
fn random_queries_have_the_answers_of_the_naive_evaluator() {
    let numbers = match variable("EZU_QUERY_CASE") {
        Some(one) => one..one + 1,
        None => 0..variable("EZU_QUERY_CASES").unwrap_or(CASES),
    };
    let mut failures = Vec::new();
    for number in numbers {
        let case = Case::new(number);
        if variable("EZU_QUERY_CASE").is_some() {
            println!("{}", case.shown(""));
        }
        failures.extend(case.difference().map(|why| case.shown(&why)));
        assert!(failures.len() < ENOUGH, "{}", failures.join("\n"));
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// The grammar is worth something only as long as most queries run, many find something, and every part is met.
#[test]
fn the_random_queries_ask_for_everything() {
    let mut met: BTreeMap<&str, usize> = PARTS.iter().map(|part| (*part, 0)).collect();
    let (mut fine, mut with_rows) = (0, 0);
    for number in 0..CASES / 2 {
        let case = Case::new(number);
        let answer = naive(&case.toy(false), &case.query, &Map::new());
        let answer = answer.unwrap_or_else(|error| panic!("{}", case.shown(&error.with_excerpt(&case.query))));
        fine += 1;
        with_rows += usize::from(!answer.rows.is_empty());
        met.iter_mut().filter(|(part, _)| case.query.contains(**part)).for_each(|(_, times)| *times += 1);
    }
    println!("{with_rows} of {fine} queries find something; {met:?}");
    assert!(with_rows * 3 > fine, "{with_rows} of {fine} queries find something");
    assert!(met.values().all(|times| *times >= 5), "{met:?}");
}

const PARTS: [&str; 28] = [
    "MATCH",
    "OPTIONAL MATCH",
    "*1..2",
    "*0..1",
    "shortestPath(",
    "allShortestPaths(",
    "WITH",
    "UNWIND",
    "UNION",
    "UNION ALL",
    "DISTINCT",
    "count(*)",
    "sum(",
    "collect(",
    "ORDER BY",
    "SKIP",
    "LIMIT",
    "EXISTS {",
    "COUNT {",
    "IS NULL",
    "CASE",
    "reduce(",
    " XOR ",
    "all(",
    "LET ",
    "FILTER ",
    "ALL SHORTEST",
    " LABELED ",
];

fn variable(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().expect("a number"))
}
