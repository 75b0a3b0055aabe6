//! What a reader has to say about a file: what was assumed, what is to be asked, what was refused or lost.

use serde::{Deserialize, Serialize};

use super::place::Place;
use crate::domain::localized::Localized;

/// The longest piece of a file that a problem repeats, in characters.
const LONGEST_TEXT: usize = 200;

/// How much a problem weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProblemKind {
    /// Read, and worth knowing: nothing was assumed.
    Notice,
    /// Read with an assumption that a person can look at.
    Assumed,
    /// Not decided: a person is asked.
    Question,
    /// Not read: what stands there cannot be used.
    Refused,
}

/// One thing to know about a place in a file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Problem {
    /// A stable name in `snake_case`, such as `unknown_column`.
    pub code: String,
    /// How much it weighs.
    pub kind: ProblemKind,
    /// Where.
    pub place: Place,
    /// What stands there, shortened.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
    /// What is wrong.
    pub wrong: Said,
    /// What was assumed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assumed: Option<Said>,
    /// What to do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remedy: Option<Said>,
}

/// A sentence in the languages that ezu speaks.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Said {
    /// In Japanese.
    pub ja: String,
    /// In English.
    pub en: String,
}

impl Said {
    /// A sentence.
    pub fn new(ja: impl Into<String>, en: impl Into<String>) -> Self {
        Self { ja: ja.into(), en: en.into() }
    }

    /// The sentence in a language; Japanese unless it is English.
    pub fn get(&self, language: &str) -> &str {
        if language.starts_with("en") { &self.en } else { &self.ja }
    }
}

impl From<&Localized> for Said {
    fn from(text: &Localized) -> Self {
        Self::new(text.get("ja"), text.get("en"))
    }
}

impl Problem {
    /// A problem at a place. `text` is what stands there.
    pub fn new(kind: ProblemKind, code: &str, place: Place, text: &str, wrong: Said) -> Self {
        let text = shortened(text);
        Self { code: code.to_owned(), kind, place, text, wrong, assumed: None, remedy: None }
    }

    /// The same, with what was assumed.
    #[must_use]
    pub fn assuming(mut self, ja: impl Into<String>, en: impl Into<String>) -> Self {
        self.assumed = Some(Said::new(ja, en));
        self
    }

    /// The same, with what to do.
    #[must_use]
    pub fn advising(mut self, ja: impl Into<String>, en: impl Into<String>) -> Self {
        self.remedy = Some(Said::new(ja, en));
        self
    }
}

/// The beginning of a text, control characters shown as spaces.
pub fn shortened(text: &str) -> String {
    let mut short: String = text.chars().take(LONGEST_TEXT).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if text.chars().nth(LONGEST_TEXT).is_some() {
        short.push('…');
    }
    short
}
