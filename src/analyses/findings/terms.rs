//! Words of the domain that mean certain items of a model: which zone is the My Number zone, which data are
//! the resident records. They are data (`models/rules`), so another city names its own.

use rustc_hash::{FxHashMap, FxHashSet};
use serde::Deserialize;

use crate::domain::{Identifier, Item, Model};
use crate::graph::{Place, View};

/// How an item that is meant by a word is recognised.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TermDefinition {
    /// The kind of the items.
    pub kind: String,
    /// Their ids.
    #[serde(default)]
    pub ids: Vec<String>,
    /// Their names, for models with other ids.
    #[serde(default)]
    pub names: Vec<String>,
}

/// All words, by name.
#[derive(Debug, Clone, Default)]
pub struct TermDefinitions(pub(super) FxHashMap<String, TermDefinition>);

/// What the words mean in one model.
#[derive(Debug, Clone, Default)]
pub struct Terms {
    by_word: FxHashMap<String, FxHashSet<Place>>,
    ids: FxHashMap<String, Vec<Identifier>>,
}

impl TermDefinitions {
    /// Whether there is such a word.
    pub fn knows(&self, word: &str) -> bool {
        self.0.contains_key(word)
    }

    /// Finds the items that the words mean. Takes time proportional to the items of the kinds that are
    /// recognised by name.
    pub(super) fn resolve(&self, view: &View) -> Terms {
        let mut terms = Terms::default();
        for (word, definition) in &self.0 {
            let mut found: Vec<Identifier> = Vec::new();
            if let Some(kind) = view.metamodel().kind_named(&definition.kind) {
                if definition.names.is_empty() {
                    let items = definition.ids.iter().filter_map(|id| view.item(id));
                    found.extend(
                        items.filter(|item| view.metamodel().is_a(item.kind(), kind.id)).map(|item| item.id().clone()),
                    );
                } else {
                    let meant = view.items_of_kind(kind.id, None).filter(|item| definition.means(*item));
                    found.extend(meant.map(|item| item.id().clone()));
                }
            }
            let places = found.iter().filter_map(|id| view.snapshot().place(id.as_str())).collect();
            terms.by_word.insert(word.clone(), places);
            terms.ids.insert(word.clone(), found);
        }
        terms
    }
}

impl TermDefinition {
    fn means(&self, item: Item<'_>) -> bool {
        let by_name = |name: &str| self.names.iter().any(|held| held == name);
        self.ids.iter().any(|id| id == item.id().as_str()) || item.name().is_some_and(|name| by_name(name))
    }
}

impl Terms {
    /// Whether an item is meant by a word.
    pub fn means(&self, word: &str, place: Place) -> bool {
        self.by_word.get(word).is_some_and(|places| places.contains(&place))
    }

    /// The ids of what a word means; empty where the model has none.
    pub fn ids(&self, word: &str) -> &[Identifier] {
        self.ids.get(word).map_or(&[], Vec::as_slice)
    }

    /// The words, with what they mean.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &[Identifier])> {
        self.ids.iter().map(|(word, ids)| (word.as_str(), ids.as_slice()))
    }
}
