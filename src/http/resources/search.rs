//! Finding elements by name, and what is around one.

use actix_web::{HttpRequest, HttpResponse, get, web};
use serde::Serialize;
use utoipa::ToSchema;

use super::in_background;
use crate::application::neighbourhood::{Neighbourhood, neighbourhood};
use crate::domain::element::Model;
use crate::domain::naming::display_name;
use crate::graph::{SearchRank, View};
use crate::http::language::language;
use crate::http::problem::{Answer, Problem};
use crate::http::query::Query;
use crate::http::state::Shared;
use crate::http::wire::{ElementBody, ItemBody, RelationshipBody, item_body};

/// A found element.
#[derive(Debug, Serialize, ToSchema)]
pub struct Hit {
    /// Its id.
    #[schema(example = "sys-juki")]
    pub id: String,
    /// Its kind.
    #[schema(example = "system")]
    pub kind: String,
    /// What it is called.
    #[schema(example = "住民記録システム")]
    pub name: String,
    /// `whole`, `beginning` or `within`: which part of a name, reading, alias or id the words are.
    #[schema(example = "beginning")]
    pub matched: &'static str,
}

/// What was found.
#[derive(Debug, Serialize, ToSchema)]
pub struct Hits {
    /// Best first.
    pub items: Vec<Hit>,
    /// Whether there are more than the limit.
    pub more: bool,
    /// The revision that was read.
    pub revision: u64,
}

/// What is around an element.
#[derive(Debug, Serialize, ToSchema)]
pub struct NeighbourhoodBody {
    /// The element in the middle.
    pub center: String,
    /// Elements, nearest first, the one in the middle included.
    #[schema(value_type = Vec<ElementBody>)]
    pub elements: Vec<ItemBody>,
    /// The relationships between them.
    #[schema(value_type = Vec<RelationshipBody>)]
    pub relationships: Vec<ItemBody>,
    /// How many more elements there are within the depth than the limit lets through.
    pub omitted: usize,
    /// The revision that was read.
    pub revision: u64,
}

/// Find by name
///
/// Looks into names, readings, aliases and ids. Width, case and hiragana or katakana do not matter; the
/// beginning of a reading is enough.
#[utoipa::path(tag = "elements", params(
    ("q" = String, Query, description = "What to look for", example = "じゅうみん"),
    ("kind" = Option<String>, Query, description = "Only these kinds, separated by commas", example = "system"),
    ("limit" = Option<usize>, Query, description = "The most hits, 1 to 1000", example = 20),
), responses((status = OK, description = "What was found", body = Hits)))]
#[get("/search")]
pub async fn search(state: Shared, request: HttpRequest) -> Answer {
    let mut query = Query::of(&request)?;
    let words = query.required("q")?;
    let asked = query.list("kind");
    let limit = query.number("limit", 1, state.settings.limits.page)?.unwrap_or(20);
    let view = state.workspace.view(query.view()?)?;
    query.finish()?;
    let mut kinds = Vec::new();
    for word in &asked {
        let kind = view.metamodel().kind_named(word);
        let kind = kind.ok_or_else(|| {
            Problem::parameter("kind", format!("there is no kind {word:?}{}", view.metamodel().kind_hint(word)))
        })?;
        kinds.extend(view.metamodel().descendants(kind.id));
    }
    let language = language(&request);
    let work = move || find(&view, &words, &kinds, limit, language);
    Ok(HttpResponse::Ok().json(in_background(&state, work).await?))
}

fn find(view: &View, words: &str, kinds: &[crate::domain::KindId], limit: usize, language: &str) -> Hits {
    let accept = |node| view.item_at(node).is_some_and(|item| kinds.is_empty() || kinds.contains(&item.kind()));
    let mut found = view.snapshot().search(words, limit + 1, accept);
    let more = found.len() > limit;
    found.truncate(limit);
    let items = found.iter().filter_map(|hit| {
        let item = view.item_at(hit.node)?;
        Some(Hit {
            id: item.id().to_string(),
            kind: view.metamodel().kind(item.kind()).name.to_string(),
            name: display_name(view, item, language),
            matched: match hit.rank {
                SearchRank::Whole => "whole",
                SearchRank::Beginning => "beginning",
                SearchRank::Within => "within",
            },
        })
    });
    Hits { items: items.collect(), more, revision: view.revision() }
}

/// What is around an element
///
/// The elements within some relationships of it, either way, and the relationships between them.
#[utoipa::path(tag = "elements", params(
    ("id" = String, Path, description = "The element in the middle", example = "sys-juki"),
    ("depth" = Option<usize>, Query, description = "How many relationships away at most", example = 1),
    ("limit" = Option<usize>, Query, description = "The most elements", example = 200),
), responses((status = OK, description = "The neighbourhood", body = NeighbourhoodBody)))]
#[get("/elements/{id}/neighbourhood")]
pub async fn element_neighbourhood(state: Shared, request: HttpRequest, id: web::Path<String>) -> Answer {
    let mut query = Query::of(&request)?;
    let depth = query.number("depth", 1, state.settings.limits.neighbourhood_depth)?.unwrap_or(1);
    let limit = query.number("limit", 1, state.settings.limits.page)?.unwrap_or(200.min(state.settings.limits.page));
    let view = state.workspace.view(query.view()?)?;
    query.finish()?;
    if view.node(&id).is_none() {
        return Err(Problem::not_found("element", &id, view.similar_id(&id)));
    }
    let language = language(&request);
    let work = move || {
        let found = neighbourhood(&view, &id, depth, limit);
        body(&view, &id, &found, language)
    };
    Ok(HttpResponse::Ok().json(in_background(&state, work).await?))
}

fn body(view: &View, center: &str, found: &Neighbourhood, language: &str) -> NeighbourhoodBody {
    let bodies = |ids: &[String]| ids.iter().filter_map(|id| Some(item_body(view, view.item(id)?, language))).collect();
    NeighbourhoodBody {
        center: center.to_owned(),
        elements: bodies(&found.elements),
        relationships: bodies(&found.relationships),
        omitted: found.omitted,
        revision: view.revision(),
    }
}
