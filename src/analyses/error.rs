//! Why a question cannot be answered.

/// A question that makes no sense on this model.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AnalysisError {
    /// A list that must name at least one item is empty.
    #[error("\"{field}\" names no item; give at least one id")]
    NothingAsked {
        /// The parameter.
        field: &'static str,
    },
    /// There is no such item, or it is not seen on the date asked for.
    #[error("there is no \"{id}\" on this date{}", hint(.suggestion.as_ref()))]
    UnknownItem {
        /// The parameter.
        field: &'static str,
        /// The id that was given.
        id: String,
        /// An id that could have been meant.
        suggestion: Option<String>,
    },
    /// The metamodel has no such word in this place.
    #[error("\"{word}\" is no {what}{}; one of {}", hint(.suggestion.as_ref()), .known.join(", "))]
    UnknownWord {
        /// The parameter.
        field: &'static str,
        /// What the word should have been: `change`, `kind`, `relationship kind`, `method`.
        what: &'static str,
        /// The word that was given.
        word: String,
        /// A word that could have been meant.
        suggestion: Option<String>,
        /// All words that are understood.
        known: Vec<String>,
    },
    /// By the metamodel, nothing could ever follow from this change of such an item.
    #[error("\"{change}\" says nothing about a {kind} such as \"{id}\"; ask it of {}", .suitable.join(", "))]
    UnsuitableKind {
        /// The subject.
        id: String,
        /// Its kind.
        kind: String,
        /// The change.
        change: String,
        /// Kinds for which the change means something.
        suitable: Vec<String>,
    },
}

impl AnalysisError {
    /// A stable name of the fault for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NothingAsked { .. } => "nothing_asked",
            Self::UnknownItem { .. } => "unknown_item",
            Self::UnknownWord { .. } => "unknown_word",
            Self::UnsuitableKind { .. } => "unsuitable_kind",
        }
    }

    /// The parameter at fault.
    pub fn field(&self) -> &'static str {
        match self {
            Self::NothingAsked { field } | Self::UnknownItem { field, .. } | Self::UnknownWord { field, .. } => field,
            Self::UnsuitableKind { .. } => "subjects",
        }
    }
}

fn hint(suggestion: Option<&String>) -> String {
    suggestion.map_or_else(String::new, |found| format!("; did you mean \"{found}\"?"))
}
