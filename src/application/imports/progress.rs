//! How far an import has come.

use crate::interchange::ReadProgress;

/// What an import is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImportStage {
    /// Reading files.
    Reading,
    /// Finding out which items of the model are meant.
    Matching,
    /// Working out what changes.
    Comparing,
    /// Checking the whole against the rules of the model.
    Checking,
}

/// Told now and then how far an import has come; with `of` 0 when nobody knows how far it is.
pub type Progress<'p> = dyn Fn(ImportStage, ReadProgress) + Sync + 'p;

/// How many items pass between two reports.
const REPORT_EVERY: u64 = 1_000;

/// Counts the items of a stage.
pub(super) struct Steps<'p> {
    stage: ImportStage,
    told: ReadProgress,
    progress: &'p Progress<'p>,
}

impl<'p> Steps<'p> {
    /// None of so many yet.
    pub fn new(stage: ImportStage, of: usize, progress: &'p Progress<'p>) -> Self {
        Self { stage, told: ReadProgress { done: 0, of: of as u64 }, progress }
    }

    /// One more.
    pub fn step(&mut self) {
        self.told.done += 1;
        if self.told.done.is_multiple_of(REPORT_EVERY) {
            (self.progress)(self.stage, self.told);
        }
    }
}
