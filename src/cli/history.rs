//! `ezu history`: what was changed, when, by whom and why.

use serde::Serialize;

use super::arguments::{History, ListFormat};
use super::failure::Failure;
use super::output::Output;
use super::{opening, table, times};
use crate::domain::Model;
use crate::graph::{ChangeSummary, Snapshot};
use crate::settings::Settings;

/// One change set in a list.
#[derive(Debug, Serialize)]
struct Line {
    revision: u64,
    time: jiff::Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    author: Option<String>,
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    operations: usize,
    /// What it did to the item asked about.
    #[serde(skip_serializing_if = "Option::is_none")]
    fields: Option<Vec<String>>,
    hash: String,
}

pub(super) fn run(settings: &Settings, arguments: &History, out: &mut Output) -> Result<(), Failure> {
    let workspace = opening::existing_model(settings)?;
    let snapshot = workspace.current();
    let revisions: Vec<u64> = match &arguments.id {
        None => (1..=snapshot.revision()).rev().take(arguments.limit).collect(),
        Some(id) => touching(&snapshot, id, arguments.limit)?,
    };
    let mut lines = Vec::new();
    for revision in revisions {
        if let Some(summary) = workspace.change(revision)? {
            lines.push(line(&snapshot, &summary, arguments.id.as_deref()));
        }
    }
    match arguments.format {
        ListFormat::Json => out.json(&lines),
        ListFormat::Table => out.text(&rendered(&lines)),
    }
}

fn touching(snapshot: &Snapshot, id: &str, limit: usize) -> Result<Vec<u64>, Failure> {
    let found: Vec<u64> = snapshot.touches(id).take(limit).collect();
    if found.is_empty() && limit > 0 {
        let hint = snapshot.similar_id(id).map_or_else(String::new, |id| format!("; did you mean \"{id}\"?"));
        return Err(Failure::refused(format!("nothing ever had the id \"{id}\"{hint}")));
    }
    Ok(found)
}

fn line(snapshot: &Snapshot, summary: &ChangeSummary, id: Option<&str>) -> Line {
    let text = |held: &Option<std::sync::Arc<str>>| held.as_deref().map(str::to_owned);
    let fields = id.map(|id| fields_of(snapshot, summary.revision, id));
    Line {
        revision: summary.revision,
        time: summary.time,
        author: text(&summary.author),
        message: summary.message.to_string(),
        reason: text(&summary.reason),
        operations: summary.operations,
        fields,
        hash: summary.hash.get().map_or_else(String::new, ToString::to_string),
    }
}

/// The fields of an item that a change set touched; one entry when it made or removed the item.
fn fields_of(snapshot: &Snapshot, revision: u64, id: &str) -> Vec<String> {
    let touched = snapshot.fields_touched(id, revision);
    if touched.iter().any(Option::is_none) {
        return vec!["the whole item".to_owned()];
    }
    touched.into_iter().flatten().map(|field| field.to_string()).collect()
}

fn rendered(lines: &[Line]) -> String {
    let row = |line: &Line| {
        let what = line.fields.as_ref().map_or_else(|| line.operations.to_string(), |fields| fields.join(", "));
        let author = line.author.clone().unwrap_or_else(|| "-".to_owned());
        vec![line.revision.to_string(), times::local(line.time), author, what, line.message.clone()]
    };
    table::render(&["revision", "time", "author", "changes", "message"], &lines.iter().map(row).collect::<Vec<_>>())
}
