//! Why something cannot be drawn.

/// A request that makes no picture.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DiagramError {
    /// No element or relationship that is seen has this id.
    #[error("there is no \"{id}\"{}", hint(.similar.as_deref()))]
    UnknownItem {
        /// As asked for.
        id: String,
        /// One that could have been meant.
        similar: Option<String>,
    },
    /// The metamodel has no such kind.
    #[error("the metamodel has no kind \"{kind}\"{hint}")]
    UnknownKind {
        /// As asked for.
        kind: String,
        /// `; did you mean "…"?`, or nothing.
        hint: String,
    },
    /// The item is of a kind for which this picture has no meaning.
    #[error("\"{id}\" is of kind \"{found}\", this diagram needs \"{expected}\"")]
    UnsuitableKind {
        /// As asked for.
        id: String,
        /// Its kind.
        found: String,
        /// What was needed.
        expected: String,
    },
    /// A number outside its limits.
    #[error("{parameter} must lie between {least} and {most}, not at {found}")]
    OutOfRange {
        /// Which.
        parameter: &'static str,
        /// The least accepted.
        least: usize,
        /// The most accepted.
        most: usize,
        /// As asked for.
        found: usize,
    },
}

fn hint(similar: Option<&str>) -> String {
    similar.map_or_else(String::new, |id| format!("; did you mean \"{id}\"?"))
}
