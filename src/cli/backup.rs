//! `ezu backup` and `ezu restore`.

use std::fs::File;
use std::io::{self, Read};

use super::arguments::{Backup, Restore};
use super::failure::Failure;
use super::output::Output;
use super::{opening, progress, times};
use crate::application::folder::{self, Head};
use crate::settings::Settings;

pub(super) fn backup(settings: &Settings, arguments: &Backup, out: &mut Output) -> Result<(), Failure> {
    let store = opening::existing_store(settings)?;
    let spinner = progress::spinner("backing up");
    if arguments.file.as_os_str() == "-" {
        let head = store.backup_to(out.writer(), arguments.revision, Some("standard output"));
        spinner.finish_and_clear();
        eprintln!("{}", witness(&head.map_err(|error| through(out, error))?));
        return Ok(());
    }
    let head = folder::backup_to_file(&store, &arguments.file, arguments.revision);
    spinner.finish_and_clear();
    let head = head?;
    out.line(&format!(
        "{}: revision {}, {}",
        arguments.file.display(),
        head.revision,
        times::local(times::moment(head.time))
    ))?;
    out.line(&witness(&head))
}

/// An error of standard output is told as such, above all a pipe that closed.
fn through(out: &Output, error: folder::StorageError) -> Failure {
    match error {
        folder::StorageError::Io { action: "write", source, .. } => out.failure(&source),
        other => other.into(),
    }
}

/// What an outside register should keep.
fn witness(head: &Head) -> String {
    format!("witness: {}:{}", head.revision, head.hash)
}

pub(super) fn restore(settings: &Settings, arguments: &Restore, out: &mut Output) -> Result<(), Failure> {
    if folder::has_data(&settings.data) {
        let data = settings.data.display();
        return Err(Failure::refused(format!(
            "{data} is not empty; restore into a new folder with --data, then look, then switch"
        )));
    }
    let mut input: Box<dyn Read> = if arguments.file.as_os_str() == "-" {
        Box::new(io::stdin())
    } else {
        Box::new(File::open(&arguments.file).map_err(|error| Failure::file("read", &arguments.file, &error))?)
    };
    let spinner = progress::spinner("restoring and proving every hash");
    let head = folder::restore(&mut *input, settings, arguments.revision);
    spinner.finish_and_clear();
    let head = head?;
    let data = settings.data.display();
    out.line(&format!("{data}: revision {}, {}", head.revision, times::local(times::moment(head.time))))?;
    out.line(&witness(&head))
}
