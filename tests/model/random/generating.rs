//! Random operations: most are meant well, some are not.

use ezu::domain::Operation;
use ezu::domain::change_set::{CreateElement, CreateRelationship, Delete, JsonObject, Update};
use serde_json::{Value as Json, json};

use super::drawing::Draw;
use crate::naive::kinds::{self, Holds, Naming, Reference};
use crate::naive::{Item, State};

/// Some operations for one change set.
pub fn operations(draw: &mut Draw, state: &State) -> Vec<Operation> {
    let count = if draw.once_in(40) { 0 } else { 1 + draw.below(4) };
    (0..count).map(|_| operation(draw, state)).collect()
}

fn operation(draw: &mut Draw, state: &State) -> Operation {
    match draw.below(20) {
        0..=6 => Operation::CreateElement(create_element(draw, state)),
        7..=10 => create_relationship(draw, state),
        11..=16 => update(draw, state),
        _ => delete(draw, state),
    }
}

fn create_element(draw: &mut Draw, state: &State) -> CreateElement {
    let kind = match draw.below(60) {
        0 => "no_such_kind",
        1 => "carries",
        2 => "motivation_element",
        _ => draw.of(&kinds::ELEMENT_KINDS),
    };
    let wants_name = kinds::naming(kind) == Naming::Own && kinds::ELEMENT_KINDS.contains(&kind);
    let name = (wants_name != draw.once_in(40)).then(|| name(draw));
    CreateElement { id: new_id(draw, kind), kind: kind.to_owned(), name, attributes: attributes(draw, state, kind, 3) }
}

/// An id of a small pool, so that ids are taken, freed and taken again.
fn new_id(draw: &mut Draw, kind: &str) -> String {
    match draw.below(60) {
        0 => "not an id".to_owned(),
        1 | 2 => format!("shared-{}", draw.below(3)),
        _ => format!("{kind}-{}", draw.below(5)),
    }
}

fn name(draw: &mut Draw) -> String {
    match draw.below(30) {
        0 => " ".to_owned(),
        _ => format!("{} {}", draw.of(&["Alpha", "beta", "税システム", "ジュウミン"]), draw.below(4)),
    }
}

fn create_relationship(draw: &mut Draw, state: &State) -> Operation {
    let kind = match draw.below(80) {
        0 => "no_such_kind",
        1 => "system",
        _ => draw.of(&kinds::RELATIONSHIP_KINDS),
    };
    let (source, target) = ends(draw, state, kind);
    let id = match draw.below(8) {
        0 => Some(format!("shared-{}", draw.below(3))),
        1 | 2 => Some(format!("{kind}-{}", draw.below(4))),
        _ => None,
    };
    let name = draw.once_in(6).then(|| name(draw));
    let attributes = attributes(draw, state, kind, 4);
    Operation::CreateRelationship(CreateRelationship { id, kind: kind.to_owned(), source, target, name, attributes })
}

/// Ends that are permitted when there are such, otherwise any two.
fn ends(draw: &mut Draw, state: &State, kind: &str) -> (String, String) {
    let mut pairs = Vec::new();
    if !draw.once_in(12) {
        for (source, from) in state {
            let targets = state.iter().filter(|(_, to)| kinds::permits(kind, &from.kind, &to.kind));
            pairs.extend(targets.map(|(target, _)| (source, target)));
        }
    }
    match pairs.len() {
        0 => (any_id(draw, state), any_id(draw, state)),
        count => {
            let (source, target) = pairs[draw.below(count)];
            (source.clone(), target.clone())
        }
    }
}

fn any_id(draw: &mut Draw, state: &State) -> String {
    if state.is_empty() || draw.once_in(20) {
        return new_id(draw, "system");
    }
    state.keys().nth(draw.below(state.len())).expect("below the length").clone()
}

fn update(draw: &mut Draw, state: &State) -> Operation {
    let id = any_id(draw, state);
    let item = state.get(&id);
    let kind = item.map_or("system", |item| item.kind.as_str());
    let mut update = Update { id, set: attributes(draw, state, kind, 3), unset: Vec::new() };
    let names_itself = kinds::naming(kind) != Naming::Elsewhere || draw.once_in(10);
    if names_itself && draw.once_in(3) {
        let value = if draw.once_in(4) { Json::Null } else { name(draw).into() };
        update.set.insert("name".to_owned(), value);
    }
    let names: Vec<&str> = kinds::attributes(kind).iter().map(|(name, _)| *name).collect();
    let wanted = draw.of(&names);
    if draw.once_in(3) && !says(&update.set, wanted) {
        update.unset.push(wanted.to_owned());
    }
    if draw.once_in(60) {
        update.unset.push("no_such_attribute".to_owned());
    }
    let is_relationship = item.is_some_and(Item::is_relationship) != draw.once_in(50);
    if is_relationship { Operation::UpdateRelationship(update) } else { Operation::UpdateElement(update) }
}

/// Whether an object says something of an attribute, nested or not.
fn says(object: &JsonObject, name: &str) -> bool {
    object.contains_key(name) || name.split_once('.').is_some_and(|(group, _)| object.contains_key(group))
}

fn delete(draw: &mut Draw, state: &State) -> Operation {
    let id = any_id(draw, state);
    let is_relationship = state.get(&id).is_some_and(Item::is_relationship) != draw.once_in(50);
    let delete = Delete { id, cascade: draw.once_in(3) };
    if is_relationship { Operation::DeleteRelationship(delete) } else { Operation::DeleteElement(delete) }
}

/// Values for some attributes of a kind, nested or dotted.
fn attributes(draw: &mut Draw, state: &State, kind: &str, most: usize) -> JsonObject {
    let known = kinds::attributes(kind);
    let mut object = JsonObject::new();
    for _ in 0..draw.below(most + 1) {
        let (name, holds) = known[draw.below(known.len())];
        if says(&object, name) {
            continue;
        }
        let value = value(draw, state, kind, holds);
        match name.split_once('.') {
            Some((group, rest)) if draw.once_in(2) => drop(object.insert(group.to_owned(), json!({ rest: value }))),
            _ => drop(object.insert(name.to_owned(), value)),
        }
    }
    if draw.once_in(60) {
        object.insert("no_such_attribute".to_owned(), json!(1));
    }
    object
}

fn value(draw: &mut Draw, state: &State, kind: &str, holds: Holds) -> Json {
    if draw.once_in(60) {
        return [json!({"a": 1}), json!([[]]), json!(-7), json!("?"), json!(2.5)][draw.below(5)].clone();
    }
    if draw.once_in(12) {
        return Json::Null;
    }
    match holds {
        Holds::Text => name(draw).into(),
        Holds::Whole(least) => (least + i64::try_from(draw.below(3)).expect("small")).into(),
        // Numbers of all sizes, with all their digits: the ledger must give back exactly what it was given.
        Holds::Number => f64::from_bits(draw.next() % (0x7ff << 52)).into(),
        Holds::Truth => draw.once_in(2).into(),
        Holds::Day => format!("2026-0{}-1{}", 1 + draw.below(9), draw.below(10)).into(),
        Holds::Code(codes) => draw.of(codes).into(),
        Holds::Texts => (0..draw.below(3)).map(|_| name(draw)).collect::<Vec<_>>().into(),
        Holds::Reference(reference) => reference_value(draw, state, kind, reference),
    }
}

fn reference_value(draw: &mut Draw, state: &State, kind: &str, reference: Reference) -> Json {
    let permitted: Vec<&String> = state
        .iter()
        .filter(|(_, item)| kinds::permits(reference.relationship, kind, &item.kind))
        .map(|(id, _)| id)
        .collect();
    let entry = |draw: &mut Draw| {
        let target = match permitted.len() {
            0 => any_id(draw, state),
            _ if draw.once_in(30) => any_id(draw, state),
            count => permitted[draw.below(count)].clone(),
        };
        if draw.once_in(3) {
            let mut object = attributes(draw, state, reference.relationship, 1);
            object.insert(reference.key.to_owned(), target.into());
            if draw.once_in(8) {
                object.insert("id".to_owned(), format!("shared-{}", draw.below(3)).into());
            }
            return object.into();
        }
        target.into()
    };
    if reference.many { (0..draw.below(4)).map(|_| entry(draw)).collect() } else { entry(draw) }
}
