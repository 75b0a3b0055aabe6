//! A piece of a document as a tree.

use std::sync::Arc;

use super::writer::XmlWriter;
use super::{XML_NAMESPACE, XSI_NAMESPACE};

/// An element with all that it holds.
#[derive(Debug, Clone, PartialEq)]
pub struct XmlElement {
    /// Its name.
    pub name: XmlName,
    /// Its attributes, namespace declarations left out.
    pub attributes: Vec<XmlAttribute>,
    /// Elements and texts in their order.
    pub children: Vec<XmlNode>,
    /// The line on which it begins, counted from 1.
    pub line: u32,
}

/// A name with the namespace that its prefix stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct XmlName {
    /// The namespace; empty where there is none.
    pub namespace: Arc<str>,
    /// The prefix as written; empty where there is none.
    pub prefix: Arc<str>,
    /// The name behind the prefix.
    pub local: Box<str>,
}

/// An attribute with its value as XML 1.0 §3.3.3 normalises it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct XmlAttribute {
    /// Its name.
    pub name: XmlName,
    /// Its value.
    pub value: String,
}

/// What stands inside an element.
#[derive(Debug, Clone, PartialEq)]
pub enum XmlNode {
    /// An element.
    Element(XmlElement),
    /// Characters, references resolved.
    Text(String),
}

impl XmlName {
    /// A name without a prefix.
    pub fn plain(local: &str) -> Self {
        Self { namespace: "".into(), prefix: "".into(), local: local.into() }
    }

    /// The name as written.
    pub fn written(&self) -> String {
        if self.prefix.is_empty() { self.local.to_string() } else { format!("{}:{}", self.prefix, self.local) }
    }
}

impl XmlElement {
    /// An element without a namespace.
    pub fn new(local: &str) -> Self {
        Self { name: XmlName::plain(local), attributes: Vec::new(), children: Vec::new(), line: 0 }
    }

    /// The name behind the prefix.
    pub fn local(&self) -> &str {
        &self.name.local
    }

    /// The value of an attribute that has no namespace.
    pub fn attribute(&self, local: &str) -> Option<&str> {
        self.attributes
            .iter()
            .find(|held| held.name.namespace.is_empty() && &*held.name.local == local)
            .map(|held| held.value.as_str())
    }

    /// Takes an attribute that has no namespace out.
    pub fn take(&mut self, local: &str) -> Option<String> {
        let place =
            self.attributes.iter().position(|held| held.name.namespace.is_empty() && &*held.name.local == local)?;
        Some(self.attributes.remove(place).value)
    }

    /// Takes an attribute of a namespace out.
    pub fn take_in(&mut self, namespace: &str, local: &str) -> Option<String> {
        let place =
            self.attributes.iter().position(|held| &*held.name.namespace == namespace && &*held.name.local == local)?;
        Some(self.attributes.remove(place).value)
    }

    /// Takes `xsi:type` out, without its prefix.
    pub fn take_type(&mut self) -> Option<String> {
        let value = self.take_in(XSI_NAMESPACE, "type")?;
        Some(value.rsplit(':').next().unwrap_or_default().trim().to_owned())
    }

    /// Takes `xml:lang` out.
    pub fn take_language(&mut self) -> Option<String> {
        self.take_in(XML_NAMESPACE, "lang")
    }

    /// Sets an attribute that has no namespace.
    pub fn set(&mut self, local: &str, value: impl Into<String>) {
        let value = value.into();
        match self.attributes.iter_mut().find(|held| held.name.namespace.is_empty() && &*held.name.local == local) {
            Some(held) => held.value = value,
            None => self.attributes.push(XmlAttribute { name: XmlName::plain(local), value }),
        }
    }

    /// The characters directly inside, one after the other.
    pub fn text(&self) -> String {
        let texts = self.children.iter().filter_map(|node| match node {
            XmlNode::Text(text) => Some(text.as_str()),
            XmlNode::Element(_) => None,
        });
        texts.collect()
    }

    /// The elements directly inside.
    pub fn elements(&self) -> impl Iterator<Item = &XmlElement> {
        self.children.iter().filter_map(|node| match node {
            XmlNode::Element(element) => Some(element),
            XmlNode::Text(_) => None,
        })
    }

    /// The elements directly inside, given away.
    pub fn into_elements(self) -> impl Iterator<Item = XmlElement> {
        self.children.into_iter().filter_map(|node| match node {
            XmlNode::Element(element) => Some(element),
            XmlNode::Text(_) => None,
        })
    }

    /// The element as a text that stands on its own: every prefix is declared in it.
    pub fn to_fragment(&self) -> String {
        let mut writer = XmlWriter::fragment();
        writer.tree(self);
        writer.finish()
    }

    /// All prefixes used in it with their namespaces, each once, in the order of first use.
    pub(super) fn namespaces(&self) -> Vec<(Arc<str>, Arc<str>)> {
        let mut found: Vec<(Arc<str>, Arc<str>)> = Vec::new();
        let mut waiting = vec![self];
        while let Some(element) = waiting.pop() {
            let names = std::iter::once(&element.name).chain(element.attributes.iter().map(|held| &held.name));
            for name in names.filter(|name| !name.prefix.is_empty() && &*name.namespace != XML_NAMESPACE) {
                if !found.iter().any(|(prefix, _)| *prefix == name.prefix) {
                    found.push((Arc::clone(&name.prefix), Arc::clone(&name.namespace)));
                }
            }
            waiting.extend(element.elements());
        }
        found
    }
}
