//! Reading a mapping of a metamodel file key by key, so that what nobody asked for is refused.

use crate::domain::document::{Content, DocumentError, Key, Node};
use crate::domain::localized::Localized;
use crate::domain::nearest;

/// The keys of one mapping; remembers which were asked for.
pub struct Fields<'a> {
    node: &'a Node,
    entries: &'a [(Key, Node)],
    asked: Vec<&'static str>,
}

impl<'a> Fields<'a> {
    /// Opens a mapping; nothing written counts as an empty one.
    pub fn new(node: &'a Node) -> Result<Self, DocumentError> {
        Ok(Self { node, entries: mapping(node)?, asked: Vec::new() })
    }

    /// The value of a key, if written.
    pub fn take(&mut self, key: &'static str) -> Option<&'a Node> {
        self.asked.push(key);
        self.entries.iter().find(|(k, _)| k.text == key).map(|(_, node)| node)
    }

    /// The value of a key that must be written.
    pub fn required(&mut self, key: &'static str) -> Result<&'a Node, DocumentError> {
        self.take(key).ok_or_else(|| self.node.error(format!("\"{key}\" is missing here; write `{key}: …`")))
    }

    /// A text.
    pub fn text(&mut self, key: &'static str) -> Result<Option<&'a str>, DocumentError> {
        self.take(key).map(text).transpose()
    }

    /// `true` or `false`.
    pub fn boolean(&mut self, key: &'static str) -> Result<Option<bool>, DocumentError> {
        self.take(key)
            .map(|node| node.to_json().as_bool().ok_or_else(|| node.error(format!("\"{key}\" is true or false"))))
            .transpose()
    }

    /// A number.
    pub fn number(&mut self, key: &'static str) -> Result<Option<f64>, DocumentError> {
        self.take(key)
            .map(|node| node.to_json().as_f64().ok_or_else(|| node.error(format!("\"{key}\" is a number"))))
            .transpose()
    }

    /// A text by language: `{ja: …, en: …}`. Empty when not written.
    pub fn localized(&mut self, key: &'static str) -> Result<Localized, DocumentError> {
        self.take(key).map_or_else(|| Ok(Localized::default()), localized)
    }

    /// A list of texts; one text stands for a list of one. Empty when not written.
    pub fn texts(&mut self, key: &'static str) -> Result<Vec<(&'a Node, &'a str)>, DocumentError> {
        let Some(node) = self.take(key) else {
            return Ok(Vec::new());
        };
        match &node.content {
            Content::Sequence(items) => items.iter().map(|item| Ok((item, text(item)?))).collect(),
            Content::Null => Ok(Vec::new()),
            _ => Ok(vec![(node, text(node)?)]),
        }
    }

    /// The entries of a mapping under a key. Empty when not written.
    pub fn mapping(&mut self, key: &'static str) -> Result<&'a [(Key, Node)], DocumentError> {
        self.take(key).map_or(Ok(&[]), mapping)
    }

    /// Refuses keys that nobody asked for.
    pub fn finish(self) -> Result<(), DocumentError> {
        let unknown = self.entries.iter().find(|(key, _)| !self.asked.contains(&key.text.as_str()));
        unknown.map_or(Ok(()), |(key, node)| {
            let hint = nearest::hint(&key.text, self.asked.iter().copied());
            let known = self.asked.join(", ");
            let message = format!("\"{}\" is not known here{hint} (known: {known})", key.text);
            Err(DocumentError::new(&node.file, key.line, message))
        })
    }
}

/// The entries of a mapping; nothing written counts as none.
pub fn mapping(node: &Node) -> Result<&[(Key, Node)], DocumentError> {
    match &node.content {
        Content::Mapping(entries) => Ok(entries),
        Content::Null => Ok(&[]),
        _ => Err(node.error("keys and values are expected here (`key: value`)")),
    }
}

/// A scalar's text.
pub fn text(node: &Node) -> Result<&str, DocumentError> {
    node.text().ok_or_else(|| node.error("a text is expected here"))
}

/// A text by language.
pub fn localized(node: &Node) -> Result<Localized, DocumentError> {
    mapping(node)
        .map_err(|_| node.error("texts by language are expected here, for example {ja: 停止, en: stop}"))?
        .iter()
        .map(|(language, value)| Ok((language.text.as_str(), text(value)?)))
        .collect()
}
