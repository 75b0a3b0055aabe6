//! Where answers go: standard output or a file. A pipe that is closed ends the command quietly.

use std::fs::File;
use std::io::{self, BufWriter, ErrorKind, Stdout, Write};
use std::path::{Path, PathBuf};

use super::failure::Failure;
use super::language::Language;
use crate::analyses::Tabular;
use crate::reports;

/// A table as a workbook.
pub(super) fn workbook(table: &dyn Tabular, language: Language) -> Result<Vec<u8>, Failure> {
    reports::to_xlsx(table, language.tag()).map_err(|error| Failure::refused(error.to_string()))
}

/// An open place for an answer.
pub(super) struct Output {
    place: Place,
}

enum Place {
    Standard(BufWriter<Stdout>),
    File(Beside),
}

/// A file that takes the place of another one only when it is whole: a failed command leaves what was there.
struct Beside {
    out: BufWriter<File>,
    /// What is written.
    made: PathBuf,
    /// Where it belongs.
    path: PathBuf,
    finished: bool,
}

impl Beside {
    fn create(path: &Path) -> io::Result<Self> {
        // Pipes and devices are written as they are.
        let plain = path.metadata().map_or(true, |found| found.is_file());
        // What a link leads to is written, not the link.
        let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        let made = if plain { beside(&path) } else { path.clone() };
        let out = BufWriter::with_capacity(1 << 20, File::create(&made)?);
        Ok(Self { out, made, path, finished: !plain })
    }

    fn finish(&mut self) -> io::Result<()> {
        self.out.flush()?;
        if !self.finished {
            std::fs::rename(&self.made, &self.path)?;
            self.finished = true;
        }
        Ok(())
    }
}

impl Drop for Beside {
    fn drop(&mut self) {
        if !self.finished {
            let _ = std::fs::remove_file(&self.made);
        }
    }
}

/// The name of a file in the same folder that is no other command's.
fn beside(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.part", std::process::id()));
    path.with_file_name(name)
}

impl Output {
    pub(super) fn standard() -> Self {
        Self { place: Place::Standard(BufWriter::new(io::stdout())) }
    }

    /// A file, or standard output when there is none or it is called `-`.
    pub(super) fn to(file: Option<&Path>) -> Result<Self, Failure> {
        let Some(path) = file.filter(|path| path.as_os_str() != "-") else { return Ok(Self::standard()) };
        let file = Beside::create(path).map_err(|error| Failure::file("written", path, &error))?;
        Ok(Self { place: Place::File(file) })
    }

    /// Adds text.
    pub(super) fn text(&mut self, text: &str) -> Result<(), Failure> {
        self.bytes(text.as_bytes())
    }

    /// Adds a line.
    pub(super) fn line(&mut self, text: &str) -> Result<(), Failure> {
        self.text(text)?;
        self.text("\n")
    }

    /// Adds bytes.
    pub(super) fn bytes(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        let done = self.writer().write_all(bytes);
        done.map_err(|error| self.failure(&error))
    }

    /// Bytes that are the whole of an answer, into a file if one is named.
    pub(super) fn whole(&mut self, bytes: &[u8], file: Option<&Path>) -> Result<(), Failure> {
        if file.is_none() {
            return self.bytes(bytes);
        }
        let mut out = Self::to(file)?;
        out.bytes(bytes)?;
        out.finish()
    }

    /// Adds a value as JSON that people can read.
    pub(super) fn json(&mut self, value: &impl serde::Serialize) -> Result<(), Failure> {
        let text = serde_json::to_string_pretty(value).map_err(|error| Failure::cannot(error.to_string()))?;
        self.line(&text)
    }

    /// For what writes by itself; [`Output::failure`] tells what its error means.
    pub(super) fn writer(&mut self) -> &mut dyn Write {
        match &mut self.place {
            Place::Standard(out) => out,
            Place::File(file) => &mut file.out,
        }
    }

    /// What an error of writing means for the command.
    pub(super) fn failure(&self, error: &io::Error) -> Failure {
        match &self.place {
            Place::Standard(_) if error.kind() == ErrorKind::BrokenPipe => Failure::quiet(),
            Place::Standard(_) => Failure::cannot(format!("standard output cannot be written: {error}")),
            Place::File(file) => Failure::file("written", &file.path, error),
        }
    }

    /// Shows what was written so far.
    pub(super) fn flush(&mut self) -> Result<(), Failure> {
        let done = self.writer().flush();
        done.map_err(|error| self.failure(&error))
    }

    /// Hands everything on to the operating system, and puts a file in its place.
    pub(super) fn finish(mut self) -> Result<(), Failure> {
        let done = match &mut self.place {
            Place::Standard(out) => out.flush(),
            Place::File(file) => file.finish(),
        };
        done.map_err(|error| self.failure(&error))
    }
}
