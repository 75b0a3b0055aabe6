//! What a file says: the intermediate result of every reader.

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::format::Format;
use super::ledgers::meaning::TableRead;
use super::place::Place;
use super::problem::Problem;
use crate::domain::change_set::JsonObject;
use crate::domain::packed::Packed;

/// All that was read from the files of one source.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReadModel {
    /// The form of the files.
    pub format: Format,
    /// What stays the same over the versions of the source: the model's own id, or the form of the ledger and what it
    /// is a ledger of. Under it is kept what the last import said. Readers give it the prefix of their format
    /// (`archimate:id-4d2…`, `ledger:system:…`).
    pub source: String,
    /// What the source calls itself, for people.
    pub title: String,
    /// The version that the source states, if it does.
    pub version: Option<String>,
    /// Elements, records and relationships, in the order of the file.
    pub items: Packed<ReadItem>,
    /// What it means that an item of the last import is not there any more.
    pub absent: Absent,
    /// Ids of the model that the source had when ezu itself wrote it; with [`Absent::Deleted`], those that are missing now
    /// were deleted. Empty for files of others, whose earlier versions are known from the last import.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub formerly: Vec<String>,
    /// Every row or other record of the source with what became of it; empty where the form has no such units.
    pub records: Packed<Record>,
    /// How tables were understood, column by column; empty for other forms.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tables: Vec<TableRead>,
    /// What was assumed, is to be asked, was refused; the first ones.
    pub problems: Vec<Problem>,
    /// How many more there are.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub problems_not_listed: usize,
}

/// What it means that an item which the last import of the source named is missing now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Absent {
    /// The source is whole: it was deleted.
    Deleted,
    /// A person is asked.
    Asked,
    /// Nothing: the source may be a part.
    Kept,
}

/// An element, a record (diagram, folder, property definition) or a relationship that a file describes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReadItem {
    /// The kind's name in the metamodel.
    pub kind: String,
    /// The identifier it has or shall have in the model. A new one is made from kind and name when absent.
    pub id: Option<String>,
    /// What the source knows it by: its own id, or for a ledger the normalised name. Unique in the source; kept as
    /// provenance, so that the item is found again after it was renamed on either side.
    pub source_id: Option<String>,
    /// Its name, where it has one; `None` says nothing of it. An empty name is a name.
    pub name: Option<String>,
    /// The ends of a relationship; absent for elements and records.
    pub ends: Option<Ends>,
    /// What it says, by full attribute name (`availability.rto_hours`), references included.
    pub fields: Vec<(String, Statement)>,
    /// Whether an attribute that is not among `fields` is said to be absent; otherwise nothing is said of it.
    pub complete: bool,
    /// Whether its name means something only within what it is a part of, so that nothing is it by name.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_local: bool,
    /// Whether nobody says its name and it was only called something: one that it has in the model stays.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_name_assumed: bool,
    /// Where it stands.
    pub place: Place,
}

/// Where a relationship starts and ends; an end may be a relationship.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Ends {
    /// Where it starts, in the sense of the metamodel's kind.
    pub source: Target,
    /// Where it points to.
    pub target: Target,
}

/// What a file says of one attribute.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Statement {
    /// A value, as a request would write it.
    Value(Json),
    /// A value in which ids of the source stand: those at the JSON pointers are replaced by ids of the model. For a
    /// `source_fragment` the value is then written as JSON text.
    Embedded {
        /// The value; of a `source_fragment` perhaps its JSON text.
        json: Json,
        /// Pointers to the strings that are ids of the source.
        ids: Vec<String>,
    },
    /// What it refers to, all of it.
    References(Vec<Reference>),
    /// That there is none (`-`, `なし`): a value that the model holds goes.
    None,
    /// Nothing this time (an empty cell). A value that the last import gave goes, any other stays.
    Blank,
    /// That it is not known (`不明`): what the model holds stays.
    Unknown,
    /// Something that leaves open which value it is (`○` under 個人情報, `その他`). What the model holds stays if it
    /// is among the possible ones, or if any is possible; otherwise it is a question.
    Unclear {
        /// What stands there.
        text: String,
        /// The values that it may mean; empty when it may be any.
        among: Vec<Json>,
    },
}

/// One entry of a reference attribute.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reference {
    /// What it refers to.
    pub target: Target,
    /// The relationship's own id, if the source has one.
    pub id: Option<String>,
    /// Attributes of the relationship that the reference is.
    pub attributes: JsonObject,
    /// Where it stands.
    pub place: Place,
}

/// A way to name an item.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// Its id in the model.
    Id(String),
    /// The source's own id.
    Source(String),
    /// What people call it. The kinds that the attribute permits decide among which it is looked for.
    Name(String),
    /// What people call it, among some kinds only, with what happens when nothing goes by a name like it.
    Named(Box<NamedAmong>),
}

/// What people call an item, among some kinds only.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct NamedAmong {
    /// The name.
    pub name: String,
    /// Names of kinds.
    pub among: Vec<String>,
    /// What happens when nothing goes by a name like it.
    pub otherwise: Otherwise,
}

/// What happens when nothing goes by a name like the one that a file uses.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Otherwise {
    /// A new element of this kind.
    Make(String),
    /// Somebody is asked; what is named within a longer text is proposed.
    Ask,
    /// Nothing: the name need not be that of an item.
    Nothing,
}

/// A unit of the source (a row of a table) and what became of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// Where it stands.
    pub place: Place,
    /// What became of it.
    pub outcome: RecordOutcome,
    /// What it begins with, for people.
    pub text: String,
    /// The place in `items` of the item that it became.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item: Option<usize>,
}

/// What became of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RecordOutcome {
    /// 読めた: all of it was understood.
    Read,
    /// 読めた, with an assumption that stands among the problems.
    Assumed,
    /// 質問: a part of it is undecided until somebody answers.
    Question,
    /// 読めない: it is no item of the model, and the problems say why.
    Refused,
    /// It holds no item and says nothing: titles, headers, sums, empty rows.
    Skipped,
}

impl ReadModel {
    /// Nothing read yet.
    pub fn new(format: Format, source: impl Into<String>, title: impl Into<String>) -> Self {
        Self {
            format,
            source: source.into(),
            title: title.into(),
            version: None,
            items: Packed::new(),
            absent: Absent::Kept,
            formerly: Vec::new(),
            records: Packed::new(),
            tables: Vec::new(),
            problems: Vec::new(),
            problems_not_listed: 0,
        }
    }

    /// Lists so many problems at most; the others are counted.
    pub fn limit_problems(&mut self, most: usize) {
        self.problems_not_listed += self.problems.len().saturating_sub(most);
        self.problems.truncate(most);
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
fn is_zero(number: &usize) -> bool {
    *number == 0
}

impl ReadItem {
    /// An item that says nothing yet.
    pub fn new(kind: impl Into<String>, place: Place) -> Self {
        Self {
            kind: kind.into(),
            id: None,
            source_id: None,
            name: None,
            ends: None,
            fields: Vec::new(),
            complete: false,
            is_local: false,
            is_name_assumed: false,
            place,
        }
    }

    /// What it says of an attribute.
    pub fn field(&self, name: &str) -> Option<&Statement> {
        self.fields.iter().find(|(held, _)| held == name).map(|(_, statement)| statement)
    }
}

impl Reference {
    /// A reference that says nothing but what it refers to.
    pub fn to(target: Target, place: Place) -> Self {
        Self { target, id: None, attributes: JsonObject::new(), place }
    }
}
