//! One page of a list.

use std::cmp::Ordering;

use serde_json::Value as Json;

use super::cursor::Cursor;
use super::filter::{Filter, attribute_values};
use crate::domain::element::{Item, Model};
use crate::domain::metamodel::{Kind, KindId};
use crate::domain::naming::display_name;
use crate::domain::value::Value;
use crate::graph::View;
use crate::http::problem::Problem;
use crate::http::query::Query;
use crate::http::wire::{Page, item_body, select_fields};

/// What a list is asked for.
#[derive(Debug)]
pub struct ListRequest {
    limit: usize,
    cursor: Option<Cursor>,
    sort: Option<Sort>,
    fields: Vec<String>,
    filters: Vec<Filter>,
    digest: u32,
}

#[derive(Debug, Clone)]
struct Sort {
    field: String,
    descending: bool,
}

/// The page size when none is asked for.
const USUAL_PAGE: usize = 100;

impl ListRequest {
    /// Reads `limit`, `cursor`, `sort`, `fields` and filters; the other parameters were taken before.
    ///
    /// # Errors
    /// A problem that names the parameter.
    pub fn read(query: &mut Query, list: &str, kinds: &[&Kind], most: usize) -> Result<Self, Problem> {
        let limit = query.number("limit", 1, most)?.unwrap_or(USUAL_PAGE.min(most));
        let cursor = query.take("cursor");
        let sort = query.take("sort").map(|text| Sort::parse(&text, kinds)).transpose()?;
        let fields = query.list("fields");
        for field in &fields {
            check_field("fields", field, kinds)?;
        }
        let mut rest = query.rest();
        rest.sort();
        let filters: Vec<Filter> =
            rest.iter().map(|(name, value)| Filter::parse(name, value, kinds)).collect::<Result<_, _>>()?;
        let digest = crc32c::crc32c(format!("{list}\u{0}{sort:?}\u{0}{rest:?}").as_bytes());
        let cursor = cursor.map(|text| Cursor::decode(&text, digest)).transpose()?;
        Ok(Self { limit, cursor, sort, fields, filters, digest })
    }
}

impl Sort {
    fn parse(text: &str, kinds: &[&Kind]) -> Result<Self, Problem> {
        let (field, descending) = text.strip_prefix('-').map_or((text, false), |field| (field, true));
        check_field("sort", field, kinds)?;
        Ok(Self { field: field.to_owned(), descending })
    }

    fn key(&self, view: &View, item: Item<'_>) -> SortKey {
        match self.field.as_str() {
            "id" => SortKey::Text(item.id().to_string()),
            "kind" => SortKey::Text(view.metamodel().kind(item.kind()).name.to_string()),
            "name" => SortKey::Text(display_name(view, item, "ja")),
            attribute => attribute_values(view, item, attribute).first().map_or(SortKey::Nothing, SortKey::of),
        }
    }

    fn order(&self, a: &SortKey, b: &SortKey) -> Ordering {
        // What has no value comes last either way.
        match (a, b) {
            (SortKey::Nothing, SortKey::Nothing) => Ordering::Equal,
            (SortKey::Nothing, _) => Ordering::Greater,
            (_, SortKey::Nothing) => Ordering::Less,
            _ if self.descending => b.compare(a),
            _ => a.compare(b),
        }
    }
}

#[derive(Debug, Clone, PartialEq)]
enum SortKey {
    Nothing,
    Number(f64),
    Text(String),
}

impl SortKey {
    fn of(value: &Value) -> Self {
        value.as_number().map_or_else(|| Self::Text(value.to_line("ja")), Self::Number)
    }

    fn compare(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Number(a), Self::Number(b)) => a.total_cmp(b),
            (Self::Number(_), _) => Ordering::Less,
            (_, Self::Number(_)) => Ordering::Greater,
            (Self::Text(a), Self::Text(b)) => a.cmp(b),
            _ => Ordering::Equal,
        }
    }

    fn to_json(&self) -> Json {
        match self {
            Self::Nothing => Json::Null,
            Self::Number(number) => (*number).into(),
            Self::Text(text) => text.as_str().into(),
        }
    }

    fn from_json(json: &Json) -> Self {
        match json {
            Json::Number(number) => Self::Number(number.as_f64().unwrap_or(0.0)),
            Json::String(text) => Self::Text(text.clone()),
            _ => Self::Nothing,
        }
    }
}

fn check_field(parameter: &str, field: &str, kinds: &[&Kind]) -> Result<(), Problem> {
    let own = ["id", "kind", "name", "revision", "source", "target", "attributes"].contains(&field);
    let known = own || kinds.iter().any(|kind| kind.attribute_named(field).is_some() || kind.has_group(field));
    if known {
        return Ok(());
    }
    let hint = kinds.iter().find_map(|kind| Some(kind.attribute_hint(field)).filter(|hint| !hint.is_empty()));
    Err(Problem::parameter(parameter, format!("{field:?} is no field here{}", hint.unwrap_or_default())))
}

/// A page of the items of some kinds.
///
/// In the order of ids it takes time proportional to what it passes over, otherwise to the whole list.
pub fn list(view: &View, kinds: &[KindId], request: &ListRequest, language: &str) -> Page<Json> {
    let passes = |item: &Item<'_>| request.filters.iter().all(|filter| filter.passes(view, *item));
    let (items, last) = match &request.sort {
        None => by_id(view, kinds, request, passes),
        Some(sort) => sorted(view, kinds, request, sort, passes),
    };
    let body = |item: &Item<'_>| select_fields(&item_body(view, *item, language), &request.fields);
    Page { items: items.iter().map(body).collect(), next_cursor: last, revision: view.revision() }
}

type PageOf<'a> = (Vec<Item<'a>>, Option<String>);

fn by_id<'a>(
    view: &'a View,
    kinds: &[KindId],
    request: &ListRequest,
    passes: impl Fn(&Item<'_>) -> bool,
) -> PageOf<'a> {
    let after = request.cursor.as_ref().map(|cursor| cursor.id.as_str());
    let found = view.items_of_kinds(kinds, after).filter(|item| passes(item)).take(request.limit + 1);
    let mut items: Vec<Item<'_>> = found.collect();
    let more = items.len() > request.limit;
    items.truncate(request.limit);
    let next = items.last().filter(|_| more).map(|item| next_cursor(request, Json::Null, *item));
    (items, next)
}

fn sorted<'a>(
    view: &'a View,
    kinds: &[KindId],
    request: &ListRequest,
    sort: &Sort,
    passes: impl Fn(&Item<'_>) -> bool,
) -> PageOf<'a> {
    let order =
        |a: &(SortKey, Item<'_>), b: &(SortKey, Item<'_>)| sort.order(&a.0, &b.0).then_with(|| a.1.id().cmp(b.1.id()));
    let items = view.items_of_kinds(kinds, None).filter(|item| passes(item));
    let mut keyed: Vec<(SortKey, Item<'_>)> = items.map(|item| (sort.key(view, item), item)).collect();
    keyed.sort_by(order);
    let start = request.cursor.as_ref().map_or(0, |cursor| {
        let key = SortKey::from_json(&cursor.key);
        let is_before = |held: &(SortKey, Item<'_>)| {
            sort.order(&held.0, &key).then_with(|| held.1.id().as_str().cmp(&cursor.id)) != Ordering::Greater
        };
        keyed.partition_point(is_before)
    });
    let more = keyed.len() > start + request.limit;
    let page: Vec<_> = keyed.into_iter().skip(start).take(request.limit).collect();
    let next = page.last().filter(|_| more).map(|(key, item)| next_cursor(request, key.to_json(), *item));
    (page.into_iter().map(|(_, item)| item).collect(), next)
}

fn next_cursor(request: &ListRequest, key: Json, item: Item<'_>) -> String {
    Cursor { list: request.digest, key, id: item.id().to_string() }.encode()
}
