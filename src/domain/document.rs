//! A YAML document as a tree in which every part knows its line.
//!
//! Anchors, aliases, tags and repeated keys are refused: model files are written
//! by people and read in `git diff`, and an alias can make a small file huge.

use std::sync::Arc;

use saphyr_parser::{Event, Parser, ScalarStyle, Span};

/// The deepest nesting accepted in a document.
const DEEPEST: usize = 64;

/// A part of a document, the file it stands in and the line on which it begins.
#[derive(Debug, Clone)]
pub struct Node {
    /// The file's name as given to [`parse`].
    pub file: Arc<str>,
    /// The line, counted from 1.
    pub line: usize,
    /// What stands there.
    pub content: Content,
}

/// What a part of a document is.
#[derive(Debug, Clone)]
pub enum Content {
    /// Nothing, `~` or `null`.
    Null,
    /// A scalar; `quoted` when it can only be meant as text.
    Scalar {
        /// The characters.
        text: String,
        /// Written in quotes or as a block.
        quoted: bool,
    },
    /// A list.
    Sequence(Vec<Node>),
    /// Keys with their lines and values, in the order written.
    Mapping(Vec<(Key, Node)>),
}

/// A key of a mapping.
#[derive(Debug, Clone)]
pub struct Key {
    /// The line, counted from 1.
    pub line: usize,
    /// The characters.
    pub text: String,
}

/// What is wrong in a document, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}: {message}")]
pub struct DocumentError {
    /// The file's name as given.
    pub file: String,
    /// The line, counted from 1; 0 when it concerns the whole file.
    pub line: usize,
    /// What is wrong and what to write instead.
    pub message: String,
}

impl DocumentError {
    /// An error at a line of a file.
    pub fn new(file: &str, line: usize, message: impl Into<String>) -> Self {
        Self { file: file.to_owned(), line, message: message.into() }
    }
}

/// Reads one YAML document. An empty text is [`Content::Null`].
///
/// # Errors
/// The first thing that is not plain YAML, with its line.
pub fn parse(file: &str, text: &str) -> Result<Node, DocumentError> {
    let mut reader = Reader { file: file.into(), parser: Parser::new_from_str(text) };
    loop {
        let (event, span) = reader.next()?;
        match event {
            Event::StreamStart | Event::DocumentStart(_) | Event::Nothing => {}
            Event::StreamEnd | Event::DocumentEnd => {
                return Ok(Node { file: reader.file, line: 1, content: Content::Null });
            }
            first => {
                let node = reader.node(first, span, 0)?;
                reader.refuse_second_document()?;
                return Ok(node);
            }
        }
    }
}

struct Reader<'a> {
    file: Arc<str>,
    parser: Parser<'a, saphyr_parser::StrInput<'a>>,
}

impl<'a> Reader<'a> {
    fn next(&mut self) -> Result<(Event<'a>, Span), DocumentError> {
        match self.parser.next_event() {
            Some(Ok(pair)) => Ok(pair),
            Some(Err(error)) => Err(DocumentError::new(&self.file, error.marker().line(), error.info())),
            None => Ok((Event::StreamEnd, Span::default())),
        }
    }

    fn node(&mut self, event: Event<'a>, span: Span, depth: usize) -> Result<Node, DocumentError> {
        let line = span.start.line();
        if depth > DEEPEST {
            return Err(DocumentError::new(&self.file, line, format!("nested deeper than {DEEPEST} levels")));
        }
        let content = match event {
            Event::Scalar(text, style, 0, None) => scalar(text.into_owned(), style),
            Event::SequenceStart(0, None) => Content::Sequence(self.sequence(depth)?),
            Event::MappingStart(0, None) => Content::Mapping(self.mapping(depth)?),
            _ => {
                let message = "anchors (&), aliases (*) and tags (!) are not accepted; write the value out";
                return Err(DocumentError::new(&self.file, line, message));
            }
        };
        Ok(Node { file: Arc::clone(&self.file), line, content })
    }

    fn sequence(&mut self, depth: usize) -> Result<Vec<Node>, DocumentError> {
        let mut items = Vec::new();
        loop {
            match self.next()? {
                (Event::SequenceEnd, _) => return Ok(items),
                (event, span) => items.push(self.node(event, span, depth + 1)?),
            }
        }
    }

    fn mapping(&mut self, depth: usize) -> Result<Vec<(Key, Node)>, DocumentError> {
        let mut entries: Vec<(Key, Node)> = Vec::new();
        let mut seen = rustc_hash::FxHashSet::default();
        loop {
            let (event, span) = self.next()?;
            let key = match event {
                Event::MappingEnd => return Ok(entries),
                Event::Scalar(text, _, 0, None) => Key { line: span.start.line(), text: text.into_owned() },
                _ => {
                    return Err(DocumentError::new(&self.file, span.start.line(), "a key must be plain text"));
                }
            };
            if !seen.insert(key.text.clone()) {
                let message = format!("\"{}\" is written twice here; keep one", key.text);
                return Err(DocumentError::new(&self.file, key.line, message));
            }
            let (event, span) = self.next()?;
            entries.push((key, self.node(event, span, depth + 1)?));
        }
    }

    fn refuse_second_document(&mut self) -> Result<(), DocumentError> {
        loop {
            match self.next()? {
                (Event::StreamEnd, _) => return Ok(()),
                (Event::DocumentStart(_), span) => {
                    let message = "a file holds one document; put the second one into a file of its own";
                    return Err(DocumentError::new(&self.file, span.start.line(), message));
                }
                _ => {}
            }
        }
    }
}

fn scalar(text: String, style: ScalarStyle) -> Content {
    let quoted = style != ScalarStyle::Plain;
    match text.as_str() {
        "" | "~" | "null" | "Null" | "NULL" if !quoted => Content::Null,
        _ => Content::Scalar { text, quoted },
    }
}

impl Node {
    /// An error at this place.
    pub fn error(&self, message: impl Into<String>) -> DocumentError {
        DocumentError::new(&self.file, self.line, message)
    }

    /// The text of a scalar.
    pub fn text(&self) -> Option<&str> {
        match &self.content {
            Content::Scalar { text, .. } => Some(text),
            _ => None,
        }
    }

    /// The value of a key, if this is a mapping that has it.
    pub fn get(&self, key: &str) -> Option<&Node> {
        match &self.content {
            Content::Mapping(entries) => entries.iter().find(|(k, _)| k.text == key).map(|(_, node)| node),
            _ => None,
        }
    }

    /// The same tree as JSON; plain scalars become booleans and numbers where they read as such.
    pub fn to_json(&self) -> serde_json::Value {
        use serde_json::Value as Json;
        match &self.content {
            Content::Null => Json::Null,
            Content::Scalar { text, quoted: true } => Json::String(text.clone()),
            Content::Scalar { text, quoted: false } => plain_to_json(text),
            Content::Sequence(items) => items.iter().map(Self::to_json).collect(),
            Content::Mapping(entries) => {
                Json::Object(entries.iter().map(|(key, node)| (key.text.clone(), node.to_json())).collect())
            }
        }
    }
}

/// How YAML 1.2's core schema reads a plain scalar.
fn plain_to_json(text: &str) -> serde_json::Value {
    match text {
        "true" | "True" | "TRUE" => return true.into(),
        "false" | "False" | "FALSE" => return false.into(),
        _ => {}
    }
    let looks_numeric = text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '+' | '.'));
    if looks_numeric {
        if let Ok(integer) = text.parse::<i64>() {
            return integer.into();
        }
        if let Some(number) = text.parse::<f64>().ok().filter(|n| n.is_finite()) {
            return number.into();
        }
    }
    text.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_knows_its_line() {
        let node = parse("a.yaml", "systems:\n- id: sys-a\n  users: 3\n").expect("plain YAML");
        let systems = node.get("systems").expect("present");
        assert_eq!(systems.line, 2);
        assert_eq!(node.to_json(), serde_json::json!({"systems": [{"id": "sys-a", "users": 3}]}));
    }

    #[test]
    fn refuses_what_hides_meaning() {
        for (text, line, part) in [
            ("a: &x 1\nb: *x\n", 1, "anchors"),
            ("a: 1\na: 2\n", 2, "twice"),
            ("a: [1\n", 2, ""),
            ("a: 1\n---\nb: 2\n", 2, "one document"),
            ("a: !!int 1\n", 1, "tags"),
        ] {
            let error = parse("f.yaml", text).expect_err(text);
            assert_eq!(error.line, line, "{text:?}: {error}");
            assert!(error.message.contains(part), "{error}");
        }
        assert!(parse("f.yaml", &"[".repeat(200)).is_err());
    }

    #[test]
    fn quoted_numbers_stay_text() {
        let node = parse("a.yaml", "a: '1'\nb: 1\nc: 1.5\nd: yes\ne: true\nf: 2026-11-01\n").expect("plain YAML");
        let expected = serde_json::json!({"a": "1", "b": 1, "c": 1.5, "d": "yes", "e": true, "f": "2026-11-01"});
        assert_eq!(node.to_json(), expected);
    }
}
