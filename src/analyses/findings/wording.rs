//! From a draft to a finding in words.

use std::collections::BTreeMap;
use std::sync::Arc;

use rustc_hash::FxHashMap;
use serde_json::Map;

use super::catalogue::Catalogue;
use super::dismissal::Dismissals;
use super::draft::{Draft, DraftPath, DraftStep, Fact};
use super::finding::{Dismissal, DismissalState, Evidence, EvidencePath, EvidenceStep, Finding};
use super::reader::Reader;
use super::rule::Rule;
use crate::analyses::answer::{ItemSummary, PathStep};
use crate::analyses::names::{LANGUAGES, summary_of, words_of};
use crate::domain::naming::{display_name_of, fill};
use crate::domain::{Item, Localized, Model, Relationship, Value};
use crate::graph::{Place, View};

/// Puts findings of one view into words.
#[derive(Debug)]
pub struct Wording<'v> {
    view: &'v View,
    catalogue: &'v Catalogue,
    reader: Reader<'v>,
    dismissals: Dismissals,
    principles: FxHashMap<String, Vec<String>>,
}

impl<'v> Wording<'v> {
    /// Wording for findings of a view.
    pub fn new(view: &'v View, catalogue: &'v Catalogue) -> Self {
        let reader = Reader::new(view, catalogue.terms());
        let (dismissals, principles) = (Dismissals::of(&reader), principles(&reader));
        Self { view, catalogue, reader, dismissals, principles }
    }

    /// The view that is worded.
    pub fn view(&self) -> &'v View {
        self.view
    }

    /// The dismissals of the view.
    pub fn dismissals(&self) -> &Dismissals {
        &self.dismissals
    }

    /// The dismissal of a finding, held or lapsed.
    pub fn dismissal(&self, draft: &Draft) -> Option<Dismissal> {
        self.dismissals.of_finding(self.view, draft)
    }

    /// Whether a finding is dismissed.
    pub fn is_dismissed(&self, draft: &Draft) -> bool {
        self.dismissal(draft).is_some_and(|held| held.state == DismissalState::Holds)
    }

    /// The principles that a rule checks, as ids.
    pub fn principles_of(&self, rule: &str) -> &[String] {
        self.principles.get(rule).map_or(&[], Vec::as_slice)
    }

    /// The principles of a view, with the rules that check them.
    pub fn principles(&self, view: &View) -> Vec<(ItemSummary, Vec<String>)> {
        let places = self.reader.all("principle").into_iter();
        let known = places.filter_map(|place| {
            let item = self.reader.item(place)?;
            Some((summary_of(view, item), rules_of(&self.reader, place)))
        });
        known.filter(|(_, rules)| !rules.is_empty()).collect()
    }

    /// The departments in charge of a finding's subjects, as ids, sorted.
    pub fn departments(&self, draft: &Draft) -> Vec<String> {
        let places = draft.subjects.iter().filter_map(|id| self.reader.place(id.as_str()));
        let departments: Vec<Place> = places.flat_map(|place| departments_of(&self.reader, place)).collect();
        self.reader.sorted(departments).iter().map(|place| self.reader.id(*place).to_owned()).collect()
    }

    /// A finding in words.
    pub fn finding(&self, rule: usize, draft: &Draft) -> Finding {
        let rule = &self.catalogue.rules()[rule];
        Finding {
            id: draft.id.clone(),
            rule: Arc::clone(&rule.id),
            set: Arc::clone(&rule.set),
            severity: rule.severity,
            subjects: draft.subjects.iter().map(ToString::to_string).collect(),
            items: draft.subjects.iter().filter_map(|id| self.summary(id.as_str())).collect(),
            sentence: self.sentence(rule, draft),
            advice: rule.advice.clone(),
            evidence: self.evidence(draft),
            unknown: draft.unknown.clone(),
            departments: self.departments(draft),
            principles: self.principles_of(&rule.id).to_vec(),
            dismissal: self.dismissal(draft),
        }
    }

    fn summary(&self, id: &str) -> Option<ItemSummary> {
        self.view.item(id).map(|item| summary_of(self.view, item))
    }

    fn sentence(&self, rule: &Rule, draft: &Draft) -> Localized {
        let [ja, en] = LANGUAGES.map(|language| {
            let mut values: Vec<(String, String)> = Vec::new();
            for (number, id) in draft.subjects.iter().enumerate() {
                let name = display_name_of(self.view, id.as_str(), language);
                values.push((if number == 0 { "subject".to_owned() } else { format!("subject{}", number + 1) }, name));
            }
            let subjects = super::draft::FactValue::Items(draft.subjects.clone()).to_text(self.view, language);
            values.push(("subjects".to_owned(), subjects));
            values
                .extend(draft.facts.iter().map(|fact| (fact.key.to_string(), fact.value.to_text(self.view, language))));
            let values: Vec<(&str, &str)> = values.iter().map(|(key, text)| (key.as_str(), text.as_str())).collect();
            fill(rule.sentence.get(language), &values)
        });
        Localized::ja_en(&ja, &en)
    }

    fn evidence(&self, draft: &Draft) -> Evidence {
        let labels = draft.facts.iter().map(|fact| (fact.key.to_string(), self.localized(fact)));
        Evidence {
            facts: facts(&draft.facts),
            labels: labels.collect::<BTreeMap<_, _>>(),
            paths: draft.paths.iter().map(|path| self.path(path)).collect(),
            digest: draft.digest(),
        }
    }

    fn localized(&self, fact: &Fact) -> Localized {
        let [ja, en] = LANGUAGES.map(|language| fact.value.to_text(self.view, language));
        Localized::ja_en(&ja, &en)
    }

    fn path(&self, path: &DraftPath) -> EvidencePath {
        EvidencePath {
            from: path.from.to_string(),
            to: path.to.to_string(),
            steps: path.steps.iter().filter_map(|step| self.step(step)).collect(),
            others: path.others,
            others_at_least: path.others_at_least,
        }
    }

    fn step(&self, step: &DraftStep) -> Option<EvidenceStep> {
        let relationship = self.view.relationship(step.relationship.as_str())?;
        Some(EvidenceStep { step: path_step(self.view, relationship, step.forward), facts: facts(&step.facts) })
    }
}

/// A relationship as a step of a way.
fn path_step(view: &View, relationship: &Relationship, forward: bool) -> PathStep {
    let (source, target) = (relationship.source.to_string(), relationship.target.to_string());
    let (from, to) = if forward { (source, target) } else { (target, source) };
    PathStep {
        relationship: relationship.id.to_string(),
        kind: Arc::clone(&view.metamodel().kind(relationship.kind).name),
        from,
        to,
        forward,
        text: words_of(view, relationship, forward),
    }
}

fn facts(facts: &[Fact]) -> Map<String, serde_json::Value> {
    facts.iter().map(|fact| (fact.key.to_string(), fact.value.to_json())).collect()
}

/// The principles by the rules that check them.
fn principles(reader: &Reader<'_>) -> FxHashMap<String, Vec<String>> {
    let mut found: FxHashMap<String, Vec<String>> = FxHashMap::default();
    for place in reader.all("principle") {
        for rule in rules_of(reader, place) {
            found.entry(rule).or_default().push(reader.id(place).to_owned());
        }
    }
    found
}

/// The rules that check a principle.
fn rules_of(reader: &Reader<'_>, principle: Place) -> Vec<String> {
    match reader.value(principle, "checked_by") {
        Some(Value::List(rules)) => rules.iter().filter_map(Value::as_text).map(str::to_owned).collect(),
        _ => Vec::new(),
    }
}

/// Relationships that lead to who is in charge.
const IN_CHARGE: [&str; 5] = ["owned_by", "raised_by", "adopted_by", "works_in", "heard"];

/// The departments in charge of an item; of a relationship, those of its ends.
fn departments_of(reader: &Reader<'_>, place: Place) -> Vec<Place> {
    if reader.is_a(place, "department") {
        return vec![place];
    }
    let direct: Vec<Place> = IN_CHARGE.iter().flat_map(|kind| reader.targets(place, kind)).collect();
    if !direct.is_empty() {
        return direct;
    }
    match reader.item(place) {
        Some(Item::Relationship(held)) => {
            let ends = [&held.source, &held.target].into_iter().filter_map(|id| reader.place(id.as_str()));
            let ends = ends.filter(|end| matches!(end, Place::Element(_)));
            ends.flat_map(|end| IN_CHARGE.iter().flat_map(|kind| reader.targets(end, kind)).collect::<Vec<_>>())
                .collect()
        }
        _ => reader.targets(place, "covers").into_iter().flat_map(|end| reader.targets(end, "owned_by")).collect(),
    }
}
