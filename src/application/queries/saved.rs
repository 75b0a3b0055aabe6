//! Queries that are part of the model.

use serde::Serialize;

use crate::domain::element::{Element, Model};
use crate::domain::metamodel::Kind;
use crate::domain::{Localized, Value};
use crate::graph::View;

/// The kind of a saved query in the metamodel.
pub(super) const KIND: &str = "saved_query";
/// The attribute that holds the query.
pub(super) const QUERY: &str = "query";
/// The attribute that holds the default parameters.
pub(super) const PARAMETERS: &str = "parameters";

/// A query with a name, asked again and again.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SavedQuery {
    /// Its id.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// What it asks, in words.
    pub question: Localized,
    /// The query.
    pub query: String,
    /// Who looks after it.
    pub owner: Option<String>,
    /// Values for parameters that nobody gives, as JSON by name.
    pub parameters: serde_json::Map<String, serde_json::Value>,
}

/// The saved queries of a view, by id.
pub fn saved_queries(view: &View) -> Vec<SavedQuery> {
    let Some(kind) = view.metamodel().kind_named(KIND) else {
        return Vec::new();
    };
    view.elements_of_kind(kind.id).map(|element| read(view, kind, element)).collect()
}

/// The saved query with an id.
pub fn saved_query(view: &View, id: &str) -> Option<SavedQuery> {
    let kind = view.metamodel().kind_named(KIND)?;
    let element = view.element(id).filter(|element| view.metamodel().is_a(element.kind, kind.id))?;
    Some(read(view, kind, element))
}

fn read(view: &View, kind: &Kind, element: &Element) -> SavedQuery {
    let value = |name: &str| kind.attribute_named(name).and_then(|held| element.attributes.get(held.name));
    let text = |name: &str| value(name).and_then(Value::as_text).unwrap_or_default().to_owned();
    let owner = kind.attribute_named("owner_department").and_then(|held| held.reference());
    let owner = owner.and_then(|reference| {
        view.outgoing(element.id.as_str(), Some(reference.relationship)).first().map(|held| held.target.to_string())
    });
    SavedQuery {
        id: element.id.to_string(),
        name: element.name.as_deref().unwrap_or_default().to_owned(),
        question: Localized::ja_en(&text("question_ja"), &text("question_en")),
        query: text(QUERY),
        owner,
        parameters: serde_json::from_str(&text(PARAMETERS)).unwrap_or_default(),
    }
}
