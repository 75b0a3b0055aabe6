//! Opening, filling and rebuilding the second copy.

use std::sync::Arc;

use super::super::disk::Disk;
use super::super::error::StorageError;
use super::super::fence::{Fence, Ticket};
use super::super::journal::Journal;
use super::super::layout::{Layout, generation_from_name};
use super::super::options::StorageOptions;
use super::super::second_copy::SecondCopyError;
use super::super::second_slot::SecondSlot;
use super::super::types::Head;
use super::generation::{Builder, copy_frames, keep_aside, mark_whole, remove_others};
use super::harvest::{self, SecondHarvest};
use super::union::Evidence;
use super::{Reading, Recovery};

/// What became of the attempt to open the second copy.
pub(in crate::storage) enum Opened {
    /// None is wanted.
    Off,
    /// Open, content not judged yet.
    Open { fence: Fence, generation: u64, built_whole: bool },
    /// Being opened meanwhile.
    Opening { fence: Fence, opened: Ticket<()>, generation: u64, built_whole: bool },
    /// It cannot be used; a new generation is to be built.
    Unusable { reason: String, generation: u64 },
}

impl Opened {
    /// Closes the copy when nothing comes of the opening.
    pub fn close(self) {
        if let Self::Open { fence, .. } = self.settled() {
            fence.close();
        }
    }

    /// Waits until the copy is open, or known not to be usable.
    pub fn settled(self) -> Self {
        match self {
            Self::Opening { fence, opened, generation, built_whole } => match opened.wait() {
                Ok(()) => Self::Open { fence, generation, built_whole },
                Err(error) => Self::Unusable { reason: error.to_string(), generation },
            },
            settled => settled,
        }
    }

    pub fn fence(&self) -> Option<&Fence> {
        match self {
            Self::Open { fence, .. } => Some(fence),
            Self::Off | Self::Opening { .. } | Self::Unusable { .. } => None,
        }
    }

    /// Reads the copy into the evidence; a failure makes it unusable, and what it held no evidence.
    pub fn harvest(&mut self, from: u64, evidence: &mut Evidence) -> SecondHarvest {
        *self = std::mem::replace(self, Self::Off).settled();
        let Self::Open { fence, generation, .. } = self else {
            return SecondHarvest::default();
        };
        match harvest::harvest_second(fence, from, evidence) {
            Ok(harvest) => harvest,
            Err(error) => {
                // What was read before the failure is checked frame by frame, but cannot be fetched again.
                evidence.second.clear();
                *self = Self::Unusable { reason: error.to_string(), generation: *generation };
                SecondHarvest::default()
            }
        }
    }
}

/// Begins to open the newest generation, preferring one that was built whole; creates the first.
pub(in crate::storage) fn open(disk: &Arc<dyn Disk>, layout: &Layout, options: &StorageOptions) -> Opened {
    let Some(kind) = &options.second_copy else {
        return Opened::Off;
    };
    let (generation, built_whole) = newest_generation(disk, layout);
    let generation = generation.max(1);
    let folder = layout.second(generation);
    match Fence::begin_open(kind, &folder, options.second_copy_deadline) {
        Ok((fence, opened)) => Opened::Opening { fence, opened, generation, built_whole },
        Err(error) => Opened::Unusable { reason: error.to_string(), generation },
    }
}

/// Opens the newest generation, but does not create one.
pub(in crate::storage) fn open_existing(disk: &Arc<dyn Disk>, layout: &Layout, options: &StorageOptions) -> Opened {
    match newest_generation(disk, layout) {
        (0, _) if options.second_copy.is_some() => {
            Opened::Unusable { reason: "there is none".to_owned(), generation: 1 }
        }
        _ => open(disk, layout, options),
    }
}

/// The generation to use (0 when there is none), and whether it was built whole.
fn newest_generation(disk: &Arc<dyn Disk>, layout: &Layout) -> (u64, bool) {
    let names = disk.list(layout.root()).unwrap_or_default();
    let parsed: Vec<(u64, bool)> = names.iter().filter_map(|name| generation_from_name(name)).collect();
    let folders = || parsed.iter().filter(|(_, mark)| !mark).map(|(generation, _)| *generation);
    let whole = folders().filter(|generation| parsed.contains(&(*generation, true))).max();
    match whole {
        Some(generation) => (generation, true),
        None => (folders().max().unwrap_or(0), false),
    }
}

impl Recovery<'_> {
    /// Makes the second copy hold what the journal holds. Whatever goes wrong here only degrades the store.
    pub(super) fn settle_second(
        &mut self,
        opened: Opened,
        reading: &Reading,
        journal: &Journal,
        head: Head,
    ) -> SecondSlot {
        let (generation, settled) = match opened {
            Opened::Off => return SecondSlot::off(),
            Opened::Opening { generation, .. } => {
                (generation, Err(SecondCopyError("it was not waited for".to_owned())))
            }
            Opened::Unusable { generation, reason } => (generation, Err(SecondCopyError(reason))),
            Opened::Open { fence, generation, built_whole } => {
                (generation, self.fill(fence, generation, built_whole, reading, journal, head))
            }
        };
        let settled = settled.or_else(|error| {
            self.repairs.push(format!("the second copy is built anew: {error}"));
            self.rebuild(journal, head, generation)
        });
        match settled {
            Ok((fence, generation)) => {
                remove_others(self.disk, &self.layout, generation);
                SecondSlot::in_service(fence, generation)
            }
            Err(error) => {
                tracing::error!(%error, "the second copy could not be built; the journal goes on alone");
                SecondSlot::failed(error.to_string(), generation)
            }
        }
    }

    /// Adds what an intact copy lacks, and removes what lies behind the head.
    fn fill(
        &mut self,
        fence: Fence,
        generation: u64,
        built_whole: bool,
        reading: &Reading,
        journal: &Journal,
        head: Head,
    ) -> Result<(Fence, u64), SecondCopyError> {
        let stored = &reading.evidence.second;
        let differs = reading.union.sources.iter().any(|source| {
            stored
                .get(&source.link.revision)
                .is_some_and(|link| link.hash != source.link.hash || link.redacted_by != source.link.redacted_by)
        });
        let acceptable = |revision: &u64| *revision > head.revision;
        if differs || !reading.second.invalid.iter().all(acceptable) {
            abandon(fence);
            return Err(SecondCopyError("it holds damaged or foreign frames".to_owned()));
        }
        if stored.keys().chain(&reading.second.invalid).any(|revision| *revision > head.revision) {
            fence.call(move |copy| {
                copy.cut(head.revision)?;
                copy.sync()
            })?;
        }
        let base = reading.union.base;
        if base > 0 && !(built_whole && reading.second.from_the_start) {
            abandon(fence);
            return Err(SecondCopyError("it was never finished".to_owned()));
        }
        let from = base + 1;
        let present = stored.range(from..=head.revision).count() as u64;
        let last = from + present - 1;
        let newest = stored.range(from..=head.revision).next_back().map(|(revision, _)| *revision);
        if newest.is_some_and(|newest| newest != last) {
            abandon(fence);
            return Err(SecondCopyError("it lacks frames in the middle".to_owned()));
        }
        if last < head.revision {
            copy_frames(journal, &fence, last + 1..=head.revision)?;
            let missing = head.revision - last;
            self.repaired_frames += missing;
            self.repairs.push(format!("{missing} frames were added to the second copy"));
        }
        mark_whole(self.disk, &self.layout, generation)?;
        Ok((fence, generation))
    }

    /// Builds a new generation from the journal.
    fn rebuild(&mut self, journal: &Journal, head: Head, generation: u64) -> Result<(Fence, u64), SecondCopyError> {
        let kind = self.options.second_copy.as_ref().expect("only a wanted copy is rebuilt");
        let builder = Builder { disk: self.disk, layout: &self.layout, kind, options: self.options };
        let fence = builder.build(journal, 1, head.revision, generation + 1)?;
        mark_whole(self.disk, &self.layout, generation + 1)?;
        self.repaired_frames += head.revision;
        self.repairs.push(format!("the second copy was built anew from {} frames", head.revision));
        keep_aside(self.disk, &self.layout, generation);
        Ok((fence, generation + 1))
    }
}

/// Closes a copy that is not to be used. Closing a damaged one may never end, so it is given up instead.
fn abandon(fence: Fence) {
    drop(fence);
}

impl From<SecondCopyError> for StorageError {
    fn from(error: SecondCopyError) -> Self {
        Self::Format { what: "the second copy".to_owned(), reason: error.0 }
    }
}
