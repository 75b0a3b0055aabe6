//! Imports through the application, on a model in memory.

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use ezu::application::imports::{ImportFile, ImportOptions, Proposal, Readers, propose, read_files};
use ezu::application::{Workspace, WriteRequest, files};
use ezu::domain::Metamodel;
use ezu::domain::clock::Clock;
use ezu::interchange::Limits as ReadLimits;
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

/// A file from its text.
pub fn text_file(name: &str, text: &str) -> ImportFile {
    ImportFile { name: name.to_owned(), bytes: text.as_bytes().to_vec() }
}

/// What files would change.
pub fn proposal(workspace: &Workspace, files: &[ImportFile], options: &ImportOptions) -> Proposal {
    let readers = Readers::new(ReadLimits::default());
    let (models, digests) =
        read_files(&readers, &workspace.current(), files.to_vec(), None, options, &|_| {}).expect("readable");
    let mut proposal = propose(workspace, models, &digests, options, 10_000, &|_, _| {});
    // Changes are filled in where they are shown.
    proposal.report.changes = proposal.shown(usize::MAX).changes;
    proposal
}

/// Commits a proposal, if it has anything to say.
pub fn commit(workspace: &Workspace, proposal: Proposal) -> u64 {
    if proposal.operations.is_empty() {
        return workspace.current().revision();
    }
    let request = WriteRequest { change_set: proposal.into_change_set(), ..WriteRequest::default() };
    workspace.commit_blocking(request).unwrap_or_else(|error| panic!("{error:?}")).revision
}

/// Proposes and commits.
pub fn import(workspace: &Workspace, files: &[ImportFile], options: &ImportOptions) -> u64 {
    let proposal = proposal(workspace, files, options);
    commit(workspace, proposal)
}

/// The files of the shared folder whose names begin so; none, with a word about it, where the folder is not there.
pub fn shared_ledgers(prefixes: &[&str]) -> Option<Vec<ImportFile>> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/city/ledgers");
    let Ok(entries) = std::fs::read_dir(&folder) else {
        eprintln!("skipped: {} is not there", folder.display());
        return None;
    };
    let mut paths: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.sort();
    let file = |path: PathBuf| {
        let name = path.file_name()?.to_string_lossy().into_owned();
        let wanted = prefixes.iter().any(|prefix| name.starts_with(prefix));
        wanted.then(|| ImportFile { name, bytes: std::fs::read(path).expect("readable") })
    };
    Some(paths.into_iter().filter_map(file).collect())
}

/// Commits operations as they stand in a request.
pub fn write(workspace: &Workspace, operations: &serde_json::Value) -> u64 {
    let read = |(place, one): (usize, &serde_json::Value)| {
        ezu::domain::Operation::from_json(one.clone(), &format!("/operations/{place}")).expect("an operation")
    };
    let operations = operations.as_array().expect("a list").iter().enumerate().map(read).collect();
    let change_set = ezu::domain::ChangeSet { message: "an edit".to_owned(), operations, ..Default::default() };
    workspace.commit_blocking(WriteRequest { change_set, ..WriteRequest::default() }).expect("valid").revision
}
