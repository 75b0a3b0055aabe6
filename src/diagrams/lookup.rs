//! Finding what a request names, or saying why not.

use super::error::DiagramError;
use crate::domain::element::{Item, Model};
use crate::domain::metamodel::{KindId, Metamodel};
use crate::graph::View;

/// The item of this id.
pub fn item<'a>(view: &'a View, id: &str) -> Result<Item<'a>, DiagramError> {
    view.item(id).ok_or_else(|| DiagramError::UnknownItem { id: id.to_owned(), similar: view.similar_id(id) })
}

/// The kind of this name.
pub fn kind(metamodel: &Metamodel, name: &str) -> Result<KindId, DiagramError> {
    let unknown = || DiagramError::UnknownKind { kind: name.to_owned(), hint: metamodel.kind_hint(name) };
    metamodel.kind_named(name).map(|kind| kind.id).ok_or_else(unknown)
}

/// The item of this id, which must be of a kind.
pub fn item_of_kind<'a>(view: &'a View, id: &str, wanted: KindId) -> Result<Item<'a>, DiagramError> {
    let found = item(view, id)?;
    if view.metamodel().is_a(found.kind(), wanted) {
        return Ok(found);
    }
    Err(DiagramError::UnsuitableKind {
        id: id.to_owned(),
        found: view.metamodel().kind(found.kind()).name.to_string(),
        expected: view.metamodel().kind(wanted).name.to_string(),
    })
}

/// A number between limits.
pub fn within(parameter: &'static str, found: usize, least: usize, most: usize) -> Result<usize, DiagramError> {
    if (least..=most).contains(&found) {
        return Ok(found);
    }
    Err(DiagramError::OutOfRange { parameter, least, most, found })
}
