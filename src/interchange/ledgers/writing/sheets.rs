//! The sheets of a model: a sheet a kind, a row an item.

use serde_json::{Value as Json, json};

use super::Role;
use super::cells::{OutCell, label, of_value, quoted};
use crate::domain::description::reference_json;
use crate::domain::element::{Item, Model};
use crate::domain::metamodel::{
    AttributeDefinition, AttributeType, EndKind, Enumeration, Kind, Metamodel, Need, ReferenceDefinition,
};
use crate::domain::naming::display_name_of;
use crate::interchange::native::ItemsByKind;

/// A sheet to be written.
#[derive(Debug, Clone, PartialEq)]
pub struct Sheet {
    /// The kind's name.
    pub kind: String,
    /// What people call the kind.
    pub title: String,
    /// Its columns.
    pub columns: Vec<SheetColumn>,
    /// Its rows.
    pub rows: Vec<Vec<OutCell>>,
}

/// A column of a sheet.
#[derive(Debug, Clone, PartialEq)]
pub struct SheetColumn {
    /// What it is.
    pub role: Role,
    /// Its heading.
    pub heading: String,
    /// Whether it is hidden.
    pub is_hidden: bool,
    /// The choices of its drop-down; empty for none.
    pub choices: Vec<String>,
    /// Whether anything else than a choice is refused by the spreadsheet program.
    pub is_strict: bool,
}

/// The sheets of all kinds that have items.
pub fn sheets(model: &dyn Model, items: &ItemsByKind<'_>) -> Vec<Sheet> {
    let kinds = items.0.iter().filter(|(_, items)| !items.is_empty());
    let mut made: Vec<Sheet> =
        kinds.map(|(kind, held)| sheet(model, model.metamodel().kind(*kind), held, items)).collect();
    made.retain(|sheet| !sheet.rows.is_empty());
    made
}

fn sheet(model: &dyn Model, kind: &Kind, held: &[Item<'_>], all: &ItemsByKind<'_>) -> Sheet {
    let shown: Vec<Item<'_>> = held.iter().copied().filter(|item| !is_reference(model, *item)).collect();
    let attributes = attributes(model, kind, &shown);
    let mut columns = vec![column(Role::Id, "ID", true)];
    if kind.has_own_name() || shown.iter().any(|item| item.name().is_some()) {
        columns.push(column(Role::Name, "名称", false));
    }
    if kind.is_relationship() {
        for (role, heading) in [(Role::Source, "元"), (Role::Target, "先")] {
            columns.push(column(role, heading, false));
            columns.push(column(Role::Behind, &format!("{heading}のID"), true));
        }
    }
    for definition in &attributes {
        columns.push(attribute_column(model, definition, all));
        if definition.reference().is_some() {
            columns.push(column(Role::Behind, &format!("{}のID", definition.label.get("ja")), true));
        }
    }
    let rows = shown.iter().map(|item| row(model, *item, &columns, &attributes)).collect();
    Sheet { kind: kind.name.to_string(), title: kind.label.get("ja").to_owned(), columns, rows }
}

/// Whether a relationship stands in a cell of its source.
fn is_reference(model: &dyn Model, item: Item<'_>) -> bool {
    let Item::Relationship(relationship) = item else { return false };
    let Some(source) = model.item(relationship.source.as_str()) else { return false };
    model.metamodel().kind(source.kind()).reference_by(relationship.kind).is_some()
}

/// Attributes worth a column: those that some item has, and those that the kind itself (not every kind) has.
fn attributes<'m>(model: &'m dyn Model, kind: &'m Kind, items: &[Item<'_>]) -> Vec<&'m AttributeDefinition> {
    let root = kind.lineage.last().map(|root| model.metamodel().kind(*root));
    let is_common =
        |definition: &AttributeDefinition| root.is_some_and(|root| root.attribute(definition.name).is_some());
    let is_used = |definition: &AttributeDefinition| match definition.reference() {
        None => items.iter().any(|item| item.attributes().get(definition.name).is_some()),
        Some(reference) => {
            items.iter().any(|item| !model.outgoing(item.id().as_str(), Some(reference.relationship)).is_empty())
        }
    };
    let wanted = |definition: &&AttributeDefinition| {
        definition.need != Need::Optional || !is_common(definition) || is_used(definition)
    };
    kind.attributes.iter().filter(wanted).collect()
}

fn column(role: Role, heading: &str, is_hidden: bool) -> SheetColumn {
    SheetColumn { role, heading: heading.to_owned(), is_hidden, choices: Vec::new(), is_strict: false }
}

fn attribute_column(model: &dyn Model, definition: &AttributeDefinition, all: &ItemsByKind<'_>) -> SheetColumn {
    let unit = definition.unit.get("ja");
    let unit = if unit.is_empty() { String::new() } else { format!("（{unit}）") };
    let heading = format!("{}{unit}", definition.label.get("ja"));
    let (choices, is_strict) = match &definition.value_type {
        AttributeType::Boolean => (vec!["○".to_owned(), "×".to_owned()], true),
        AttributeType::Enumeration(codes) => {
            (codes.values.iter().map(|(code, _)| label(codes, code)).collect(), !codes.open)
        }
        AttributeType::Reference(reference) if !reference.many => (names(model, reference, all), false),
        _ => (Vec::new(), false),
    };
    let role = Role::Attribute(definition.text.to_string());
    SheetColumn { role, heading, is_hidden: false, choices, is_strict }
}

/// The names of all items that a reference may point to, where a list of them is of use.
fn names(model: &dyn Model, reference: &ReferenceDefinition, all: &ItemsByKind<'_>) -> Vec<String> {
    const MOST: usize = 2_000;
    let permitted = |kind: crate::domain::KindId| {
        reference
            .targets
            .iter()
            .any(|end| matches!(end, EndKind::Kind(wanted) if model.metamodel().is_a(kind, *wanted)))
    };
    let held = all.0.iter().filter(|(kind, _)| permitted(*kind)).flat_map(|(_, items)| items);
    let mut names: Vec<String> = held.take(MOST + 1).map(|item| shown_name(model, item.id().as_str())).collect();
    names.sort();
    names.dedup();
    if names.len() > MOST { Vec::new() } else { names }
}

fn row(
    model: &dyn Model,
    item: Item<'_>,
    columns: &[SheetColumn],
    attributes: &[&AttributeDefinition],
) -> Vec<OutCell> {
    let mut cells = vec![OutCell::Text(item.id().to_string())];
    if columns.iter().any(|column| column.role == Role::Name) {
        cells.push(item.name().map_or(OutCell::Empty, |name| OutCell::Text(quoted(name))));
    }
    if let Item::Relationship(relationship) = item {
        for end in [&relationship.source, &relationship.target] {
            let shown = shown_name(model, end.as_str());
            cells.push(OutCell::Text(shown.clone()));
            cells.push(OutCell::Text(json!([[shown, end]]).to_string()));
        }
    }
    for definition in attributes {
        match definition.reference() {
            None => {
                let value = item.attributes().get(definition.name);
                cells.push(value.map_or(OutCell::Empty, |value| of_value(definition, value)));
            }
            Some(reference) => cells.extend(references(model, item, reference)),
        }
    }
    cells
}

/// The names of what an item refers to, a line each, and what exactly they stand for.
fn references(model: &dyn Model, item: Item<'_>, reference: &ReferenceDefinition) -> [OutCell; 2] {
    let held = model.outgoing(item.id().as_str(), Some(reference.relationship));
    if held.is_empty() {
        return [OutCell::Empty, OutCell::Empty];
    }
    let mut pairs: Vec<(String, Json)> = Vec::new();
    for relationship in &held {
        let mut shown = shown_name(model, relationship.target.as_str());
        if let Some((definition, codes)) = suffix(model.metamodel(), reference)
            && let Some(code) = relationship.attributes.get(definition.name).and_then(crate::domain::Value::as_text)
        {
            shown = format!("{shown}（{}）", label(codes, code));
        }
        pairs.push((shown, reference_json(model, reference, relationship)));
    }
    let names: Vec<&str> = pairs.iter().map(|(name, _)| name.as_str()).collect();
    [OutCell::Text(names.join("\n")), OutCell::Text(json!(pairs).to_string())]
}

/// The attribute that stands in brackets after each name: the relationship's one enumeration of its own.
pub(crate) fn suffix<'m>(
    metamodel: &'m Metamodel,
    reference: &ReferenceDefinition,
) -> Option<(&'m AttributeDefinition, &'m Enumeration)> {
    let kind = metamodel.kind(reference.relationship);
    let mut own = kind.attributes.iter().filter_map(|definition| match &definition.value_type {
        AttributeType::Enumeration(codes) if definition.need == Need::Required => Some((definition, codes)),
        _ => None,
    });
    let first = own.next();
    if own.next().is_some() { None } else { first }
}

/// What an item is called, in one line.
pub(crate) fn shown_name(model: &dyn Model, id: &str) -> String {
    let name: String = display_name_of(model, id, "ja").chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let name = name.trim();
    if name.is_empty() || name.starts_with('"') { id.to_owned() } else { name.replace("_x", "_ x") }
}
