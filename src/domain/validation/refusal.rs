//! Why a change set is refused.

use serde::Serialize;

/// The reason, for programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RefusalCode {
    /// The operation cannot be read.
    InvalidRequest,
    /// The identifier has wrong characters or length.
    InvalidIdentifier,
    /// The identifier is taken.
    IdentifierTaken,
    /// No such element or relationship.
    UnknownItem,
    /// No such kind.
    UnknownKind,
    /// The kind cannot have items of its own here.
    UnsuitableKind,
    /// The kind has no such attribute.
    UnknownAttribute,
    /// The value has the wrong type or is out of range.
    InvalidValue,
    /// A name is missing or not wanted.
    InvalidName,
    /// The metamodel permits no such relationship between these kinds.
    ForbiddenRelationship,
    /// Others point to what is to be deleted.
    StillReferenced,
    /// Somebody changed the same field since the base revision.
    Conflict,
    /// More operations or longer values than the settings allow.
    LimitExceeded,
}

/// One thing that is wrong with a change set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Refusal {
    /// The reason, for programs.
    pub code: RefusalCode,
    /// Where in the request, as a JSON pointer (RFC 6901).
    pub pointer: String,
    /// What is wrong and what to do.
    pub message: String,
    /// The item it concerns, if one does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Other items involved: those that point to what is to be deleted, for example.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub related: Vec<String>,
}

impl Refusal {
    /// A refusal at a place.
    pub fn new(code: RefusalCode, pointer: &str, message: String) -> Self {
        Self { code, pointer: pointer.to_owned(), message, id: None, related: Vec::new() }
    }

    /// With the item it concerns.
    #[must_use]
    pub fn about(mut self, id: &str) -> Self {
        self.id = Some(id.to_owned());
        self
    }

    /// With other items involved.
    #[must_use]
    pub fn related(mut self, ids: Vec<String>) -> Self {
        self.related = ids;
        self
    }
}

/// A JSON pointer one step further; `~` and `/` are escaped (RFC 6901 §3).
pub fn pointer_to(pointer: &str, step: &str) -> String {
    format!("{pointer}/{}", step.replace('~', "~0").replace('/', "~1"))
}
