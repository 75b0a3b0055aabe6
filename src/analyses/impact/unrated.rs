//! Uses that are recorded by a part without a role in the whole: reported, never an effect.

use std::collections::BTreeMap;

use crate::analyses::names::{LANGUAGES, summary_of};
use crate::domain::metamodel::{Change, Kind, KindId, OwnedPart, UseWithoutRole};
use crate::domain::naming::{display_name, fill};
use crate::domain::{Identifier, Item, Localized, Model};

use super::coverage::UnratedUse;
use super::findings::Findings;
use super::propagation::Propagation;
use super::recorded::is_named_end;
use super::request::ImpactDirection;
use super::rules::{Place, SUBJECT_STATE, StateIndex};

/// The parts through which an owner uses something, by owner and what is used.
type Uses = BTreeMap<(Identifier, Identifier), Vec<String>>;

/// The uses that touch what was asked about or reached in a state that matters.
pub(super) fn unrated_uses(
    propagation: &Propagation<'_>,
    direction: ImpactDirection,
    change: &Change,
    subjects: &[Item<'_>],
    found: &Findings<'_>,
) -> Vec<UnratedUse> {
    let view = propagation.view;
    let rules = view.metamodel().vocabulary().uses_without_role.iter();
    let mut gaps = Vec::new();
    for rule in rules.filter(|rule| rule.changes.contains(&change.name)) {
        let owning = owning_kinds(propagation, rule);
        let mut uses = Uses::new();
        match direction {
            ImpactDirection::Outward => {
                for used in used_items(propagation, rule, subjects, found) {
                    add_owners(propagation, rule, &owning, used, &mut uses);
                }
            }
            ImpactDirection::Inward => {
                for owner in subjects {
                    add_used(propagation, rule, &owning, *owner, &mut uses);
                }
            }
        }
        uses.retain(|(owner, used), _| !is_rated(propagation, rule, owner, used));
        gaps.extend(uses.into_iter().filter_map(|(pair, parts)| unrated_use(propagation, rule, &pair, parts)));
    }
    gaps
}

/// The relationship kinds from an owner to such a part.
fn owning_kinds(propagation: &Propagation<'_>, rule: &UseWithoutRole) -> Vec<KindId> {
    let metamodel = propagation.view.metamodel();
    let uses = metamodel.kind(rule.part_uses);
    let is_such_a_part = |part: &OwnedPart| is_named_end(metamodel, uses, Place::Source, part.kind);
    let references = metamodel.element_kinds().flat_map(Kind::references).map(|(_, reference)| reference);
    let owned = references.filter(|reference| reference.owned.as_ref().is_some_and(is_such_a_part));
    let mut owning: Vec<KindId> = owned.map(|reference| reference.relationship).collect();
    owning.sort();
    owning.dedup();
    owning
}

fn used_items<'s>(
    propagation: &Propagation<'_>,
    rule: &UseWithoutRole,
    subjects: &[Item<'s>],
    found: &Findings<'s>,
) -> Vec<Item<'s>> {
    let states: Vec<StateIndex> = rule.from.iter().filter_map(|name| propagation.table.state(name)).collect();
    let asked = subjects.iter().copied().filter(|_| states.contains(&SUBJECT_STATE));
    let reached = found.items.iter().filter(|finding| states.contains(&finding.state.state));
    asked.chain(reached.map(|finding| finding.item)).collect()
}

fn add_owners(
    propagation: &Propagation<'_>,
    rule: &UseWithoutRole,
    owning: &[KindId],
    item: Item<'_>,
    uses: &mut Uses,
) {
    let view = propagation.view;
    for part_use in view.incoming(item.id().as_str(), Some(rule.part_uses)) {
        let part = &part_use.source;
        for ownership in owning.iter().flat_map(|kind| view.incoming(part.as_str(), Some(*kind))) {
            let pair = (ownership.source.clone(), item.id().clone());
            uses.entry(pair).or_default().push(part.to_string());
        }
    }
}

fn add_used(propagation: &Propagation<'_>, rule: &UseWithoutRole, owning: &[KindId], owner: Item<'_>, uses: &mut Uses) {
    let view = propagation.view;
    for ownership in owning.iter().flat_map(|kind| view.outgoing(owner.id().as_str(), Some(*kind))) {
        let part = &ownership.target;
        for part_use in view.outgoing(part.as_str(), Some(rule.part_uses)) {
            let pair = (owner.id().clone(), part_use.target.clone());
            uses.entry(pair).or_default().push(part.to_string());
        }
    }
}

/// Whether the owner says in which role it uses it.
fn is_rated(propagation: &Propagation<'_>, rule: &UseWithoutRole, owner: &Identifier, used: &Identifier) -> bool {
    let rated = propagation.view.outgoing(owner.as_str(), Some(rule.owner_uses));
    rated.iter().any(|relationship| relationship.target == *used)
}

fn unrated_use(
    propagation: &Propagation<'_>,
    rule: &UseWithoutRole,
    (owner, used): &(Identifier, Identifier),
    parts: Vec<String>,
) -> Option<UnratedUse> {
    let view = propagation.view;
    let (owner, used) = (view.item(owner.as_str())?, view.item(used.as_str())?);
    let [ja, en] = LANGUAGES.map(|language| {
        let (item, subject) = (display_name(view, owner, language), display_name(view, used, language));
        fill(rule.sentence.get(language), &[("item", &item), ("subject", &subject)])
    });
    Some(UnratedUse {
        item: summary_of(view, owner),
        parts,
        uses: used.id().to_string(),
        label: rule.label.clone(),
        sentence: Localized::ja_en(&ja, &en),
    })
}
