//! Invented cities of any size, for load tests and for trying ezu out.
//!
//! Departments, staff, suppliers, networks, systems, data, processes and data flows in the proportions of a
//! real register, with exactly four relationships to each element. The same size and seed give the same city.

mod city;
mod direct;
mod quota;
mod random;
mod words;
mod yaml;

use std::io::{self, Write};
use std::sync::{Arc, OnceLock};

use jiff::Timestamp;
use serde_json::{Map, Value as Json};

pub use city::{City, Record};
pub use quota::{FEWEST_ELEMENTS, RELATIONSHIPS_PER_ELEMENT};

use self::direct::Direct;
use super::error::WriteError;
use super::workspace::{Workspace, WriteRequest};
use crate::domain::change_set::{ChangeSet, CreateElement, CreateRelationship, Operation};
use crate::domain::element::Delta;
use crate::domain::metamodel::Metamodel;
use crate::domain::recorded::touched_fields;
use crate::domain::validation::Refusal;
use crate::graph::{ChangeSummary, Snapshot};

/// Records in one change set.
const RECORDS_PER_CHANGE_SET: usize = 20_000;

/// The city as change sets that follow each other, each of a size that is quickly checked and written.
pub fn change_sets(elements: usize, seed: u64) -> impl Iterator<Item = ChangeSet> {
    let mut city = City::new(elements, seed);
    std::iter::from_fn(move || {
        let operations: Vec<Operation> = city.by_ref().take(RECORDS_PER_CHANGE_SET).map(Operation::from).collect();
        let message = format!("an invented city of {elements} elements, seed {seed}");
        (!operations.is_empty()).then(|| ChangeSet { message, operations, ..ChangeSet::default() })
    })
}

/// Writes the city into a model; `progress` is told the number of records after each change set.
///
/// # Errors
/// When the model refuses a part, for one that has the same ids; parts before it stay.
pub fn generate_into(
    workspace: &Workspace,
    elements: usize,
    seed: u64,
    progress: impl Fn(usize),
) -> Result<(), WriteError> {
    let mut records = 0;
    for change_set in change_sets(elements, seed) {
        records += change_set.operations.len();
        let change_set = ChangeSet { author: Some("ezu generate".to_owned()), ..change_set };
        workspace.commit_blocking(WriteRequest { change_set, ..WriteRequest::default() })?;
        progress(records);
    }
    Ok(())
}

/// The city as a snapshot, without a ledger: for benchmarks and tests.
///
/// Its revision is the number of change sets that it takes. Takes time proportional to the size.
///
/// # Errors
/// When the metamodel does not have the kinds of the municipal profile as they are built in.
pub fn generate_snapshot(metamodel: &Arc<Metamodel>, elements: usize, seed: u64) -> Result<Snapshot, Vec<Refusal>> {
    let mut snapshot = Snapshot::empty(Arc::clone(metamodel));
    let mut city = City::new(elements, seed);
    loop {
        let mut direct = Direct::new(metamodel);
        city.by_ref().take(RECORDS_PER_CHANGE_SET).for_each(|record| direct.add(record));
        let delta = direct.finish()?;
        if delta.is_empty() {
            return Ok(snapshot);
        }
        snapshot = after(&snapshot, &delta);
    }
}

fn after(snapshot: &Snapshot, delta: &Delta) -> Snapshot {
    let summary = ChangeSummary {
        revision: snapshot.revision() + 1,
        hash: OnceLock::new(),
        time: Timestamp::UNIX_EPOCH,
        message: "an invented city".into(),
        author: None,
        reason: None,
        source: None,
        operations: delta.elements.len() + delta.relationships.len(),
        touched: touched_fields(snapshot, delta).into(),
    };
    snapshot.apply(delta, summary)
}

/// Writes the city as one model file, in little memory; `progress` is told after each record.
///
/// # Errors
/// When the output fails.
pub fn write_model_file(out: &mut dyn Write, elements: usize, seed: u64, progress: impl Fn()) -> io::Result<()> {
    let records = City::new(elements, seed).inspect(|_| progress());
    yaml::write(out, &format!("generated-{elements}-{seed}"), records)
}

impl From<Record> for Operation {
    fn from(record: Record) -> Self {
        let Record { kind, id, name, ends, attributes, .. } = record;
        let attributes = without_empty_lists(attributes);
        let kind = kind.to_owned();
        match ends {
            None => Self::CreateElement(CreateElement { id, kind, name, attributes }),
            Some((source, target)) => {
                Self::CreateRelationship(CreateRelationship { id: Some(id), kind, source, target, name, attributes })
            }
        }
    }
}

fn without_empty_lists(mut attributes: Map<String, Json>) -> Map<String, Json> {
    attributes.retain(|_, value| value.as_array().is_none_or(|items| !items.is_empty()));
    attributes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::application::{files, whole};
    use crate::domain::validation::resolve;

    fn snapshot(elements: usize, seed: u64) -> Snapshot {
        let metamodel = files::load_metamodel(None).expect("the built-in metamodel is sound");
        generate_snapshot(&metamodel, elements, seed).unwrap_or_else(|refusals| panic!("{refusals:#?}"))
    }

    #[test]
    fn the_counts_are_exact_whatever_the_size_and_seed() {
        for (elements, seed) in [(50, 1), (51, 2), (77, 3), (200, 4), (1_000, 5), (3_333, 6)] {
            let counts = snapshot(elements, seed).counts();
            assert_eq!((counts.elements, counts.relationships), (elements, 4 * elements), "seed {seed}");
        }
    }

    #[test]
    fn every_small_size_is_whole() {
        for seed in 0..40 {
            let counts = snapshot(FEWEST_ELEMENTS, seed).counts();
            assert_eq!((counts.elements, counts.relationships), (50, 200), "seed {seed}");
        }
    }

    #[test]
    fn validation_makes_the_same_of_it() {
        let direct = snapshot(1_500, 9);
        let mut validated = Snapshot::empty(Arc::clone(direct.shared_metamodel()));
        for change_set in change_sets(1_500, 9) {
            let resolution = resolve(&validated, &change_set);
            assert!(resolution.refusals.is_empty(), "{:#?}", resolution.refusals);
            validated = after(&validated, &resolution.delta);
        }
        assert_eq!(direct.counts(), validated.counts());
        assert!(whole::to_yaml(&direct) == whole::to_yaml(&validated), "the models differ");
    }

    #[test]
    fn a_seed_decides_everything() {
        let records = |seed| City::new(500, seed).collect::<Vec<_>>();
        assert_eq!(records(7), records(7));
        assert_ne!(records(7), records(8));
    }
}
