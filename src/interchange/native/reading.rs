//! From model files to the operations that create what they hold.

use std::fmt;

use serde::Serialize;
use serde_json::{Map, Value as Json};

use crate::domain::change_set::{CreateElement, CreateRelationship, Operation};
use crate::domain::document::{self, Content, DocumentError, Key, Node};
use crate::domain::metamodel::{Kind, Metamodel, OwnedPart, PartSuffix};
use crate::domain::nearest;
use crate::domain::validation::Refusal;

/// A file to be read.
#[derive(Debug, Clone, Copy)]
pub struct ModelFile<'a> {
    /// The name shown in messages.
    pub name: &'a str,
    /// Its text.
    pub text: &'a str,
}

/// What is wrong in a file, where, and what to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FileProblem {
    /// The file's name as given.
    pub file: String,
    /// The line, counted from 1; 0 when it concerns the whole file.
    pub line: usize,
    /// The record it stands in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The attribute it concerns.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attribute: Option<String>,
    /// What is wrong and what to do.
    pub message: String,
}

impl fmt::Display for FileProblem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}: ", self.file, self.line)?;
        if let Some(id) = &self.id {
            write!(formatter, "{id}: ")?;
        }
        if let Some(attribute) = &self.attribute {
            write!(formatter, "{attribute}: ")?;
        }
        formatter.write_str(&self.message)
    }
}

impl From<DocumentError> for FileProblem {
    fn from(error: DocumentError) -> Self {
        Self { file: error.file, line: error.line, id: None, attribute: None, message: error.message }
    }
}

/// Operations, and the records that they came from.
#[derive(Debug, Default)]
pub struct ReadModel {
    /// What creates all that the files hold, in their order.
    pub operations: Vec<Operation>,
    records: Vec<Node>,
}

/// Reads model files that belong together.
///
/// # Errors
/// Everything that is wrong with their form; what is wrong with their content, validation tells
/// and [`ReadModel::locate`] finds.
pub fn read(metamodel: &Metamodel, files: &[ModelFile<'_>]) -> Result<ReadModel, Vec<FileProblem>> {
    let mut reader = Reader { metamodel, read: ReadModel::default(), problems: Vec::new() };
    for file in files {
        match document::parse(file.name, file.text) {
            Ok(tree) => reader.file(&tree),
            Err(error) => reader.problems.push(error.into()),
        }
    }
    if reader.problems.is_empty() { Ok(reader.read) } else { Err(reader.problems) }
}

impl ReadModel {
    /// Where in the files a refusal stands.
    pub fn locate(&self, refusal: &Refusal) -> FileProblem {
        let mut steps = refusal.pointer.split('/').skip(1);
        let index = (steps.next() == Some("operations")).then(|| steps.next()?.parse::<usize>().ok()).flatten();
        let Some(record) = index.and_then(|index| self.records.get(index)) else {
            let message = refusal.message.clone();
            return FileProblem { file: String::new(), line: 0, id: refusal.id.clone(), attribute: None, message };
        };
        let path: Vec<&str> = steps.filter(|step| *step != "attributes").collect();
        let found = deepest(record, &path);
        let attribute = path.iter().take_while(|step| step.parse::<usize>().is_err()).copied().collect::<Vec<_>>();
        FileProblem {
            file: found.file.to_string(),
            line: found.line,
            id: record.get("id").and_then(Node::text).map(str::to_owned),
            attribute: (!attribute.is_empty()).then(|| attribute.join(".")),
            message: refusal.message.clone(),
        }
    }
}

/// The deepest part that a path leads to.
fn deepest<'a>(record: &'a Node, path: &[&str]) -> &'a Node {
    let mut node = record;
    for step in path {
        let next = match &node.content {
            Content::Sequence(items) => step.parse::<usize>().ok().and_then(|index| items.get(index)),
            _ => node.get(step),
        };
        match next {
            Some(next) => node = next,
            None => break,
        }
    }
    node
}

struct Reader<'m> {
    metamodel: &'m Metamodel,
    read: ReadModel,
    problems: Vec<FileProblem>,
}

impl<'m> Reader<'m> {
    fn file(&mut self, tree: &Node) {
        let entries = match &tree.content {
            Content::Mapping(entries) => entries,
            Content::Null => return,
            _ => {
                return self.problems.push(tree.error("a model file holds lists by kind: `systems:` …").into());
            }
        };
        for (key, list) in entries {
            match key.text.as_str() {
                "model" => {}
                "relationships" => self.list(None, list),
                collection => match self.metamodel.kind_of_collection(collection) {
                    Some(kind) => self.list(Some(kind), list),
                    None => self.unknown_list(key, list),
                },
            }
        }
    }

    fn unknown_list(&mut self, key: &Key, list: &Node) {
        let known = self.metamodel.kinds().iter().filter_map(|kind| kind.collection.as_deref());
        let hint = nearest::hint(&key.text, known);
        let message = format!("no kind has the list \"{}\"{hint}", key.text);
        self.problems.push(DocumentError::new(&list.file, key.line, message).into());
    }

    fn list(&mut self, kind: Option<&Kind>, list: &Node) {
        let records = match &list.content {
            Content::Sequence(records) => records,
            Content::Null => return,
            _ => {
                return self.problems.push(list.error("a list of records is expected here: `- id: …`").into());
            }
        };
        for record in records {
            let done = match kind {
                Some(kind) if !kind.is_relationship() => self.element(kind, record, None).map(drop),
                kind => self.relationship(kind, record),
            };
            if let Err(error) = done {
                self.problems.push(error.into());
            }
        }
    }

    /// Reads an element and its parts; answers with its id.
    fn element(&mut self, kind: &Kind, record: &Node, part_id: Option<String>) -> Result<String, DocumentError> {
        let mut fields = Fields::of(record)?;
        let id = fields.text("id")?.or(part_id);
        let id = id.ok_or_else(|| record.error(format!("a {} needs an `id`", kind.name)))?;
        let name = if kind.has_own_name() { fields.text("name")? } else { None };
        let place = self.read.operations.len();
        let create = CreateElement { id: id.clone(), kind: kind.name.to_string(), name, attributes: Map::new() };
        self.push(Operation::CreateElement(create), record);
        let attributes = self.attributes(kind, &id, fields)?;
        if let Operation::CreateElement(create) = &mut self.read.operations[place] {
            create.attributes = attributes;
        }
        Ok(id)
    }

    fn relationship(&mut self, kind: Option<&Kind>, record: &Node) -> Result<(), DocumentError> {
        let mut fields = Fields::of(record)?;
        let kind = match kind {
            Some(kind) => kind,
            None => self.written_kind(record, &mut fields)?,
        };
        let mut end = |key: &'static str| {
            fields.text(key)?.ok_or_else(|| record.error(format!("a {} needs a `{key}`", kind.name)))
        };
        let (source, target) = (end("source")?, end("target")?);
        let (id, name) = (fields.text("id")?, fields.text("name")?);
        let owner = id.clone().unwrap_or_default();
        let attributes = self.attributes(kind, &owner, fields)?;
        let create = CreateRelationship { id, kind: kind.name.to_string(), source, target, name, attributes };
        self.push(Operation::CreateRelationship(create), record);
        Ok(())
    }

    fn written_kind(&self, record: &Node, fields: &mut Fields<'_>) -> Result<&'m Kind, DocumentError> {
        let word = fields.text("kind")?.ok_or_else(|| record.error("a relationship here needs a `kind`"))?;
        self.metamodel.kind_named(&word).filter(|kind| kind.is_relationship()).ok_or_else(|| {
            record.error(format!("there is no relationship kind \"{word}\"{}", self.metamodel.kind_hint(&word)))
        })
    }

    fn push(&mut self, operation: Operation, record: &Node) {
        self.read.operations.push(operation);
        self.read.records.push(record.clone());
    }

    /// The rest of a record as attributes; nested parts become elements of their own.
    fn attributes(&mut self, kind: &Kind, owner: &str, fields: Fields<'_>) -> Result<Map<String, Json>, DocumentError> {
        let mut attributes = Map::new();
        for (key, node) in fields.rest {
            let owned = kind.attribute_named(&key.text).and_then(|held| held.reference()?.owned.as_ref());
            let value = match (owned, &node.content) {
                (Some(part), Content::Sequence(items)) => self.parts(part, owner, items)?,
                _ => node.to_json(),
            };
            attributes.insert(key.text.clone(), value);
        }
        Ok(attributes)
    }

    fn parts(&mut self, part: &OwnedPart, owner: &str, items: &[Node]) -> Result<Json, DocumentError> {
        let metamodel = self.metamodel;
        let kind = metamodel.kind(part.kind);
        let mut ids = Vec::new();
        for (index, item) in items.iter().enumerate() {
            if item.text().is_some() {
                ids.push(item.to_json());
                continue;
            }
            let id = part_id(metamodel, part, owner, index, item)?;
            ids.push(Json::String(self.element(kind, item, Some(id))?));
        }
        Ok(Json::Array(ids))
    }
}

/// `<owner>--<suffix>` of a part, by what is written in it.
fn part_id(
    metamodel: &Metamodel,
    part: &OwnedPart,
    owner: &str,
    index: usize,
    record: &Node,
) -> Result<String, DocumentError> {
    let mut id = format!("{owner}--");
    for piece in &part.id_suffix {
        match piece {
            PartSuffix::Literal(text) => id.push_str(text),
            PartSuffix::Index => id.push_str(&(index + 1).to_string()),
            PartSuffix::Attribute(name) => {
                let name = metamodel.attribute_text(*name);
                let value = record.get(name).and_then(Node::text);
                id.push_str(
                    value.ok_or_else(|| record.error(format!("a part needs its `{name}`, which its id is made of")))?,
                );
            }
        }
    }
    Ok(id)
}

/// The keys of a record, taken one by one.
struct Fields<'a> {
    rest: Vec<&'a (Key, Node)>,
}

impl<'a> Fields<'a> {
    fn of(record: &'a Node) -> Result<Self, DocumentError> {
        match &record.content {
            Content::Mapping(entries) => Ok(Self { rest: entries.iter().collect() }),
            _ => Err(record.error("a record is expected here: `- id: …` and its attributes")),
        }
    }

    fn text(&mut self, key: &str) -> Result<Option<String>, DocumentError> {
        let Some(place) = self.rest.iter().position(|(held, _)| held.text == key) else {
            return Ok(None);
        };
        let (_, node) = self.rest.remove(place);
        let text = node.text().ok_or_else(|| node.error(format!("`{key}` is a text")))?;
        Ok(Some(text.to_owned()))
    }
}
