//! Where answers go: standard output or a file. A pipe that is closed ends the command quietly.

use std::fs::File;
use std::io::{self, BufWriter, ErrorKind, Stdout, Write};
use std::path::{Path, PathBuf};

use super::failure::Failure;

/// An open place for an answer.
pub(super) struct Output {
    place: Place,
}

enum Place {
    Standard(BufWriter<Stdout>),
    File(BufWriter<File>, PathBuf),
}

impl Output {
    pub(super) fn standard() -> Self {
        Self { place: Place::Standard(BufWriter::new(io::stdout())) }
    }

    /// A file, or standard output when there is none or it is called `-`.
    pub(super) fn to(file: Option<&Path>) -> Result<Self, Failure> {
        let Some(path) = file.filter(|path| path.as_os_str() != "-") else { return Ok(Self::standard()) };
        let file = File::create(path).map_err(|error| Failure::file("written", path, &error))?;
        Ok(Self { place: Place::File(BufWriter::with_capacity(1 << 20, file), path.to_owned()) })
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

    /// Adds a value as JSON that people can read.
    pub(super) fn json(&mut self, value: &impl serde::Serialize) -> Result<(), Failure> {
        let text = serde_json::to_string_pretty(value).map_err(|error| Failure::cannot(error.to_string()))?;
        self.line(&text)
    }

    /// For what writes by itself; [`Output::failure`] tells what its error means.
    pub(super) fn writer(&mut self) -> &mut dyn Write {
        match &mut self.place {
            Place::Standard(out) => out,
            Place::File(out, _) => out,
        }
    }

    /// What an error of writing means for the command.
    pub(super) fn failure(&self, error: &io::Error) -> Failure {
        match &self.place {
            Place::Standard(_) if error.kind() == ErrorKind::BrokenPipe => Failure::quiet(),
            Place::Standard(_) => Failure::cannot(format!("standard output cannot be written: {error}")),
            Place::File(_, path) => Failure::file("written", path, error),
        }
    }

    /// Shows what was written so far.
    pub(super) fn flush(&mut self) -> Result<(), Failure> {
        let done = self.writer().flush();
        done.map_err(|error| self.failure(&error))
    }

    /// Hands everything on to the operating system.
    pub(super) fn finish(mut self) -> Result<(), Failure> {
        self.flush()
    }
}
