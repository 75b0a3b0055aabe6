//! The place of the second copy in an open ledger: in service, failed, or not wanted.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::batch::EncodedBatch;
use super::fence::{Fence, Ticket};
use super::second_copy::{SecondCopy, SecondCopyError};

/// The second copy and what became of it.
#[derive(Debug)]
pub(super) struct SecondSlot {
    state: Mutex<State>,
}

#[derive(Debug)]
enum State {
    Off,
    InService { fence: Fence, generation: u64 },
    Failed { reason: String, generation: u64 },
}

impl SecondSlot {
    /// No second copy is wanted.
    pub fn off() -> Self {
        Self { state: Mutex::new(State::Off) }
    }

    /// A copy that holds everything.
    pub fn in_service(fence: Fence, generation: u64) -> Self {
        Self { state: Mutex::new(State::InService { fence, generation }) }
    }

    /// A copy that could not be opened or filled.
    pub fn failed(reason: String, generation: u64) -> Self {
        Self { state: Mutex::new(State::Failed { reason, generation }) }
    }

    // The state is replaced as a whole, so a poisoned lock is harmless.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins to write and sync a batch.
    pub fn begin_write(&self, batch: &Arc<EncodedBatch>) -> Option<Ticket<()>> {
        let state = self.state();
        let State::InService { fence, .. } = &*state else {
            return None;
        };
        let batch = Arc::clone(batch);
        Some(fence.begin(move |copy| {
            let frames: Vec<_> =
                batch.frames.iter().map(|frame| (frame.revision, &batch.bytes[frame.start..frame.end])).collect();
            copy.write(&frames)?;
            copy.sync()
        }))
    }

    /// Waits for what was begun; a failure takes the copy out of service.
    pub fn finish(&self, ticket: Option<Ticket<()>>) {
        if let Some(Err(error)) = ticket.map(Ticket::wait) {
            self.fail(&error);
        }
    }

    /// Takes the copy out of service.
    pub fn fail(&self, error: &SecondCopyError) {
        let mut state = self.state();
        if let State::InService { generation, .. } = &*state {
            tracing::error!(%error, "the second copy failed; the journal goes on alone");
            *state = State::Failed { reason: error.to_string(), generation: *generation };
        }
    }

    /// Asks the copy for something. `None` when it is not in service, or has just failed.
    pub fn ask<T: Send + 'static>(
        &self,
        operation: impl FnOnce(&mut dyn SecondCopy) -> Result<T, SecondCopyError> + Send + 'static,
    ) -> Option<T> {
        let ticket = match &*self.state() {
            State::InService { fence, .. } => fence.begin(operation),
            State::Off | State::Failed { .. } => return None,
        };
        ticket.wait().inspect_err(|error| self.fail(error)).ok()
    }

    /// The stored bytes of one revision, unchecked.
    pub fn read(&self, revision: u64) -> Option<Vec<u8>> {
        let found = self.ask(move |copy| copy.scan(revision, 1))?;
        found.into_iter().find(|(stored, _)| *stored == revision).map(|(_, bytes)| bytes)
    }

    /// Whether the copy is in service.
    pub fn is_in_service(&self) -> bool {
        matches!(&*self.state(), State::InService { .. })
    }

    /// Why the ledger runs on the journal alone, if it does.
    pub fn complaint(&self) -> Option<String> {
        match &*self.state() {
            State::InService { .. } => None,
            State::Off => Some("there is no second copy; the journal is the only one".to_owned()),
            State::Failed { reason, .. } => Some(format!("the second copy is out of service: {reason}")),
        }
    }

    /// The number of the generation in use, or 0.
    pub fn generation(&self) -> u64 {
        match &*self.state() {
            State::Off => 0,
            State::InService { generation, .. } | State::Failed { generation, .. } => *generation,
        }
    }

    /// Whether a failed copy waits to be rebuilt.
    pub fn wants_rebuilding(&self) -> bool {
        matches!(&*self.state(), State::Failed { .. })
    }

    /// Puts a newly built copy into service and closes the one before, if there was one.
    pub fn replace(&self, fence: Fence, generation: u64) {
        let before = std::mem::replace(&mut *self.state(), State::InService { fence, generation });
        if let State::InService { fence, .. } = before {
            fence.close();
        }
    }

    /// Closes the copy, waiting for it at most until its deadline.
    pub fn close(&self) {
        if let State::InService { fence, .. } = std::mem::replace(&mut *self.state(), State::Off) {
            fence.close();
        }
    }
}
