//! The union of what both copies hold: one gapless chain, or a refusal that names the revision.
//!
//! This file only decides. It reads nothing and changes nothing, so that every case can be tested.

use std::collections::BTreeMap;

use super::super::error::StorageError;
use super::super::hash::Hash;
use super::super::marker::Acknowledged;
use super::super::segment::Link;
use super::super::types::Head;

/// Where a frame lies in the journal: file (by its place in the harvest), offset, length.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::storage) struct Place {
    pub file: u32,
    pub offset: u64,
    pub length: u64,
}

/// Everything valid that was found, keyed so that several finds of one revision in the journal can coexist.
#[derive(Debug, Default)]
pub(in crate::storage) struct Evidence {
    /// Frames of the journal by revision and file.
    pub journal: BTreeMap<(u64, u32), (Link, Place)>,
    /// Frames of the second copy by revision.
    pub second: BTreeMap<u64, Link>,
    /// The note of what was acknowledged.
    pub acknowledged: Option<Acknowledged>,
}

/// One frame of the union and who holds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::storage) struct Source {
    pub link: Link,
    pub journal: Option<Place>,
    pub second: bool,
}

/// The chain that both copies together prove, from the frame after `base` on.
#[derive(Debug)]
pub(in crate::storage) struct Union {
    pub base: u64,
    pub base_hash: Hash,
    pub sources: Vec<Source>,
}

impl Union {
    /// The newest revision.
    pub fn head(&self) -> u64 {
        self.base + self.sources.len() as u64
    }

    /// The newest frame as the head of a ledger.
    pub fn end(&self) -> Head {
        match self.sources.last() {
            Some(Source { link, .. }) => Head { revision: link.revision, hash: link.hash, time: link.time },
            None => Head { revision: self.base, hash: self.base_hash, time: 0 },
        }
    }

    /// The hash that the frame of `revision` names as its previous one; `None` outside `base + 1..=head + 1`.
    pub fn hash_before(&self, revision: u64) -> Option<Hash> {
        if revision == self.base + 1 {
            return Some(self.base_hash);
        }
        self.source(revision.checked_sub(1)?).map(|source| source.link.hash)
    }

    /// Who holds a revision; `None` when it is outside the union.
    pub fn source(&self, revision: u64) -> Option<&Source> {
        let place = usize::try_from(revision.checked_sub(self.base + 1)?).ok()?;
        self.sources.get(place)
    }
}

/// Builds the union on top of the frame `base`, whose hash is known. O(frames · log frames).
///
/// # Errors
/// `Refused` when an acknowledged frame is in neither copy, when the copies tell two histories, or when
/// a payload is gone without the act that removed it.
pub(in crate::storage) fn unite(base: u64, base_hash: Hash, evidence: &Evidence) -> Result<Union, StorageError> {
    let mut union = Union { base, base_hash, sources: Vec::new() };
    let mut expected = base_hash;
    while let Some(source) = next_source(union.head() + 1, expected, evidence)? {
        expected = source.link.hash;
        union.sources.push(source);
    }
    refuse_lost(&union, evidence)?;
    refuse_rewritten(&union, evidence)?;
    check_tombstones(&mut union, evidence)?;
    Ok(union)
}

/// The frame that follows, from whichever copy has it.
fn next_source(revision: u64, expected: Hash, evidence: &Evidence) -> Result<Option<Source>, StorageError> {
    let mut found: Option<Source> = None;
    let fitting = evidence.journal.range((revision, 0)..=(revision, u32::MAX)).map(|(_, entry)| entry);
    for (link, place) in fitting.filter(|(link, _)| link.previous == expected) {
        match &found {
            None => {
                found = Some(Source { link: *link, journal: Some(*place), second: false });
            }
            Some(first) if first.link.hash == link.hash => {}
            Some(_) => return Err(two_histories(revision)),
        }
    }
    if let Some(link) = evidence.second.get(&revision).filter(|link| link.previous == expected) {
        match &mut found {
            None => {
                found = Some(Source { link: *link, journal: None, second: true });
            }
            Some(first) if first.link.hash == link.hash => {
                first.second = first.link.redacted_by == link.redacted_by;
            }
            Some(_) => return Err(two_histories(revision)),
        }
    }
    Ok(found)
}

fn two_histories(revision: u64) -> StorageError {
    let reason = "the copies hold two different histories from here on; keep both, and restore a backup or \
                  remove the copy that a witness contradicts";
    StorageError::Refused { revision, reason: reason.to_owned() }
}

/// The chain ends before something that was acknowledged: that is a loss, not a torn tail.
///
/// A frame names the first revision of its batch, and a batch is only begun when everything before it
/// is on the disk. So a frame that outlives a hole proves that the hole was acknowledged, unless both
/// belong to one batch that was never finished.
fn refuse_lost(union: &Union, evidence: &Evidence) -> Result<(), StorageError> {
    let lost = union.head() + 1;
    let survivors = evidence.journal.range((lost, 0)..).map(|(_, (link, _))| link);
    let survivors = survivors.chain(evidence.second.range(lost..).map(|(_, link)| link));
    let proven = survivors.map(|link| link.batch.saturating_sub(1)).max().unwrap_or(0);
    let noted = evidence.acknowledged.map_or(0, |note| note.revision);
    if proven.max(noted) < lost {
        return Ok(());
    }
    let reason = "it was acknowledged, but neither copy holds it whole; restore a backup, or keep the folder \
                  for examination";
    Err(StorageError::Refused { revision: lost, reason: reason.to_owned() })
}

fn refuse_rewritten(union: &Union, evidence: &Evidence) -> Result<(), StorageError> {
    let Some(note) = evidence.acknowledged else {
        return Ok(());
    };
    match union.source(note.revision) {
        Some(source) if source.link.hash != note.hash => Err(StorageError::Refused {
            revision: note.revision,
            reason: "its hash is not the one that was acknowledged: the history was exchanged".to_owned(),
        }),
        _ => Ok(()),
    }
}

/// A payload may only be missing when a later frame says so.
fn check_tombstones(union: &mut Union, evidence: &Evidence) -> Result<(), StorageError> {
    for place in 0..union.sources.len() {
        let source = union.sources[place];
        let revision = source.link.revision;
        let by = source.link.redacted_by;
        let lawful = by == 0 || union.source(by).is_some_and(|act| act.link.redacts == revision);
        if lawful {
            continue;
        }
        match evidence.second.get(&revision) {
            Some(link) if link.redacted_by == 0 && link.hash == source.link.hash => {
                union.sources[place] = Source { link: *link, journal: None, second: true };
            }
            _ => {
                let reason = format!("its payload was removed, but revision {by} does not record that");
                return Err(StorageError::Refused { revision, reason });
            }
        }
    }
    Ok(())
}
