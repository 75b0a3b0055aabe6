//! Which revision, on which day.

use std::sync::Arc;

use jiff::civil::Date;

use super::error::OpenError;
use super::workspace::Workspace;
use crate::domain::element::Model;
use crate::graph::{Snapshot, View};

/// What somebody wants to look at.
#[derive(Debug, Clone, Copy, Default)]
pub struct ViewRequest {
    /// The day in the world; the model's own day, else today, when absent.
    pub at: Option<Date>,
    /// The revision; the newest when absent.
    pub revision: Option<u64>,
}

/// Why there is nothing to look at.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ViewError {
    /// No such revision.
    #[error("there is no revision {asked}; the newest is {head}")]
    UnknownRevision {
        /// As asked.
        asked: u64,
        /// The newest.
        head: u64,
    },
    /// The ledger does not give it.
    #[error("revision {revision} cannot be read from the ledger: {reason}")]
    Unreadable {
        /// As asked.
        revision: u64,
        /// Why.
        reason: String,
    },
}

impl Workspace {
    /// The model as of a revision and a day.
    ///
    /// # Errors
    /// When the revision does not exist, or lies before the floor and cannot be read from the ledger.
    pub fn view(&self, request: ViewRequest) -> Result<View, ViewError> {
        let snapshot = match request.revision {
            None => self.current(),
            Some(revision) => self.at_revision(revision)?,
        };
        let date = request.at.unwrap_or_else(|| self.date_of(&snapshot));
        Ok(View::new(snapshot, date))
    }

    /// The newest revision on the model's own day.
    pub fn current_view(&self) -> View {
        let snapshot = self.current();
        let date = self.date_of(&snapshot);
        View::new(snapshot, date)
    }

    /// The day that a model says it describes, else today.
    pub fn date_of(&self, snapshot: &Snapshot) -> Date {
        model_date(snapshot).unwrap_or_else(|| self.clock().today())
    }

    /// An earlier revision; the last few asked for are kept ready.
    fn at_revision(&self, revision: u64) -> Result<Arc<Snapshot>, ViewError> {
        let current = self.current();
        if revision == current.revision() {
            return Ok(current);
        }
        if revision > current.revision() {
            return Err(ViewError::UnknownRevision { asked: revision, head: current.revision() });
        }
        if let Some(held) = self.past_snapshot(revision, revision) {
            return Ok(held);
        }
        let redactions = self.shared.checkpointing.redactions();
        let Some(past) = current.at_revision(revision) else {
            let unreadable = |error: OpenError| ViewError::Unreadable { revision, reason: error.to_string() };
            return self.rebuilt(revision, revision).map_err(unreadable);
        };
        let past = Arc::new(past);
        self.keep_past_snapshot(&past, redactions);
        Ok(past)
    }

    /// Whether answering at a revision means reading much of the ledger first.
    pub fn is_far_back(&self, revision: u64) -> bool {
        revision < self.current().floor() && self.past_snapshot(revision, revision).is_none()
    }
}

fn model_date(snapshot: &Snapshot) -> Option<Date> {
    let place = snapshot.metamodel().vocabulary().model_date.as_ref()?;
    let first = snapshot.ids_of_kind(place.kind, None).next()?;
    snapshot.element(first.as_str())?.attributes.get(place.attribute)?.as_date()
}
