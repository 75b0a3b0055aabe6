//! What the model says of an item, without references.

use serde::Serialize;
use serde_json::Value as Json;

use crate::domain::change_set::JsonObject;
use crate::interchange::json_text::{escaped, is_unwelcome};

/// The attribute that keeps an item as its file had it.
pub(super) const SOURCE: &str = "archimate.source";

/// Kind, name and attributes (by full name) of an item.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Said {
    /// The kind's name.
    pub(super) kind: String,
    /// A name of its own.
    pub(super) name: Option<String>,
    /// Attributes by their full, dotted names.
    pub(super) fields: JsonObject,
}

impl Said {
    /// Nothing said yet of an item of a kind.
    pub(super) fn of(kind: &str) -> Self {
        Self { kind: kind.to_owned(), ..Self::default() }
    }

    /// The text of an attribute.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.fields.get(name).and_then(Json::as_str)
    }

    /// Sets an attribute if there is something to say.
    pub(super) fn set(&mut self, name: &str, value: Option<impl Into<Json>>) {
        if let Some(value) = value {
            self.fields.insert(name.to_owned(), value.into());
        }
    }

    /// The entries of a list.
    pub(super) fn list(&self, name: &str) -> &[Json] {
        self.fields.get(name).and_then(Json::as_array).map_or(&[], Vec::as_slice)
    }

    /// Keeps an item as its file had it.
    pub(super) fn keep(&mut self, source: &impl Serialize) {
        if let Ok(text) = serde_json::to_string(source) {
            self.fields.insert(SOURCE.to_owned(), Json::String(escaped(&text)));
        }
    }

    /// The item as its file had it, if that was kept.
    pub(super) fn kept<T: for<'de> serde::Deserialize<'de>>(&self) -> Option<T> {
        serde_json::from_str(self.text(SOURCE)?).ok()
    }

    /// Whether two say the same in these fields.
    pub(super) fn agrees(&self, other: &Self, names: &[&str]) -> bool {
        names.iter().all(|name| self.fields.get(*name) == other.fields.get(*name))
    }
}

/// A text without the characters that a text of the model may not hold.
pub(super) fn clean(text: &str) -> String {
    if text.chars().any(is_unwelcome) { text.chars().filter(|c| !is_unwelcome(*c)).collect() } else { text.to_owned() }
}
