//! `ezu verify`: is everything that was ever acknowledged there, unaltered, and is the model what it says?

use super::arguments::{ListFormat, Verify};
use super::failure::Failure;
use super::output::Output;
use super::{opening, progress, times};
use crate::application::folder::{self, Hash, Problem, Verification};
use crate::settings::Settings;

pub(super) fn run(settings: &Settings, arguments: &Verify, out: &mut Output) -> Result<(), Failure> {
    let witness = arguments.witness.as_deref().map(read_witness).transpose()?;
    opening::must_exist(settings)?;
    let spinner = progress::spinner("verifying");
    let verified = folder::verify(settings, witness);
    spinner.finish_and_clear();
    let verified = verified?;
    match arguments.format {
        ListFormat::Json => out.json(&verified)?,
        ListFormat::Table => out.text(&describe(&verified))?,
    }
    if verified.sound { Ok(()) } else { Err(Failure::refused("not sound")) }
}

/// `12:5f1c…`, as `ezu backup` and `ezu ledger head` print it.
fn read_witness(text: &str) -> Result<(u64, Hash), Failure> {
    let read = || {
        let (revision, hash) = text.split_once(':')?;
        Some((revision.trim().parse().ok()?, hash.trim().parse().ok()?))
    };
    read().ok_or_else(|| {
        Failure::usage(format!("\"{text}\" is no witness; write REVISION:HASH, the hash with 64 hexadecimal digits"))
    })
}

fn describe(verified: &Verification) -> String {
    let ledger = &verified.ledger;
    let mut lines = vec![
        format!("head: revision {}, {}", ledger.head.revision, times::local(times::moment(ledger.head.time))),
        format!("witness: {}:{}", ledger.head.revision, ledger.head.hash),
        format!("journal: {} frames in one chain", ledger.journal_frames),
    ];
    lines.push(match ledger.second_frames {
        Some(frames) => format!("second copy: {frames} frames equal"),
        None => "second copy: none".to_owned(),
    });
    lines.push(format!("checkpoints: {}; redacted: {}", ledger.checkpoints, ledger.redacted));
    if let Some(confirmed) = ledger.witness_confirmed {
        lines.push(format!("what was witnessed: {}", if confirmed { "confirmed" } else { "NOT confirmed" }));
    }
    match &verified.model {
        Some(model) => {
            lines.push(format!("model: {} items, {} unlike the ledger", model.items, model.differences.len()));
        }
        None => lines.push("model: not looked at, as the ledger is not sound".to_owned()),
    }
    lines.extend(verified.model.iter().flat_map(|model| &model.differences).map(|id| format!("  unlike: {id}")));
    lines.extend(ledger.problems.iter().map(problem));
    if ledger.problems_not_listed > 0 {
        lines.push(format!("… and {} more problems", ledger.problems_not_listed));
    }
    lines.push(if verified.sound { "sound" } else { "NOT SOUND" }.to_owned());
    lines.join("\n") + "\n"
}

fn problem(problem: &Problem) -> String {
    let revision = problem.revision.map_or_else(String::new, |revision| format!(" revision {revision}:"));
    format!("PROBLEM {}: {}:{revision} {}\n  what to do: {}", problem.copy, problem.file, problem.what, problem.advice)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_witness_is_a_revision_and_a_hash() {
        let hash = "ab".repeat(32);
        let (revision, read) = read_witness(&format!("12:{hash}")).expect("a witness");
        assert_eq!((revision, read.to_string()), (12, hash.clone()));
        for wrong in ["12", "x:00", &hash, &format!("12:{}", &hash[2..])] {
            assert!(read_witness(wrong).is_err(), "{wrong}");
        }
    }
}
