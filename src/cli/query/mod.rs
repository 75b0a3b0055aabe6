//! `ezu query`: questions in the query language, one after the other or in a shell.

mod commands;
mod completion;
mod history;
mod interrupt;
mod plan_text;
mod script;
mod session;
mod shell;
mod values;
mod writing;

use std::io::{IsTerminal, Read};
use std::path::Path;
use std::sync::Arc;

use self::session::Session;
use super::arguments::Query;
use super::failure::Failure;
use super::language::Language;
use super::opening;
use super::output::Output;
use crate::settings::Settings;

/// The longest text of queries that is read, in bytes.
const LONGEST: u64 = 16 << 20;

pub(super) fn run(
    settings: &Settings,
    arguments: &Query,
    language: Language,
    standard: &mut Output,
) -> Result<(), Failure> {
    let text = text(arguments)?;
    let workspace = opening::existing_model(settings)?;
    let mut session = Session::new(workspace, settings, arguments, language);
    let Some(text) = text else { return shell::run(&mut session, standard) };
    interrupt::listen(Arc::clone(&session.cancelled), true);
    let mut file = arguments.output.as_deref().map(|path| Output::to(Some(path))).transpose()?;
    script::run(&mut session, &text, file.as_mut().unwrap_or(standard))?;
    file.map_or(Ok(()), Output::finish)
}

/// The queries, if they are given; nothing where a person is to be asked.
fn text(arguments: &Query) -> Result<Option<String>, Failure> {
    if let Some(path) = &arguments.file {
        return read_file(path).map(Some);
    }
    match arguments.text.as_deref() {
        Some("-") => read(std::io::stdin(), "standard input").map(Some),
        Some(text) => Ok(Some(text.to_owned())),
        None if std::io::stdin().is_terminal() => Ok(None),
        None => read(std::io::stdin(), "standard input").map(Some),
    }
}

fn read_file(path: &Path) -> Result<String, Failure> {
    let file = std::fs::File::open(path).map_err(|error| Failure::file("read", path, &error))?;
    read(file, &path.display().to_string())
}

fn read(from: impl Read, name: &str) -> Result<String, Failure> {
    let mut bytes = Vec::new();
    let read = from.take(LONGEST + 1).read_to_end(&mut bytes);
    read.map_err(|error| Failure::cannot(format!("{name} cannot be read: {error}")))?;
    if bytes.len() as u64 > LONGEST {
        return Err(Failure::refused(format!("{name} is longer than {LONGEST} bytes; hand data over with --param")));
    }
    let text = String::from_utf8(bytes);
    text.map_err(|error| {
        Failure::refused(format!("{name} is not UTF-8, from byte {}", error.utf8_error().valid_up_to()))
    })
}

/// A value as JSON, or the text itself where it is none.
pub(super) fn parameter_value(text: &str) -> serde_json::Value {
    serde_json::from_str(text).unwrap_or_else(|_| text.into())
}
