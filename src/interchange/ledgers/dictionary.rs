//! The words of ledgers, as data: headings, and what words in cells mean.

use rustc_hash::{FxHashMap, FxHashSet};
use serde_json::Value as Json;

use super::cells::spelling::{heading, name_key, word};
use super::meaning::{Ignored, Meaning};
use crate::domain::change_set::JsonObject;
use crate::domain::document::{self, Content, DocumentError, Node};
use crate::interchange::problem::Said;

/// The words of ledgers.
#[derive(Debug, Clone, Default)]
pub struct Dictionary {
    /// Words for "not known".
    pub unknown: FxHashSet<String>,
    /// Words for "none".
    pub none: FxHashSet<String>,
    /// Words that leave open which one it is.
    pub unclear: FxHashSet<String>,
    /// Words for "yes".
    pub yes: FxHashSet<String>,
    /// Words for "no".
    pub no: FxHashSet<String>,
    /// Words that begin a row of sums.
    pub total: FxHashSet<String>,
    /// Words for "as above".
    pub same: FxHashSet<String>,
    /// Headings that count rows.
    pub row_numbers: FxHashSet<String>,
    /// Columns for every kind that has the attribute.
    pub common: Vec<ColumnWords>,
    /// Kinds, in the order in which they are preferred.
    pub kinds: Vec<KindWords>,
    /// By kind, the name that another word stands for.
    pub names: FxHashMap<String, FxHashMap<String, String>>,
}

/// The words for a kind.
#[derive(Debug, Clone, Default)]
pub struct KindWords {
    /// The kind's name.
    pub kind: String,
    /// What such a ledger is called, in a sheet's name or above the table.
    pub titles: Vec<String>,
    /// Its columns.
    pub columns: Vec<ColumnWords>,
}

/// Headings that mean the same.
#[derive(Debug, Clone)]
pub struct ColumnWords {
    /// The headings, as [`heading`] spells them.
    pub headings: Vec<String>,
    /// What they mean.
    pub meaning: Meaning,
    /// Whether an empty cell repeats the one above.
    pub carry_down: bool,
}

impl Dictionary {
    /// Reads dictionaries, each added to the ones before it.
    ///
    /// # Errors
    /// The first fault, with file and line.
    pub fn read(files: &[(&str, &str)]) -> Result<Self, DocumentError> {
        let mut dictionary = Self::default();
        for (name, text) in files {
            dictionary.add(&document::parse(name, text)?)?;
        }
        Ok(dictionary)
    }

    /// The name that a word stands for among items of a kind; the word itself if none.
    pub fn canonical<'a>(&'a self, kind: &str, text: &'a str) -> &'a str {
        let names = self.names.get(kind);
        names.and_then(|names| names.get(&name_key(text))).map_or(text, String::as_str)
    }

    fn add(&mut self, tree: &Node) -> Result<(), DocumentError> {
        for (key, node) in entries(tree)? {
            match key {
                "ledgers" | "version" => {}
                "words" => self.words(node)?,
                "row_numbers" => self.row_numbers.extend(texts(node)?.iter().map(|text| heading(text))),
                "common" => self.common.extend(columns(node)?),
                "kinds" => self.kinds(node)?,
                "names" => self.names(node)?,
                other => return Err(node.error(format!("a dictionary has no \"{other}\""))),
            }
        }
        Ok(())
    }

    fn words(&mut self, node: &Node) -> Result<(), DocumentError> {
        for (key, list) in entries(node)? {
            let set = match key {
                "unknown" => &mut self.unknown,
                "none" => &mut self.none,
                "unclear" => &mut self.unclear,
                "yes" => &mut self.yes,
                "no" => &mut self.no,
                "total" => &mut self.total,
                "same" => &mut self.same,
                other => return Err(list.error(format!("there are no words for \"{other}\""))),
            };
            set.extend(texts(list)?.iter().map(|text| word(text)));
        }
        Ok(())
    }

    fn kinds(&mut self, node: &Node) -> Result<(), DocumentError> {
        for (kind, node) in entries(node)? {
            let place = self.kinds.iter().position(|held| held.kind == kind);
            let place = place.unwrap_or_else(|| {
                self.kinds.push(KindWords { kind: kind.to_owned(), ..KindWords::default() });
                self.kinds.len() - 1
            });
            let held = &mut self.kinds[place];
            for (key, node) in entries(node)? {
                let meaning = match key {
                    "titles" => {
                        held.titles.extend(texts(node)?.iter().map(|text| heading(text)));
                        continue;
                    }
                    "columns" => {
                        held.columns.extend(columns(node)?);
                        continue;
                    }
                    "id" => Meaning::Id,
                    "name" => Meaning::Name,
                    "source" => Meaning::Source,
                    "target" => Meaning::Target,
                    other => return Err(node.error(format!("a kind's words have no \"{other}\""))),
                };
                held.columns.push(ColumnWords { headings: headings(node)?, meaning, carry_down: false });
            }
        }
        Ok(())
    }

    fn names(&mut self, node: &Node) -> Result<(), DocumentError> {
        for (kind, node) in entries(node)? {
            let names = self.names.entry(kind.to_owned()).or_default();
            for (name, words) in entries(node)? {
                names.extend(texts(words)?.iter().map(|text| (name_key(text), name.to_owned())));
            }
        }
        Ok(())
    }
}

fn columns(node: &Node) -> Result<Vec<ColumnWords>, DocumentError> {
    let Content::Sequence(items) = &node.content else {
        return Err(node.error("a list of columns is expected here"));
    };
    items.iter().map(column).collect()
}

fn column(node: &Node) -> Result<ColumnWords, DocumentError> {
    let headings = headings(node.get("headers").ok_or_else(|| node.error("a column needs `headers`"))?)?;
    let carry_down = node.get("carry_down").is_some_and(|flag| flag.text() == Some("true"));
    Ok(ColumnWords { headings, meaning: meaning(node)?, carry_down })
}

fn meaning(node: &Node) -> Result<Meaning, DocumentError> {
    if let Some(why) = node.get("ignored") {
        let text = |language| why.get(language).and_then(Node::text).unwrap_or_default();
        return Ok(Meaning::Ignored(Ignored { why: Some(Said::new(text("ja"), text("en"))) }));
    }
    if let Some(span) = node.get("span") {
        return match &texts(span)?[..] {
            [from, to] => Ok(Meaning::Span { from: (*from).to_owned(), to: (*to).to_owned() }),
            _ => Err(span.error("a span has two attributes: the first day and the last")),
        };
    }
    let name = node.get("attribute").and_then(Node::text);
    let name = name.ok_or_else(|| node.error("a column needs `attribute`, `span` or `ignored`"))?;
    let with = match node.get("with").map(Node::to_json) {
        None => JsonObject::new(),
        Some(Json::Object(with)) => with,
        Some(_) => return Err(node.error("`with` holds attributes of the relationship")),
    };
    let suffix = node.get("suffix").and_then(Node::text).map(str::to_owned);
    Ok(Meaning::Attribute { name: name.to_owned(), with, suffix, values: values(node)? })
}

fn values(node: &Node) -> Result<Vec<(String, Vec<Json>)>, DocumentError> {
    let Some(values) = node.get("values") else { return Ok(Vec::new()) };
    let read = |(text, codes): (&str, &Node)| match codes.to_json() {
        Json::Array(codes) => Ok((word(text), codes)),
        _ => Err(codes.error("a list of the values that it may mean is expected here")),
    };
    entries(values)?.into_iter().map(read).collect()
}

fn headings(node: &Node) -> Result<Vec<String>, DocumentError> {
    Ok(texts(node)?.iter().map(|text| heading(text)).collect())
}

fn entries(node: &Node) -> Result<Vec<(&str, &Node)>, DocumentError> {
    match &node.content {
        Content::Mapping(entries) => Ok(entries.iter().map(|(key, node)| (key.text.as_str(), node)).collect()),
        Content::Null => Ok(Vec::new()),
        _ => Err(node.error("names with values are expected here")),
    }
}

fn texts(node: &Node) -> Result<Vec<&str>, DocumentError> {
    let Content::Sequence(items) = &node.content else {
        return Err(node.error("a list of words is expected here"));
    };
    items.iter().map(|item| item.text().ok_or_else(|| item.error("a word is expected here"))).collect()
}
