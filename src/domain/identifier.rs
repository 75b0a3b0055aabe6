//! Identifiers of elements and relationships.

use std::borrow::Borrow;
use std::fmt;
use std::sync::Arc;

use serde::{Serialize, Serializer};

/// The longest identifier accepted, in bytes. A derived relationship identifier
/// holds two others, so an element's own may take up less than a third of it.
pub const LONGEST_IDENTIFIER: usize = 1_024;

/// A checked identifier: letters and digits of any script, and `-`, `_`, `.`, `:`.
///
/// Cloning shares the text. No white space, quotes, control or bidirectional
/// characters can occur, so an identifier is safe in a path, a log line and a picture.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Identifier(Arc<str>);

/// Why a text is no identifier.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IdentifierError {
    /// Nothing was given.
    #[error("an identifier must not be empty")]
    Empty,
    /// More bytes than [`LONGEST_IDENTIFIER`].
    #[error("an identifier may have at most {LONGEST_IDENTIFIER} bytes, this one has {0}")]
    TooLong(usize),
    /// A character outside the permitted set.
    #[error("an identifier may hold letters, digits, '-', '_', '.' and ':' only, not {0:?}")]
    Character(char),
    /// `.` and `..` mean something else in an address.
    #[error("an identifier must hold at least one letter or digit")]
    OnlyPunctuation,
}

impl Identifier {
    /// Checks a text.
    ///
    /// # Errors
    /// [`IdentifierError`] tells what is wrong with it.
    pub fn new(text: &str) -> Result<Self, IdentifierError> {
        if text.is_empty() {
            return Err(IdentifierError::Empty);
        }
        if text.len() > LONGEST_IDENTIFIER {
            return Err(IdentifierError::TooLong(text.len()));
        }
        if let Some(wrong) = text.chars().find(|&c| !is_permitted(c)) {
            return Err(IdentifierError::Character(wrong));
        }
        if !text.chars().any(char::is_alphanumeric) {
            return Err(IdentifierError::OnlyPunctuation);
        }
        Ok(Self(text.into()))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn is_permitted(character: char) -> bool {
    character.is_alphanumeric() || matches!(character, '-' | '_' | '.' | ':')
}

impl fmt::Display for Identifier {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl fmt::Debug for Identifier {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&*self.0, formatter)
    }
}

impl Borrow<str> for Identifier {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl AsRef<str> for Identifier {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl PartialEq<str> for Identifier {
    fn eq(&self, other: &str) -> bool {
        &*self.0 == other
    }
}

impl Serialize for Identifier {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_what_ledgers_and_exchange_files_hold() {
        for text in ["sys-juki", "J01", "RESERVE-FACILITY", "a.b:c_d", "住民記録1"] {
            assert_eq!(Identifier::new(text).map(|id| id.to_string()), Ok(text.to_owned()));
        }
    }

    #[test]
    fn refuses_what_could_deceive_a_reader_or_a_parser() {
        assert_eq!(Identifier::new(""), Err(IdentifierError::Empty));
        assert_eq!(Identifier::new(".."), Err(IdentifierError::OnlyPunctuation));
        for wrong in ["a b", "a\"b", "a\nb", "a/b", "a\u{202e}b", "a🙂", "a\0", "<a>"] {
            assert!(matches!(Identifier::new(wrong), Err(IdentifierError::Character(_))), "{wrong:?}");
        }
        let long = "x".repeat(LONGEST_IDENTIFIER + 1);
        assert_eq!(Identifier::new(&long), Err(IdentifierError::TooLong(LONGEST_IDENTIFIER + 1)));
    }
}
