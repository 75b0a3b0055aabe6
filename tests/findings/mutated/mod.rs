//! A mutated city: every rule, also one that finds nothing in the city, is shown to find what was broken, and only
//! that, and to stay silent where the definition is just not met.

mod flows;
mod knowledge;
mod standards;
mod systems;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use ezu::analyses::findings::{Catalogue, CoverageState, run};
use ezu::domain::change_set::{CreateElement, CreateRelationship, Delete, Update};
use ezu::domain::{Model, Operation};
use ezu::graph::View;
use serde_json::{Value as Json, json};

use crate::city::DOMAIN;
use crate::rules::catalogue;
use crate::support::{apply, city, city_day};

/// A change after which the definition of a rule is met, and changes after which it is just not.
struct Mutation {
    rule: &'static str,
    /// The subjects of the one finding more.
    finds: Vec<&'static str>,
    broken: Vec<Operation>,
    short: Vec<Vec<Operation>>,
}

fn mutation(rule: &'static str, finds: &[&'static str], broken: Vec<Operation>) -> Mutation {
    Mutation { rule, finds: finds.to_vec(), broken, short: Vec::new() }
}

impl Mutation {
    /// Just not: nothing more is found.
    fn but_not(mut self, operations: Vec<Operation>) -> Self {
        self.short.push(operations);
        self
    }
}

fn object(json: Json) -> serde_json::Map<String, Json> {
    json.as_object().expect("an object").clone()
}

/// Attributes with others laid over them.
fn over(base: Json, more: Json) -> Json {
    let mut all = object(base);
    all.extend(object(more));
    Json::Object(all)
}

fn update(id: &str, set: Json) -> Operation {
    Operation::UpdateElement(Update { id: id.into(), set: object(set), unset: Vec::new() })
}

fn create(kind: &str, id: &str, attributes: Json) -> Operation {
    let unnamed = ["pia", "issue", "adoption", "person"].contains(&kind);
    let name = (!unnamed).then(|| id.to_owned());
    Operation::CreateElement(CreateElement { id: id.into(), kind: kind.into(), name, attributes: object(attributes) })
}

/// A system of no rule's interest, but for what is said.
fn system(id: &str, attributes: Json) -> Operation {
    create("system", id, attributes)
}

fn process(id: &str, attributes: Json) -> Operation {
    create("business_process", id, attributes)
}

/// A documented flow of resident records within a zone, but for what is said.
fn flow(id: &str, source: &str, target: &str, attributes: Json) -> Operation {
    let usual = json!({
        "data": ["dat-juki"], "method": "file", "frequency": "d", "control": "intra", "carries_my_number": false,
        "documented": true,
    });
    Operation::CreateRelationship(CreateRelationship {
        id: Some(id.into()),
        kind: "data_flow".into(),
        source: source.into(),
        target: target.into(),
        name: None,
        attributes: object(over(usual, attributes)),
    })
}

/// What one rule says of the city after some operations.
fn found(rules: &Catalogue, rule: &str, operations: Vec<Operation>) -> BTreeSet<Vec<String>> {
    let base = city();
    let view = if operations.is_empty() { base } else { View::new(apply(base.snapshot(), operations), city_day()) };
    let run = run(&view, rules, |held| *held.id == *rule);
    assert_ne!(run.coverage[0].state, CoverageState::NotEvaluated, "{rule}");
    let subjects = run.findings.iter().map(|(_, draft)| draft.subjects().iter().map(ToString::to_string).collect());
    subjects.collect()
}

fn rules() -> &'static Catalogue {
    static RULES: OnceLock<Catalogue> = OnceLock::new();
    RULES.get_or_init(|| catalogue(city().metamodel()))
}

fn mutations() -> Vec<Mutation> {
    let all = [flows::mutations(), systems::mutations(), standards::mutations(), knowledge::mutations()];
    all.into_iter().flatten().collect()
}

#[test]
fn every_rule_finds_what_was_broken_and_nothing_just_short_of_it() {
    let mut wrong = Vec::new();
    let mut of_city: BTreeMap<&str, BTreeSet<Vec<String>>> = BTreeMap::new();
    for held in mutations() {
        let rule = held.rule;
        let before = of_city.entry(rule).or_insert_with(|| found(rules(), rule, Vec::new())).clone();
        let mut expected = before.clone();
        expected.insert(held.finds.iter().map(|id| (*id).to_owned()).collect());
        let is_new = expected.len() > before.len();
        if !is_new || found(rules(), rule, held.broken) != expected {
            wrong.push(format!("{rule} does not find {:?} alone", held.finds));
        }
        for (number, operations) in held.short.into_iter().enumerate() {
            if found(rules(), rule, operations) != before {
                wrong.push(format!("{rule} finds something just short of {:?}, number {number}", held.finds));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_rule_of_the_domain_is_mutated() {
    let all = mutations();
    for rule in DOMAIN {
        let of_rule = || all.iter().filter(|held| held.rule == rule);
        assert!(of_rule().count() > 0, "{rule} is not shown to fire");
        assert!(of_rule().any(|held| !held.short.is_empty()), "{rule} is not shown to stay silent");
    }
}

#[test]
fn resolving_a_case_removes_its_finding() {
    let case = vec!["flw-taino-to-saikoku".to_owned()];
    assert!(found(rules(), "S02", Vec::new()).contains(&case));
    let gone = Operation::DeleteRelationship(Delete { id: case[0].clone(), cascade: true });
    assert!(!found(rules(), "S02", vec![gone]).contains(&case));
}
