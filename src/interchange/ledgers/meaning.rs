//! What a column of a table means.

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::domain::change_set::JsonObject;
use crate::interchange::problem::Said;

/// What a column means.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Meaning {
    /// The ledger's own number of the record.
    Id,
    /// The record's name.
    Name,
    /// Where a relationship starts.
    Source,
    /// Where a relationship points to.
    Target,
    /// The first and the last day, in one cell.
    Span {
        /// The attribute of the first day.
        from: String,
        /// The attribute of the last day.
        to: String,
    },
    /// An attribute.
    Attribute {
        /// Its full name.
        name: String,
        /// For a reference: attributes of the relationship that the column itself says (`role: essential`).
        #[serde(default, skip_serializing_if = "JsonObject::is_empty")]
        with: JsonObject,
        /// For a reference: the attribute of the relationship that stands in brackets after each name.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        suffix: Option<String>,
        /// Words that stand for values; several values mean: one of these.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        values: Vec<(String, Vec<Json>)>,
    },
    /// Nothing.
    Ignored(Ignored),
}

/// Why a column is passed over.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Ignored {
    /// For people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<Said>,
}

impl Meaning {
    /// An attribute, nothing more said.
    pub fn attribute(name: impl Into<String>) -> Self {
        Self::Attribute { name: name.into(), with: JsonObject::new(), suffix: None, values: Vec::new() }
    }

    /// The attributes that the column speaks of.
    pub fn attributes(&self) -> Vec<&str> {
        match self {
            Self::Attribute { name, .. } => vec![name],
            Self::Span { from, to } => vec![from, to],
            _ => Vec::new(),
        }
    }
}

/// How a table was understood; a person can correct it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TableRead {
    /// The file.
    pub file: String,
    /// The sheet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
    /// The kind of what its rows describe; none where no table was found.
    pub kind: Option<String>,
    /// The rows of the heading, as a spreadsheet program numbers them.
    pub heading_rows: Vec<u32>,
    /// Its columns.
    pub columns: Vec<ColumnRead>,
}

/// How a column was understood.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ColumnRead {
    /// Its letter.
    pub column: String,
    /// Its heading, lines joined.
    pub heading: String,
    /// What it means; none where nobody knows.
    pub meaning: Option<Meaning>,
    /// Who knew it.
    pub known_from: KnownFrom,
    /// Attributes that may be meant, likest first, where nobody knows.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub suggestions: Vec<String>,
}

/// Who knew what a column means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KnownFrom {
    /// Somebody said so for this import.
    Choice,
    /// Somebody said so for an earlier import.
    Memory,
    /// The dictionary of ledgers.
    Dictionary,
    /// The labels of the metamodel.
    Metamodel,
    /// The file itself: ezu wrote it.
    Workbook,
    /// Nobody.
    Nobody,
}

/// What somebody said about the tables of an import.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TableChoice {
    /// The file's name; every file if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// The sheet's name; every sheet if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
    /// Passes the sheet over.
    #[serde(default)]
    pub skip: bool,
    /// The kind that its rows describe.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// The first and the last row of the heading.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub heading_rows: Option<(u32, u32)>,
    /// By heading, what a column means.
    #[serde(default)]
    pub columns: std::collections::BTreeMap<String, Meaning>,
}
