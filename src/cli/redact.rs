//! `ezu ledger redact`: removing for good what the law forbids to keep.

use std::io::Read as _;

use super::arguments::Redact;
use super::failure::Failure;
use super::output::Output;
use super::{asking, opening, progress};
use crate::application::{RedactionError, RedactionReport, RedactionRequest, Workspace};
use crate::domain::redacting::{Removal, RemovedField};
use crate::settings::Settings;

pub(super) fn run(settings: &Settings, arguments: &Redact, out: &mut Output) -> Result<(), Failure> {
    let request = request(arguments)?;
    let workspace = opening::existing_model(settings)?;
    let found = redact(&workspace, RedactionRequest { dry_run: true, ..request.clone() })?;
    out.text(&describe(&found))?;
    if arguments.dry_run {
        return out.line("dry run: nothing was removed");
    }
    if !arguments.yes && !asking::is_possible() {
        return Err(Failure::usage("nothing was removed: say --yes, as there is nobody to be asked"));
    }
    out.flush()?;
    if !arguments.yes && !asking::confirm("Remove it for good? This cannot be taken back.") {
        return Err(Failure::refused("nothing was removed"));
    }
    let spinner = progress::spinner("removing");
    let done = redact(&workspace, request);
    spinner.finish_and_clear();
    let acts: Vec<String> = done?.redacted.iter().filter_map(|one| Some(one.act?.to_string())).collect();
    out.line(&format!("removed; recorded as revision {}", acts.join(", ")))
}

fn redact(workspace: &Workspace, request: RedactionRequest) -> Result<RedactionReport, Failure> {
    workspace.redact_blocking(request).map_err(|error| match error {
        RedactionError::Request(_) | RedactionError::NotFound { .. } | RedactionError::Removal(_) => {
            Failure::refused(error.to_string())
        }
        RedactionError::Open(error) => error.into(),
        RedactionError::Storage(error) => error.into(),
        RedactionError::Write(error) => error.into(),
    })
}

fn request(arguments: &Redact) -> Result<RedactionRequest, Failure> {
    let text = match arguments.text.as_deref() {
        Some("-") => Some(from_standard_input()?),
        text => text.map(str::to_owned),
    };
    let fields = arguments.field.iter().map(|text| field(text)).collect::<Result<_, _>>()?;
    Ok(RedactionRequest {
        removal: Removal { text, fields },
        revisions: arguments.revision.clone(),
        author: arguments.author.clone(),
        reason: arguments.reason.clone(),
        dry_run: false,
    })
}

fn from_standard_input() -> Result<String, Failure> {
    let mut text = String::new();
    let read = std::io::stdin().read_to_string(&mut text);
    read.map_err(|error| Failure::cannot(format!("standard input cannot be read: {error}")))?;
    Ok(text.trim_end_matches(['\r', '\n']).to_owned())
}

/// `ID:FIELD`; an id may hold a colon, a field's name does not.
fn field(text: &str) -> Result<RemovedField, Failure> {
    let parts = text.rsplit_once(':').filter(|(id, field)| !id.is_empty() && !field.is_empty());
    let (id, field) = parts.ok_or_else(|| {
        Failure::usage(format!(
            "\"{text}\" names no value; write ID:FIELD, as in sys-juki:source_note or sys-juki:name"
        ))
    })?;
    Ok(RemovedField { id: id.to_owned(), field: field.to_owned() })
}

fn describe(report: &RedactionReport) -> String {
    let revisions = |numbers: Vec<u64>| numbers.iter().map(u64::to_string).collect::<Vec<_>>().join(", ");
    let found = report.redacted.iter().map(|one| one.revision).collect();
    let mut lines = vec![format!("to be removed from revision {}", revisions(found))];
    if !report.remaining.is_empty() {
        lines.push(format!("stays in revision {}, which was not named", revisions(report.remaining.clone())));
    }
    for backup in &report.backups {
        let place = backup.written_to.as_deref().unwrap_or("a place that was not noted");
        lines.push(format!("stays in the backup of revision {} at {place}: delete it", backup.revision));
    }
    lines.join("\n") + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_named_by_its_last_colon() {
        let named = field("a:b:availability.rto_hours").expect("a field");
        assert_eq!((named.id.as_str(), named.field.as_str()), ("a:b", "availability.rto_hours"));
        assert!(field("sys-juki").is_err() && field(":note").is_err() && field("sys-juki:").is_err());
    }
}
