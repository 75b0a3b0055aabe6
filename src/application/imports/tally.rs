//! What is remembered of items once they are used up.

use std::collections::BTreeMap;

use rustc_hash::FxHashSet;

use super::matching::Fate;
use crate::interchange::ReadModel;

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
    /// Of items whose fates are known; `taken` are ids of new ones.
    pub fn of(models: &[ReadModel], fates: &[Vec<Fate>], taken: &FxHashSet<std::sync::Arc<str>>) -> Self {
        let mut tally = Self::default();
        for (model, fates) in models.iter().zip(fates) {
            tally.items.push(model.items.len());
            let is_out = |fate: &Fate| *fate == Fate::Out;
            tally.outs.push(if model.records.is_empty() { Vec::new() } else { fates.iter().map(is_out).collect() });
            let mut left_out = FxHashSet::default();
            for (item, fate) in model.items.iter().zip(fates) {
                if is_out(fate) {
                    left_out.extend(item.source_id.clone());
                }
                if matches!(fate, Fate::Known(id, _) if !taken.contains(id)) {
                    // Kinds are few: only the first of each is copied.
                    match tally.known.get_mut(&item.kind) {
                        Some(count) => *count += 1,
                        None => drop(tally.known.insert(item.kind.clone(), 1)),
                    }
                }
            }
            tally.left_out.push(left_out);
        }
        tally
    }
}
