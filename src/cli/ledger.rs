//! `ezu ledger`: the chain of frames, to look at and to hand on.

use std::path::Path;

use serde::Serialize;
use serde_json::Value as Json;

use super::arguments::{Ledger, LedgerCommand, ListFormat};
use super::failure::Failure;
use super::output::Output;
use super::{opening, redact, table, times};
use crate::application::folder::{Frame, Hash, Payload, Store};
use crate::domain::recorded_form;
use crate::settings::Settings;

/// A frame in a list.
#[derive(Debug, Serialize)]
struct Line {
    revision: u64,
    time: jiff::Timestamp,
    /// The size of its payload in bytes; absent when it was redacted.
    #[serde(skip_serializing_if = "Option::is_none")]
    bytes: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    redacted_by: Option<u64>,
    previous: Hash,
    hash: Hash,
}

pub(super) fn run(settings: &Settings, arguments: &Ledger, out: &mut Output) -> Result<(), Failure> {
    if let LedgerCommand::Redact(arguments) = &arguments.what {
        return redact::run(settings, arguments, out);
    }
    let store = opening::existing_store(settings)?;
    match &arguments.what {
        LedgerCommand::Redact(_) => Ok(()),
        LedgerCommand::Head { format } => head(&store, *format, out),
        LedgerCommand::List { limit, format } => list(&store, *limit, *format, out),
        LedgerCommand::Show { revision } => show(&store, *revision, out),
        LedgerCommand::Export { output } => {
            let mut file = Output::to(output.as_deref())?;
            let written_to = output.as_deref().map_or_else(|| "standard output".into(), Path::to_string_lossy);
            if let Err(error) = store.export_ndjson_to(file.writer(), Some(&written_to)) {
                return Err(match error {
                    crate::application::folder::StorageError::Io { action: "write", source, .. } => {
                        file.failure(&source)
                    }
                    other => other.into(),
                });
            }
            file.finish()
        }
    }
}

fn head(store: &Store, format: ListFormat, out: &mut Output) -> Result<(), Failure> {
    let head = store.head();
    let time = times::moment(head.time);
    match format {
        ListFormat::Json => out.json(&serde_json::json!({"revision": head.revision, "hash": head.hash, "time": time})),
        ListFormat::Table => {
            out.line(&format!("revision {}, {}", head.revision, times::local(time)))?;
            out.line(&format!("witness: {}:{}", head.revision, head.hash))
        }
    }
}

fn list(store: &Store, limit: u64, format: ListFormat, out: &mut Output) -> Result<(), Failure> {
    let newest = store.head().revision;
    let first = newest.saturating_sub(limit.saturating_sub(1)).max(1);
    let mut lines = Vec::new();
    for frame in store.frames(first, if limit == 0 { 0 } else { newest }) {
        lines.push(line(&frame?));
    }
    lines.reverse();
    match format {
        ListFormat::Json => out.json(&lines),
        ListFormat::Table => out.text(&rendered(&lines)),
    }
}

fn line(frame: &Frame) -> Line {
    let redacted_by = match frame.payload {
        Payload::Redacted { by } => Some(by),
        Payload::Present(_) => None,
    };
    Line {
        revision: frame.revision,
        time: times::moment(frame.time),
        bytes: frame.payload.bytes().map(<[u8]>::len),
        redacted_by,
        previous: frame.previous,
        hash: frame.hash,
    }
}

fn rendered(lines: &[Line]) -> String {
    let row = |line: &Line| {
        let redacted = || line.redacted_by.map_or_else(String::new, |by| format!("redacted by {by}"));
        let size = line.bytes.map_or_else(redacted, |bytes| bytes.to_string());
        vec![line.revision.to_string(), times::local(line.time), size, line.hash.to_string()]
    };
    table::render(&["revision", "time", "bytes", "hash"], &lines.iter().map(row).collect::<Vec<_>>())
}

fn show(store: &Store, revision: u64, out: &mut Output) -> Result<(), Failure> {
    let newest = store.head().revision;
    let frame = store.frame(revision)?;
    let frame =
        frame.ok_or_else(|| Failure::refused(format!("there is no revision {revision}; the newest is {newest}")))?;
    let mut shown = serde_json::to_value(line(&frame)).map_err(|error| Failure::cannot(error.to_string()))?;
    if let Some(bytes) = frame.payload.bytes() {
        let readable =
            recorded_form::read(bytes).unwrap_or_else(|_| Json::String(String::from_utf8_lossy(bytes).into_owned()));
        shown["payload"] = readable;
    }
    out.json(&shown)
}
