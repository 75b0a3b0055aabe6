//! Indexes of property values and tables of steps, made when a query first wants one and kept while the revision is in
//! use.

use std::collections::VecDeque;
use std::hash::{BuildHasher, Hasher};
use std::ops::ControlFlow;
use std::sync::{Arc, Mutex, PoisonError};

use rustc_hash::{FxBuildHasher, FxHashMap};

use super::graph::ViewGraph;
use super::kept_steps::KeptSteps;
use crate::graph::Node;
use crate::query::source::{Key, Label, PropertyGraph};
use crate::query::value::Value;
use crate::query::value::equality::{equal, hash_value};

/// How many indexes are kept.
const MOST: usize = 64;
/// Below so many nodes a look at each is quicker than an index.
const SMALL: usize = 256;

/// Which index: revision and day of the view, label, property.
type Name = (u64, jiff::civil::Date, Option<Label>, Key);
/// The nodes of each hash of a value, ascending.
type Index = FxHashMap<u64, Vec<Node>>;

/// Indexes of the views that were queried last; the oldest is forgotten first.
#[derive(Debug, Default)]
pub struct Indexes {
    held: Mutex<VecDeque<(Name, Arc<Index>)>>,
    pub(super) steps: KeptSteps,
}

impl Indexes {
    /// None yet; their tables of steps may take so many bytes.
    pub fn of_bytes(steps: usize) -> Self {
        Self { steps: KeptSteps::of_bytes(steps), ..Self::default() }
    }

    fn get(&self, name: Name, make: impl FnOnce() -> Index) -> Arc<Index> {
        if let Some(index) = self.find(name) {
            return index;
        }
        // Made outside the lock: two queries may make the same index, and neither waits for the other.
        let index = Arc::new(make());
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if held.len() >= MOST {
            held.pop_front();
        }
        held.push_back((name, Arc::clone(&index)));
        index
    }

    fn find(&self, name: Name) -> Option<Arc<Index>> {
        let held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        held.iter().find(|(held, _)| *held == name).map(|(_, index)| Arc::clone(index))
    }
}

impl ViewGraph<'_> {
    /// The nodes whose property equals a value, by index; nothing where a look at each is as quick.
    pub(super) fn indexed(&self, label: Option<Label>, key: Key, value: &Value) -> Option<Vec<Node>> {
        let indexes = self.indexes?;
        if self.estimated_nodes(label) < SMALL {
            return None;
        }
        let name = (self.view.revision(), self.view.date(), label, key);
        let index = indexes.get(name, || self.make_index(label, key));
        let candidates = index.get(&hash_of(value)).map_or(&[][..], Vec::as_slice);
        let fits = |node: &&Node| equal(&self.node_property(**node, key), value) == Some(true);
        Some(candidates.iter().filter(fits).copied().collect())
    }

    fn make_index(&self, label: Option<Label>, key: Key) -> Index {
        let mut index = Index::default();
        let all = self.for_each_node(label, |node| {
            let value = self.node_property(node, key);
            if !value.is_null() {
                index.entry(hash_of(&value)).or_default().push(node);
            }
            ControlFlow::<()>::Continue(())
        });
        debug_assert!(all.is_continue(), "nothing ends the scan early");
        index
    }
}

/// The hash of a value, as equality tells values apart.
pub(super) fn hash_of(value: &Value) -> u64 {
    let mut hasher = FxBuildHasher.build_hasher();
    hash_value(value, &mut hasher);
    hasher.finish()
}
