//! Between documents and the model: types and specialisations are kinds, properties are attributes.
//!
//! What plain attributes cannot say of an item stays beside them as `archimate.source`: the item as the file had it.
//! An export takes from it what has not been changed since, field by field, so nothing is lost and no edit is undone.

mod concepts;
mod fields;
mod records;
mod said;
mod to_document;
mod to_model;
mod values;
mod words;

pub use to_document::{Exported, to_document};
pub use to_model::to_read_model;
pub use words::Words;
