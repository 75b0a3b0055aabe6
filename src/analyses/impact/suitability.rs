//! Does a change of such a subject mean anything?

use crate::analyses::error::AnalysisError;
use crate::domain::metamodel::{Change, ImpactMeaning, Kind, KindId, Metamodel, SUBJECT};
use crate::domain::{Item, Model};

use super::propagation::Propagation;
use super::recorded::is_named_end;
use super::request::ImpactDirection;
use super::rules::{Place, meanings, places_of};

/// Refuses subjects from which, by the metamodel, nothing could ever follow.
///
/// # Errors
/// [`AnalysisError::UnsuitableKind`] for the first such subject.
pub(super) fn check(
    propagation: &Propagation<'_>,
    direction: ImpactDirection,
    change: &Change,
    subjects: &[Item<'_>],
) -> Result<(), AnalysisError> {
    let metamodel = propagation.view.metamodel();
    for subject in subjects {
        if !is_suitable(metamodel, direction, &change.name, subject.kind(), may_stand) {
            return Err(AnalysisError::UnsuitableKind {
                id: subject.id().to_string(),
                kind: metamodel.kind(subject.kind()).name.to_string(),
                change: change.name.to_string(),
                suitable: suitable_kinds(metamodel, direction, &change.name),
            });
        }
    }
    Ok(())
}

/// Tells whether items of a kind may stand at a place of a relationship kind.
type MayStand = fn(&Metamodel, &Kind, Place, KindId) -> bool;

fn is_suitable(
    metamodel: &Metamodel,
    direction: ImpactDirection,
    change: &str,
    kind: KindId,
    may_stand: MayStand,
) -> bool {
    let takes = |held: &Kind, meaning: &ImpactMeaning| {
        let (starts, kinds) = match direction {
            ImpactDirection::Outward => (meaning.from.iter().any(|from| **from == *SUBJECT), &meaning.from_kinds),
            ImpactDirection::Inward => (true, &meaning.to_kinds),
        };
        let mut places = places_of(meaning.direction).into_iter().map(|(acting, acted)| match direction {
            ImpactDirection::Outward => acting,
            ImpactDirection::Inward => acted,
        });
        let fits = kinds.is_empty() || kinds.iter().any(|wanted| metamodel.is_a(kind, *wanted));
        starts && fits && places.any(|place| may_stand(metamodel, held, place, kind))
    };
    metamodel.relationship_kinds().any(|held| meanings(held, change).any(|meaning| takes(held, meaning)))
}

fn may_stand(metamodel: &Metamodel, relationship: &Kind, place: Place, kind: KindId) -> bool {
    let mut others = metamodel.kinds().iter().map(|other| other.id);
    match place {
        Place::Itself => metamodel.is_a(kind, relationship.id),
        Place::Source => others.any(|other| metamodel.permits(relationship.id, kind, other)),
        Place::Target => others.any(|other| metamodel.permits(relationship.id, other, kind)),
    }
}

fn may_stand_by_name(metamodel: &Metamodel, relationship: &Kind, place: Place, kind: KindId) -> bool {
    match place {
        Place::Itself => kind == relationship.id && !metamodel.kind(kind).is_abstract,
        Place::Source | Place::Target => is_named_end(metamodel, relationship, place, kind),
    }
}

/// The kinds for which the change is made; where no kind is named for it, all for which it means something.
fn suitable_kinds(metamodel: &Metamodel, direction: ImpactDirection, change: &str) -> Vec<String> {
    let of = |may_stand: MayStand| -> Vec<String> {
        let kinds = metamodel.kinds().iter().filter(|kind| !kind.is_abstract);
        let suitable = kinds.filter(|kind| is_suitable(metamodel, direction, change, kind.id, may_stand));
        suitable.map(|kind| kind.name.to_string()).collect()
    };
    let named = of(may_stand_by_name);
    if named.is_empty() { of(may_stand) } else { named }
}
