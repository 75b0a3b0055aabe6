//! Imports that wait until somebody agrees: their files and decisions, beside the ledger, for its owner only.
//!
//! ```text
//! imports/<id>/about.json       what it is, until when it waits, what was decided
//! imports/<id>/0.file, 1.file   the files as they came; gone once it is committed
//! ```

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::answers::ImportOptions;
use super::progress::{ImportStage, Progress};
use super::proposing::{Proposal, propose};
use super::reading::{ImportFile, Readers, read_files};
use crate::application::workspace::{Committed, Workspace, WriteRequest};
use crate::application::{WriteError, imports};
use crate::domain::change_set::ChangeSet;
use crate::interchange::{Format, Limits, ReadProgress, Unreadable};
use crate::settings;
use crate::storage::{create_private_folder, write_private_file};

/// How many previews are kept in memory.
const KEPT: usize = 2;

/// All imports that wait.
#[derive(Debug)]
pub struct WaitingImports {
    folder: PathBuf,
    settings: settings::Imports,
    readers: Readers,
    kept: Mutex<VecDeque<(PreviewKey, Arc<Proposal>)>>,
    /// Held while an import is committed: who agrees a second time in the meantime is told that it is done.
    committing: Mutex<()>,
    /// Held while a file beside the ledger is written: it is written aside first, by one name.
    writing: Mutex<()>,
}

/// A preview is of an import, as it was decided, at a revision.
type PreviewKey = (String, String, u64);

/// What an import is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WaitingImport {
    /// Its id.
    pub id: String,
    /// When it came.
    pub created: Timestamp,
    /// When it is forgotten.
    pub expires: Timestamp,
    /// The names of its files.
    pub files: Vec<String>,
    /// The sizes of its files, in bytes.
    pub bytes: u64,
    /// The form of its files, where it was stated.
    pub format: Option<Format>,
    /// What was decided.
    pub options: ImportOptions,
    /// The digest of the proposal that was shown last.
    pub shown: Option<String>,
    /// The revision that it made.
    pub committed: Option<u64>,
    /// Who sent it, as stated.
    pub author: Option<String>,
}

/// Who agrees to an import.
#[derive(Debug, Clone, Default)]
pub struct Agreement {
    /// The digest of the proposal that was seen.
    pub digest: Option<String>,
    /// What is done, for people; made up when absent.
    pub message: Option<String>,
    /// Who agrees, as stated.
    pub author: Option<String>,
    /// Why.
    pub reason: Option<String>,
}

/// Why an import is not done.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// There is no such import, or it waited too long.
    #[error("there is no import {0:?}; it may have waited too long, or it was discarded")]
    NotFound(String),
    /// A file cannot be read at all.
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
    /// Too much waits already.
    #[error("{0}")]
    Limit(String),
    /// What would be written is not what was shown.
    #[error("the proposal is not the one that was shown: the model or the decisions have changed; look at it again")]
    Changed,
    /// It was committed before and cannot be changed any more.
    #[error("the import was committed as revision {0}")]
    Committed(u64),
    /// The ledger would not take the records of the import.
    #[error("nothing can be imported: the ledger would refuse what is listed last among the problems of the import")]
    Refused,
    /// The ledger did not take it.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// The data folder cannot be used.
    #[error("the data folder cannot be used: {0}")]
    Folder(#[from] std::io::Error),
}

impl WaitingImports {
    /// Those of a data folder.
    pub fn new(settings: &settings::Settings) -> Self {
        let limits = &settings.imports;
        Self {
            folder: settings.data.join("imports"),
            settings: limits.clone(),
            readers: Readers::new(read_limits(limits)),
            kept: Mutex::default(),
            committing: Mutex::default(),
            writing: Mutex::default(),
        }
    }

    /// Keeps files until somebody agrees.
    ///
    /// # Errors
    /// When too much waits already, or the folder cannot be written.
    pub fn add(
        &self,
        now: Timestamp,
        files: &[ImportFile],
        format: Option<Format>,
        options: ImportOptions,
        author: Option<String>,
    ) -> Result<WaitingImport, ImportError> {
        self.forget_old(now);
        let bytes = files.iter().map(|file| file.bytes.len() as u64).sum();
        self.check_room(files, bytes)?;
        let hours = i64::from(self.settings.waiting_hours);
        let waiting = WaitingImport {
            id: new_id()?,
            created: now,
            expires: now.saturating_add(SignedDuration::from_hours(hours)).unwrap_or(now),
            files: files.iter().map(|file| file.name.clone()).collect(),
            bytes,
            format,
            options,
            shown: None,
            committed: None,
            author,
        };
        let kept = self.keep(&waiting, files);
        if kept.is_err() {
            // What was kept of it is of no use to anybody.
            let _ = std::fs::remove_dir_all(self.folder.join(&waiting.id));
        }
        kept.map(|()| waiting)
    }

    fn keep(&self, waiting: &WaitingImport, files: &[ImportFile]) -> Result<(), ImportError> {
        let folder = self.folder.join(&waiting.id);
        create_private_folder(&folder)?;
        for (number, file) in files.iter().enumerate() {
            write_private_file(&folder.join(format!("{number}.file")), &file.bytes)?;
        }
        self.write(waiting)
    }

    fn check_room(&self, files: &[ImportFile], bytes: u64) -> Result<(), ImportError> {
        let (held, settings) = (self.all(), &self.settings);
        let open = held.iter().filter(|one| one.committed.is_none());
        let (count, size) = open.fold((0, 0_u64), |(count, size), one| (count + 1, size + one.bytes));
        let beyond = |name: &str, limit: &dyn std::fmt::Display| {
            Err(ImportError::Limit(format!("imports.{name} = {limit}: discard imports that wait, or send less")))
        };
        if files.len() > settings.files {
            return beyond("files", &settings.files);
        }
        if count >= settings.waiting {
            return beyond("waiting", &settings.waiting);
        }
        if size.saturating_add(bytes) > settings.waiting_bytes {
            return beyond("waiting_bytes", &settings.waiting_bytes);
        }
        Ok(())
    }

    /// All that wait or were committed lately, oldest first.
    pub fn all(&self) -> Vec<WaitingImport> {
        let Ok(entries) = std::fs::read_dir(&self.folder) else { return Vec::new() };
        let ids = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
        let mut all: Vec<WaitingImport> = ids.filter_map(|id| self.get(&id).ok()).collect();
        all.sort_by(|a, b| (a.created, &a.id).cmp(&(b.created, &b.id)));
        all
    }

    /// One of them.
    ///
    /// # Errors
    /// When there is none.
    pub fn get(&self, id: &str) -> Result<WaitingImport, ImportError> {
        let missing = || ImportError::NotFound(id.to_owned());
        // An id is a name of a folder and never a path.
        if id.is_empty() || !id.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return Err(missing());
        }
        let text = std::fs::read(self.folder.join(id).join("about.json")).map_err(|_| missing())?;
        serde_json::from_slice(&text).map_err(|_| missing())
    }

    /// Sets what was decided.
    ///
    /// # Errors
    /// When there is none, or it was committed.
    pub fn decide(&self, id: &str, options: ImportOptions) -> Result<WaitingImport, ImportError> {
        let mut waiting = self.get(id)?;
        if let Some(revision) = waiting.committed {
            return Err(ImportError::Committed(revision));
        }
        waiting.options = options;
        self.write(&waiting)?;
        Ok(waiting)
    }

    /// What it would do to the newest revision.
    ///
    /// # Errors
    /// When there is none, it was committed, or a file cannot be read.
    pub fn preview(&self, workspace: &Workspace, id: &str) -> Result<Arc<Proposal>, ImportError> {
        let mut waiting = self.get(id)?;
        let proposal = self.proposal(workspace, &waiting)?;
        if waiting.shown.as_ref() != Some(&proposal.report.digest) {
            waiting.shown = Some(proposal.report.digest.clone());
            self.write(&waiting)?;
        }
        Ok(proposal)
    }

    fn proposal(&self, workspace: &Workspace, waiting: &WaitingImport) -> Result<Arc<Proposal>, ImportError> {
        if let Some(revision) = waiting.committed {
            return Err(ImportError::Committed(revision));
        }
        let decided = serde_json::to_string(&waiting.options).unwrap_or_default();
        let key = (waiting.id.clone(), decided, workspace.current().revision());
        if let Some(kept) = self.kept().iter().find(|(held, _)| *held == key) {
            return Ok(Arc::clone(&kept.1));
        }
        let files = self.files(waiting)?;
        let proposal = Arc::new(self.work_out(workspace, files, waiting.format, &waiting.options, &|_, _| {})?);
        let mut kept = self.kept();
        kept.push_front((key, Arc::clone(&proposal)));
        kept.truncate(KEPT);
        Ok(proposal)
    }

    /// Reads files, uses them up, and works out what they would change, without keeping anything.
    ///
    /// # Errors
    /// The first file that cannot be read at all.
    pub fn work_out(
        &self,
        workspace: &Workspace,
        files: Vec<ImportFile>,
        format: Option<Format>,
        options: &ImportOptions,
        progress: &Progress<'_>,
    ) -> Result<Proposal, ImportError> {
        let read = |told: ReadProgress| progress(ImportStage::Reading, told);
        let (models, digests) = read_files(&self.readers, &workspace.current(), files, format, options, &read)?;
        Ok(propose(workspace, models, &digests, options, self.settings.problems, progress))
    }

    fn files(&self, waiting: &WaitingImport) -> Result<Vec<ImportFile>, ImportError> {
        let folder = self.folder.join(&waiting.id);
        let read = |(number, name): (usize, &String)| {
            let bytes = std::fs::read(folder.join(format!("{number}.file")))?;
            Ok(ImportFile { name: name.clone(), bytes })
        };
        waiting.files.iter().enumerate().map(read).collect()
    }

    /// Writes the proposal into the ledger, if it is the one that was shown. A second time it is refused.
    ///
    /// # Errors
    /// See [`ImportError`]; nothing is ever half-applied.
    pub fn commit(
        &self,
        workspace: &Workspace,
        id: &str,
        agreement: Agreement,
    ) -> Result<Option<Committed>, ImportError> {
        let _one_at_a_time = self.committing.lock().unwrap_or_else(PoisonError::into_inner);
        let mut waiting = self.get(id)?;
        let proposal = self.proposal(workspace, &waiting)?;
        let digest = &proposal.report.digest;
        let seen = agreement.digest.as_ref().or(waiting.shown.as_ref());
        if seen.is_some_and(|seen| seen != digest) {
            return Err(ImportError::Changed);
        }
        if proposal.is_refused {
            return Err(ImportError::Refused);
        }
        if proposal.report.is_empty {
            return Ok(None);
        }
        let digest = digest.clone();
        let proposed = self.given_up(proposal);
        let change_set = agreed(proposed, agreement, &waiting.files, waiting.author.clone());
        let request = WriteRequest {
            change_set,
            idempotency_key: Some(format!("import-{id}")),
            request_digest: Some(digest),
            ..WriteRequest::default()
        };
        let committed = workspace.commit_blocking(request)?;
        waiting.committed = Some(committed.revision);
        self.write(&waiting)?;
        self.remove_files(&waiting);
        Ok(Some(committed))
    }

    /// Forgets an import; what it committed stays.
    ///
    /// # Errors
    /// When there is none.
    pub fn discard(&self, id: &str) -> Result<(), ImportError> {
        let waiting = self.get(id)?;
        std::fs::remove_dir_all(self.folder.join(&waiting.id))?;
        Ok(())
    }

    /// Forgets all imports; content that is redacted from the ledger must not survive in files that wait.
    ///
    /// # Errors
    /// When the operating system refuses.
    pub fn clear(&self) -> std::io::Result<()> {
        self.kept().clear();
        match std::fs::remove_dir_all(&self.folder) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    /// Removes what waited too long and what a process left that was killed while it took a file. Only for whoever holds
    /// the data folder, and before files come in.
    pub fn tidy(&self, now: Timestamp) {
        self.forget_old(now);
        let Ok(entries) = std::fs::read_dir(&self.folder) else { return };
        for folder in entries.filter_map(|entry| Some(entry.ok()?.path())) {
            // What it is about is written last: without it, nobody was told that the files are kept.
            let was_taken = folder.join("about.json").exists();
            let removed = if was_taken { remove_half_written(&folder) } else { std::fs::remove_dir_all(&folder) };
            if let Err(error) = removed {
                tracing::warn!(folder = %folder.display(), %error, "what is left of an import cannot be removed");
            }
        }
    }

    fn forget_old(&self, now: Timestamp) {
        for waiting in self.all().iter().filter(|waiting| waiting.expires <= now) {
            if let Err(error) = self.discard(&waiting.id) {
                tracing::warn!(id = waiting.id, %error, "an import that waited too long cannot be removed");
            }
        }
    }

    fn remove_files(&self, waiting: &WaitingImport) {
        for number in 0..waiting.files.len() {
            let path = self.folder.join(&waiting.id).join(format!("{number}.file"));
            if let Err(error) = std::fs::remove_file(path) {
                tracing::warn!(id = waiting.id, %error, "a file that was imported cannot be removed");
            }
        }
    }

    fn write(&self, waiting: &WaitingImport) -> Result<(), ImportError> {
        let text = serde_json::to_vec(waiting).map_err(std::io::Error::other)?;
        let folder: &Path = &self.folder.join(&waiting.id);
        let _one_at_a_time = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(write_private_file(&folder.join("about.json"), &text)?)
    }

    /// The change set of a proposal that is about to be written. Nobody else needs the preview any more, and a large one
    /// is not held twice.
    fn given_up(&self, proposal: Arc<Proposal>) -> ChangeSet {
        self.kept().retain(|(_, held)| !Arc::ptr_eq(held, &proposal));
        Arc::try_unwrap(proposal).map_or_else(|shared| shared.change_set(), Proposal::into_change_set)
    }

    fn kept(&self) -> std::sync::MutexGuard<'_, VecDeque<(PreviewKey, Arc<Proposal>)>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Removes files of an import whose writing was never finished.
fn remove_half_written(folder: &Path) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "new") {
            std::fs::remove_file(path)?;
        }
    }
    Ok(())
}

/// The change set of a proposal, with who agrees and where it comes from.
pub fn agreed(change_set: ChangeSet, agreement: Agreement, files: &[String], sender: Option<String>) -> ChangeSet {
    let names = files.join(", ");
    ChangeSet {
        message: agreement.message.unwrap_or_else(|| format!("取込 / import: {names}")),
        author: agreement.author.or(sender),
        reason: agreement.reason,
        source: Some(names),
        ..change_set
    }
}

/// The settings as limits of readers.
pub fn read_limits(settings: &settings::Imports) -> Limits {
    Limits {
        file_bytes: settings.file_bytes,
        unpacked_bytes: settings.unpacked_bytes,
        items: settings.items,
        sheets: settings.sheets,
        rows: settings.rows,
        columns: settings.columns,
        cells: settings.cells,
        text_bytes: settings.text_bytes,
        depth: settings.depth,
        problems: settings.problems,
    }
}

fn new_id() -> std::io::Result<String> {
    let mut bytes = [0_u8; 10];
    getrandom::fill(&mut bytes).map_err(|error| std::io::Error::other(error.to_string()))?;
    Ok(imports::hexadecimal(&bytes))
}
