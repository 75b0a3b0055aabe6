//! Elements and relationships of all kinds.

use actix_web::{HttpRequest, HttpResponse, get, web};

use super::in_background;
use crate::domain::element::{Item, Model};
use crate::domain::metamodel::{Kind, KindId};
use crate::graph::View;
use crate::http::conditional::tagged;
use crate::http::language::language;
use crate::http::listing::{ListRequest, list};
use crate::http::problem::{Answer, Problem};
use crate::http::query::Query;
use crate::http::state::Shared;
use crate::http::wire::{ElementBody, Page, RelationshipBody, item_body};

/// Elements of all kinds
///
/// Sorted by id. Filters are attributes: `owner_department=dept-shimin`, `availability.rto_hours[lte]=24`;
/// the comparisons are `eq`, `ne`, `lt`, `lte`, `gt`, `gte`, `contains`, `exists`. Several values are
/// separated by commas. `kind` takes kinds with those that specialise them.
#[utoipa::path(tag = "elements", params(
    ("kind" = Option<String>, Query, description = "Kinds, separated by commas", example = "system"),
    ("limit" = Option<usize>, Query, description = "Items on a page, 1 to 1000", example = 100),
    ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before"),
    ("sort" = Option<String>, Query, description = "A field; `-` before it turns the order round", example = "-name"),
    ("fields" = Option<String>, Query, description = "Only these attributes and groups, separated by commas", example = "owner_department,availability"),
), responses((status = OK, description = "A page", body = Page<ElementBody>)))]
#[get("/elements")]
pub async fn list_elements(state: Shared, request: HttpRequest) -> Answer {
    list_items(state, &request, false).await
}

/// One element
///
/// With `at` as of a day in the world, with `revision` as it was recorded then.
#[utoipa::path(tag = "elements", params(
    ("id" = String, Path, description = "The element's id", example = "sys-juki"),
), responses((status = OK, description = "The element", body = ElementBody)))]
#[get("/elements/{id}")]
pub async fn get_element(state: Shared, request: HttpRequest, id: web::Path<String>) -> Answer {
    let view = view_of(&state, &request)?;
    match view.item(&id) {
        Some(item @ Item::Element(_)) => Ok(one(&request, &view, item)),
        _ => Err(Problem::not_found("element", &id, view.similar_id(&id))),
    }
}

/// Relationships of all kinds
///
/// Filters as for elements, and `source` and `target` (ids, separated by commas).
#[utoipa::path(tag = "relationships", params(
    ("kind" = Option<String>, Query, description = "Kinds, separated by commas", example = "data_flow"),
    ("source" = Option<String>, Query, description = "Ids of sources, separated by commas", example = "sys-juki"),
    ("target" = Option<String>, Query, description = "Ids of targets, separated by commas"),
    ("limit" = Option<usize>, Query, description = "Items on a page, 1 to 1000", example = 100),
    ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before"),
    ("sort" = Option<String>, Query, description = "A field; `-` before it turns the order round"),
    ("fields" = Option<String>, Query, description = "Only these attributes and groups, separated by commas"),
), responses((status = OK, description = "A page", body = Page<RelationshipBody>)))]
#[get("/relationships")]
pub async fn list_relationships(state: Shared, request: HttpRequest) -> Answer {
    list_items(state, &request, true).await
}

/// One relationship
///
/// A data flow is a relationship too.
#[utoipa::path(tag = "relationships", params(
    ("id" = String, Path, description = "The relationship's id", example = "flw-juki-to-renkei"),
), responses((status = OK, description = "The relationship", body = RelationshipBody)))]
#[get("/relationships/{id}")]
pub async fn get_relationship(state: Shared, request: HttpRequest, id: web::Path<String>) -> Answer {
    let view = view_of(&state, &request)?;
    match view.item(&id) {
        Some(item @ Item::Relationship(_)) => Ok(one(&request, &view, item)),
        _ => Err(Problem::not_found("relationship", &id, view.similar_id(&id))),
    }
}

/// The view that `at` and `revision` ask for, when there are no other parameters.
pub(super) fn view_of(state: &Shared, request: &HttpRequest) -> Result<View, Problem> {
    if request.query_string().is_empty() {
        return Ok(state.workspace.current_view());
    }
    let mut query = Query::of(request)?;
    let view = query.view()?;
    query.finish()?;
    Ok(state.workspace.view(view)?)
}

/// One item with its tag.
pub(super) fn one(request: &HttpRequest, view: &View, item: Item<'_>) -> HttpResponse {
    let body = item_body(view, item, language(request));
    tagged(request, view.snapshot().revision_of(item.id().as_str()), &body)
}

async fn list_items(state: Shared, request: &HttpRequest, relationships: bool) -> Answer {
    let mut query = Query::of(request)?;
    let asked = query.list("kind");
    let metamodel = state.workspace.metamodel();
    let kinds: Vec<KindId> = if asked.is_empty() {
        metamodel.kinds().iter().filter(|kind| kind.is_relationship() == relationships).map(|kind| kind.id).collect()
    } else {
        let mut kinds = Vec::new();
        for word in &asked {
            let kind = metamodel.kind_named(word).filter(|kind| kind.is_relationship() == relationships);
            let kind = kind.ok_or_else(|| {
                Problem::parameter("kind", format!("there is no kind {word:?} here{}", metamodel.kind_hint(word)))
            })?;
            kinds.extend(metamodel.descendants(kind.id));
        }
        kinds
    };
    let what = if relationships { "relationships" } else { "elements" };
    answer_list(state, request, query, what, kinds).await
}

/// Answers a list of some kinds; what is left in the query are filters.
pub(super) async fn answer_list(
    state: Shared,
    request: &HttpRequest,
    mut query: Query,
    what: &str,
    mut kinds: Vec<KindId>,
) -> Answer {
    kinds.sort_unstable();
    kinds.dedup();
    let view = state.workspace.view(query.view()?)?;
    let metamodel = state.workspace.metamodel();
    let definitions: Vec<&Kind> = kinds.iter().map(|id| metamodel.kind(*id)).collect();
    let list_request =
        ListRequest::read(&mut query, &format!("{what}{kinds:?}"), &definitions, state.settings.limits.page)?;
    query.finish()?;
    let language = language(request);
    let page = in_background(&state, move || list(&view, &kinds, &list_request, language)).await?;
    Ok(HttpResponse::Ok().json(page))
}
