//! Change sets: the only way to write.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use super::nearest;
use super::packed::Packed;
use super::validation::{Refusal, RefusalCode};

/// Values by attribute name, nested by group or with dotted names.
pub type JsonObject = Map<String, Json>;

/// An atomic list of operations with who, why and from where.
#[derive(Debug, Clone, Default)]
pub struct ChangeSet {
    /// What was done, for people.
    pub message: String,
    /// Who did it, as stated.
    pub author: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// Where it was learnt: a hearing, a file, a document.
    pub source: Option<String>,
    /// The revision that the author had seen; later changes of the same fields are conflicts.
    pub base_revision: Option<u64>,
    /// The operations, all or none of which take effect.
    pub operations: Vec<Operation>,
    /// Operations behind those: an import has so many that they are held small.
    pub packed: Packed<Operation>,
}

impl ChangeSet {
    /// All operations in their order; packed ones are made when they are asked for.
    pub fn each(&self) -> impl Iterator<Item = Cow<'_, Operation>> {
        self.operations.iter().map(Cow::Borrowed).chain(self.packed.iter().map(Cow::Owned))
    }

    /// How many operations there are.
    pub fn count(&self) -> usize {
        self.operations.len() + self.packed.len()
    }
}

/// One step of a change set.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum Operation {
    /// Makes an element.
    CreateElement(CreateElement),
    /// Changes some fields of an element.
    UpdateElement(Update),
    /// Removes an element.
    DeleteElement(Delete),
    /// Makes a relationship.
    CreateRelationship(CreateRelationship),
    /// Changes some fields of a relationship.
    UpdateRelationship(Update),
    /// Removes a relationship.
    DeleteRelationship(Delete),
}

/// Makes an element.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CreateElement {
    /// Its identifier, new in the model.
    pub id: String,
    /// Its kind.
    pub kind: String,
    /// Its name, where the kind has one.
    pub name: Option<String>,
    /// Its attributes; references included.
    #[serde(default)]
    pub attributes: JsonObject,
}

/// Changes some fields of an element or relationship.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Update {
    /// Which.
    pub id: String,
    /// New values: `name` and attributes; `null` removes one.
    #[serde(default)]
    pub set: JsonObject,
    /// Attributes to remove.
    #[serde(default)]
    pub unset: Vec<String>,
}

/// Removes an element or relationship.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Delete {
    /// Which.
    pub id: String,
    /// Whether relationships of others that touch it go too.
    #[serde(default)]
    pub cascade: bool,
}

/// Makes a relationship.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CreateRelationship {
    /// Its identifier; made from source, kind and target when absent.
    pub id: Option<String>,
    /// Its kind.
    pub kind: String,
    /// The item it starts from.
    pub source: String,
    /// The item it points to.
    pub target: String,
    /// A name of its own, if it has one.
    pub name: Option<String>,
    /// Its attributes; references included.
    #[serde(default)]
    pub attributes: JsonObject,
}

const OPERATIONS: [&str; 6] = [
    "create_element",
    "update_element",
    "delete_element",
    "create_relationship",
    "update_relationship",
    "delete_relationship",
];

impl Operation {
    /// The id of the item that it changes or deletes; none if it makes one.
    pub fn changed_id(&self) -> Option<&str> {
        match self {
            Self::UpdateElement(update) | Self::UpdateRelationship(update) => Some(&update.id),
            Self::DeleteElement(delete) | Self::DeleteRelationship(delete) => Some(&delete.id),
            Self::CreateElement(_) | Self::CreateRelationship(_) => None,
        }
    }

    /// Reads an operation; `pointer` is its place in the request.
    ///
    /// # Errors
    /// What is wrong with it, at `pointer`.
    pub fn from_json(json: Json, pointer: &str) -> Result<Self, Refusal> {
        let Json::Object(mut fields) = json else {
            return Err(Refusal::new(RefusalCode::InvalidRequest, pointer, "an operation is an object".into()));
        };
        let Some(Json::String(op)) = fields.remove("op") else {
            let message = format!("an operation names what it does: \"op\" is one of {}", OPERATIONS.join(", "));
            return Err(Refusal::new(RefusalCode::InvalidRequest, &format!("{pointer}/op"), message));
        };
        let fields = Json::Object(fields);
        match op.as_str() {
            "create_element" => read(fields, pointer).map(Self::CreateElement),
            "update_element" => read(fields, pointer).map(Self::UpdateElement),
            "delete_element" => read(fields, pointer).map(Self::DeleteElement),
            "create_relationship" => read(fields, pointer).map(Self::CreateRelationship),
            "update_relationship" => read(fields, pointer).map(Self::UpdateRelationship),
            "delete_relationship" => read(fields, pointer).map(Self::DeleteRelationship),
            other => {
                let hint = nearest::hint(other, OPERATIONS);
                let message = format!("\"{other}\" is no operation{hint}; one of {}", OPERATIONS.join(", "));
                Err(Refusal::new(RefusalCode::InvalidRequest, &format!("{pointer}/op"), message))
            }
        }
    }
}

fn read<T: for<'de> Deserialize<'de>>(json: Json, pointer: &str) -> Result<T, Refusal> {
    serde_json::from_value(json).map_err(|error| Refusal::new(RefusalCode::InvalidRequest, pointer, error.to_string()))
}
