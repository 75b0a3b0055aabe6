//! Building trees.

use super::super::document::{Extra, KeptAttribute};
use crate::interchange::xml::{XmlAttribute, XmlElement, XmlEvent, XmlLimits, XmlName, XmlNode, XmlReader};

/// Sets an attribute unless its value is empty, which Archi leaves out.
pub(super) fn attribute(tree: &mut XmlElement, name: &str, value: &str) {
    if !value.is_empty() {
        tree.set(name, value);
    }
}

/// Adds a child.
pub(super) fn child(tree: &mut XmlElement, held: XmlElement) {
    tree.children.push(XmlNode::Element(held));
}

/// Adds a child that holds characters, unless there are none.
pub(super) fn text_child(tree: &mut XmlElement, name: &str, text: &str) {
    if text.is_empty() {
        return;
    }
    let mut held = XmlElement::new(name);
    held.children.push(XmlNode::Text(text.to_owned()));
    child(tree, held);
}

/// Puts back what was kept of Archi's attributes and children.
pub(super) fn kept(tree: &mut XmlElement, extra: &Extra) {
    let Some(kept) = extra.get() else { return };
    for held in &kept.native {
        put(tree, held);
    }
    for fragment in &kept.native_children {
        if let Some(held) = parsed(fragment) {
            child(tree, held);
        }
    }
}

fn put(tree: &mut XmlElement, held: &KeptAttribute) {
    let (prefix, local) = held.name.split_once(':').unwrap_or(("", &held.name));
    // The prefixes that the format itself needs may have stood for something else.
    let prefix = match prefix {
        "xsi" => "xsi_",
        "archimate" => "archimate_",
        other => other,
    };
    if tree.attribute(local).is_some() && prefix.is_empty() {
        return;
    }
    let name = XmlName { namespace: held.namespace.as_str().into(), prefix: prefix.into(), local: local.into() };
    tree.attributes.push(XmlAttribute { name, value: held.value.clone() });
}

/// A kept piece of XML as a tree again.
fn parsed(fragment: &str) -> Option<XmlElement> {
    let limits = XmlLimits { text_bytes: usize::MAX, ..XmlLimits::default() };
    let mut reader = XmlReader::new(fragment, limits);
    match reader.advance().ok()? {
        XmlEvent::Start(start) => reader.subtree(start).ok(),
        _ => None,
    }
}
