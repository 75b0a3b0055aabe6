//! Finding what a question names, and naming what an answer finds.

use std::sync::Arc;

use crate::domain::metamodel::{Kind, KindId};
use crate::domain::naming::{display_name, wording};
use crate::domain::{Item, Localized, Model, Relationship, nearest};
use crate::graph::View;

use super::answer::ItemSummary;
use super::error::AnalysisError;

/// The two languages in which everything is said.
pub(super) const LANGUAGES: [&str; 2] = ["ja", "en"];

/// What an item is called in both languages.
pub(super) fn name_of(view: &View, item: Item<'_>) -> Localized {
    let [ja, en] = LANGUAGES.map(|language| display_name(view, item, language));
    Localized::ja_en(&ja, &en)
}

/// An item by id, kind and name.
pub(super) fn summary_of(view: &View, item: Item<'_>) -> ItemSummary {
    ItemSummary { id: item.id().to_string(), kind: kind_name(view, item.kind()), name: name_of(view, item) }
}

/// A kind's name, shared.
pub(super) fn kind_name(view: &View, kind: KindId) -> Arc<str> {
    Arc::clone(&view.metamodel().kind(kind).name)
}

/// A relationship in words, along its arrow or against it.
pub(super) fn words_of(view: &View, relationship: &Relationship, forward: bool) -> Localized {
    let [ja, en] = LANGUAGES.map(|language| wording(view, relationship, forward, language));
    Localized::ja_en(&ja, &en)
}

/// The items that a question names, each once, in the order given.
///
/// # Errors
/// When none is named, or one is not seen.
pub(super) fn find_items<'v>(
    view: &'v View,
    field: &'static str,
    ids: &[String],
) -> Result<Vec<Item<'v>>, AnalysisError> {
    if ids.is_empty() {
        return Err(AnalysisError::NothingAsked { field });
    }
    let mut found: Vec<Item<'v>> = Vec::with_capacity(ids.len());
    for id in ids {
        let item = view.item(id).ok_or_else(|| unknown_item(view, field, id))?;
        if !found.iter().any(|held| held.id() == item.id()) {
            found.push(item);
        }
    }
    Ok(found)
}

fn unknown_item(view: &View, field: &'static str, id: &str) -> AnalysisError {
    AnalysisError::UnknownItem { field, id: id.to_owned(), suggestion: view.similar_id(id) }
}

/// Kinds by name, each with those that specialise it; none when nothing is named, which means all.
///
/// # Errors
/// When a name is no kind that `accept` takes.
pub(super) fn find_kinds(
    view: &View,
    field: &'static str,
    what: &'static str,
    words: &[String],
    accept: impl Fn(&Kind) -> bool,
) -> Result<Option<Vec<bool>>, AnalysisError> {
    if words.is_empty() {
        return Ok(None);
    }
    let metamodel = view.metamodel();
    let mut wanted = vec![false; metamodel.kinds().len()];
    for word in words {
        let kind = metamodel.kind_named(word).filter(|kind| accept(kind));
        let kind = kind.ok_or_else(|| {
            let known = metamodel.kinds().iter().filter(|kind| accept(kind)).map(|kind| &*kind.name);
            unknown_word(field, what, word, known)
        })?;
        for id in metamodel.descendants(kind.id) {
            wanted[id.index()] = true;
        }
    }
    Ok(Some(wanted))
}

/// The error for a word that is not among those that are known.
pub(super) fn unknown_word<'a>(
    field: &'static str,
    what: &'static str,
    word: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> AnalysisError {
    let known: Vec<String> = known.into_iter().map(str::to_owned).collect();
    let suggestion = nearest::nearest(word, known.iter().map(String::as_str)).map(str::to_owned);
    AnalysisError::UnknownWord { field, what, word: word.to_owned(), suggestion, known }
}
