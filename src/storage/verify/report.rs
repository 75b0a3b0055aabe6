//! What a verification found, for people and programs.

use serde::Serialize;

use super::super::hash::Hash;
use super::super::types::Head;

/// The result of a verification.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct VerifyReport {
    /// Nothing at all is wrong.
    pub sound: bool,
    /// The end of the journal, as far as it is one chain.
    pub head: Head,
    /// Valid, linked frames in the journal.
    pub journal_frames: u64,
    /// Frames in the second copy that equal those of the journal; absent when there is no second copy.
    pub second_frames: Option<u64>,
    /// Checkpoints that are whole and belong to the ledger.
    pub checkpoints: u64,
    /// Payloads that were lawfully removed.
    pub redacted: u64,
    /// Whether the witness was confirmed; absent when none was given.
    pub witness_confirmed: Option<bool>,
    /// What is wrong, the first thousand.
    pub problems: Vec<Problem>,
    /// How many problems there are beyond those listed.
    pub problems_not_listed: u64,
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// Which copy: `journal`, `second copy`, `checkpoint`, `marker`, `witness`.
    pub copy: &'static str,
    /// The file or folder, relative to the data folder.
    pub file: String,
    /// The revision concerned, where one can be named.
    pub revision: Option<u64>,
    /// What is wrong.
    pub what: String,
    /// What to do about it.
    pub advice: &'static str,
}

pub(super) const MEND: &str =
    "open the ledger: it is mended from the other copy; if that copy is damaged at the same place, restore a backup";
pub(super) const REBUILD: &str = "open the ledger or let the scrub run: the second copy is built anew from the journal";
pub(super) const TAMPERED: &str =
    "this is no accident: keep the folder as evidence and restore a backup that a witness confirms";
pub(super) const CHECKPOINT: &str = "delete the file; a new checkpoint is made in time";

impl VerifyReport {
    /// The report on a ledger in memory.
    pub(in crate::storage) fn in_memory(
        head: Head,
        redacted: u64,
        checkpoints: u64,
        witness: Option<(u64, Hash)>,
        confirmed: Option<bool>,
    ) -> Self {
        let contradicted = witness.filter(|_| confirmed == Some(false)).map(|(revision, _)| Problem {
            copy: "witness",
            file: "memory".to_owned(),
            revision: Some(revision),
            what: "the ledger does not have what was witnessed".to_owned(),
            advice: TAMPERED,
        });
        Self {
            sound: contradicted.is_none(),
            head,
            journal_frames: head.revision,
            second_frames: None,
            checkpoints,
            redacted,
            witness_confirmed: confirmed,
            problems: contradicted.into_iter().collect(),
            problems_not_listed: 0,
        }
    }
}
