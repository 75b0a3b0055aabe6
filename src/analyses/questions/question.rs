//! A question as ezu keeps it.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;
use serde_json::Value as Json;

use crate::analyses::findings::{Condition, Need};
use crate::domain::metamodel::{AttributeName, KindId};
use crate::domain::naming::fill;
use crate::domain::{Localized, Metamodel};
use crate::query::Parsed;
use crate::query::over_view::ViewCatalog;

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Group {
    /// Its name for programs.
    pub id: Arc<str>,
    /// What people call it.
    pub label: Localized,
}

/// A question of the catalogue.
#[derive(Debug, Clone)]
pub struct Question {
    /// Its id.
    pub id: Arc<str>,
    /// The group that asks it, by id.
    pub group: Arc<str>,
    /// The question; `{name}` stands for what is chosen.
    pub ask: Localized,
    /// What has to be chosen, in order.
    pub parameters: Vec<Parameter>,
    /// What answers it.
    pub call: Call,
    /// What the columns of the answer are called, in order; of a query, one for each.
    pub columns: Vec<(Arc<str>, Column)>,
    /// What the answer says.
    pub sentences: Sentences,
    /// What has to be known for the answer to be whole.
    pub reads: Vec<Reading>,
    /// The picture beside the answer.
    pub diagram: Option<DiagramTemplate>,
    /// Questions to ask next, by id.
    pub next: Vec<Arc<str>>,
    /// Why it cannot be answered under this metamodel, if so.
    pub unusable: Option<Localized>,
}

/// A column of an answer.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Column {
    /// What people call it.
    pub label: Localized,
    /// The attribute whose labels say how its codes are read.
    pub codes: Option<(KindId, AttributeName)>,
}

/// Something to choose.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameter {
    /// Its name.
    pub name: Arc<str>,
    /// What people call it.
    pub label: Localized,
    /// What can be chosen.
    pub accepts: ParameterType,
    /// What is taken when nothing is chosen.
    pub default: Option<Json>,
}

/// What can be chosen.
#[derive(Debug, Clone, PartialEq)]
pub enum ParameterType {
    /// An item of a kind.
    Item(KindId),
    /// A whole number within bounds, both included.
    Integer(i64, i64),
    /// A code of an enumeration.
    Code(KindId, AttributeName),
    /// Any text.
    Text,
}

/// What answers a question.
#[derive(Debug, Clone)]
pub enum Call {
    /// A query in ezu's language.
    Query(QuestionQuery),
    /// Who is hit by a change: a request with `$name` where something is chosen.
    Impact(Json),
    /// What rules found.
    Findings(Json),
    /// Ways between items.
    Paths(Json),
    /// What feeds an item.
    Upstream(Json),
    /// A question about structure, by its name.
    Structure(Json),
}

impl Call {
    /// Its name for programs.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Query(_) => "query",
            Self::Impact(_) => "impact",
            Self::Findings(_) => "findings",
            Self::Paths(_) => "paths",
            Self::Upstream(_) => "upstream",
            Self::Structure(_) => "structure",
        }
    }

    /// The query or the request, as it is written.
    pub fn to_json(&self) -> Json {
        match self {
            Self::Query(query) => Json::from(&*query.text),
            Self::Impact(json)
            | Self::Findings(json)
            | Self::Paths(json)
            | Self::Upstream(json)
            | Self::Structure(json) => json.clone(),
        }
    }
}

/// A query, read once.
#[derive(Debug, Clone)]
pub struct QuestionQuery {
    /// As it is written.
    pub text: Arc<str>,
    pub(super) parsed: Parsed,
    pub(super) names: Arc<ViewCatalog>,
}

/// What an answer says. Placeholders: what is chosen, `count`, and of a column `count.x` (different values), `known.x`
/// (rows that have one), `sum.x`, `min.x`, `max.x`, `first.x`, `list.x`.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Sentences {
    /// Where something was found; the call's own sentence where there is none.
    pub found: Option<Localized>,
    /// Where nothing was found and everything could be judged.
    pub none: Option<Localized>,
    /// What supports the answer.
    pub supporting: Vec<Sentence>,
    /// One sentence for each of the first rows.
    pub each: Option<(Localized, usize)>,
}

/// A sentence that is said only when a figure is not zero or empty.
#[derive(Debug, Clone, PartialEq)]
pub struct Sentence {
    /// The words.
    pub text: Localized,
    /// The placeholder that must stand for something.
    pub when: Option<String>,
}

/// What has to be known of items for an answer to be whole.
#[derive(Debug, Clone)]
pub struct Reading {
    /// The kind's name.
    pub of: Arc<str>,
    /// The kind and those that specialise it.
    pub kinds: Vec<KindId>,
    /// A query for the ids of the items concerned; all of the kind without one.
    pub among: Option<QuestionQuery>,
    /// Only items that have one of these values are concerned.
    pub when: Vec<Condition>,
    /// What must be recorded of each.
    pub needs: Vec<Need>,
}

/// The address of a picture, with `$name` where something is chosen.
#[derive(Debug, Clone, PartialEq)]
pub struct DiagramTemplate {
    /// Its name, as in `/api/v1/diagrams/{name}`, or `impact`.
    pub name: Arc<str>,
    /// Its parameters.
    pub parameters: BTreeMap<String, String>,
}

impl Question {
    /// The question as it is listed: where an item is to be chosen, what is to be chosen; else what is usual.
    pub fn plainly(&self, language: &str) -> String {
        let words = |held: &Parameter| match (&held.accepts, &held.default) {
            (ParameterType::Integer(..), Some(usual)) => usual.to_string(),
            _ => held.label.get(language).to_owned(),
        };
        let words: Vec<String> = self.parameters.iter().map(words).collect();
        let names = self.parameters.iter().map(|held| &*held.name);
        let values: Vec<(&str, &str)> = names.zip(words.iter().map(String::as_str)).collect();
        fill(self.ask.get(language), &values)
    }
}

impl ParameterType {
    /// What can be chosen, for programs.
    pub fn to_json(&self, metamodel: &Metamodel) -> Json {
        match self {
            Self::Item(kind) => {
                let kind = metamodel.kind(*kind);
                serde_json::json!({"type": "element", "kind": kind.name, "collection": kind.rest_collection()})
            }
            Self::Integer(least, most) => serde_json::json!({"type": "integer", "minimum": least, "maximum": most}),
            Self::Code(kind, attribute) => {
                let definition = metamodel.kind(*kind).attribute(*attribute);
                let values = definition.and_then(|held| held.enumeration()).map(|held| &held.values);
                let values = values.into_iter().flatten();
                let values: Vec<Json> =
                    values.map(|(code, label)| serde_json::json!({"value": code, "label": label})).collect();
                serde_json::json!({"type": "choice", "values": values})
            }
            Self::Text => serde_json::json!({"type": "text"}),
        }
    }
}
