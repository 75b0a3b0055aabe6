//! The placeholders of sentences.

use super::calls;
use super::question::{Call, Question};
use crate::domain::Localized;

/// What is worked out of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Figure {
    /// How many different values it has.
    Count,
    /// How many rows have a value.
    Known,
    /// The sum.
    Sum,
    /// The smallest.
    Min,
    /// The largest.
    Max,
    /// The one of the first row.
    First,
    /// The different values by name, the first few.
    List,
}

impl Figure {
    fn named(word: &str) -> Option<Self> {
        Some(match word {
            "count" => Self::Count,
            "known" => Self::Known,
            "sum" => Self::Sum,
            "min" => Self::Min,
            "max" => Self::Max,
            "first" => Self::First,
            "list" => Self::List,
            _ => return None,
        })
    }
}

/// A placeholder of a figure: `sum.hours`.
pub(super) fn figure(text: &str) -> Option<(Figure, &str)> {
    let (word, column) = text.split_once('.')?;
    Some((Figure::named(word)?, column))
}

/// The placeholders of a sentence, in order.
pub(super) fn placeholders(text: &str) -> impl Iterator<Item = &str> {
    text.split('{').skip(1).filter_map(|part| part.split_once('}')).map(|(name, _)| name)
}

/// Refuses placeholders that stand for nothing.
pub(super) fn check(question: &Question) -> Result<(), String> {
    let columns = columns_of(question);
    let has_column = |name: &str| columns.iter().any(|held| held == name);
    let is_chosen = |name: &str| question.parameters.iter().any(|held| *held.name == *name);
    let of_answer = |name: &str| match figure(name) {
        Some((_, column)) => has_column(column),
        None => matches!(name, "count" | "date") || is_chosen(name),
    };
    let sentences = &question.sentences;
    let whole = sentences.found.iter().chain(&sentences.none).chain(sentences.supporting.iter().map(|held| &held.text));
    for (_, text) in whole.flat_map(Localized::iter) {
        refuse(text, of_answer)?;
    }
    for (_, text) in question.ask.iter() {
        refuse(text, is_chosen)?;
    }
    for (_, text) in sentences.each.iter().flat_map(|(held, _)| held.iter()) {
        refuse(text, |name| has_column(name) || is_chosen(name))?;
    }
    let whens = sentences.supporting.iter().filter_map(|held| held.when.as_deref());
    match whens.into_iter().find(|name| !of_answer(name)) {
        Some(unknown) => Err(format!("\"{unknown}\" in \"when\" stands for nothing")),
        None => Ok(()),
    }
}

fn refuse(text: &str, known: impl Fn(&str) -> bool) -> Result<(), String> {
    match placeholders(text).find(|name| !known(name)) {
        Some(unknown) => Err(format!("{{{unknown}}} in \"{text}\" stands for nothing")),
        None => Ok(()),
    }
}

fn columns_of(question: &Question) -> Vec<String> {
    match &question.call {
        Call::Query(_) => question.columns.iter().map(|(key, _)| key.to_string()).collect(),
        other => calls::own_columns(other).into_iter().map(|column| column.key).collect(),
    }
}
