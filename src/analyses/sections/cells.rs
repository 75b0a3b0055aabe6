//! What is recorded of items, as cells.

use crate::analyses::ItemSummary;
use crate::analyses::findings::Reader;
use crate::analyses::names::summary_of;
use crate::analyses::sheets::{SheetCell, SheetColumn, SheetTable};
use crate::domain::metamodel::{AttributeDefinition, Kind};
use crate::domain::naming::value_text;
use crate::domain::{Localized, Value};
use crate::graph::Place;

/// An item by id, kind and name.
pub(in crate::analyses) fn summary(reader: &Reader<'_>, place: Place) -> Option<ItemSummary> {
    reader.item(place).map(|item| summary_of(reader.view(), item))
}

/// Items as a cell.
pub(in crate::analyses) fn items_of(reader: &Reader<'_>, places: &[Place]) -> SheetCell {
    SheetCell::items(places.iter().filter_map(|place| summary(reader, *place)).collect())
}

/// What is recorded of an item under an attribute: a value, or what a reference leads to.
pub(in crate::analyses) fn cell_of(reader: &Reader<'_>, place: Place, attribute: &str) -> SheetCell {
    let kind = reader.kind_of(place).map(|kind| reader.metamodel().kind(kind));
    kind.and_then(|kind| kind.attribute_named(attribute))
        .map_or(SheetCell::Empty, |definition| cell(reader, place, definition))
}

fn cell(reader: &Reader<'_>, place: Place, definition: &AttributeDefinition) -> SheetCell {
    if let Some(reference) = definition.reference() {
        let kinds = reader.metamodel().descendants(reference.relationship);
        let edges = reader.outgoing(place, &kinds);
        let targets = reader.sorted(edges.into_iter().filter_map(|edge| reader.target(edge)).collect());
        return items_of(reader, &targets);
    }
    match reader.value_of(place, definition.name) {
        None => SheetCell::Empty,
        Some(Value::Integer(number)) => SheetCell::Integer(*number),
        Some(Value::Number(number)) => SheetCell::Number(*number),
        Some(Value::Boolean(truth)) => SheetCell::Boolean(*truth),
        Some(Value::Date(date)) => SheetCell::Date(*date),
        Some(Value::Text(text)) if definition.enumeration().is_none() => SheetCell::text(&**text),
        Some(value) => {
            let said = |language| value_text(definition, value, language);
            SheetCell::localized(Localized::ja_en(&said("ja"), &said("en")))
        }
    }
}

/// A table of items, a column for each of these attributes that their kind has.
pub(in crate::analyses) fn form(
    reader: &Reader<'_>,
    names: (&str, &str, &str),
    kind: &str,
    places: &[Place],
    attributes: &[&str],
) -> SheetTable {
    let (key, ja, en) = names;
    let held = reader.metamodel().kind_named(kind);
    let known: Vec<&AttributeDefinition> =
        held.into_iter().flat_map(|kind| attributes.iter().filter_map(|name| kind.attribute_named(name))).collect();
    let label = held.map_or_else(Localized::default, |kind| kind.label.clone());
    let mut columns = vec![SheetColumn { key: kind.to_owned(), label }];
    columns.extend(known.iter().map(|definition| column_of(definition)));
    let row = |place: &Place| {
        let name = summary(reader, *place).map_or(SheetCell::Empty, SheetCell::Item);
        std::iter::once(name).chain(known.iter().map(|definition| cell(reader, *place, definition))).collect()
    };
    let rows = places.iter().map(row).collect();
    SheetTable { rows, ..SheetTable::new(key, ja, en, columns) }
}

/// The column of an attribute, with its unit.
fn column_of(definition: &AttributeDefinition) -> SheetColumn {
    let said = |language: &str, (open, close): (&str, &str)| {
        let (label, unit) = (definition.label.get(language), definition.unit.get(language));
        if unit.is_empty() { label.to_owned() } else { format!("{label}{open}{unit}{close}") }
    };
    let label = Localized::ja_en(&said("ja", ("（", "）")), &said("en", (" (", ")")));
    SheetColumn { key: definition.text.replace('.', "_"), label }
}

/// The attributes of a kind of which an item has something recorded.
pub(in crate::analyses) fn recorded_fields(reader: &Reader<'_>, kind: &Kind, place: Place) -> usize {
    kind.attributes.iter().filter(|definition| !cell(reader, place, definition).is_empty()).count()
}
