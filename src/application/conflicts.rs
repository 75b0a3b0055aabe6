//! Which fields others changed since the revision that an author had seen.

use rustc_hash::FxHashSet;

use super::past;
use crate::domain::change_set::ChangeSet;
use crate::domain::element::{Delta, Model};
use crate::domain::identifier::Identifier;
use crate::domain::recorded::touched_fields;
use crate::domain::validation::{Refusal, RefusalCode};
use crate::graph::{Snapshot, TouchedField};
use crate::storage::Store;

/// Fields that this delta touches and that revisions after the base touched too, by revision.
///
/// An item that is to be changed and was deleted since is touched as a whole. Takes time proportional to the touches
/// of these items since the base.
pub(super) fn conflicts(store: &Store, snapshot: &Snapshot, change_set: &ChangeSet, delta: &Delta) -> Vec<Refusal> {
    let Some(base) = change_set.base_revision.filter(|base| *base < snapshot.revision()) else {
        return Vec::new();
    };
    let mut mine = touched_fields(snapshot, delta);
    let changed = change_set.each().filter_map(|operation| operation.changed_id().map(str::to_owned));
    let deleted = changed.filter(|id| snapshot.item(id).is_none());
    mine.extend(deleted.filter_map(|id| Some((Identifier::new(&id).ok()?, None))));
    let fields: FxHashSet<(&Identifier, Option<&str>)> =
        mine.iter().map(|(id, field)| (id, field.as_deref())).collect();
    let items: FxHashSet<&Identifier> = mine.iter().map(|(id, _)| id).collect();
    let mut found: Vec<(u64, &Identifier, TouchedField)> = Vec::new();
    for id in items {
        for revision in snapshot.touches(id.as_str()).take_while(|revision| *revision > base) {
            let theirs = snapshot.fields_touched(id.as_str(), revision).into_iter();
            let clashes = |field: &TouchedField| {
                field.is_none() || fields.contains(&(id, None)) || fields.contains(&(id, field.as_deref()))
            };
            found.extend(theirs.filter(clashes).map(|field| (revision, id, field)));
        }
    }
    found.sort_unstable();
    found.dedup();
    found.into_iter().map(|(revision, id, field)| conflict(store, snapshot, revision, id, field.as_deref())).collect()
}

fn conflict(store: &Store, snapshot: &Snapshot, revision: u64, id: &Identifier, field: Option<&str>) -> Refusal {
    let field = field.unwrap_or("the whole item");
    let summary = past::change(snapshot, store, revision).ok().flatten();
    let author = summary.as_ref().and_then(|summary| summary.author.as_deref()).unwrap_or("somebody unnamed");
    let time = summary.as_ref().map_or_else(String::new, |summary| format!(" ({})", summary.time));
    let message = format!(
        "{id}: {field} was changed by {author} in revision {revision}{time}; look at it, then try again from the \
         newest revision"
    );
    Refusal::new(RefusalCode::Conflict, "/base_revision", message).about(id.as_str()).related(vec![field.to_owned()])
}
