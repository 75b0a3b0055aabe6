//! The model as files of `ArchiMate` tools.

use crate::domain::element::{Item, Model};
use crate::graph::{Snapshot, View};
use crate::interchange::archimate::mapping::{Exported, Words, to_document};

/// What a view shows, as a document.
pub fn of_view(view: &View, name: &str) -> Exported {
    let kinds = view.metamodel().kinds().iter();
    let items: Vec<Item<'_>> = kinds.flat_map(|kind| view.items_of_kinds(&[kind.id], None)).collect();
    to_document(view, &items, &Words::of(view.metamodel()), name)
}

/// Everything that is recorded, whatever the day, as a document.
pub fn of_snapshot(snapshot: &Snapshot, name: &str) -> Exported {
    let kinds = snapshot.metamodel().kinds().iter();
    let ids = kinds.flat_map(|kind| snapshot.ids_of_kind(kind.id, None));
    let items: Vec<Item<'_>> = ids.filter_map(|id| snapshot.item(id.as_str())).collect();
    to_document(snapshot, &items, &Words::of(snapshot.metamodel()), name)
}
