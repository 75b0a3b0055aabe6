//! Which findings a change creates and resolves, worked out from the change.
//!
//! For every rule, the ways along which it reads are walked backwards from what changed, before and after the change;
//! only what they lead to is judged again. A full run of both states gives the same, and a test holds the two together.

use rustc_hash::{FxHashMap, FxHashSet};

use super::catalogue::Catalogue;
use super::draft::Draft;
use super::path::ChangedPlace;
use super::reader::Reader;
use super::rule::{Rule, RuleForm};
use super::run;
use crate::domain::metamodel::AttributeName;
use crate::domain::{Attributes, Delta, Identifier, Item};
use crate::graph::{Direction, Place, View};

/// What a change does to the findings; each with its rule's place in the catalogue.
#[derive(Debug, Default, PartialEq)]
pub struct FindingChange {
    /// Findings that come to be.
    pub created: Vec<(usize, Draft)>,
    /// Findings that go.
    pub resolved: Vec<(usize, Draft)>,
    /// Findings that stay with other evidence, as they are after the change.
    pub changed: Vec<(usize, Draft)>,
    /// How many items were judged again, before and after together.
    pub judged: usize,
    /// Whether everything had to be judged: the date or the meaning of a word of the domain changed.
    pub whole: bool,
}

/// What a change does to the findings.
///
/// Takes time proportional to the change and to what the rules read around it.
pub fn change(catalogue: &Catalogue, before: &View, after: &View, delta: &Delta) -> FindingChange {
    let (old, new) = (Reader::new(before, catalogue.terms()), Reader::new(after, catalogue.terms()));
    if before.date() != after.date() || !same_terms(&old, &new) {
        return whole(catalogue, &old, &new);
    }
    let touched = Touched::of(&old, &new, delta);
    let mut result = FindingChange::default();
    for (number, rule) in catalogue.rules().iter().enumerate().filter(|(_, rule)| rule.unusable.is_none()) {
        let mut anchors = FxHashSet::default();
        touched.anchors(&old, rule, &mut anchors);
        touched.anchors(&new, rule, &mut anchors);
        if rule.unrecorded(&old) != rule.unrecorded(&new) {
            // The first or the last of what the rule rests on: it speaks, or falls silent, about everything.
            let all = |reader: &Reader<'_>| rule.kinds.iter().flat_map(|kind| reader.members(*kind).to_vec()).collect();
            anchors.extend::<Vec<_>>(all(&old));
            anchors.extend::<Vec<_>>(all(&new));
        }
        result.judged += 2 * anchors.len();
        let (held, made) = (run::judge_some(&old, rule, &anchors), run::judge_some(&new, rule, &anchors));
        result.compare(number, held, made);
    }
    result
}

/// The same by two full runs.
fn whole(catalogue: &Catalogue, old: &Reader<'_>, new: &Reader<'_>) -> FindingChange {
    let mut result = FindingChange { whole: true, ..FindingChange::default() };
    for (number, rule) in catalogue.rules().iter().enumerate() {
        let (held, covered) = run::judge_all(old, rule);
        let (made, covering) = run::judge_all(new, rule);
        result.judged += covered.judged + covering.judged;
        result.compare(number, held, made);
    }
    result
}

fn same_terms(old: &Reader<'_>, new: &Reader<'_>) -> bool {
    old.terms().iter().all(|(word, ids)| new.terms().ids(word) == ids)
}

impl FindingChange {
    fn compare(&mut self, number: usize, held: Vec<Draft>, made: Vec<Draft>) {
        let mut held: FxHashMap<String, Draft> = held.into_iter().map(|draft| (draft.id.clone(), draft)).collect();
        let mut made: Vec<Draft> = made;
        made.sort_by(|a, b| a.id.cmp(&b.id));
        made.dedup_by(|a, b| a.id == b.id);
        for draft in made {
            match held.remove(&draft.id) {
                None => self.created.push((number, draft)),
                Some(before) if before != draft => self.changed.push((number, draft)),
                Some(_) => {}
            }
        }
        let mut gone: Vec<Draft> = held.into_values().collect();
        gone.sort_by(|a, b| a.id.cmp(&b.id));
        self.resolved.extend(gone.into_iter().map(|draft| (number, draft)));
    }
}

/// What changed, as far as it is seen before or after.
struct Touched {
    items: Vec<TouchedItem>,
}

struct TouchedItem {
    id: Identifier,
    came_or_went: bool,
    fields: Vec<AttributeName>,
}

impl Touched {
    fn of(old: &Reader<'_>, new: &Reader<'_>, delta: &Delta) -> Self {
        let mut touched = Self { items: Vec::new() };
        let mut known: FxHashSet<Identifier> = FxHashSet::default();
        let elements = delta.elements.iter().map(|transition| transition.either().id.clone());
        let relationships = delta.relationships.iter().map(|transition| transition.either().id.clone());
        let mut waiting: Vec<Identifier> = elements.chain(relationships).collect();
        while let Some(id) = waiting.pop() {
            if !known.insert(id.clone()) {
                continue;
            }
            let (before, after) = (old.place(id.as_str()), new.place(id.as_str()));
            let came_or_went = !is_same(old, before, new, after);
            if came_or_went {
                // What hangs on it comes or goes with it, even if it was not changed itself.
                waiting.extend(attached(old, before));
                waiting.extend(attached(new, after));
            }
            let attributes = |reader: &Reader<'_>, place: Option<Place>| {
                place.and_then(|place| reader.item(place)).map(|item| Item::attributes(item).clone())
            };
            let fields = differing(attributes(old, before).as_ref(), attributes(new, after).as_ref());
            touched.items.push(TouchedItem { id, came_or_went, fields });
        }
        touched
    }

    /// The items that a rule has to judge again, as they are in the reader's view.
    fn anchors(&self, reader: &Reader<'_>, rule: &Rule, found: &mut FxHashSet<Place>) {
        for item in &self.items {
            let Some(place) = reader.place(item.id.as_str()) else { continue };
            if item.came_or_went && reader.kind_of(place).is_some_and(|kind| rule.kinds.contains(&kind)) {
                found.insert(place);
            }
            let changed = ChangedPlace { place, came_or_went: item.came_or_went, fields: &item.fields };
            for path in rule.paths() {
                path.anchors_of(reader, &rule.kinds, &changed, found);
            }
            if let RuleForm::Code(code) = &rule.form
                && let Some(affected) = code.affected
            {
                found.extend(affected(reader, rule, &changed));
            }
        }
    }
}

/// Whether an item is there in both views, of one kind and between the same ends.
fn is_same(old: &Reader<'_>, before: Option<Place>, new: &Reader<'_>, after: Option<Place>) -> bool {
    match (before.and_then(|place| old.item(place)), after.and_then(|place| new.item(place))) {
        (None, None) => true,
        (Some(Item::Element(before)), Some(Item::Element(after))) => before.kind == after.kind,
        (Some(Item::Relationship(before)), Some(Item::Relationship(after))) => {
            (before.kind, &before.source, &before.target) == (after.kind, &after.source, &after.target)
        }
        _ => false,
    }
}

/// The relationships at an item, of whatever kind.
fn attached(reader: &Reader<'_>, place: Option<Place>) -> Vec<Identifier> {
    let Some(node) = place.and_then(|place| reader.node(place)) else { return Vec::new() };
    let neighbours = reader.view().topology().neighbours(node, Direction::Both);
    neighbours.filter_map(|neighbour| reader.relationship(neighbour.edge)).map(|held| held.id.clone()).collect()
}

fn differing(before: Option<&Attributes>, after: Option<&Attributes>) -> Vec<AttributeName> {
    let nothing = Attributes::default();
    let (before, after) = (before.unwrap_or(&nothing), after.unwrap_or(&nothing));
    let mut fields: Vec<AttributeName> = before
        .iter()
        .filter(|(name, value)| after.get(*name) != Some(*value))
        .map(|(name, _)| name)
        .chain(after.iter().map(|(name, _)| name).filter(|name| before.get(*name).is_none()))
        .collect();
    fields.sort_unstable();
    fields
}
