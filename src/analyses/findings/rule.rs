//! A rule: what it judges, what it needs to know for that, and what it says.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value as Json;

use super::draft::Draft;
use super::finding::Severity;
use super::path::{ChangedPlace, Need, ReadPath};
use super::querying::RuleQuery;
use super::reader::Reader;
use crate::domain::metamodel::{AttributeName, KindId};
use crate::domain::{Localized, Value};
use crate::graph::Place;

/// A rule of the catalogue. Rules that are code and rules that are queries look alike.
#[derive(Debug, Clone)]
pub struct Rule {
    /// Its id, such as `S13`.
    pub id: Arc<str>,
    /// The set that it belongs to, such as `security`.
    pub set: Arc<str>,
    /// How grave its findings are.
    pub severity: Severity,
    /// What it is about, in a few words.
    pub title: Localized,
    /// What its findings say; `{name}` stands for a fact.
    pub sentence: Localized,
    /// What to do about its findings.
    pub advice: Localized,
    /// Where it is defined.
    pub source: Arc<str>,
    /// The kinds of what it judges.
    pub judges: Vec<Arc<str>>,
    /// The kinds, as the metamodel has them, with those that specialise them; empty where it has none.
    pub kinds: Vec<KindId>,
    /// It judges only what has one of these values; the others are in order by definition.
    pub when: Vec<Condition>,
    /// Kinds of which the model must hold at least one: where none is recorded at all, that one is missing means nothing.
    pub records: Vec<RecordedKind>,
    /// What must be recorded for a judgement.
    pub needs: Vec<Need>,
    /// What else it reads; where it is absent, that has a meaning of its own.
    pub reads: Vec<ReadPath>,
    /// The attributes whose labels say how facts of these names are read.
    pub labels: BTreeMap<String, (KindId, AttributeName)>,
    /// What it can be tuned by.
    pub parameters: BTreeMap<String, Json>,
    /// How it judges.
    pub form: RuleForm,
    /// Why it cannot be applied under this metamodel, if so.
    pub unusable: Option<Localized>,
}

/// The name of a kind, and it with those that specialise it.
pub type RecordedKind = (Arc<str>, Vec<KindId>);

/// A value that what is judged must have.
#[derive(Debug, Clone)]
pub struct Condition {
    /// Where the value is.
    pub path: ReadPath,
    /// The values of which it must have one.
    pub values: Vec<Json>,
}

/// How a rule judges.
#[derive(Debug, Clone)]
pub enum RuleForm {
    /// By code of this room.
    Code(Code),
    /// By a query in ezu's language.
    Query(Arc<RuleQuery>),
}

/// A rule that is code.
#[derive(Debug, Clone, Copy)]
pub struct Code {
    /// How it judges.
    pub judge: Judge,
    /// How to find what a change may alter, where `needs` and `reads` do not tell.
    pub affected: Option<Affected>,
}

/// What a changed item may alter, in one of the two views.
pub type Affected = fn(&Reader<'_>, &Rule, &ChangedPlace<'_>) -> Vec<Place>;

/// How code judges.
#[derive(Debug, Clone, Copy)]
pub enum Judge {
    /// One item at a time.
    Each(fn(&mut Case<'_, '_>)),
    /// All items together, for rules that compare them.
    Together(fn(&Reader<'_>, &Rule, &[Place], &mut Vec<Draft>)),
}

impl Code {
    /// Code that judges one item at a time and reads only what the rule states.
    pub(in crate::analyses) const fn each(judge: fn(&mut Case<'_, '_>)) -> Self {
        Self { judge: Judge::Each(judge), affected: None }
    }

    /// Code that compares all items.
    pub(in crate::analyses) const fn together(judge: fn(&Reader<'_>, &Rule, &[Place], &mut Vec<Draft>)) -> Self {
        Self { judge: Judge::Together(judge), affected: None }
    }
}

/// One item before one rule.
#[derive(Debug)]
pub struct Case<'r, 'v> {
    pub(in crate::analyses) reader: &'r Reader<'v>,
    pub(in crate::analyses) rule: &'r Rule,
    pub(in crate::analyses) anchor: Place,
    pub(super) drafts: &'r mut Vec<Draft>,
    pub(super) lacking: Option<&'static str>,
}

impl Case<'_, '_> {
    /// A finding about items.
    pub(in crate::analyses) fn about(&self, subjects: &[Place]) -> Draft {
        Draft::about(self.reader, self.rule, subjects)
    }

    /// Says that it cannot be judged for want of something.
    pub(in crate::analyses) fn lacks(&mut self, what: &'static str) {
        self.lacking = Some(what);
    }

    /// Hands a finding in.
    pub(in crate::analyses) fn report(&mut self, draft: Draft) {
        self.drafts.push(draft);
    }
}

/// What can be said of an item before any judgement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Readiness {
    /// The rule has to judge it.
    Ready,
    /// The rule does not concern it: it is in order.
    Outside,
    /// It cannot be judged for want of the need or condition with this number; conditions come first.
    Lacks(usize),
}

impl Rule {
    /// Whether the rule is a query.
    pub fn is_query(&self) -> bool {
        matches!(self.form, RuleForm::Query(_))
    }

    /// A whole number by which it can be tuned.
    pub(in crate::analyses) fn number(&self, name: &str, otherwise: i64) -> i64 {
        self.parameters.get(name).and_then(Json::as_i64).unwrap_or(otherwise)
    }

    /// A list of words by which it can be tuned.
    pub(in crate::analyses) fn words(&self, name: &str) -> Vec<&str> {
        let list = self.parameters.get(name).and_then(Json::as_array);
        list.into_iter().flatten().filter_map(Json::as_str).collect()
    }

    /// All ways along which it reads.
    pub(super) fn paths(&self) -> impl Iterator<Item = &ReadPath> {
        let needs = self.needs.iter().flat_map(Need::paths);
        self.when.iter().map(|condition| &condition.path).chain(needs).chain(&self.reads)
    }

    /// The condition or need with this number, as it is written; the kind where the rule has none.
    pub(super) fn need(&self, number: usize) -> &str {
        let conditions = self.when.iter().map(|condition| condition.path.text());
        conditions.chain(self.needs.iter().map(Need::text)).nth(number).unwrap_or(&self.judges[0])
    }

    /// A kind that the rule rests on and that the model does not record at all.
    ///
    /// Takes constant time.
    pub(super) fn unrecorded(&self, reader: &Reader<'_>) -> Option<&str> {
        let snapshot = reader.view().snapshot();
        let absent = |kinds: &[KindId]| kinds.iter().all(|kind| snapshot.count_of_kind(*kind) == 0);
        self.records.iter().find(|(_, kinds)| absent(kinds)).map(|(name, _)| &**name)
    }

    pub(super) fn readiness(&self, reader: &Reader<'_>, anchor: Place) -> Readiness {
        for (number, condition) in self.when.iter().enumerate() {
            match condition.holds(reader, anchor) {
                Some(true) => {}
                Some(false) => return Readiness::Outside,
                None => return Readiness::Lacks(number),
            }
        }
        let lacking = self.needs.iter().position(|need| !need.is_met(reader, anchor));
        lacking.map_or(Readiness::Ready, |place| Readiness::Lacks(self.when.len() + place))
    }
}

impl Condition {
    /// Whether one of the values is there; nothing when none at all is recorded.
    pub(in crate::analyses) fn holds(&self, reader: &Reader<'_>, anchor: Place) -> Option<bool> {
        let values = self.path.values(reader, anchor);
        if values.is_empty() {
            return None;
        }
        Some(values.iter().any(|value| self.values.iter().any(|wanted| is_equal(value, wanted))))
    }
}

fn is_equal(value: &Value, wanted: &Json) -> bool {
    match (value, wanted) {
        (Value::Text(held), Json::String(wanted)) => **held == **wanted,
        (Value::Boolean(held), Json::Bool(wanted)) => held == wanted,
        (Value::Integer(held), Json::Number(wanted)) => wanted.as_i64() == Some(*held),
        _ => false,
    }
}
