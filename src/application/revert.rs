//! Taking back what a revision did, as a change set of its own.

use super::error::OpenError;
use super::workspace::Workspace;
use crate::domain::change_set::{ChangeSet, Operation};
use crate::domain::element::Model;
use crate::domain::recorded::{RecordedOperation, record};
use crate::domain::validation::{Refusal, RefusalCode};

impl Workspace {
    /// The change set that takes back a revision; it is judged like any other when it is committed.
    ///
    /// # Errors
    /// When the revision does not exist, changed nothing, or later revisions changed what it touched.
    pub fn reversal(&self, revision: u64) -> Result<ChangeSet, Refusal> {
        let snapshot = self.current();
        let unreadable = |error: OpenError| Refusal::new(RefusalCode::UnknownItem, "/revision", error.to_string());
        let Some(summary) = self.change(revision).map_err(unreadable)? else {
            let message = format!("there is no revision {revision}; the newest is {}", snapshot.revision());
            return Err(Refusal::new(RefusalCode::UnknownItem, "/revision", message));
        };
        let differences = self.difference(revision - 1, revision).map_err(unreadable)?;
        let delta = snapshot.reversal(revision, differences).map_err(|ids| {
            let message = format!("{} item(s) that revision {revision} touched were changed since", ids.len());
            Refusal::new(RefusalCode::Conflict, "/revision", message).related(ids)
        })?;
        if delta.is_empty() {
            let message = format!("revision {revision} changed nothing that could be taken back");
            return Err(Refusal::new(RefusalCode::InvalidRequest, "/revision", message));
        }
        let mut operations = record(snapshot.metamodel(), &delta);
        // A relationship that hangs on another goes first: deleting the other would take it along.
        operations.sort_by_key(|operation| deletion_order(&*snapshot, operation));
        let operations = operations.into_iter().map(Operation::from).collect();
        let message = format!("revert revision {revision}: {}", summary.message);
        Ok(ChangeSet { message, operations, base_revision: Some(snapshot.revision()), ..ChangeSet::default() })
    }
}

fn deletion_order(model: &dyn Model, operation: &RecordedOperation) -> u8 {
    match operation {
        RecordedOperation::DeleteRelationship { id } => {
            let source = model.item(id).and_then(|item| match item {
                crate::domain::Item::Relationship(relationship) => model.item(relationship.source.as_str()),
                crate::domain::Item::Element(_) => None,
            });
            if matches!(source, Some(crate::domain::Item::Relationship(_))) { 1 } else { 2 }
        }
        RecordedOperation::DeleteElement { .. } => 3,
        _ => 0,
    }
}
