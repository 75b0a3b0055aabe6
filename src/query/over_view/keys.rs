//! Property names: what each reads of an element or a relationship.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::domain::metamodel::{AttributeName, Kind, Metamodel};
use crate::query::source::Key;

/// What a property's name reads.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Meaning {
    /// The identifier.
    Id,
    /// What it is called: its own name, else the one that its kind makes.
    Name,
    /// The kind's name.
    Kind,
    /// Of a relationship: the identifier of its source.
    Source,
    /// Of a relationship: the identifier of its target.
    Target,
    /// An attribute, or the identifiers that a reference points to.
    Attribute(AttributeName),
    /// All attributes whose names begin with the group and a dot.
    Group(Arc<str>),
    /// Attributes that people call by this name; each kind has at most one of them.
    Labelled(Vec<AttributeName>),
}

/// The property names of a metamodel.
#[derive(Debug)]
pub(super) struct Keys {
    by_name: FxHashMap<Arc<str>, Key>,
    meanings: Vec<Meaning>,
}

impl Keys {
    pub(super) fn new(metamodel: &Metamodel) -> Self {
        let mut keys = Self { by_name: FxHashMap::default(), meanings: Vec::new() };
        let fixed = [
            ("id", Meaning::Id),
            ("name", Meaning::Name),
            ("kind", Meaning::Kind),
            ("source", Meaning::Source),
            ("target", Meaning::Target),
        ];
        // An attribute of the metamodel may be called `source` or `kind`; it is then the one that is meant.
        for kind in metamodel.kinds() {
            kind.attributes.iter().for_each(|definition| keys.add_attribute(&definition.text, definition.name));
        }
        for (name, meaning) in fixed {
            keys.add(name.into(), meaning);
        }
        for kind in metamodel.kinds() {
            keys.add_labels(kind);
        }
        keys
    }

    fn add(&mut self, name: Arc<str>, meaning: Meaning) {
        if self.by_name.contains_key(&name) {
            return;
        }
        let key = Key(u32::try_from(self.meanings.len()).unwrap_or(u32::MAX));
        self.meanings.push(meaning);
        self.by_name.insert(name, key);
    }

    fn add_attribute(&mut self, text: &Arc<str>, name: AttributeName) {
        self.add(Arc::clone(text), Meaning::Attribute(name));
        for (dot, _) in text.match_indices('.') {
            let group: Arc<str> = text[..dot].into();
            self.add(Arc::clone(&group), Meaning::Group(group));
        }
    }

    /// Japanese and English labels, where they are not the name of something else.
    fn add_labels(&mut self, kind: &Kind) {
        for definition in &kind.attributes {
            for language in ["ja", "en"] {
                let label = definition.label.exactly(language).unwrap_or_default();
                if !label.is_empty() {
                    self.add_label(label, definition.name);
                }
            }
        }
    }

    fn add_label(&mut self, label: &str, name: AttributeName) {
        let Some(key) = self.by_name.get(label) else {
            self.add(label.into(), Meaning::Labelled(vec![name]));
            return;
        };
        if let Some(Meaning::Labelled(names)) = self.meanings.get_mut(key.0 as usize)
            && !names.contains(&name)
        {
            names.push(name);
        }
    }

    pub(super) fn find(&self, name: &str) -> Option<Key> {
        self.by_name.get(name).copied()
    }

    pub(super) fn meaning(&self, key: Key) -> Option<&Meaning> {
        self.meanings.get(key.0 as usize)
    }

    /// All names, for "did you mean" and completion.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.by_name.keys().map(|name| &**name)
    }
}
