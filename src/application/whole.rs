//! Everything that is recorded at a revision, whatever the day: what an export must not lose.

use crate::domain::document;
use crate::domain::element::{Item, Model};
use crate::graph::Snapshot;
use crate::interchange::native::{self, ItemsByKind};

/// The whole model as one native model file. The same model gives the same bytes.
pub fn to_yaml(snapshot: &Snapshot) -> String {
    let kinds = snapshot.metamodel().kinds().iter();
    let items = kinds.map(|kind| {
        let ids = snapshot.ids_of_kind(kind.id, None);
        (kind.id, ids.filter_map(|id| snapshot.item(id.as_str())).collect::<Vec<Item<'_>>>())
    });
    native::write(snapshot, "export", &ItemsByKind(items.collect()))
}

/// The same as JSON: the same lists, records and attributes. YAML 1.2 being a superset, it can be imported too.
///
/// # Errors
/// When what was written cannot be read back, which would be a fault of ezu.
pub fn to_json(snapshot: &Snapshot) -> Result<String, String> {
    json_of(&to_yaml(snapshot))
}

/// A model file as JSON.
pub(super) fn json_of(yaml: &str) -> Result<String, String> {
    let tree = document::parse("export", yaml).map_err(|error| error.to_string())?;
    serde_json::to_string_pretty(&tree.to_json()).map(|text| text + "\n").map_err(|error| error.to_string())
}
