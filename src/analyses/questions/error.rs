//! Why a question is not answered.

use crate::analyses::AnalysisError;
use crate::query::QueryError;

/// Why a question is not answered.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum QuestionError {
    /// There is no such question.
    #[error("there is no question \"{id}\"{}", .suggestion.as_ref().map_or_else(String::new, |held| format!("; did you mean \"{held}\"?")))]
    UnknownQuestion {
        /// As asked.
        id: String,
        /// What could have been meant.
        suggestion: Option<String>,
    },
    /// The question has no such parameter.
    #[error("the question \"{question}\" has no parameter \"{name}\"; it has {known}")]
    UnknownParameter {
        /// The question.
        question: String,
        /// As given.
        name: String,
        /// The parameters that it has.
        known: String,
    },
    /// Nothing is chosen, and there is no default in this model.
    #[error("choose \"{name}\": {expected}")]
    Missing {
        /// The parameter.
        name: String,
        /// What can be chosen.
        expected: String,
    },
    /// What is chosen cannot be chosen.
    #[error("\"{name}\": {given} cannot be chosen; {expected}")]
    Unsuitable {
        /// The parameter.
        name: String,
        /// As given.
        given: String,
        /// What can be chosen.
        expected: String,
    },
    /// What is chosen is not there.
    #[error("\"{name}\": there is no \"{id}\" on this date{}", .suggestion.as_ref().map_or_else(String::new, |held| format!("; did you mean \"{held}\"?")))]
    UnknownItem {
        /// The parameter.
        name: String,
        /// As given.
        id: String,
        /// What could have been meant.
        suggestion: Option<String>,
    },
    /// The analysis refuses.
    #[error(transparent)]
    Analysis(#[from] AnalysisError),
    /// The query cannot be run.
    #[error("the query of the question cannot be run: {0}")]
    Query(#[from] QueryError),
}
