//! What is remembered of items once they are used up.

use std::collections::BTreeMap;
use std::sync::Arc;

use rustc_hash::FxHashSet;

use super::matching::Fate;
use crate::interchange::{ReadItem, ReadModel};

/// What is remembered of the items of all sources.
#[derive(Debug, Default)]
pub(super) struct Tally {
    /// How many there were, by source.
    pub items: Vec<usize>,
    /// By source and place, whether an item stays out; only for sources with rows.
    pub outs: Vec<Vec<bool>>,
    /// By source, what it knows those items by that stay out.
    pub left_out: Vec<FxHashSet<String>>,
    /// By kind, how many items the model has already.
    pub known: BTreeMap<String, usize>,
}

impl Tally {
    /// Of items whose fates are known.
    pub fn of(models: &[ReadModel], fates: &[Vec<Fate>]) -> Self {
        let mut tally = Self { left_out: vec![FxHashSet::default(); models.len()], ..Self::default() };
        for (model, fates) in models.iter().zip(fates) {
            tally.items.push(model.items.len());
            let outs = fates.iter().map(|fate| *fate == Fate::Out);
            tally.outs.push(if model.records.is_empty() { Vec::new() } else { outs.collect() });
        }
        tally
    }

    /// Notes an item before it is used up; `taken` are the ids of new ones.
    pub fn note(&mut self, source: usize, item: &ReadItem, fate: &Fate, taken: &FxHashSet<Arc<str>>) {
        match fate {
            Fate::Out => self.left_out[source].extend(item.source_id.clone()),
            // Kinds are few: only the first of each is copied.
            Fate::Known(id, _) if !taken.contains(id) => match self.known.get_mut(&item.kind) {
                Some(count) => *count += 1,
                None => drop(self.known.insert(item.kind.clone(), 1)),
            },
            Fate::Known(..) | Fate::New(_) => {}
        }
    }
}
