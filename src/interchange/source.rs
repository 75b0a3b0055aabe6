//! What a reader is given, and why it may give up.

use super::limits::Limits;
use super::place::Place;
use super::problem::{Problem, ProblemKind, Said};
use crate::domain::metamodel::Metamodel;

/// A file to be read.
#[derive(Debug, Clone, Copy)]
pub struct SourceFile<'a> {
    /// The name shown in messages; for a file of a folder, its path below the folder with `/`.
    pub name: &'a str,
    /// Its content.
    pub bytes: &'a [u8],
}

/// What every reader can lean on.
#[derive(Clone, Copy)]
pub struct ReadContext<'a> {
    /// The kinds and attributes that there are.
    pub metamodel: &'a Metamodel,
    /// How much a file may hold.
    pub limits: &'a Limits,
    /// Told now and then how far reading has come.
    pub progress: &'a (dyn Fn(ReadProgress) + Sync),
}

/// How far reading has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReadProgress {
    /// Bytes, rows or items done.
    pub done: u64,
    /// Of how many; 0 when nobody knows.
    pub of: u64,
}

/// A file that cannot be read at all.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{}: {}", .0.place, .0.wrong.en)]
pub struct Unreadable(pub Box<Problem>);

impl Unreadable {
    /// Why a file cannot be read, and what to do.
    pub fn new(code: &str, place: Place, wrong: Said, remedy: Said) -> Self {
        let problem = Problem::new(ProblemKind::Refused, code, place, "", wrong);
        Self(Box::new(Problem { remedy: Some(remedy), ..problem }))
    }

    /// A limit that the file goes beyond; `setting` is its name among the settings.
    pub fn beyond(place: Place, setting: &str, limit: u64) -> Self {
        Self::new(
            "limit_exceeded",
            place,
            Said::new(
                format!("上限（imports.{setting} = {limit}）を超えています"),
                format!("it goes beyond the limit imports.{setting} = {limit}"),
            ),
            Said::new(
                "ファイルを分けるか、設定の上限を上げてください",
                "split the file, or raise the limit in the settings",
            ),
        )
    }
}
