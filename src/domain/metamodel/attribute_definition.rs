//! What an attribute may hold.

use std::sync::Arc;

use super::{AttributeName, KindId};
use crate::domain::localized::Localized;

/// One attribute of a kind.
#[derive(Debug, Clone)]
pub struct AttributeDefinition {
    /// Its interned name.
    pub name: AttributeName,
    /// Its full name; dots separate groups.
    pub text: Arc<str>,
    /// What it may hold.
    pub value_type: AttributeType,
    /// What people call it.
    pub label: Localized,
    /// One line of explanation.
    pub help: Localized,
    /// The unit of a quantity.
    pub unit: Localized,
    /// Whether its absence is worth a question.
    pub need: Need,
    /// Whether its content is to be handled with care (personal data, weak spots).
    pub sensitive: bool,
    /// Whether search looks at it.
    pub search: bool,
    /// Names for ranges of its value.
    pub bands: Vec<Band>,
}

/// How much an attribute is missed when it is absent. None is ever refused for being absent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Need {
    /// An answer depends on it: absence is shown as unknown.
    Required,
    /// Worth asking for.
    Recommended,
    /// Not missed.
    #[default]
    Optional,
}

/// A name for values below a limit.
#[derive(Debug, Clone)]
pub struct Band {
    /// Values below this belong to the band; the last band has no limit.
    pub below: Option<f64>,
    /// What the band is called.
    pub label: Localized,
}

/// The type of an attribute.
#[derive(Debug, Clone)]
pub enum AttributeType {
    /// Text.
    Text,
    /// Text by language.
    LocalizedText,
    /// A whole number between limits.
    Integer {
        /// The smallest.
        minimum: Option<i64>,
        /// The largest.
        maximum: Option<i64>,
    },
    /// A number between limits.
    Number {
        /// The smallest.
        minimum: Option<f64>,
        /// The largest.
        maximum: Option<f64>,
    },
    /// An amount of money, in the attribute's unit; not negative unless a minimum says so.
    Money {
        /// The smallest.
        minimum: Option<f64>,
    },
    /// Yes or no.
    Boolean,
    /// A day, `YYYY-MM-DD`.
    Date,
    /// A span of time, ISO 8601.
    Duration,
    /// One of several codes.
    Enumeration(Enumeration),
    /// Several values.
    List(Box<AttributeType>),
    /// Named fields.
    Record(Vec<Field>),
    /// A relationship, or several.
    Reference(ReferenceDefinition),
    /// An opaque part of an imported file, kept for export.
    SourceFragment,
}

/// The codes of an enumeration.
#[derive(Debug, Clone)]
pub struct Enumeration {
    /// Codes and labels, in order.
    pub values: Vec<(Arc<str>, Localized)>,
    /// Whether other codes are accepted.
    pub open: bool,
}

impl Enumeration {
    /// The shared text of a code.
    pub fn code(&self, text: &str) -> Option<&Arc<str>> {
        self.values.iter().map(|(code, _)| code).find(|code| &***code == text)
    }

    /// The label of a code; the code itself where it has none.
    pub fn label<'a>(&'a self, code: &'a str, language: &str) -> &'a str {
        let label = self.values.iter().find(|(held, _)| &**held == code).map(|(_, label)| label.get(language));
        label.filter(|text| !text.is_empty()).unwrap_or(code)
    }
}

/// A field of a record.
#[derive(Debug, Clone)]
pub struct Field {
    /// Its name.
    pub name: Arc<str>,
    /// What it may hold: a scalar.
    pub value_type: AttributeType,
    /// What people call it.
    pub label: Localized,
}

/// What a reference attribute stands for.
#[derive(Debug, Clone)]
pub struct ReferenceDefinition {
    /// The relationship kind that each reference is.
    pub relationship: KindId,
    /// What may be referred to.
    pub targets: Vec<super::EndKind>,
    /// Whether there may be several.
    pub many: bool,
    /// In an entry written as an object, the key that holds the id; the other keys are
    /// attributes of the relationship. Without it an entry is the id alone.
    pub key: Option<Arc<str>>,
    /// Whether what is referred to is a part of the owner.
    pub owned: Option<OwnedPart>,
}

/// A part that is written nested under its owner and goes with it.
#[derive(Debug, Clone)]
pub struct OwnedPart {
    /// The part's kind.
    pub kind: KindId,
    /// The part's id is the owner's, `--`, and this; `{index}` counts from 1.
    pub id_suffix: Vec<PartSuffix>,
}

/// A piece of a part's id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PartSuffix {
    /// Characters as they are.
    Literal(Arc<str>),
    /// The value of an attribute of the part.
    Attribute(AttributeName),
    /// Its place under its owner, counted from 1.
    Index,
}

impl AttributeDefinition {
    /// What it refers to, if it is a reference or a list of references.
    pub fn reference(&self) -> Option<&ReferenceDefinition> {
        match &self.value_type {
            AttributeType::Reference(reference) => Some(reference),
            _ => None,
        }
    }

    /// Its codes, if it is an enumeration or a list of one.
    pub fn enumeration(&self) -> Option<&Enumeration> {
        match &self.value_type {
            AttributeType::Enumeration(enumeration) => Some(enumeration),
            AttributeType::List(item) => match &**item {
                AttributeType::Enumeration(enumeration) => Some(enumeration),
                _ => None,
            },
            _ => None,
        }
    }

    /// The name of the range that a number lies in.
    pub fn band(&self, number: f64) -> Option<&Localized> {
        self.bands.iter().find(|band| band.below.is_none_or(|limit| number < limit)).map(|band| &band.label)
    }
}
