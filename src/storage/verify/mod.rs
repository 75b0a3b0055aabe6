//! Checking everything: every byte of both copies, the chain, the checkpoints, and the word of a witness.

mod journal;
mod report;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use self::report::{CHECKPOINT, MEND, REBUILD, TAMPERED};
pub use self::report::{Problem, VerifyReport};
use super::checkpoint;
use super::codec;
use super::disk::Disk;
use super::error::StorageError;
use super::fence::Fence;
use super::hash::Hash;
use super::layout::Layout;
use super::ledger::Ledger;
use super::lock::FolderLock;
use super::marker::Marker;
use super::options::StorageOptions;
use super::recovery::second::{Opened, open_existing};
use super::types::Head;

/// How much of the second copy is read at a time, in bytes.
const CHUNK_BYTES: usize = 4 << 20;
/// After this many, further problems are only counted.
const PROBLEMS_LISTED: usize = 1000;

/// What the journal says of one revision.
#[derive(Debug, Clone, Copy)]
struct Known {
    hash: Hash,
    redacted_by: u64,
    has_payload: bool,
}

struct Examination<'a> {
    disk: &'a Arc<dyn Disk>,
    layout: &'a Layout,
    /// The head when the examination of a running ledger began; what comes after is not judged.
    limit: Option<Head>,
    known: BTreeMap<u64, Known>,
    acts: BTreeMap<u64, u64>,
    expected: Hash,
    report: VerifyReport,
}

/// Verifies a folder that no process has open. Writes nothing to the journal. O(bytes).
///
/// # Errors
/// `Locked` when the folder is in use; `Io` when it cannot be read at all.
pub(in crate::storage) fn verify_folder(
    folder: &Path,
    options: &StorageOptions,
    witness: Option<(u64, Hash)>,
) -> Result<VerifyReport, StorageError> {
    let layout = Layout::new(folder);
    if !layout.format().exists() {
        return Err(StorageError::Request(format!("{} is no data folder", folder.display())));
    }
    let _lock = FolderLock::take(folder)?;
    let mut examination = Examination::new(&options.disk, &layout, None);
    examination.journal()?;
    match open_existing(&options.disk, &layout, options).settled() {
        Opened::Off | Opened::Opening { .. } => {}
        Opened::Unusable { reason, generation } => {
            let file = layout.second(generation);
            examination.problem("second copy", &file, None, format!("it cannot be opened: {reason}"), REBUILD);
        }
        Opened::Open { fence, generation, .. } => {
            examination.second(&layout.second(generation), |from| scan_fence(&fence, from));
            fence.close();
        }
    }
    examination.rest(witness)
}

fn scan_fence(fence: &Fence, from: u64) -> Result<Vec<(u64, Vec<u8>)>, String> {
    fence.call(move |copy| copy.scan(from, CHUNK_BYTES)).map_err(|error| error.to_string())
}

impl Ledger {
    /// Verifies the running ledger up to its head when the examination begins.
    pub(in crate::storage) fn verify(&self, witness: Option<(u64, Hash)>) -> Result<VerifyReport, StorageError> {
        // Repairs and redactions exchange files; they wait.
        let _maintenance = self.maintain();
        let mut examination = Examination::new(&self.options.disk, &self.layout, Some(self.head()));
        examination.journal()?;
        let folder = self.layout.second(self.second.generation());
        if self.options.second_copy.is_some() {
            let failed = || self.second.complaint().unwrap_or_else(|| "it cannot be read".to_owned());
            examination
                .second(&folder, |from| self.second.ask(move |copy| copy.scan(from, CHUNK_BYTES)).ok_or_else(failed));
        }
        examination.rest(witness)
    }
}

impl<'a> Examination<'a> {
    fn new(disk: &'a Arc<dyn Disk>, layout: &'a Layout, limit: Option<Head>) -> Self {
        let report = VerifyReport {
            sound: false,
            head: Head::empty(),
            journal_frames: 0,
            second_frames: None,
            checkpoints: 0,
            redacted: 0,
            witness_confirmed: None,
            problems: Vec::new(),
            problems_not_listed: 0,
        };
        let expected = Hash::genesis();
        Self { disk, layout, limit, known: BTreeMap::new(), acts: BTreeMap::new(), expected, report }
    }

    fn problem(&mut self, copy: &'static str, file: &Path, revision: Option<u64>, what: String, advice: &'static str) {
        if self.report.problems.len() >= PROBLEMS_LISTED {
            self.report.problems_not_listed += 1;
            return;
        }
        let file = file.strip_prefix(self.layout.root()).unwrap_or(file).display().to_string();
        self.report.problems.push(Problem { copy, file, revision, what, advice });
    }

    fn second(&mut self, folder: &Path, mut scan: impl FnMut(u64) -> Result<Vec<(u64, Vec<u8>)>, String>) {
        let head = self.limit.map_or(self.report.head.revision, |head| head.revision);
        let mut next = 0;
        let mut equal = 0;
        let mut expected = 1;
        loop {
            let records = match scan(next) {
                Ok(records) => records,
                Err(reason) => {
                    self.problem("second copy", folder, None, reason, REBUILD);
                    break;
                }
            };
            let Some((last, _)) = records.last() else {
                break;
            };
            next = last.saturating_add(1);
            for (revision, bytes) in records {
                if revision > head {
                    if self.limit.is_none() {
                        self.problem(
                            "second copy",
                            folder,
                            Some(revision),
                            "the journal does not have it".to_owned(),
                            MEND,
                        );
                    }
                    continue;
                }
                for missing in expected..revision {
                    self.problem("second copy", folder, Some(missing), "it is missing".to_owned(), REBUILD);
                }
                expected = revision + 1;
                match self.compare(revision, &bytes) {
                    Ok(()) => equal += 1,
                    Err(what) => self.problem("second copy", folder, Some(revision), what, REBUILD),
                }
            }
        }
        for missing in expected..=head {
            self.problem("second copy", folder, Some(missing), "it is missing".to_owned(), REBUILD);
        }
        self.report.second_frames = Some(equal);
    }

    fn compare(&self, revision: u64, bytes: &[u8]) -> Result<(), String> {
        let (header, _) = codec::whole(bytes, revision).map_err(|fault| fault.to_string())?;
        match self.known.get(&revision) {
            None => Err("the journal does not have it".to_owned()),
            Some(known) if known.hash != header.hash() => Err("it differs from the journal".to_owned()),
            Some(known) if known.redacted_by != header.redacted_by => {
                Err("one copy holds a payload that was removed from the other".to_owned())
            }
            Some(_) => Ok(()),
        }
    }

    fn rest(mut self, witness: Option<(u64, Hash)>) -> Result<VerifyReport, StorageError> {
        for (revision, path) in checkpoint::list(self.disk, self.layout)? {
            match checkpoint::read(self.disk, &path) {
                Ok((anchor, _)) => {
                    let belongs = anchor.revision == revision
                        && self.known.get(&revision).is_some_and(|known| known.hash == anchor.chain);
                    if belongs {
                        self.report.checkpoints += 1;
                    } else if self.limit.is_none_or(|head| revision <= head.revision) {
                        let what = "it does not belong to this ledger".to_owned();
                        self.problem("checkpoint", &path, Some(revision), what, CHECKPOINT);
                    }
                }
                Err(error) => self.problem("checkpoint", &path, Some(revision), error.to_string(), CHECKPOINT),
            }
        }
        self.marker();
        if let Some((revision, hash)) = witness {
            self.witness(revision, hash);
        }
        self.report.sound = self.report.problems.is_empty();
        Ok(self.report)
    }

    fn marker(&mut self) {
        let path: PathBuf = self.layout.acknowledged();
        let Some(note) = Marker::read(self.disk, &path) else {
            return;
        };
        if note.revision == 0 {
            return;
        }
        match self.known.get(&note.revision) {
            Some(known) if known.hash == note.hash => {}
            Some(_) => {
                let what = "its hash is not the one that was acknowledged".to_owned();
                self.problem("marker", &path, Some(note.revision), what, TAMPERED);
            }
            None if self.limit.is_some() => {}
            None => {
                let what = "it was acknowledged, but the journal does not have it".to_owned();
                self.problem("marker", &path, Some(note.revision), what, MEND);
            }
        }
    }

    fn witness(&mut self, revision: u64, hash: Hash) {
        let confirmed = match self.known.get(&revision) {
            Some(known) => known.hash == hash,
            None => revision == 0 && hash == Hash::genesis(),
        };
        self.report.witness_confirmed = Some(confirmed);
        if !confirmed {
            let what = if self.known.contains_key(&revision) {
                "the ledger has another frame at the revision that was witnessed".to_owned()
            } else {
                format!("the ledger ends at revision {}, before what was witnessed", self.report.head.revision)
            };
            self.problem("witness", &self.layout.journal(), Some(revision), what, TAMPERED);
        }
    }
}
