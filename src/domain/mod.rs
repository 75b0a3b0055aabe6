//! What ezu knows about: the metamodel, elements, relationships, their
//! attributes, and change sets with the rules that make one valid.
//!
//! Invariant: this room knows no HTTP, no store and no graph library.

pub mod attributes;
pub mod change_set;
pub mod clock;
pub mod description;
pub mod document;
pub mod element;
pub mod gzip;
pub mod identifier;
pub mod localized;
pub mod metamodel;
pub mod naming;
pub mod nearest;
pub mod normalize;
pub mod packed;
pub mod recorded;
pub mod recorded_form;
pub mod redacting;
pub mod sharing;
pub mod validation;
pub mod value;

pub use attributes::Attributes;
pub use change_set::{ChangeSet, Operation};
pub use element::{Delta, Element, Item, Model, Relationship, Transition};
pub use identifier::Identifier;
pub use localized::Localized;
pub use metamodel::{KindId, Metamodel};
pub use value::Value;
