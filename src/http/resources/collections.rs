//! A collection for each kind: `/systems`, `/data-flows`. A write is a change set of one operation.

use actix_web::{HttpRequest, web};
use serde::Deserialize;
use serde_json::{Map, Value as Json};

use super::change_sets::{self, Writing};
use super::items::{answer_list, one, view_of};
use crate::domain::change_set::{ChangeSet, CreateElement, CreateRelationship, Delete, Operation, Update};
use crate::domain::element::Model;
use crate::domain::metamodel::{Kind, KindId};
use crate::domain::nearest;
use crate::http::body::{Body, digest};
use crate::http::conditional::precondition;
use crate::http::problem::{Answer, Problem, ProblemCode};
use crate::http::query::Query;
use crate::http::state::Shared;

/// Who, why and how, beside the fields of a single write.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ChangeNote {
    /// What was done, for people; made up when absent.
    pub message: Option<String>,
    /// Who did it, as stated.
    pub author: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// Where it was learnt.
    pub source: Option<String>,
    /// The revision that the author had seen.
    pub base_revision: Option<u64>,
    /// Whether to try only.
    pub dry_run: bool,
}

/// The body that makes one item.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Creation {
    id: Option<String>,
    name: Option<String>,
    source: Option<String>,
    target: Option<String>,
    #[serde(default)]
    attributes: Map<String, Json>,
    #[serde(default)]
    change: ChangeNote,
}

/// The body that changes one item: what is `null` is removed, what is absent stays (RFC 7396).
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Patch {
    name: Option<String>,
    #[serde(default)]
    attributes: Map<String, Json>,
    #[serde(default)]
    change: ChangeNote,
}

const PATCH_TYPES: [&str; 2] = ["application/json", "application/merge-patch+json"];

/// `GET /systems`
pub async fn list(state: Shared, request: HttpRequest, collection: web::Path<String>) -> Answer {
    let (id, name) = kind_of(&state, &collection)?;
    let query = Query::of(&request)?;
    let kinds = state.workspace.metamodel().descendants(id);
    answer_list(state, &request, query, &name, kinds).await
}

/// `GET /systems/{id}`
pub async fn get(state: Shared, request: HttpRequest, path: web::Path<(String, String)>) -> Answer {
    let (collection, id) = path.into_inner();
    let (kind, name) = kind_of(&state, &collection)?;
    let view = view_of(&state, &request)?;
    match view.item(&id).filter(|item| view.metamodel().is_a(item.kind(), kind)) {
        Some(item) => Ok(one(&request, &view, item)),
        None => Err(Problem::not_found(&name, &id, view.similar_id(&id))),
    }
}

/// `POST /systems`
pub async fn create(
    state: Shared,
    request: HttpRequest,
    collection: web::Path<String>,
    payload: web::Payload,
) -> Answer {
    let (kind, name) = kind_of(&state, &collection)?;
    Query::of(&request)?.finish()?;
    let limits = &state.settings.limits;
    let body = Body::read(&request, payload, &["application/json"], limits.body_bytes).await?;
    let creation: Creation = body.parsed(limits.json_depth)?;
    let change = creation.change.clone();
    let is_relationship = state.workspace.metamodel().kind(kind).is_relationship();
    let operation = creation.operation(&name, is_relationship)?;
    let change_set = change.change_set(operation, || format!("create {name}"));
    let writing = Writing {
        change_set,
        dry_run: change.dry_run,
        preconditions: Vec::new(),
        digest: digest(&request, &body.bytes),
    };
    change_sets::write(&state, &request, writing).await
}

/// `PATCH /systems/{id}`
pub async fn update(
    state: Shared,
    request: HttpRequest,
    path: web::Path<(String, String)>,
    payload: web::Payload,
) -> Answer {
    let (collection, id) = path.into_inner();
    let is_relationship = existing(&state, &collection, &id)?;
    Query::of(&request)?.finish()?;
    let limits = &state.settings.limits;
    let body = Body::read(&request, payload, &PATCH_TYPES, limits.body_bytes).await?;
    let patch: Patch = body.parsed(limits.json_depth)?;
    let mut set = patch.attributes;
    if let Some(name) = patch.name {
        set.insert("name".into(), Json::String(name));
    }
    let update = Update { id: id.clone(), set, unset: Vec::new() };
    let operation =
        if is_relationship { Operation::UpdateRelationship(update) } else { Operation::UpdateElement(update) };
    let change_set = patch.change.change_set(operation, || format!("update {id}"));
    let preconditions = precondition(&request, &id);
    let writing =
        Writing { change_set, dry_run: patch.change.dry_run, preconditions, digest: digest(&request, &body.bytes) };
    change_sets::write(&state, &request, writing).await
}

/// `DELETE /systems/{id}`
pub async fn delete(state: Shared, request: HttpRequest, path: web::Path<(String, String)>) -> Answer {
    let (collection, id) = path.into_inner();
    let is_relationship = existing(&state, &collection, &id)?;
    let mut query = Query::of(&request)?;
    let change = ChangeNote {
        message: query.take("message"),
        author: query.take("author"),
        reason: query.take("reason"),
        source: query.take("source"),
        base_revision: query.revision("base_revision")?,
        dry_run: query.flag("dry_run")?,
    };
    let delete = Delete { id: id.clone(), cascade: query.flag("cascade")? };
    query.finish()?;
    let operation =
        if is_relationship { Operation::DeleteRelationship(delete) } else { Operation::DeleteElement(delete) };
    let change_set = change.change_set(operation, || format!("delete {id}"));
    let preconditions = precondition(&request, &id);
    let writing = Writing { change_set, dry_run: change.dry_run, preconditions, digest: digest(&request, &[]) };
    change_sets::write(&state, &request, writing).await
}

impl ChangeNote {
    fn change_set(&self, operation: Operation, message: impl FnOnce() -> String) -> ChangeSet {
        ChangeSet {
            message: self.message.clone().unwrap_or_else(message),
            author: self.author.clone(),
            reason: self.reason.clone(),
            source: self.source.clone(),
            base_revision: self.base_revision,
            operations: vec![operation],
            ..ChangeSet::default()
        }
    }
}

impl Creation {
    fn operation(self, kind: &str, is_relationship: bool) -> Result<Operation, Problem> {
        let missing = |field: &str| Problem::new(ProblemCode::InvalidRequest, format!("\"{field}\" is missing"));
        let (kind, name, attributes) = (kind.to_owned(), self.name, self.attributes);
        if is_relationship {
            let source = self.source.ok_or_else(|| missing("source"))?;
            let target = self.target.ok_or_else(|| missing("target"))?;
            return Ok(Operation::CreateRelationship(CreateRelationship {
                id: self.id,
                kind,
                source,
                target,
                name,
                attributes,
            }));
        }
        if self.source.is_some() || self.target.is_some() {
            return Err(Problem::new(ProblemCode::InvalidRequest, "an element has no source and no target"));
        }
        let id = self.id.ok_or_else(|| missing("id"))?;
        Ok(Operation::CreateElement(CreateElement { id, kind, name, attributes }))
    }
}

/// The kind of a collection and its name.
fn kind_of(state: &Shared, collection: &str) -> Result<(KindId, String), Problem> {
    let metamodel = state.workspace.metamodel();
    let found = metamodel.kind_of_collection(collection).filter(|_| !collection.contains('_'));
    found.map(|kind| (kind.id, kind.name.to_string())).ok_or_else(|| {
        let known: Vec<String> = metamodel.kinds().iter().filter_map(Kind::rest_collection).collect();
        let hint = nearest::hint(collection, known.iter().map(String::as_str));
        Problem::new(ProblemCode::NotFound, format!("there is no collection {collection:?}{hint}"))
    })
}

/// Whether the item with this id, which must be in the collection, is a relationship.
fn existing(state: &Shared, collection: &str, id: &str) -> Result<bool, Problem> {
    let (kind, name) = kind_of(state, collection)?;
    let snapshot = state.workspace.current();
    let found = snapshot.item(id).filter(|item| snapshot.metamodel().is_a(item.kind(), kind));
    match found {
        Some(item) => Ok(matches!(item, crate::domain::Item::Relationship(_))),
        None => Err(Problem::not_found(&name, id, snapshot.similar_id(id))),
    }
}
