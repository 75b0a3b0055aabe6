//! What nobody has recorded of items, the most useful first.

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::sync::Arc;

use crate::analyses::findings::Reader;
use crate::analyses::gaps::{Blank, Gap, Waiting, WaitingAnswers};
use crate::domain::metamodel::{AttributeDefinition, KindId, Need};
use crate::graph::Place;

/// Something that nobody has recorded.
#[derive(Debug)]
pub(in crate::analyses) struct BlankFact<'m> {
    /// The item.
    pub(in crate::analyses) place: Place,
    /// The attribute.
    pub(in crate::analyses) definition: &'m AttributeDefinition,
    /// The answers that would be better if it were recorded.
    pub(in crate::analyses) waiting: Waiting,
}

/// Blank attributes of items: those for which an answer waits, and those that the metamodel requires or recommends. The
/// more answers wait, the earlier; then the more judgements, then what is required, then by item and attribute.
pub(in crate::analyses) fn blanks<'m>(
    reader: &Reader<'m>,
    places: &[Place],
    waiting: &WaitingAnswers,
) -> Vec<BlankFact<'m>> {
    let mut found: Vec<BlankFact<'m>> = places.iter().flat_map(|place| of_item(reader, *place, waiting)).collect();
    found.sort_by_key(|blank| {
        let (answers, judgements) = (blank.waiting.answers(), blank.waiting.judgements);
        let required = blank.definition.need == Need::Required;
        (
            Reverse(answers),
            Reverse(judgements),
            !required,
            reader.id(blank.place).to_owned(),
            blank.definition.text.clone(),
        )
    });
    found
}

fn of_item<'m>(reader: &Reader<'m>, place: Place, waiting: &WaitingAnswers) -> Vec<BlankFact<'m>> {
    let Some(kind) = reader.kind_of(place).map(|kind| reader.metamodel().kind(kind)) else { return Vec::new() };
    let fact = |definition: &'m AttributeDefinition| {
        let gap = Gap { place, blank: blank_of(reader, definition) };
        if is_recorded(reader, &gap) {
            return None;
        }
        let waiting = waiting_for(&gap, waiting);
        let wanted = definition.need != Need::Optional || waiting.answers() > 0;
        wanted.then_some(BlankFact { place, definition, waiting })
    };
    kind.attributes.iter().filter_map(fact).collect()
}

fn blank_of(reader: &Reader<'_>, definition: &AttributeDefinition) -> Blank {
    match definition.reference() {
        Some(reference) => Blank::Outgoing(reader.metamodel().descendants(reference.relationship)),
        None => Blank::Attribute(definition.name),
    }
}

fn is_recorded(reader: &Reader<'_>, gap: &Gap) -> bool {
    match &gap.blank {
        Blank::Attribute(name) => reader.value_of(gap.place, *name).is_some(),
        Blank::Outgoing(kinds) => !reader.outgoing(gap.place, kinds).is_empty(),
        Blank::Incoming(kinds) => !reader.incoming(gap.place, kinds).is_empty(),
    }
}

/// What waits for a gap, also where the way to it names several kinds of relationship.
fn waiting_for(gap: &Gap, waiting: &WaitingAnswers) -> Waiting {
    let Blank::Outgoing(kinds) = &gap.blank else { return waiting.get(gap).cloned().unwrap_or_default() };
    let mut sum = Waiting::default();
    let (mut rules, mut questions): (BTreeSet<Arc<str>>, BTreeSet<Arc<str>>) = Default::default();
    for (_, held) in waiting.at(gap.place).filter(|(other, _)| meets(other, kinds)) {
        rules.extend(held.rules.iter().cloned());
        questions.extend(held.questions.iter().cloned());
        sum.judgements += held.judgements;
    }
    Waiting { rules, questions, ..sum }
}

fn meets(gap: &Gap, kinds: &[KindId]) -> bool {
    matches!(&gap.blank, Blank::Outgoing(held) if held.iter().any(|kind| kinds.contains(kind)))
}
