//! Examples from the reference city, so that "Try it out" works as it stands.

use rustc_hash::FxHashMap;
use serde_json::{Map, Value as Json};

use crate::application::files;
use crate::domain::change_set::Operation;
use crate::domain::metamodel::{Kind, Metamodel};

/// The first item of each kind in the reference city.
pub(super) struct Samples {
    by_kind: FxHashMap<String, Sample>,
}

/// An item of the reference city.
#[derive(Debug, Clone, Default)]
pub(super) struct Sample {
    pub(super) id: String,
    pub(super) name: Option<String>,
    pub(super) ends: Option<(String, String)>,
    pub(super) attributes: Map<String, Json>,
}

impl Samples {
    pub(super) fn read(metamodel: &Metamodel) -> Self {
        let mut by_kind = FxHashMap::default();
        for operation in files::sample_operations(metamodel) {
            let (kind, sample) = match operation {
                Operation::CreateElement(create) => {
                    let sample = Sample { id: create.id, name: create.name, ends: None, attributes: create.attributes };
                    (create.kind, sample)
                }
                Operation::CreateRelationship(create) => {
                    let ends = Some((create.source, create.target));
                    let id = create.id.unwrap_or_default();
                    (create.kind, Sample { id, name: create.name, ends, attributes: create.attributes })
                }
                _ => continue,
            };
            by_kind.entry(kind).or_insert(sample);
        }
        Self { by_kind }
    }

    /// An item of a kind or of one that specialises it.
    pub(super) fn of(&self, metamodel: &Metamodel, kind: &Kind) -> Option<&Sample> {
        let own = self.by_kind.get(&*kind.name);
        own.or_else(|| {
            metamodel.descendants(kind.id).into_iter().find_map(|id| self.by_kind.get(&*metamodel.kind(id).name))
        })
    }

    /// An item of exactly this kind.
    pub(super) fn exactly(&self, kind: &Kind) -> Option<&Sample> {
        self.by_kind.get(&*kind.name)
    }
}
