//! Rows that have to be kept: groups, order, and combinations that were seen.

use std::hash::{BuildHasher, Hasher};

use hashbrown::HashTable;
use rustc_hash::FxBuildHasher;

use super::groups::Groups;
use super::sorted::Sorted;
use super::{Executor, Flow, Row};
use crate::query::plan::Gathering;
use crate::query::semantics::bound::Variable;
use crate::query::source::PropertyGraph;
use crate::query::value::Value;
use crate::query::value::equality::{hash_value, same};

/// What gathers the rows of a segment.
pub(super) enum Gatherer<'p> {
    Groups(Groups<'p>),
    Sorted(Sorted<'p>),
}

impl<'p> Gatherer<'p> {
    pub(super) fn new(gathering: &'p Gathering) -> Self {
        match gathering {
            Gathering::Groups { keys, aggregates, outermost, nodes, number, .. } => {
                Self::Groups(Groups::new(keys, aggregates, *outermost, nodes, *number))
            }
            Gathering::Sorted { keys, kept, skip, limit, number, .. } => {
                Self::Sorted(Sorted::new(keys, kept, skip.as_ref(), limit.as_ref(), *number))
            }
        }
    }

    pub(super) fn add<G: PropertyGraph>(&mut self, executor: &Executor<'_, G>, row: &mut Row) -> Flow {
        match self {
            Self::Groups(groups) => groups.add(executor, row),
            Self::Sorted(sorted) => sorted.add(executor, row),
        }
    }

    /// Writes each gathered row back and sends it on.
    pub(super) fn rows<G: PropertyGraph>(
        self,
        executor: &Executor<'_, G>,
        row: &mut Row,
        next: &mut dyn FnMut(&mut Row) -> Flow,
    ) -> Flow {
        match self {
            Self::Groups(groups) => groups.rows(executor, row, next),
            Self::Sorted(sorted) => sorted.rows(executor, row, next),
        }
    }
}

/// Combinations of values, each once.
#[derive(Default)]
pub(super) struct RowSet {
    table: HashTable<u32>,
    rows: Vec<Box<[Value]>>,
}

impl RowSet {
    /// Adds the values of some places; gives the bytes they take, or nothing when the combination was there.
    pub(super) fn insert(&mut self, row: &Row, places: &[Variable]) -> Option<usize> {
        let hash = hash_places(row, places);
        let Self { table, rows } = self;
        let alike = |index: &u32| {
            let held = &rows[*index as usize];
            places.iter().zip(held).all(|(place, value)| same(&row[place.index()], value))
        };
        if table.find(hash, alike).is_some() {
            return None;
        }
        let values: Box<[Value]> = places.iter().map(|place| row[place.index()].clone()).collect();
        let bytes = values.iter().map(bytes_of).sum();
        let index = u32::try_from(rows.len()).ok()?;
        rows.push(values);
        table.insert_unique(hash, index, |index| hash_values(&rows[*index as usize]));
        Some(bytes)
    }
}

fn hash_places(row: &Row, places: &[Variable]) -> u64 {
    let mut hasher = FxBuildHasher.build_hasher();
    places.iter().for_each(|place| hash_value(&row[place.index()], &mut hasher));
    hasher.finish()
}

/// The hash of values, as [`same`] tells them apart.
pub(super) fn hash_values(values: &[Value]) -> u64 {
    let mut hasher = FxBuildHasher.build_hasher();
    values.iter().for_each(|value| hash_value(value, &mut hasher));
    hasher.finish()
}

/// Roughly what a value takes, in bytes; of shared parts all of it.
pub(in crate::query) fn bytes_of(value: &Value) -> usize {
    size_of::<Value>()
        + match value {
            Value::String(text) => text.len(),
            Value::List(items) => items.iter().map(bytes_of).sum(),
            Value::Map(map) => map.iter().map(|(key, value)| key.len() + 32 + bytes_of(value)).sum(),
            Value::Path(path) => (path.nodes.len() + path.relationships.len()) * 4,
            _ => 0,
        }
}
