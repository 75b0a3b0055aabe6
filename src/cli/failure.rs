//! Why a command did not do what it was asked, and the exit code for it.

use std::fmt::Write as _;
use std::io;
use std::path::Path;
use std::process::ExitCode;

use crate::application::folder::StorageError;
use crate::application::import::FileProblem;
use crate::application::{OpenError, WriteError};

const REFUSED: u8 = 1;
const USAGE: u8 = 2;
const CANNOT: u8 = 3;
/// What shells answer for a process that Ctrl-C ended: 128 and the number of the signal.
const INTERRUPTED: u8 = 130;

/// More problems than anybody reads at once.
const MOST_PROBLEMS: usize = 50;

/// A message for standard error, and an exit code.
#[derive(Debug)]
pub(super) struct Failure {
    code: u8,
    message: String,
}

impl Failure {
    /// The request does not fit the model.
    pub(super) fn refused(message: impl Into<String>) -> Self {
        Self { code: REFUSED, message: message.into() }
    }

    /// An argument cannot be read.
    pub(super) fn usage(message: impl Into<String>) -> Self {
        Self { code: USAGE, message: message.into() }
    }

    /// Something outside cannot be used.
    pub(super) fn cannot(message: impl Into<String>) -> Self {
        Self { code: CANNOT, message: message.into() }
    }

    /// Ctrl-C.
    pub(super) fn interrupted() -> Self {
        Self { code: INTERRUPTED, message: "stopped by Ctrl-C".to_owned() }
    }

    /// The exit code.
    pub(super) fn code(&self) -> u8 {
        self.code
    }

    /// A file cannot be read or written.
    pub(super) fn file(action: &str, path: &Path, error: &io::Error) -> Self {
        Self::cannot(format!("{} cannot be {action}: {error}", path.display()))
    }

    /// The reader of a pipe had enough: no failure at all.
    pub(super) fn quiet() -> Self {
        Self { code: 0, message: String::new() }
    }

    /// Everything that is wrong in files.
    pub(super) fn problems(problems: &[FileProblem]) -> Self {
        let mut message = format!("{} problem(s); nothing was changed", problems.len());
        for problem in problems.iter().take(MOST_PROBLEMS) {
            // Writing to a String cannot fail.
            let _ = write!(message, "\n{problem}");
        }
        if problems.len() > MOST_PROBLEMS {
            let _ = write!(message, "\n… and {} more", problems.len() - MOST_PROBLEMS);
        }
        Self::refused(message)
    }

    /// Tells standard error and answers with the exit code.
    pub(super) fn report(&self) -> ExitCode {
        if !self.message.is_empty() {
            eprintln!("ezu: {}", self.message);
        }
        ExitCode::from(self.code)
    }
}

impl From<StorageError> for Failure {
    fn from(error: StorageError) -> Self {
        match &error {
            StorageError::Locked { .. } => Self::cannot(format!(
                "{error}. If that is `ezu serve`, ask it instead: GET /api/v1/backup, /api/v1/ledger/head, \
                 /api/v1/export, /api/v1/change-sets, POST /api/v1/ledger/redactions; or stop it first"
            )),
            StorageError::Request(_) => Self::refused(error.to_string()),
            _ => Self::cannot(error.to_string()),
        }
    }
}

impl From<OpenError> for Failure {
    fn from(error: OpenError) -> Self {
        match error {
            OpenError::Storage(error) => error.into(),
            other => Self::cannot(other.to_string()),
        }
    }
}

impl From<WriteError> for Failure {
    fn from(error: WriteError) -> Self {
        match &error {
            WriteError::Refused(refusals) | WriteError::Conflict(refusals) => {
                let lines: Vec<String> =
                    refusals.iter().take(MOST_PROBLEMS).map(|refusal| format!("\n{}", refusal.message)).collect();
                Self::refused(format!("{error}{}", lines.concat()))
            }
            _ => Self::cannot(error.to_string()),
        }
    }
}
