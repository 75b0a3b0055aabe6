//! Whether many operations are valid, without keeping what they would make.

use std::cell::RefCell;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::draft::Draft;
use super::refusal::{Refusal, RefusalCode};
use super::resolving::Resolver;
use crate::domain::attributes::Attributes;
use crate::domain::change_set::Operation;
use crate::domain::element::{Delta, Element, Item, Model, Relationship};
use crate::domain::identifier::Identifier;
use crate::domain::metamodel::{KindId, Metamodel};
use crate::domain::packed::Packed;
use crate::domain::recorded::touched_fields;

/// What there is to know of operations before they are asked for.
#[derive(Debug, Default)]
pub struct Judgement {
    /// Why they must not be; empty if they are valid.
    pub refusals: Vec<Refusal>,
    /// The items of the model that the updates really change.
    pub changed: FxHashSet<String>,
    /// Whether nothing would change.
    pub is_idle: bool,
}

/// Judges operations as [`resolve_wholly`](super::resolve_wholly) does, and keeps no attribute of what they would make.
///
/// New elements say what they refer to themselves, so that they are judged so many at a time, each beside all that is new,
/// of which only the kinds are known. Where new elements meet anything else that the operations do, all are judged at once.
pub fn judge(model: &dyn Model, operations: &Packed<Operation>, at_a_time: usize) -> Judgement {
    let mut news = News::default();
    let twice = news.note(model, operations);
    if news.are_met {
        return at_once(model, operations);
    }
    piece_by_piece(model, operations, &news, twice, at_a_time.max(1)).unwrap_or_else(|| at_once(model, operations))
}

fn at_once(model: &dyn Model, operations: &Packed<Operation>) -> Judgement {
    let mut resolver = Resolver::over(Draft::forgetful(model), usize::MAX);
    for (place, operation) in operations.iter().enumerate() {
        resolver.operation(&operation, &pointer(place));
    }
    let (draft, refusals) = resolver.finish();
    let delta = draft.into_delta();
    Judgement { refusals, changed: changed(model, &delta), is_idle: delta.is_empty() }
}

/// Nothing once something is not there: it may be a relationship that another piece makes.
fn piece_by_piece(
    model: &dyn Model,
    operations: &Packed<Operation>,
    news: &News,
    mut refusals: Vec<Refusal>,
    at_a_time: usize,
) -> Option<Judgement> {
    let beside = Beside { model, news };
    // What is no new element first, so that what it removes is gone when something new refers to it.
    let mut resolver = Resolver::over(Draft::new(&beside), usize::MAX);
    for (place, operation) in operations.some(|place| !news.places[place]) {
        resolver.operation(&operation, &pointer(place));
    }
    let (draft, more) = resolver.finish();
    if more.iter().any(|refusal| refusal.code == RefusalCode::UnknownItem) {
        return None;
    }
    refusals.extend(more);
    let (mut new, mut named) = (operations.some(|place| news.places[place]), Named::default());
    loop {
        let piece: Vec<(usize, Operation)> = new.by_ref().take(at_a_time).collect();
        if piece.is_empty() {
            break;
        }
        news.hide(&piece);
        let found = named.judge(&draft, &piece);
        if found.iter().any(|refusal| refusal.code == RefusalCode::UnknownItem) {
            return None;
        }
        refusals.extend(found);
    }
    news.hide(&[]);
    let delta = draft.into_delta();
    let is_idle = delta.is_empty() && news.elements.is_empty();
    Some(Judgement { refusals, changed: changed(model, &delta), is_idle })
}

/// The items of the model that a delta really changes.
fn changed(model: &dyn Model, delta: &Delta) -> FxHashSet<String> {
    touched_fields(model, delta).into_iter().map(|(id, _)| id.to_string()).collect()
}

/// Elements that operations make, by their ids.
#[derive(Default)]
struct News {
    elements: FxHashMap<Identifier, Arc<Element>>,
    /// By operation, whether it makes an element.
    places: Vec<bool>,
    /// Whether some other operation makes a relationship, changes what is new itself, or has to do with its id.
    are_met: bool,
    /// Those that are being made, and so are not there yet.
    hidden: RefCell<FxHashSet<String>>,
}

impl News {
    /// Notes what will be there; refuses what is made twice. What cannot be made is refused where it is made.
    fn note(&mut self, model: &dyn Model, operations: &Packed<Operation>) -> Vec<Refusal> {
        let (mut refusals, mut changed) = (Vec::new(), Vec::new());
        for (place, operation) in operations.iter().enumerate() {
            self.places.push(matches!(operation, Operation::CreateElement(_)));
            self.are_met |= matches!(operation, Operation::CreateRelationship(_));
            changed.extend(operation.changed_id().map(str::to_owned));
            let Operation::CreateElement(create) = operation else { continue };
            // Whether an id that the model has is free depends on whether its item is deleted before or after.
            self.are_met |= model.item(&create.id).is_some();
            let kind = model.metamodel().kind_named(&create.kind).map(|kind| kind.id);
            let (Some(kind), Ok(id)) = (kind, Identifier::new(&create.id)) else { continue };
            let element = Element { id: id.clone(), kind, name: None, attributes: Attributes::default() };
            if self.elements.insert(id.clone(), Arc::new(element)).is_some() {
                refusals.push(made_twice(&id, &format!("{}/id", pointer(place))));
            }
        }
        self.are_met |= changed.iter().any(|id| self.elements.contains_key(id.as_str()));
        refusals
    }

    fn hide(&self, piece: &[(usize, Operation)]) {
        let ids = piece.iter().filter_map(|(_, operation)| match operation {
            Operation::CreateElement(create) => Some(create.id.clone()),
            _ => None,
        });
        *self.hidden.borrow_mut() = ids.collect();
    }
}

/// Relationships of earlier pieces that have ids of their own; all others are called after their ends.
#[derive(Default)]
struct Named(FxHashSet<Identifier>);

impl Named {
    /// Why a piece must not be.
    fn judge(&mut self, model: &dyn Model, piece: &[(usize, Operation)]) -> Vec<Refusal> {
        let mut resolver = Resolver::over(Draft::forgetful(model), usize::MAX);
        for (place, operation) in piece {
            resolver.operation(operation, &pointer(*place));
        }
        let mut twice = Vec::new();
        for made in resolver.draft.touched_relationships().filter_map(|transition| transition.after.as_ref()) {
            let rest = made.id.as_str().strip_prefix(made.source.as_str());
            let is_named = !rest.is_some_and(|rest| rest.starts_with("--"));
            if is_named && !self.0.insert(made.id.clone()) {
                twice.push(made_twice(&made.id, resolver.origins.get(&made.id).map_or("/operations", String::as_str)));
            }
        }
        [resolver.finish().1, twice].concat()
    }
}

fn made_twice(id: &Identifier, pointer: &str) -> Refusal {
    let message = format!("the id \"{id}\" is taken; choose another, or update what has it");
    Refusal::new(RefusalCode::IdentifierTaken, pointer, message).about(id.as_str())
}

fn pointer(place: usize) -> String {
    format!("/operations/{place}")
}

/// A model beside which there are new elements, whose kinds are all that is known of them.
struct Beside<'m> {
    model: &'m dyn Model,
    news: &'m News,
}

impl Model for Beside<'_> {
    fn metamodel(&self) -> &Metamodel {
        self.model.metamodel()
    }

    fn item(&self, id: &str) -> Option<Item<'_>> {
        let new = || self.news.elements.get(id).filter(|_| !self.news.hidden.borrow().contains(id));
        self.model.item(id).or_else(|| new().map(Item::Element))
    }

    fn outgoing(&self, id: &str, kind: Option<KindId>) -> Vec<Arc<Relationship>> {
        self.model.outgoing(id, kind)
    }

    fn incoming(&self, id: &str, kind: Option<KindId>) -> Vec<Arc<Relationship>> {
        self.model.incoming(id, kind)
    }

    fn similar_id(&self, id: &str) -> Option<String> {
        self.model.similar_id(id)
    }
}
