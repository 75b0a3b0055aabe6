//! What an item was, and what differs between two revisions.

use actix_web::{HttpRequest, HttpResponse, get, web};
use serde::Serialize;
use serde_json::{Map, Value as Json};
use utoipa::ToSchema;

use super::change_sets::{ChangeSetSummary, item_word, summary_body};
use super::in_background;
use crate::application::Workspace;
use crate::domain::element::{Item, Model, Transition};
use crate::domain::metamodel::Metamodel;
use crate::graph::{ChangeSummary, ItemDifference, ItemVersion, Snapshot};
use crate::http::problem::{Answer, Problem, ProblemCode};
use crate::http::query::Query;
use crate::http::state::Shared;

/// One change of an item.
#[derive(Debug, Serialize, ToSchema)]
pub struct HistoryEntry {
    /// Who, when and why.
    #[serde(flatten)]
    pub change_set: ChangeSetSummary,
    /// `created`, `updated` or `deleted`; `referenced` when only what it refers to changed.
    #[schema(example = "updated")]
    pub change: &'static str,
    /// The attributes and references that changed; empty when the whole item came or went.
    pub fields: Vec<String>,
    /// Name and attributes after the change, without references; absent if it was deleted.
    #[schema(value_type = Option<std::collections::HashMap<String, Json>>)]
    pub state: Option<Json>,
}

/// The history of an item.
#[derive(Debug, Serialize, ToSchema)]
pub struct History {
    /// Newest first.
    pub items: Vec<HistoryEntry>,
    /// The newest revision of the model.
    pub revision: u64,
}

/// One item at two revisions.
#[derive(Debug, Serialize, ToSchema)]
pub struct Difference {
    /// The item.
    pub id: String,
    /// Its kind.
    pub kind: String,
    /// `element` or `relationship`.
    pub item: &'static str,
    /// `created`, `updated` or `deleted`.
    pub change: &'static str,
    /// Each field that differs, before and after; all of them where the item came or went.
    pub fields: Vec<FieldDifference>,
}

/// One field at two revisions.
#[derive(Debug, Serialize, ToSchema)]
pub struct FieldDifference {
    /// `name`, `source`, `target` or an attribute's full name.
    pub field: String,
    /// Before; `null` if there was none.
    pub before: Json,
    /// After; `null` if there is none.
    pub after: Json,
}

/// Everything that differs between two revisions.
#[derive(Debug, Serialize, ToSchema)]
pub struct Differences {
    /// The earlier revision.
    pub from: u64,
    /// The later revision.
    pub to: u64,
    /// Elements first.
    pub items: Vec<Difference>,
}

/// The history of an element
///
/// Every change of it and of what it refers to, with who, when and why.
#[utoipa::path(tag = "history", params(
    ("id" = String, Path, description = "The element's id", example = "sys-juki"),
), responses((status = OK, description = "Its history", body = History)))]
#[get("/elements/{id}/history")]
pub async fn element_history(state: Shared, request: HttpRequest, id: web::Path<String>) -> Answer {
    answer_history(&state, &request, id.into_inner(), "element").await
}

/// The history of a relationship
///
/// Every change of it and of what it refers to, with who, when and why.
#[utoipa::path(tag = "history", params(
    ("id" = String, Path, description = "The relationship's id", example = "flw-juki-to-renkei"),
), responses((status = OK, description = "Its history", body = History)))]
#[get("/relationships/{id}/history")]
pub async fn relationship_history(state: Shared, request: HttpRequest, id: web::Path<String>) -> Answer {
    answer_history(&state, &request, id.into_inner(), "relationship").await
}

async fn answer_history(state: &Shared, request: &HttpRequest, id: String, what: &'static str) -> Answer {
    Query::of(request)?.finish()?;
    let shared = state.clone();
    // What is older than the newest checkpoint is read from the ledger.
    let found = in_background(state, move || history_of(&shared.workspace, &id, what)).await?;
    Ok(HttpResponse::Ok().json(found?))
}

fn history_of(workspace: &Workspace, id: &str, what: &str) -> Result<History, Problem> {
    let snapshot = workspace.current();
    let versions = workspace.versions(&snapshot, id)?;
    let is_asked = |version: &ItemVersion| version.item().is_none_or(|item| item_word(item) == what);
    if versions.is_empty() || !versions.iter().all(is_asked) {
        return Err(Problem::not_found(what, id, snapshot.similar_id(id)));
    }
    let mut items = Vec::new();
    for revision in snapshot.touches(id) {
        if let Some(summary) = workspace.change(revision)? {
            items.extend(history_entry(&snapshot, &summary, &versions, id));
        }
    }
    Ok(History { items, revision: snapshot.revision() })
}

fn history_entry(
    snapshot: &Snapshot,
    summary: &ChangeSummary,
    versions: &[ItemVersion],
    id: &str,
) -> Option<HistoryEntry> {
    let revision = summary.revision;
    let place = versions.iter().position(|version| version.revision <= revision)?;
    let (version, before) = (&versions[place], versions.get(place + 1));
    let existed_before = before.is_some_and(|before| before.item().is_some());
    let change = match (version.revision == revision, existed_before, version.item().is_some()) {
        (false, _, _) => "referenced",
        (true, false, _) => "created",
        (true, true, true) => "updated",
        (true, true, false) => "deleted",
    };
    let touched = snapshot.fields_touched(id, revision).into_iter();
    let fields = touched.flatten().map(|field| field.to_string()).collect();
    let state = version.item().map(|item| state_json(snapshot.metamodel(), item));
    Some(HistoryEntry { change_set: summary_body(summary), change, fields, state })
}

fn state_json(metamodel: &Metamodel, item: Item<'_>) -> Json {
    Json::Object(fields_of(metamodel, item))
}

/// What an item itself says, by full field name.
fn fields_of(metamodel: &Metamodel, item: Item<'_>) -> Map<String, Json> {
    let mut fields = Map::new();
    fields.insert("kind".into(), metamodel.kind(item.kind()).name.to_string().into());
    if let Some(name) = item.name() {
        fields.insert("name".into(), name.to_string().into());
    }
    if let Item::Relationship(relationship) = item {
        fields.insert("source".into(), relationship.source.to_string().into());
        fields.insert("target".into(), relationship.target.to_string().into());
    }
    fields.extend(
        item.attributes().iter().map(|(name, value)| (metamodel.attribute_text(name).to_string(), value.to_json())),
    );
    fields
}

/// What differs between two revisions
///
/// Items that are alike at both are left out.
#[utoipa::path(tag = "history", params(
    ("from" = u64, Query, description = "The earlier revision", example = 0),
    ("to" = Option<u64>, Query, description = "The later revision; the newest when absent", example = 1),
    ("limit" = Option<usize>, Query, description = "The most items", example = 100),
), responses((status = OK, description = "The differences", body = Differences)))]
#[get("/differences")]
pub async fn differences(state: Shared, request: HttpRequest) -> Answer {
    let mut query = Query::of(&request)?;
    let from = query.revision("from")?.ok_or_else(|| Problem::parameter("from", "is missing"))?;
    let to = query.revision("to")?;
    let limit = query.number("limit", 1, 100_000)?.unwrap_or(100_000);
    query.finish()?;
    let snapshot = state.workspace.current();
    let to = to.unwrap_or(snapshot.revision());
    if from > to || to > snapshot.revision() {
        let message = format!("revisions run from 0 to {}, and `from` is not after `to`", snapshot.revision());
        return Err(Problem::new(ProblemCode::InvalidParameter, message));
    }
    let shared = state.clone();
    let work = move || {
        let found = shared.workspace.difference(from, to)?;
        let items =
            found.iter().take(limit).map(|difference| difference_body(snapshot.metamodel(), difference)).collect();
        Ok::<_, Problem>(Differences { from, to, items })
    };
    Ok(HttpResponse::Ok().json(in_background(&state, work).await??))
}

fn difference_body(metamodel: &Metamodel, difference: &ItemDifference) -> Difference {
    match difference {
        ItemDifference::Element(Transition { before, after }) => {
            compared(metamodel, before.as_ref().map(Item::Element), after.as_ref().map(Item::Element))
        }
        ItemDifference::Relationship(Transition { before, after }) => {
            compared(metamodel, before.as_ref().map(Item::Relationship), after.as_ref().map(Item::Relationship))
        }
    }
}

fn compared(metamodel: &Metamodel, before: Option<Item<'_>>, after: Option<Item<'_>>) -> Difference {
    let fields = |item: Option<Item<'_>>| item.map_or_else(Map::new, |item| fields_of(metamodel, item));
    let (old, new) = (fields(before), fields(after));
    let mut names: Vec<&String> = old.keys().chain(new.keys()).collect();
    names.sort();
    names.dedup();
    let of = |map: &Map<String, Json>, name: &str| map.get(name).cloned().unwrap_or(Json::Null);
    let differing = names.into_iter().filter(|name| old.get(*name) != new.get(*name));
    let fields =
        differing.map(|name| FieldDifference { field: name.clone(), before: of(&old, name), after: of(&new, name) });
    let either = after.or(before);
    Difference {
        id: either.map_or_else(String::new, |item| item.id().to_string()),
        kind: either.map_or_else(String::new, |item| metamodel.kind(item.kind()).name.to_string()),
        item: either.map_or("element", item_word),
        change: match (before.is_some(), after.is_some()) {
            (false, _) => "created",
            (true, false) => "deleted",
            (true, true) => "updated",
        },
        fields: fields.collect(),
    }
}
