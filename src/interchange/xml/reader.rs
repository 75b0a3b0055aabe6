//! Reading a document piece by piece.

use std::sync::Arc;

use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::name::{QName, ResolveResult};
use quick_xml::reader::NsReader;
use quick_xml::{Error, XmlVersion};

use super::error::XmlError;
use super::tree::{XmlAttribute, XmlElement, XmlName, XmlNode};

/// How much a document may hold.
#[derive(Debug, Clone, Copy)]
pub struct XmlLimits {
    /// The deepest nesting.
    pub depth: usize,
    /// The longest text or attribute value, in bytes.
    pub text_bytes: usize,
    /// The most attributes of one element.
    pub attributes: usize,
    /// The most elements.
    pub elements: usize,
}

impl Default for XmlLimits {
    fn default() -> Self {
        Self { depth: 256, text_bytes: 1 << 20, attributes: 256, elements: 50_000_000 }
    }
}

/// What comes next in a document.
#[derive(Debug)]
pub enum XmlEvent {
    /// An element begins; its children are still to come.
    Start(XmlElement),
    /// The element begun last ends.
    End,
    /// Characters, references resolved.
    Text(String),
    /// The document is over.
    Finished,
}

/// Reads a document. Takes memory for the piece asked for only.
pub struct XmlReader<'a> {
    reader: NsReader<&'a [u8]>,
    text: &'a str,
    limits: XmlLimits,
    depth: usize,
    elements: usize,
    /// Whether the root was seen.
    begun: bool,
    /// Whether the element that was just begun has no content.
    empty: bool,
    /// Up to where lines were counted, and how many.
    counted: (usize, u32),
    /// Namespaces and prefixes seen before, so that each is kept once.
    shared: Vec<Arc<str>>,
}

impl<'a> XmlReader<'a> {
    /// A reader at the beginning of a text.
    pub fn new(text: &'a str, limits: XmlLimits) -> Self {
        let mut reader = NsReader::from_str(text);
        let config = reader.config_mut();
        config.check_comments = false;
        config.check_end_names = true;
        Self {
            reader,
            text,
            limits,
            depth: 0,
            elements: 0,
            begun: false,
            empty: false,
            counted: (0, 1),
            shared: Vec::new(),
        }
    }

    /// How many bytes were read.
    pub fn position(&self) -> usize {
        usize::try_from(self.reader.buffer_position()).unwrap_or(self.text.len())
    }

    /// The line on which reading stands, counted from 1.
    pub fn line(&mut self) -> u32 {
        let to = self.position().min(self.text.len());
        let (from, line) = self.counted;
        let more = memchr::memchr_iter(b'\n', &self.text.as_bytes()[from.min(to)..to]).count();
        self.counted = (to, line.saturating_add(u32::try_from(more).unwrap_or(u32::MAX)));
        self.counted.1
    }

    /// What comes next.
    ///
    /// # Errors
    /// What is not well-formed, not accepted (document types, entities) or too much, with its line.
    pub fn advance(&mut self) -> Result<XmlEvent, XmlError> {
        if std::mem::take(&mut self.empty) {
            self.depth -= 1;
            return Ok(XmlEvent::End);
        }
        loop {
            let event = self.reader.read_event().map_err(|error| self.failure(&error))?;
            match event {
                Event::Start(start) => return self.start(&start, false),
                Event::Empty(start) => return self.start(&start, true),
                Event::End(_) => {
                    self.depth = self.depth.saturating_sub(1);
                    return Ok(XmlEvent::End);
                }
                Event::Text(text) => {
                    if let Some(text) = self.characters(&text.xml10_content())? {
                        return Ok(XmlEvent::Text(text));
                    }
                }
                Event::CData(text) => {
                    if let Some(text) = self.characters(&text.xml10_content())? {
                        return Ok(XmlEvent::Text(text));
                    }
                }
                Event::GeneralRef(reference) => {
                    let text = self.resolve(&reference)?;
                    if let Some(text) = self.characters(&text)? {
                        return Ok(XmlEvent::Text(text));
                    }
                }
                Event::DocType(_) => return Err(self.document_type()),
                Event::Eof => return self.over(),
                Event::Decl(_) | Event::PI(_) | Event::Comment(_) => {}
            }
        }
    }

    /// All of an element that was just begun.
    ///
    /// # Errors
    /// As for [`Self::advance`].
    pub fn subtree(&mut self, start: XmlElement) -> Result<XmlElement, XmlError> {
        let mut open = vec![start];
        loop {
            match self.advance()? {
                XmlEvent::Start(element) => open.push(element),
                XmlEvent::Text(text) => self.append(&mut open, text)?,
                XmlEvent::End => {
                    let Some(mut done) = open.pop() else { continue };
                    drop_layout(&mut done);
                    match open.last_mut() {
                        Some(parent) => parent.children.push(XmlNode::Element(done)),
                        None => return Ok(done),
                    }
                }
                XmlEvent::Finished => return Err(XmlError::malformed(self.counted.1, "the document ends too early")),
            }
        }
    }

    /// Leaves an element that was just begun.
    ///
    /// # Errors
    /// As for [`Self::advance`].
    pub fn skip(&mut self) -> Result<(), XmlError> {
        let outside = self.depth - 1;
        while self.depth > outside {
            if let XmlEvent::Finished = self.advance()? {
                break;
            }
        }
        Ok(())
    }

    fn append(&mut self, open: &mut [XmlElement], text: String) -> Result<(), XmlError> {
        let Some(element) = open.last_mut() else { return Ok(()) };
        if let Some(XmlNode::Text(held)) = element.children.last_mut() {
            if held.len() + text.len() > self.limits.text_bytes {
                return Err(XmlError::beyond(self.line(), "text_bytes", self.limits.text_bytes));
            }
            held.push_str(&text);
        } else {
            element.children.push(XmlNode::Text(text));
        }
        Ok(())
    }

    fn start(&mut self, start: &BytesStart<'a>, empty: bool) -> Result<XmlEvent, XmlError> {
        self.depth += 1;
        self.elements += 1;
        let line = self.line();
        if self.depth > self.limits.depth {
            return Err(XmlError::beyond(line, "depth", self.limits.depth));
        }
        if self.elements > self.limits.elements {
            return Err(XmlError::beyond(line, "elements", self.limits.elements));
        }
        if self.depth == 1 && std::mem::replace(&mut self.begun, true) {
            return Err(XmlError::malformed(line, "there is a second root element"));
        }
        let name = self.name(start.name(), true, line)?;
        let attributes = self.attributes(start, line)?;
        self.empty = empty;
        Ok(XmlEvent::Start(XmlElement { name, attributes, children: Vec::new(), line }))
    }

    fn attributes(&mut self, start: &BytesStart<'a>, line: u32) -> Result<Vec<XmlAttribute>, XmlError> {
        let mut attributes = Vec::new();
        for (count, attribute) in start.attributes().enumerate() {
            let attribute = attribute.map_err(|error| XmlError::malformed(line, &error.to_string()))?;
            if count >= self.limits.attributes {
                return Err(XmlError::beyond(line, "attributes", self.limits.attributes));
            }
            if attribute.key.as_namespace_binding().is_some() {
                continue;
            }
            if attribute.value.len() > self.limits.text_bytes {
                return Err(XmlError::beyond(line, "text_bytes", self.limits.text_bytes));
            }
            let value = attribute.normalized_value(XmlVersion::Explicit1_0);
            let value = value.map_err(|error| unresolved(line, &error.to_string()))?;
            check_characters(&value, line)?;
            let value = value.into_owned();
            attributes.push(XmlAttribute { name: self.name(attribute.key, false, line)?, value });
        }
        Ok(attributes)
    }

    fn name(&mut self, name: QName<'_>, element: bool, line: u32) -> Result<XmlName, XmlError> {
        let (local, prefix) = name.decompose();
        let resolver = self.reader.resolver();
        let (found, _) = if element { resolver.resolve_element(name) } else { resolver.resolve_attribute(name) };
        let namespace = match found {
            ResolveResult::Bound(namespace) => quick_xml::escape::unescape(namespace.into_inner())
                .map_err(|error| unresolved(line, &error.to_string()))?
                .into_owned(),
            ResolveResult::Unbound => String::new(),
            ResolveResult::Unknown(prefix) => {
                return Err(XmlError::malformed(line, &format!("the prefix {prefix:?} is not declared")));
            }
        };
        let prefix = prefix.map_or("", |prefix| prefix.into_inner());
        let (namespace, prefix) = (self.share(&namespace), self.share(prefix));
        Ok(XmlName { namespace, prefix, local: local.into_inner().into() })
    }

    fn share(&mut self, text: &str) -> Arc<str> {
        if let Some(held) = self.shared.iter().find(|held| &***held == text) {
            return Arc::clone(held);
        }
        let made: Arc<str> = text.into();
        if self.shared.len() < 64 {
            self.shared.push(Arc::clone(&made));
        }
        made
    }

    /// Characters inside an element; outside of the root only white space may stand.
    fn characters(&mut self, text: &str) -> Result<Option<String>, XmlError> {
        if text.len() > self.limits.text_bytes {
            return Err(XmlError::beyond(self.line(), "text_bytes", self.limits.text_bytes));
        }
        if self.depth > 0 {
            check_characters(text, self.counted.1)?;
            return Ok(Some(text.to_owned()));
        }
        if text.trim_matches([' ', '\t', '\r', '\n', '\u{feff}']).is_empty() {
            return Ok(None);
        }
        Err(XmlError::malformed(self.line(), "there is text outside of the root element"))
    }

    fn resolve(&mut self, reference: &BytesRef<'_>) -> Result<String, XmlError> {
        let line = self.line();
        if reference.is_char_ref() {
            let character = reference.resolve_char_ref().map_err(|error| unresolved(line, &error.to_string()))?;
            return Ok(character.map_or_else(String::new, String::from));
        }
        let name = reference.xml10_content();
        quick_xml::escape::resolve_predefined_entity(&name)
            .map(str::to_owned)
            .ok_or_else(|| unresolved(line, &format!("&{name};")))
    }

    fn over(&mut self) -> Result<XmlEvent, XmlError> {
        if self.depth > 0 {
            return Err(XmlError::malformed(self.line(), "the document ends before its elements do"));
        }
        if !self.begun {
            return Err(XmlError::malformed(self.line(), "there is no element in it"));
        }
        Ok(XmlEvent::Finished)
    }

    fn document_type(&mut self) -> XmlError {
        XmlError::new(
            "document_type",
            self.line(),
            "文書型宣言（DOCTYPE）のあるXMLは受け付けません。実体の展開や外部ファイルの参照に使われるためです。宣言を取り除いてください",
            "XML with a document type declaration (DOCTYPE) is not accepted, since it can define entities and name \
             other files; remove the declaration",
        )
    }

    fn failure(&mut self, error: &Error) -> XmlError {
        XmlError::malformed(self.line(), &error.to_string())
    }
}

fn unresolved(line: u32, detail: &str) -> XmlError {
    let japanese = format!("XMLの定める五つ以外の実体や、正しくない文字参照は展開しません（{detail}）");
    let english = format!("only the five entities of XML and valid character references are resolved: {detail}");
    XmlError::new("unresolved_reference", line, japanese, english)
}

/// Only characters of XML 1.0 §2.2 may occur, written or as references.
fn check_characters(text: &str, line: u32) -> Result<(), XmlError> {
    let wrong =
        |c: &char| matches!(c, '\u{0}'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}');
    match text.chars().find(wrong) {
        Some(wrong) => {
            Err(XmlError::malformed(line, &format!("the character U+{:04X} is not permitted", u32::from(wrong))))
        }
        None => Ok(()),
    }
}

/// Drops the white space by which a document is laid out: that between elements.
fn drop_layout(element: &mut XmlElement) {
    let is_blank =
        |node: &XmlNode| matches!(node, XmlNode::Text(text) if text.trim_matches([' ', '\t', '\r', '\n']).is_empty());
    let has_elements = element.children.iter().any(|node| matches!(node, XmlNode::Element(_)));
    if has_elements {
        element.children.retain(|node| !is_blank(node));
    }
}
