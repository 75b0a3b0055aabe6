//! Imports through the application, on a model in memory.

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use ezu::application::imports::{ImportFile, ImportOptions, Proposal, Readers, propose, read_files};
use ezu::application::{Workspace, WriteRequest, files};
use ezu::domain::Metamodel;
use ezu::domain::clock::Clock;
use ezu::interchange::{Limits as ReadLimits, ReadContext, ReadItem, ReadModel, SourceFile, Statement, Unreadable};
use ezu::settings::Limits;
use ezu::storage::Store;

/// The built-in metamodel, read once.
pub fn metamodel() -> Arc<Metamodel> {
    static METAMODEL: OnceLock<Arc<Metamodel>> = OnceLock::new();
    Arc::clone(METAMODEL.get_or_init(|| files::load_metamodel(None).expect("the built-in metamodel is sound")))
}

/// An empty model.
pub fn empty() -> Workspace {
    Workspace::open(metamodel(), Store::memory(), Clock::System, &Limits::default()).expect("opens")
}

/// The reference city.
pub fn city() -> Workspace {
    let workspace = empty();
    files::load_sample(&workspace).expect("the sample is sound");
    workspace
}

/// What a BPMN file says.
pub fn bpmn(name: &str, bytes: &[u8]) -> Result<ReadModel, Unreadable> {
    let (metamodel, limits) = (metamodel(), ReadLimits::default());
    let context = ReadContext { metamodel: &metamodel, limits: &limits, progress: &|_| {} };
    ezu::interchange::bpmn::read(&SourceFile { name, bytes }, context)
}

/// What a workspace of Structurizr says.
pub fn structurizr(name: &str, bytes: &[u8]) -> Result<ReadModel, Unreadable> {
    let (metamodel, limits) = (metamodel(), ReadLimits::default());
    let context = ReadContext { metamodel: &metamodel, limits: &limits, progress: &|_| {} };
    ezu::interchange::structurizr::read(&SourceFile { name, bytes }, context)
}

/// A BPMN document around some content, with the usual prefix.
pub fn definitions(content: &str) -> String {
    format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:vendor="http://vendor.example/" id="d1" targetNamespace="http://example.org/">{content}</bpmn:definitions>"#
    )
}

/// What would change.
pub fn proposal(workspace: &Workspace, name: &str, bytes: &[u8], options: &ImportOptions) -> Proposal {
    let readers = Readers::new(ReadLimits::default());
    let files = vec![ImportFile { name: name.to_owned(), bytes: bytes.to_vec() }];
    let (models, digests) =
        read_files(&readers, &workspace.current(), files, None, options, &|_| {}).expect("readable");
    let mut proposal = propose(workspace, models, &digests, options, 10_000, &|_, _| {});
    // Changes are filled in where they are shown.
    proposal.report.changes = proposal.shown(usize::MAX).changes;
    proposal
}

/// Proposes and commits; answers with the proposal's report as JSON.
pub fn import(workspace: &Workspace, name: &str, bytes: &[u8], options: &ImportOptions) -> serde_json::Value {
    let proposal = proposal(workspace, name, bytes, options);
    let report = serde_json::to_value(&proposal.report).expect("JSON");
    if !proposal.operations.is_empty() {
        let request = WriteRequest { change_set: proposal.into_change_set(), ..WriteRequest::default() };
        workspace.commit_blocking(request).unwrap_or_else(|error| panic!("{error:?}"));
    }
    report
}

/// What a proposal changes, records of the file itself left out: kind, id, number of fields.
pub fn changes(report: &serde_json::Value) -> Vec<(String, String, usize)> {
    let text = |change: &serde_json::Value, name: &str| change[name].as_str().unwrap_or_default().to_owned();
    let all = report["changes"].as_array().expect("changes").iter();
    all.map(|change| (text(change, "kind"), text(change, "id"), change["fields"].as_array().map_or(0, Vec::len)))
        .filter(|(kind, _, _)| kind != "process_diagram" && kind != "structurizr_workspace")
        .collect()
}

/// Items of a kind; they live as long as the test program, so that they are handled like any reference.
pub fn of_kind(read: &ReadModel, kind: &str) -> Vec<&'static ReadItem> {
    let of_kind = read.items.iter().filter(|item| item.kind == kind);
    of_kind.map(|item| &*Box::leak(Box::new(item))).collect()
}

/// The value of a field; null if nothing is said.
pub fn value(item: &ReadItem, name: &str) -> serde_json::Value {
    match item.field(name) {
        Some(Statement::Value(json)) => json.clone(),
        _ => serde_json::Value::Null,
    }
}

/// Codes of problems.
pub fn codes(read: &ReadModel) -> Vec<&str> {
    read.problems.iter().map(|problem| problem.code.as_str()).collect()
}

/// Files of other people, beside the project; they are no part of it.
pub fn corpus(folder: &str, ending: &str) -> Option<Vec<PathBuf>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpora").join(folder);
    if !root.is_dir() {
        eprintln!("skipped: {} is not there", root.display());
        return None;
    }
    let (mut found, mut waiting) = (Vec::new(), vec![root]);
    while let Some(folder) = waiting.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder").flatten() {
            let path = entry.path();
            if path.is_dir() {
                waiting.push(path);
            } else if path.to_string_lossy().ends_with(ending) {
                found.push(path);
            }
        }
    }
    found.sort();
    Some(found)
}

/// The most memory that this process has held since the last reset, in bytes (the whole process, other tests included); 0
/// where the system does not tell.
pub fn peak_memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").trim().parse::<u64>().ok()).unwrap_or(0) * 1_024
}

/// Begins to watch the peak anew.
pub fn reset_peak_memory() {
    let _ = std::fs::write("/proc/self/clear_refs", "5");
}
