//! Is the model what the ledger says? The ledger is read once more, naively, and compared item by item.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Map, Value as Json};

use super::error::OpenError;
use super::records::Records;
use super::workspace::Workspace;
use crate::domain::element::{Item, Model};
use crate::domain::recorded::RecordedOperation;
use crate::graph::Snapshot;

/// More differences than anybody reads.
const MOST_LISTED: usize = 100;

/// The outcome of the comparison.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Audit {
    /// The revision compared.
    pub revision: u64,
    /// How many elements and relationships the ledger says there are.
    pub items: usize,
    /// Ids that are not alike in both, the first hundred.
    pub differences: Vec<String>,
}

impl Audit {
    /// Whether both are alike.
    pub fn is_sound(&self) -> bool {
        self.differences.is_empty()
    }
}

/// An item as a reader of the ledger sees it.
#[derive(Debug, Default, PartialEq)]
struct Naive {
    kind: String,
    ends: Option<(String, String)>,
    /// Attributes, and the name under `name`.
    fields: Map<String, Json>,
}

/// Compares the newest snapshot with the ledger. Takes time proportional to the ledger.
///
/// # Errors
/// When the ledger cannot be read.
pub fn audit(workspace: &Workspace) -> Result<Audit, OpenError> {
    let snapshot = workspace.current();
    let mut items = BTreeMap::new();
    let records = Records::new(workspace.store())?;
    for frame in workspace.store().frames(1, snapshot.revision()) {
        let recorded = records.of(&frame?)?;
        recorded.operations.into_iter().for_each(|operation| follow(&mut items, operation));
    }
    let mut differences: Vec<String> = items
        .iter()
        .filter(|(id, naive)| snapshot.item(id).map(|item| seen(&snapshot, item)).as_ref() != Some(naive))
        .map(|(id, _)| id.clone())
        .collect();
    let kinds = snapshot.metamodel().kinds();
    let held = kinds.iter().flat_map(|kind| snapshot.ids_of_kind(kind.id, None));
    differences.extend(held.filter(|id| !items.contains_key(id.as_str())).map(ToString::to_string));
    differences.truncate(MOST_LISTED);
    Ok(Audit { revision: snapshot.revision(), items: items.len(), differences })
}

fn follow(items: &mut BTreeMap<String, Naive>, operation: RecordedOperation) {
    match operation {
        RecordedOperation::CreateElement { id, kind, name, attributes } => {
            items.insert(id, Naive { kind, ends: None, fields: with_name(name, attributes) });
        }
        RecordedOperation::CreateRelationship { id, kind, source, target, name, attributes } => {
            items.insert(id, Naive { kind, ends: Some((source, target)), fields: with_name(name, attributes) });
        }
        RecordedOperation::UpdateElement { id, set, unset }
        | RecordedOperation::UpdateRelationship { id, set, unset } => {
            let naive = items.entry(id).or_default();
            naive.fields.extend(set);
            naive.fields.retain(|field, _| !unset.contains(field));
        }
        RecordedOperation::DeleteElement { id } | RecordedOperation::DeleteRelationship { id } => {
            items.remove(&id);
        }
    }
}

fn with_name(name: Option<String>, mut fields: Map<String, Json>) -> Map<String, Json> {
    fields.extend(name.map(|name| ("name".to_owned(), Json::String(name))));
    fields
}

fn seen(snapshot: &Snapshot, item: Item<'_>) -> Naive {
    let metamodel = snapshot.metamodel();
    let attributes = item.attributes().iter();
    let attributes =
        attributes.map(|(name, value)| (metamodel.attribute_text(name).to_string(), value.to_json())).collect();
    let ends = match item {
        Item::Element(_) => None,
        Item::Relationship(held) => Some((held.source.to_string(), held.target.to_string())),
    };
    let name = item.name().map(ToString::to_string);
    Naive { kind: metamodel.kind(item.kind()).name.to_string(), ends, fields: with_name(name, attributes) }
}
