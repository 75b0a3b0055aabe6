//! Where things lie in a data folder.
//!
//! ```text
//! lock                          the process that has the folder open
//! format                        what this folder is, and in which version
//! acknowledged                  the newest acknowledged revision, written after the fact and not synced
//! reserve                       room to recover in when the disk is full
//! redaction                     the redaction that was begun and not finished, if any
//! restoring                     a restore was begun and not finished
//! backups                       which backups were taken, a line each
//! journal/<first>.segment       the ledger
//! second-<generation>/          the second copy: sled, and before it intake-<n>; second-<generation>.complete when it
//!                               was built whole
//! checkpoints/<revision>.checkpoint
//! quarantine/                   what recovery put aside
//! imports/                      imports that wait for an answer (written by `application::imports`); a redaction
//!                               empties it
//! ```

use std::path::{Path, PathBuf};

/// The paths in one data folder.
#[derive(Debug, Clone)]
pub(super) struct Layout {
    root: PathBuf,
}

impl Layout {
    pub fn new(root: &Path) -> Self {
        Self { root: root.to_path_buf() }
    }

    pub fn root(&self) -> &Path {
        &self.root
    }

    pub fn lock(&self) -> PathBuf {
        self.root.join("lock")
    }

    pub fn format(&self) -> PathBuf {
        self.root.join("format")
    }

    pub fn acknowledged(&self) -> PathBuf {
        self.root.join("acknowledged")
    }

    pub fn reserve(&self) -> PathBuf {
        self.root.join("reserve")
    }

    pub fn redaction(&self) -> PathBuf {
        self.root.join("redaction")
    }

    pub fn restoring(&self) -> PathBuf {
        self.root.join("restoring")
    }

    pub fn backups(&self) -> PathBuf {
        self.root.join("backups")
    }

    pub fn journal(&self) -> PathBuf {
        self.root.join("journal")
    }

    pub fn checkpoints(&self) -> PathBuf {
        self.root.join("checkpoints")
    }

    pub fn staged(&self) -> PathBuf {
        self.root.join("imports")
    }

    pub fn quarantine(&self) -> PathBuf {
        self.root.join("quarantine")
    }

    pub fn second(&self, generation: u64) -> PathBuf {
        self.root.join(format!("second-{generation:06}"))
    }

    pub fn second_complete(&self, generation: u64) -> PathBuf {
        self.root.join(format!("second-{generation:06}.complete"))
    }
}

/// The generation in the name of a second copy's folder or completeness mark, and whether it is the mark.
pub(super) fn generation_from_name(name: &str) -> Option<(u64, bool)> {
    let rest = name.strip_prefix("second-")?;
    match rest.strip_suffix(".complete") {
        Some(generation) => Some((generation.parse().ok()?, true)),
        None => Some((rest.parse().ok()?, false)),
    }
}
