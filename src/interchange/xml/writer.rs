//! Writing well-formed XML, indented for people and `git diff`.

use std::fmt::Write as _;
use std::sync::Arc;

use super::tree::{XmlElement, XmlNode};

/// Writes a document or a piece of one.
#[derive(Debug, Default)]
pub struct XmlWriter {
    out: String,
    open: Vec<Open>,
    /// Whether line breaks are put between elements.
    pretty: bool,
}

#[derive(Debug)]
struct Open {
    name: String,
    /// Whether the start tag still lacks its `>`.
    bare: bool,
    /// Whether text was written inside, so that white space would change it.
    mixed: bool,
    declared: Vec<(Arc<str>, Arc<str>)>,
    default_namespace: Arc<str>,
}

impl XmlWriter {
    /// A document with its declaration.
    pub fn document() -> Self {
        Self { out: "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".to_owned(), open: Vec::new(), pretty: true }
    }

    /// A piece without declaration and line breaks.
    pub fn fragment() -> Self {
        Self::default()
    }

    /// A document without a declaration, as coArchi writes its files.
    pub fn bare_document() -> Self {
        Self { pretty: true, ..Self::default() }
    }

    /// Begins an element.
    pub fn start(&mut self, name: &str) {
        self.close_tag();
        self.indent();
        self.out.push('<');
        self.out.push_str(name);
        let default_namespace =
            self.open.last().map_or_else(|| Arc::from(""), |open| Arc::clone(&open.default_namespace));
        self.open.push(Open {
            name: name.to_owned(),
            bare: true,
            mixed: false,
            declared: Vec::new(),
            default_namespace,
        });
    }

    /// Adds an attribute to the element that was just begun.
    pub fn attribute(&mut self, name: &str, value: &str) {
        self.out.push(' ');
        self.out.push_str(name);
        self.out.push_str("=\"");
        escape(&mut self.out, value, true);
        self.out.push('"');
    }

    /// Adds an attribute if there is a value.
    pub fn optional(&mut self, name: &str, value: Option<&str>) {
        if let Some(value) = value {
            self.attribute(name, value);
        }
    }

    /// Writes characters.
    pub fn text(&mut self, text: &str) {
        self.close_tag();
        if let Some(open) = self.open.last_mut() {
            open.mixed = true;
        }
        escape(&mut self.out, text, false);
    }

    /// Ends the element begun last.
    pub fn end(&mut self) {
        let Some(open) = self.open.pop() else { return };
        if open.bare {
            self.out.push_str("/>");
        } else {
            if !open.mixed {
                self.indent();
            }
            self.out.push_str("</");
            self.out.push_str(&open.name);
            self.out.push('>');
        }
    }

    /// An element that holds nothing but characters.
    pub fn text_element(&mut self, name: &str, text: &str) {
        self.start(name);
        self.text(text);
        self.end();
    }

    /// A piece of XML that stands on its own, as [`XmlElement::to_fragment`] makes it.
    pub fn raw(&mut self, fragment: &str) {
        self.close_tag();
        self.indent();
        self.out.push_str(fragment);
    }

    /// A whole tree; prefixes are declared where they are not yet.
    pub fn tree(&mut self, element: &XmlElement) {
        self.start(&element.name.written());
        self.declare(element);
        for attribute in &element.attributes {
            self.attribute(&attribute.name.written(), &attribute.value);
        }
        for child in &element.children {
            match child {
                XmlNode::Element(child) => self.tree(child),
                XmlNode::Text(text) => self.text(text),
            }
        }
        self.end();
    }

    fn declare(&mut self, element: &XmlElement) {
        if self.open.len() == 1 {
            for (prefix, namespace) in element.namespaces() {
                self.attribute(&format!("xmlns:{prefix}"), &namespace);
                if let Some(open) = self.open.last_mut() {
                    open.declared.push((prefix, namespace));
                }
            }
        }
        let name = &element.name;
        if name.prefix.is_empty() {
            let held = self.open.last().map(|open| Arc::clone(&open.default_namespace));
            if held.as_deref() != Some(&*name.namespace) {
                self.attribute("xmlns", &name.namespace);
                if let Some(open) = self.open.last_mut() {
                    open.default_namespace = Arc::clone(&name.namespace);
                }
            }
        } else {
            self.redeclare(element);
        }
    }

    /// Declares a prefix again where it stands for something else than above.
    fn redeclare(&mut self, element: &XmlElement) {
        let name = &element.name;
        let held = self.open.iter().rev().flat_map(|open| open.declared.iter().rev());
        let known = held.clone().find(|(prefix, _)| *prefix == name.prefix);
        if known.is_some_and(|(_, namespace)| *namespace == name.namespace) {
            return;
        }
        self.attribute(&format!("xmlns:{}", name.prefix), &name.namespace);
        if let Some(open) = self.open.last_mut() {
            open.declared.push((Arc::clone(&name.prefix), Arc::clone(&name.namespace)));
        }
    }

    /// The text written.
    pub fn finish(mut self) -> String {
        if self.pretty {
            self.out.push('\n');
        }
        self.out
    }

    fn close_tag(&mut self) {
        if let Some(open) = self.open.last_mut()
            && open.bare
        {
            open.bare = false;
            self.out.push('>');
        }
    }

    fn indent(&mut self) {
        let mixed = self.open.last().is_some_and(|open| open.mixed);
        if self.pretty && !mixed && !self.out.ends_with('\n') && !self.out.is_empty() {
            self.out.push('\n');
        }
        if self.pretty && !mixed {
            for _ in &self.open {
                self.out.push_str("  ");
            }
        }
    }
}

/// Writes characters so that they are read back as they are: line ends as references where a reader would change them.
fn escape(out: &mut String, text: &str, attribute: bool) {
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' if attribute => out.push_str("&quot;"),
            '\r' => out.push_str("&#xD;"),
            '\n' if attribute => out.push_str("&#xA;"),
            '\t' if attribute => out.push_str("&#x9;"),
            '\u{85}' | '\u{2028}' => {
                // Infallible: writing to a string.
                let _ = write!(out, "&#x{:X};", u32::from(character));
            }
            other => out.push(other),
        }
    }
}
