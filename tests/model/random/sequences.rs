//! Long random histories, with undo and reload.

use std::collections::BTreeSet;
use std::path::PathBuf;

use ezu::application::{RedactionRequest, ViewRequest, Workspace, WriteError, WriteRequest};
use ezu::domain::element::Model as _;
use ezu::domain::recorded::touched_fields;
use ezu::domain::redacting::{REDACTED, Removal};
use ezu::domain::validation::{RefusalCode, judge, resolve_wholly};
use ezu::domain::{ChangeSet, Operation};
use ezu::graph::Snapshot;
use ezu::storage::{Entry, StorageOptions, Store};
use serde_json::Value as Json;

use super::comparing::{same_difference, same_history, same_search, same_state};
use super::drawing::Draw;
use super::generating::operations;
use crate::naive::history::History;
use crate::naive::{Item, applying};
use crate::support;

/// Where the workspace of a run keeps its ledger.
enum Ledger {
    Memory,
    Folder(PathBuf),
}

struct Run {
    seed: u64,
    draw: Draw,
    ledger: Ledger,
    workspace: Option<Workspace>,
    history: History,
    /// What was tried, told when a comparison fails.
    told: Vec<String>,
    accepted: usize,
    undone: usize,
    redacted: usize,
    far_back: usize,
}

impl Drop for Run {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("seed {}, after {} steps; the last:", self.seed, self.told.len());
            self.told.iter().rev().take(3).rev().for_each(|step| eprintln!("  {step}"));
            eprintln!("run it alone: EZU_SEED={} cargo test --test model random", self.seed);
        }
    }
}

/// What is judged piece by piece, without keeping anything, is refused if and only if it is refused as a whole; what is
/// accepted changes the same.
fn same_judgement(model: &Snapshot, change_set: &ChangeSet) {
    let whole = resolve_wholly(model, change_set);
    for at_a_time in [1, 2, 100] {
        let judgement = judge(model, &change_set.operations.iter().cloned().collect(), at_a_time);
        // That a change set is empty is for those to refuse who send it.
        let is_refused = !whole.refusals.is_empty() && !change_set.operations.is_empty();
        assert_eq!(!judgement.refusals.is_empty(), is_refused, "{:?} {:?}", judgement.refusals, whole.refusals);
        if judgement.refusals.is_empty() {
            assert_eq!(judgement.is_idle, whole.delta.is_empty());
            let touched = touched_fields(model, &whole.delta).into_iter().map(|(id, _)| id.to_string());
            let touched: BTreeSet<String> = touched.filter(|id| model.item(id).is_some()).collect();
            let updated = change_set.operations.iter().filter_map(Operation::changed_id);
            for id in updated.filter(|id| model.item(id).is_some()) {
                assert_eq!(judgement.changed.contains(id), touched.contains(id), "{id}");
            }
        }
    }
}

impl Run {
    fn new(seed: u64, ledger: Ledger) -> Self {
        let workspace = Some(open(&ledger));
        let history = History::new();
        Self {
            seed,
            draw: Draw::new(seed),
            ledger,
            workspace,
            history,
            told: Vec::new(),
            accepted: 0,
            undone: 0,
            redacted: 0,
            far_back: 0,
        }
    }

    fn workspace(&self) -> &Workspace {
        self.workspace.as_ref().expect("open between steps")
    }

    fn step(&mut self) {
        let lasts = matches!(self.ledger, Ledger::Folder(_));
        match self.draw.below(14) {
            0 | 1 => self.undo(),
            2 => self.reload(),
            3 if lasts => self.restore(),
            4 if lasts => self.redact(),
            _ => {
                let operations = self.mostly_accepted();
                self.told.push(format!("{operations:?}"));
                self.commit(operations);
            }
        }
        self.compare();
    }

    /// Operations that the naive model accepts, as far as a few attempts find some, or any.
    fn mostly_accepted(&mut self) -> Vec<Operation> {
        let mut drawn = operations(&mut self.draw, self.history.current());
        let attempts = if self.draw.once_in(4) { 0 } else { 12 };
        for _ in 0..attempts {
            if applying::apply(self.history.current(), &drawn).is_ok() {
                break;
            }
            drawn = operations(&mut self.draw, self.history.current());
        }
        drawn
    }

    /// Both models must accept, or both refuse with the reason that the naive one met first.
    fn commit(&mut self, operations: Vec<Operation>) {
        let expected = applying::apply(self.history.current(), &operations);
        let change_set = ChangeSet { message: "a step".to_owned(), operations, ..ChangeSet::default() };
        let dry = self.workspace().dry_run(&change_set);
        same_judgement(&self.workspace().current(), &change_set);
        let answer = self.workspace().commit_blocking(WriteRequest { change_set, ..WriteRequest::default() });
        match (expected, answer) {
            (Ok(state), Ok(committed)) => {
                self.history.push(state);
                assert_eq!(committed.revision, self.history.head() as u64, "revisions have no gaps");
                assert!(dry.refusals.is_empty() && dry.outcome.is_some());
                self.accepted += 1;
            }
            (Err(code), Err(WriteError::Refused(refusals))) => {
                let codes: Vec<RefusalCode> = refusals.iter().map(|refusal| refusal.code).collect();
                assert!(codes.contains(&code), "refused for {code:?}, not {refusals:?}");
                assert_eq!(refusals, dry.refusals, "a dry run says the same");
                assert!(refusals.iter().all(|refusal| refusal.pointer.starts_with("/operations")), "{refusals:?}");
            }
            (expected, answer) => panic!("expected {:?}, not {answer:?}", expected.map(|_| "acceptance")),
        }
    }

    /// What a revision changed is put back exactly, or refused because of what happened since.
    fn undo(&mut self) {
        // Mostly one of the newest: little that is old can still be taken back.
        let head = self.history.head();
        let revision = if self.draw.once_in(3) {
            1 + self.draw.below(head + 1)
        } else {
            head.saturating_sub(self.draw.below(3)).max(1)
        };
        self.told.push(format!("undo {revision}"));
        if revision > self.history.head() {
            assert!(self.workspace().reversal(revision as u64).is_err());
            return;
        }
        let wanted = self.history.with_undone(revision);
        let nothing = self.history.difference(revision - 1, revision).is_empty();
        match self.workspace().reversal(revision as u64) {
            Err(refusal) => {
                let expected = nothing || self.history.was_touched_since(revision);
                assert!(expected, "nothing stands against undoing {revision}: {refusal:?}");
            }
            Ok(change_set) => {
                assert!(!nothing && !self.history.was_touched_since(revision));
                let answer = self.workspace().commit_blocking(WriteRequest { change_set, ..WriteRequest::default() });
                assert_eq!(answer.is_ok(), applying::is_sound(&wanted), "undoing {revision}: {answer:?}");
                if answer.is_ok() {
                    self.history.push(wanted);
                    self.undone += 1;
                }
            }
        }
    }

    /// A new process reads the ledger.
    fn reload(&mut self) {
        self.told.push("reload".to_owned());
        let before = self.workspace.take().expect("open between steps");
        before.close();
        let store = match &self.ledger {
            Ledger::Memory => copied(before.store()),
            Ledger::Folder(_) => {
                drop(before);
                self.workspace = Some(open(&self.ledger));
                return;
            }
        };
        self.workspace = Some(support::open(store));
    }

    /// A backup in a folder of its own takes the place of the ledger.
    fn restore(&mut self) {
        let Ledger::Folder(folder) = &self.ledger else { return };
        self.told.push("restore".to_owned());
        let target = folder.with_extension(format!("{}", self.told.len()));
        let before = self.workspace.take().expect("open between steps");
        before.close();
        let mut backup = Vec::new();
        before.store().backup(&mut backup, None).expect("a backup");
        drop(before);
        Store::restore(&mut &backup[..], &target, &StorageOptions::default(), None).expect("it is restored");
        std::fs::remove_dir_all(folder).expect("the folder is ours");
        self.ledger = Ledger::Folder(target);
        self.workspace = Some(open(&self.ledger));
    }

    /// A text goes from every revision, and is nowhere in the folder.
    fn redact(&mut self) {
        let word = self.draw.of(&["Alpha", "beta", "税システム", "ジュウミン"]);
        let text = format!("{word} {}", self.draw.below(4));
        self.told.push(format!("redact {text}"));
        let request = RedactionRequest {
            removal: Removal { text: Some(text.clone()), fields: Vec::new() },
            ..RedactionRequest::default()
        };
        let holds = |item: &Item| {
            item.name.as_ref().is_some_and(|name| name.contains(&text))
                || item.attributes.values().any(|value| value.to_string().contains(&text))
        };
        let is_anywhere = self.history.states.iter().flat_map(|state| state.values()).any(holds);
        let Ok(report) = self.workspace().redact_blocking(request) else {
            assert!(!is_anywhere, "{text} is somewhere and was not removed");
            return;
        };
        let current = self.history.current().clone();
        report.redacted.iter().for_each(|_| self.history.push(current.clone()));
        self.history.rewrite(|item| redacted_item(item, &text));
        assert_eq!(report.revision, self.history.head() as u64);
        let Ledger::Folder(folder) = &self.ledger else { return };
        assert!(!support::contains(folder, text.as_bytes()), "{text} is still in the folder");
        self.redacted += 1;
    }

    fn compare(&mut self) {
        let snapshot = self.workspace().current();
        let head = self.history.head();
        let ids: Vec<&str> = self.history.ids().into_iter().collect();
        same_state(&snapshot, self.history.current(), &ids);
        let (from, to) = (self.draw.below(head + 1), self.draw.below(head + 1));
        let found = self.workspace().difference(from as u64, to as u64).expect("the ledger can be read");
        same_difference(&snapshot, found, &self.history, (from, to));
        same_search(&mut self.draw, &snapshot, self.history.current());
        self.far_back += usize::from((from as u64) < snapshot.floor());
        let past = self.past(from);
        same_state(&past, &self.history.states[from], &ids);
        same_search(&mut self.draw, &past, &self.history.states[from]);
    }

    fn past(&self, revision: usize) -> std::sync::Arc<Snapshot> {
        let request = ViewRequest { revision: Some(revision as u64), at: None };
        std::sync::Arc::clone(self.workspace().view(request).expect("it was").snapshot())
    }

    /// What takes too long after every step.
    fn compare_all(&self) {
        let snapshot = self.workspace().current();
        let ids: Vec<&str> = self.history.ids().into_iter().collect();
        // What was redacted may leave changes that change nothing any more; they count as touches still.
        if self.redacted == 0 {
            same_history(self.workspace(), &snapshot, &self.history, self.history.head(), &ids);
        }
        assert!(snapshot.at_revision(self.history.head() as u64 + 1).is_none());
        for revision in 0..=self.history.head() {
            let past = self.past(revision);
            same_state(&past, &self.history.states[revision], &ids);
            if self.redacted == 0 {
                same_history(self.workspace(), &past, &self.history, revision, &ids);
            }
            let found = self.workspace().difference(0, revision as u64).expect("the ledger can be read");
            same_difference(&past, found, &self.history, (0, revision));
        }
    }
}

fn open(ledger: &Ledger) -> Workspace {
    match ledger {
        Ledger::Memory => support::open(Store::memory()),
        Ledger::Folder(folder) => {
            let (store, _) = Store::open(folder, &StorageOptions::default()).expect("the folder opens");
            support::open_with_checkpoints(store, 7)
        }
    }
}

fn redacted_item(item: &mut Item, text: &str) {
    item.name = item.name.take().map(|name| name.replace(text, REDACTED));
    item.attributes.values_mut().for_each(|value| redacted_value(value, text));
}

fn redacted_value(value: &mut Json, text: &str) {
    match value {
        Json::String(held) => *held = held.replace(text, REDACTED),
        Json::Array(entries) => entries.iter_mut().for_each(|entry| redacted_value(entry, text)),
        _ => {}
    }
}

/// A store in memory with the same payloads.
fn copied(store: &Store) -> Store {
    let copy = Store::memory();
    for frame in store.frames(1, store.head().revision) {
        let frame = frame.expect("a frame in memory is whole");
        let payload = frame.payload.bytes().expect("nothing is redacted").to_vec();
        copy.append(&[Entry { payload, time: frame.time }]).expect("memory accepts");
    }
    copy
}

/// The seed asked for, or some.
fn seeds(count: u64) -> Vec<u64> {
    number("EZU_SEED").map_or_else(|| (1..=count).collect(), |seed| vec![seed])
}

fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok()?.parse().ok()
}

#[test]
fn random_histories_are_what_the_naive_model_says() {
    let (mut accepted, mut undone) = (0, 0);
    for seed in seeds(number("EZU_SEEDS").unwrap_or(16)) {
        let mut run = Run::new(seed, Ledger::Memory);
        (0..80).for_each(|_| run.step());
        run.compare_all();
        accepted += run.accepted;
        undone += run.undone;
    }
    // A test whose change sets are nearly all refused would show nothing.
    assert!(accepted > 20 && undone > 0, "{accepted} accepted, {undone} undone");
    println!("{accepted} change sets accepted, {undone} undone");
}

/// Restarts from checkpoints, backups, restores, redactions. `EZU_DISK_SEEDS` chooses how many sequences (4 by
/// default).
#[test]
fn random_histories_on_disk_are_the_same_after_every_reopening() {
    let (mut redacted, mut far_back) = (0, 0);
    for seed in seeds(number("EZU_DISK_SEEDS").unwrap_or(4)) {
        let base = tempfile::tempdir().expect("a folder");
        let mut run = Run::new(seed, Ledger::Folder(base.path().join("data")));
        (0..40).for_each(|_| run.step());
        run.reload();
        run.compare();
        run.compare_all();
        redacted += run.redacted;
        far_back += run.far_back;
    }
    println!("{redacted} redactions, {far_back} looks back before a checkpoint");
    assert!(std::env::var("EZU_SEED").is_ok() || (redacted > 0 && far_back > 0));
}
