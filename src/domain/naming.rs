//! What items are called, and how relationships are read aloud.

use std::sync::Arc;

use super::element::{Element, Item, Model, Relationship};
use super::metamodel::{AttributeDefinition, AttributeName, Naming, TemplatePart};
use super::value::Value;

/// How deep a display name may be made of other display names.
const DEEPEST_NAME: u8 = 4;

/// What an item is called in a language; its id where nothing better is known.
pub fn display_name(model: &dyn Model, item: Item<'_>, language: &str) -> String {
    named(model, item, language, DEEPEST_NAME)
}

/// What the item with this id is called; the id where there is none.
pub fn display_name_of(model: &dyn Model, id: &str, language: &str) -> String {
    model.item(id).map_or_else(|| id.to_owned(), |item| display_name(model, item, language))
}

fn named(model: &dyn Model, item: Item<'_>, language: &str, depth: u8) -> String {
    let name = match item {
        Item::Element(element) => element_name(model, element, language, depth),
        Item::Relationship(relationship) => relationship_name(model, relationship, language, depth),
    };
    if name.trim().is_empty() { item.id().to_string() } else { name }
}

fn element_name(model: &dyn Model, element: &Arc<Element>, language: &str, depth: u8) -> String {
    let kind = model.metamodel().kind(element.kind);
    let translated = kind.name_in.iter().find(|(held, _)| **held == *language);
    if let Some(value) = translated.and_then(|(_, name)| element.attributes.get(*name)) {
        return value.to_line(language);
    }
    match &kind.naming {
        Naming::Own => element.name.as_deref().unwrap_or_default().to_owned(),
        Naming::Attribute(name) => part(model, element, *name, language, depth),
        Naming::Template(parts) => parts
            .iter()
            .map(|piece| match piece {
                TemplatePart::Literal(text) => text.to_string(),
                TemplatePart::Attribute(name) => part(model, element, *name, language, depth),
            })
            .collect(),
    }
}

/// An attribute's value, or the names of what a reference points to.
fn part(model: &dyn Model, element: &Arc<Element>, name: AttributeName, language: &str, depth: u8) -> String {
    let kind = model.metamodel().kind(element.kind);
    let Some(definition) = kind.attribute(name) else {
        return String::new();
    };
    let Some(reference) = definition.reference() else {
        let value = element.attributes.get(name);
        return value.map_or_else(String::new, |value| value_text(definition, value, language));
    };
    let relationships = model.outgoing(element.id.as_str(), Some(reference.relationship));
    let target_name = |relationship: &Arc<Relationship>| match model.item(relationship.target.as_str()) {
        Some(item) if depth > 0 => named(model, item, language, depth - 1),
        _ => relationship.target.to_string(),
    };
    relationships.iter().map(target_name).collect::<Vec<_>>().join("・")
}

/// A relationship without a name is called after its kind and ends.
fn relationship_name(model: &dyn Model, relationship: &Arc<Relationship>, language: &str, depth: u8) -> String {
    if let Some(name) = &relationship.name {
        return name.to_string();
    }
    let end = |id: &str| match model.item(id) {
        Some(item) if depth > 0 => named(model, item, language, depth - 1),
        _ => id.to_owned(),
    };
    let (source, target) = (end(relationship.source.as_str()), end(relationship.target.as_str()));
    let label = model.metamodel().kind(relationship.kind).label.get(language);
    format!("{source} → {target}（{label}）")
}

/// A value as people read it: the label of a code, the text in their language.
pub fn value_text(definition: &AttributeDefinition, value: &Value, language: &str) -> String {
    match (definition.enumeration(), value) {
        (Some(enumeration), Value::Text(code)) => enumeration.label(code, language).to_owned(),
        (Some(enumeration), Value::List(codes)) => {
            let labels = codes.iter().filter_map(Value::as_text).map(|code| enumeration.label(code, language));
            labels.collect::<Vec<_>>().join("、")
        }
        _ => value.to_line(language),
    }
}

/// One relationship read aloud, along its arrow or against it.
pub fn wording(model: &dyn Model, relationship: &Relationship, forward: bool, language: &str) -> String {
    let kind = model.metamodel().kind(relationship.kind);
    let words = kind.relationship.as_ref().map(|traits| &traits.wording);
    let template = words
        .map_or("", |wording| if forward { wording.forward.get(language) } else { wording.backward.get(language) });
    let source = display_name_of(model, relationship.source.as_str(), language);
    let target = display_name_of(model, relationship.target.as_str(), language);
    if template.is_empty() {
        return format!("{source} → {target}（{}）", kind.label.get(language));
    }
    fill(template, &[("source", &source), ("target", &target)])
}

/// Replaces `{name}` by its value, in one pass, so that a value that looks like a placeholder stays as it is.
pub fn fill(template: &str, values: &[(&str, &str)]) -> String {
    let mut text = String::with_capacity(template.len() + 32);
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        text.push_str(before);
        let named = after
            .split_once('}')
            .and_then(|(name, tail)| values.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value, tail)));
        if let Some((value, tail)) = named {
            text.push_str(value);
            rest = tail;
        } else {
            text.push('{');
            rest = after;
        }
    }
    text.push_str(rest);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filling_does_not_look_into_values() {
        assert_eq!(fill("「{a}」→{b}{c}", &[("a", "{b}"), ("b", "x")]), "「{b}」→x{c}");
    }
}
