//! Patterns over a city large enough for batches and tables of steps, held against plain loops over its relationships.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use ezu::application::files::load_metamodel;
use ezu::application::generate::generate_snapshot;
use ezu::domain::Model as _;
use ezu::graph::View;
use ezu::query::over_view::{ViewCatalog, ViewGraph};
use ezu::query::{Limits, Options, Parameters, Value, compile};

use crate::engine::clock;

/// Enough systems that a step from all of them is noted in a table (4,096), in some dozens of batches.
const ELEMENTS: usize = 18_000;

struct City {
    view: View,
    catalog: ViewCatalog,
}

/// A relationship: its id, source and target.
type Line = (String, String, String);

impl City {
    fn new() -> Self {
        let metamodel = load_metamodel(None).expect("sound");
        let snapshot = generate_snapshot(&metamodel, ELEMENTS, 3).expect("valid");
        let catalog = ViewCatalog::new(&metamodel);
        Self { view: View::new(Arc::new(snapshot), jiff::civil::date(2026, 11, 1)), catalog }
    }

    fn rows(&self, query: &str) -> Vec<Vec<String>> {
        let graph = ViewGraph::new(&self.view, &self.catalog);
        let prepared = compile(query, &self.catalog, &graph).unwrap_or_else(|error| panic!("{query}: {error}"));
        let options = Options { limits: Limits::default(), clock: &clock(), cancelled: None, counted: false };
        let answer = prepared.run(&graph, &Parameters::default(), &options).expect("answered");
        let cell = |value: &Value| match value {
            Value::String(text) => text.to_string(),
            Value::Integer(number) => number.to_string(),
            other => panic!("{other:?}"),
        };
        answer.rows.iter().map(|row| row.iter().map(cell).collect()).collect()
    }

    fn lines(&self, kind: &str) -> Vec<Line> {
        let kind = self.view.snapshot().metamodel().kind_named(kind).expect("a kind").id;
        let line = |found: &Arc<ezu::domain::element::Relationship>| {
            (found.id.to_string(), found.source.to_string(), found.target.to_string())
        };
        self.view.relationships_of_kind(kind).map(line).filter(|(_, source, _)| source.starts_with("sys-")).collect()
    }
}

fn by<'a>(lines: &'a [Line], key: impl Fn(&'a Line) -> &'a str) -> BTreeMap<&'a str, Vec<&'a Line>> {
    let mut map: BTreeMap<&str, Vec<&Line>> = BTreeMap::new();
    lines.iter().for_each(|line| map.entry(key(line)).or_default().push(line));
    map
}

#[test]
fn steps_in_batches_give_what_plain_loops_give() {
    let city = City::new();
    let (flows, owners, vendors) = (city.lines("data_flow"), city.lines("owned_by"), city.lines("supplied_by"));
    let flows: Vec<Line> = flows.into_iter().filter(|(_, _, target)| target.starts_with("sys-")).collect();
    let (owner_of, vendor_of) = (by(&owners, |line| &line.1), by(&vendors, |line| &line.1));
    let none = Vec::new();
    let mut expected: BTreeMap<&str, (usize, BTreeSet<&str>)> = BTreeMap::new();
    let mut walked = BTreeSet::new();
    for (flow, source, target) in &flows {
        for (_, _, vendor) in vendor_of.get(target.as_str()).unwrap_or(&none) {
            walked.insert(vec![vendor.clone(), target.clone(), flow.clone(), source.clone()]);
            for (_, _, department) in owner_of.get(source.as_str()).unwrap_or(&none) {
                let held = expected.entry(department).or_default();
                held.0 += 1;
                held.1.insert(vendor);
            }
        }
    }
    assert!(walked.len() > 4_096, "{} are no batches", walked.len());
    let expected: BTreeSet<Vec<String>> = expected
        .iter()
        .map(|(department, (rows, vendors))| {
            vec![(*department).to_owned(), rows.to_string(), vendors.len().to_string()]
        })
        .collect();
    let counted = city.rows(
        "MATCH (d:Department)<-[:OWNED_BY]-(s:System)-[:DATA_FLOW]->(t:System)-[:SUPPLIED_BY]->(v:Vendor) \
         RETURN d.id AS d, count(*) AS n, count(DISTINCT v) AS v",
    );
    assert_eq!(counted.len(), expected.len());
    assert_eq!(counted.into_iter().collect::<BTreeSet<_>>(), expected);
    let rows = city.rows(
        "MATCH (v:Vendor)<-[:SUPPLIED_BY]-(t:System)<-[f:DATA_FLOW]-(s:System) RETURN v.id AS v, t.id AS t, f.id AS f, s.id AS s",
    );
    assert_eq!(rows.len(), walked.len(), "each once");
    assert_eq!(rows.into_iter().collect::<BTreeSet<_>>(), walked);
}

#[test]
fn relationships_of_a_pattern_differ_in_batches_too() {
    let city = City::new();
    let flows = city.lines("data_flow");
    let into = by(&flows, |line| &line.2);
    let pairs: usize = into
        .iter()
        .filter(|(target, _)| target.starts_with("sys-"))
        .map(|(_, flows)| flows.len() * (flows.len() - 1))
        .sum();
    let counted = city.rows("MATCH (a:System)-[:DATA_FLOW]->(b:System)<-[:DATA_FLOW]-(c:System) RETURN count(*) AS n");
    assert_eq!(counted, [[pairs.to_string()]]);
    // In two patterns nothing has to differ.
    let all: usize =
        into.iter().filter(|(target, _)| target.starts_with("sys-")).map(|(_, flows)| flows.len() * flows.len()).sum();
    let counted =
        city.rows("MATCH (a:System)-[:DATA_FLOW]->(b:System) MATCH (b)<-[:DATA_FLOW]-(c:System) RETURN count(*) AS n");
    assert_eq!(counted, [[all.to_string()]]);
}
