//! An `ArchiMate` model as its files hold it: one form that carries all that any of the formats can say.
//!
//! Coordinates are absolute, as in the exchange format; what only one format knows is kept beside ([`Extra`]).

use std::borrow::Cow;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::view::View;

/// The name of a type as the exchange format 3.x writes it (`BusinessActor`, `AndJunction`, `Composition`).
pub type TypeName = Cow<'static, str>;

/// Texts by language, in their order; a language may occur twice, or be unknown.
pub type Texts = Vec<Text>;

/// A whole model.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Document {
    /// Its identifier.
    pub id: String,
    /// Its version as its author counts, where it has one.
    pub version: Option<String>,
    /// What it is called.
    pub names: Texts,
    /// What it is for (Archi: purpose).
    pub documentation: Texts,
    /// Properties of the model as a whole.
    pub properties: Vec<Property>,
    /// The `metadata` element of the exchange format.
    pub metadata: Option<String>,
    /// Elements, in the order of the file.
    pub elements: Vec<Element>,
    /// Relationships, in the order of the file.
    pub relationships: Vec<Relationship>,
    /// Trees of folders; Archi has one, the exchange format any number.
    pub organizations: Vec<Vec<Entry>>,
    /// What the properties are, with their types.
    pub property_definitions: Vec<PropertyDefinition>,
    /// The `viewpoints` element of the exchange format.
    pub viewpoints: Option<String>,
    /// Drawn views.
    pub views: Vec<View>,
    /// Specialisations that Archi declares.
    pub profiles: Vec<Profile>,
    /// Pictures that a zipped file carries.
    pub images: Vec<Image>,
    /// What only its format knows.
    pub extra: Extra,
}

/// A text in a language.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct Text {
    /// The language tag (BCP 47), where one is stated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<Arc<str>>,
    /// The characters.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub value: String,
}

/// An element (`ArchiMate` 3.2 §3.2), junctions included.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Element {
    /// Its identifier in the file.
    pub id: String,
    /// Its type.
    pub kind: TypeName,
    /// What it is called.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub names: Texts,
    /// What is said of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub documentation: Texts,
    /// Its properties, in order; keys may repeat.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub properties: Vec<Property>,
    /// Identifiers of Archi's profiles.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub profiles: Vec<String>,
    /// What only its format knows.
    #[serde(default, skip_serializing_if = "Extra::is_empty")]
    pub extra: Extra,
    /// Where it stands.
    #[serde(skip)]
    pub line: Line,
}

/// A relationship (`ArchiMate` 3.2 §5); an end may be a relationship.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Relationship {
    /// Its identifier in the file.
    pub id: String,
    /// Its type, without the word `Relationship`.
    pub kind: TypeName,
    /// The identifier of the concept it starts from.
    pub source: String,
    /// The identifier of the concept it points to.
    pub target: String,
    /// What it is called.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub names: Texts,
    /// What is said of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub documentation: Texts,
    /// Its properties, in order; keys may repeat.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub properties: Vec<Property>,
    /// How an access relationship accesses (§5.2.2).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub access: Option<Access>,
    /// The strength of an influence, free text (§5.2.3).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub modifier: Option<String>,
    /// Whether an association has a direction (§5.2.4).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub directed: Option<bool>,
    /// Identifiers of Archi's profiles.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub profiles: Vec<String>,
    /// What only its format knows.
    #[serde(default, skip_serializing_if = "Extra::is_empty")]
    pub extra: Extra,
    /// Where it stands.
    #[serde(skip)]
    pub line: Line,
}

/// How an access relationship accesses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Access {
    /// In a way that is not stated.
    Access,
    /// It reads.
    Read,
    /// It writes.
    Write,
    /// Both.
    ReadWrite,
}

/// One property of something.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Property {
    /// What it is: the name of its definition.
    pub key: Arc<str>,
    /// The identifier of its definition, where the format has definitions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub definition: Option<Arc<str>>,
    /// Its values: one, or the same in several languages.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub values: Texts,
}

/// What a property is.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct PropertyDefinition {
    /// Its identifier in the file.
    pub id: String,
    /// What it is called.
    pub names: Texts,
    /// What is said of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub documentation: Texts,
    /// `string`, `boolean`, `currency`, `date`, `time` or `number`.
    pub data_type: String,
    /// What only its format knows.
    #[serde(default, skip_serializing_if = "Extra::is_empty")]
    pub extra: Extra,
    /// Where it stands.
    #[serde(skip)]
    pub line: Line,
}

/// A specialisation that Archi declares.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Profile {
    /// Its identifier in the file.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// The type that it specialises, as the exchange format writes it.
    pub concept: TypeName,
    /// What only its format knows.
    #[serde(default, skip_serializing_if = "Extra::is_empty")]
    pub extra: Extra,
}

/// A picture in a zipped file.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Image {
    /// Its path in the file, by which views name it.
    pub path: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// What lies in a folder.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Entry {
    /// A folder in it.
    Folder(Folder),
    /// The identifier of an element, a relationship or a view.
    Item(String),
}

/// A folder of an organisation.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Folder {
    /// Its identifier, where it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// What it is called.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub labels: Texts,
    /// What is said of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub documentation: Texts,
    /// Its properties (Archi).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub properties: Vec<Property>,
    /// What Archi keeps in it: `business`, `relations`, `diagrams` ….
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content: Option<String>,
    /// An item that the folder itself stands for (exchange format).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item: Option<String>,
    /// What lies in it, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub entries: Vec<Entry>,
    /// What only its format knows.
    #[serde(default, skip_serializing_if = "Extra::is_empty")]
    pub extra: Extra,
}

/// What only one format knows of something; nothing in most cases, and then one word in memory.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Extra(Option<Box<Kept>>);

/// Attributes and children without a meaning in the document, by the format they come from.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Kept {
    /// Archi's attributes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub native: Vec<KeptAttribute>,
    /// Archi's features: names and values.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub features: Vec<(String, String)>,
    /// Children that Archi's format does not define, each a piece of XML that stands on its own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub native_children: Vec<String>,
    /// Attributes that the exchange format does not define.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exchange: Vec<KeptAttribute>,
    /// Children that the exchange format does not define, each a piece of XML that stands on its own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exchange_children: Vec<String>,
}

/// An attribute that is kept as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptAttribute {
    /// Its name with its prefix.
    pub name: String,
    /// What the prefix stands for; empty without one.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub namespace: String,
    /// Its value.
    pub value: String,
}

/// A line of a file, counted from 1. It says where something stands and is no part of what it is: all are equal.
#[derive(Debug, Clone, Copy, Default)]
pub struct Line(pub u32);

impl PartialEq for Line {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Text {
    /// A text without a language.
    pub fn plain(value: impl Into<String>) -> Self {
        Self { language: None, value: value.into() }
    }

    /// A text in a language.
    pub fn tagged(language: &str, value: impl Into<String>) -> Self {
        Self { language: Some(language.into()), value: value.into() }
    }
}

/// The text to show of several: the first.
pub fn first(texts: &[Text]) -> &str {
    texts.first().map_or("", |text| &text.value)
}

/// The same list without room for more.
pub(super) fn exact<T>(list: Vec<T>) -> Vec<T> {
    list.into_boxed_slice().into_vec()
}

/// No text where it is empty, else one without a language.
pub fn plain(value: String) -> Texts {
    if value.is_empty() { Vec::new() } else { vec![Text::plain(value)] }
}

impl Access {
    /// The word of the exchange format.
    pub fn word(self) -> &'static str {
        match self {
            Self::Access => "Access",
            Self::Read => "Read",
            Self::Write => "Write",
            Self::ReadWrite => "ReadWrite",
        }
    }

    /// From the word of the exchange format.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Access, Self::Read, Self::Write, Self::ReadWrite].into_iter().find(|access| access.word() == word)
    }

    /// Archi's number.
    pub fn number(self) -> &'static str {
        match self {
            Self::Write => "0",
            Self::Read => "1",
            Self::Access => "2",
            Self::ReadWrite => "3",
        }
    }

    /// From Archi's number.
    pub fn from_number(number: &str) -> Option<Self> {
        [Self::Access, Self::Read, Self::Write, Self::ReadWrite].into_iter().find(|access| access.number() == number)
    }
}

impl PartialEq for Extra {
    fn eq(&self, other: &Self) -> bool {
        let nothing = Kept::default();
        self.get().unwrap_or(&nothing) == other.get().unwrap_or(&nothing)
    }
}

impl Extra {
    /// Whether there is nothing.
    pub fn is_empty(&self) -> bool {
        self.0.as_ref().is_none_or(|kept| **kept == Kept::default())
    }

    /// What there is.
    pub fn get(&self) -> Option<&Kept> {
        self.0.as_deref()
    }

    /// To add something.
    pub fn make(&mut self) -> &mut Kept {
        self.0.get_or_insert_default()
    }

    /// The value of one of Archi's attributes.
    pub fn native(&self, name: &str) -> Option<&str> {
        let kept = self.get()?;
        kept.native.iter().find(|held| held.namespace.is_empty() && held.name == name).map(|held| held.value.as_str())
    }
}

impl Folder {
    /// A folder that holds nothing yet.
    pub fn named(label: &str) -> Self {
        Self { labels: vec![Text::plain(label)], ..Self::default() }
    }
}

impl Document {
    /// The names of an item's specialisations: of its profiles, else what its properties say.
    pub fn specializations<'a>(&'a self, profiles: &'a [String], properties: &'a [Property]) -> Vec<&'a str> {
        if profiles.is_empty() {
            let said = properties.iter().filter(|property| &*property.key == SPECIALIZATION);
            return said.map(|property| first(&property.values)).collect();
        }
        let name = |id: &String| self.profiles.iter().find(|held| held.id == *id).map(|held| held.name.as_str());
        profiles.iter().filter_map(name).collect()
    }
}

/// The name of the property that holds a specialisation in the exchange format, as Archi and others write it.
pub const SPECIALIZATION: &str = "specialization";
