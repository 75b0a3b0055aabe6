//! A workspace in memory.

use std::sync::{Arc, OnceLock};

use ezu::application::{Committed, Workspace, WriteError, WriteRequest, files};
use ezu::domain::clock::Clock;
use ezu::domain::validation::Refusal;
use ezu::domain::{ChangeSet, Metamodel, Operation};
use ezu::settings::Limits;
use ezu::storage::Store;
use serde_json::Value as Json;

/// The built-in metamodel, read once.
pub fn metamodel() -> Arc<Metamodel> {
    static METAMODEL: OnceLock<Arc<Metamodel>> = OnceLock::new();
    Arc::clone(METAMODEL.get_or_init(|| files::load_metamodel(None).expect("the built-in metamodel is sound")))
}

/// A workspace on a store, with the built-in metamodel.
pub fn open(store: Store) -> Workspace {
    Workspace::open(metamodel(), store, Clock::System, &Limits::default()).expect("opens")
}

/// A workspace that makes a checkpoint every few revisions.
pub fn open_with_checkpoints(store: Store, every: u64) -> Workspace {
    let limits = Limits { checkpoint_revisions: every, ..Limits::default() };
    Workspace::open(metamodel(), store, Clock::System, &limits).expect("opens")
}

/// An empty workspace with the built-in metamodel.
pub fn empty() -> Workspace {
    open(Store::memory())
}

/// A workspace with the reference city as revision 1.
pub fn city() -> Workspace {
    let workspace = empty();
    if let Err(error) = files::load_sample(&workspace) {
        if let files::LoadError::Problems(problems) = &error {
            problems.iter().take(20).for_each(|problem| eprintln!("{problem}"));
        }
        panic!("{error}");
    }
    workspace
}

/// Whether any file below a folder holds the bytes.
pub fn contains(folder: &std::path::Path, wanted: &[u8]) -> bool {
    std::fs::read_dir(folder).expect("a folder").any(|entry| {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            return contains(&path, wanted);
        }
        std::fs::read(&path).expect("readable").windows(wanted.len()).any(|window| window == wanted)
    })
}

/// Operations as they stand in a request.
///
/// # Panics
/// When they cannot be read.
pub fn operations(json: &Json) -> Vec<Operation> {
    let read = |(place, one): (usize, &Json)| {
        Operation::from_json(one.clone(), &format!("/operations/{place}"))
            .expect("operations of these tests can be read")
    };
    json.as_array().expect("a list").iter().enumerate().map(read).collect()
}

/// A change set of these operations by somebody.
pub fn change_set(author: &str, json: &Json) -> ChangeSet {
    ChangeSet {
        message: "a test".to_owned(),
        author: Some(author.to_owned()),
        operations: operations(json),
        ..ChangeSet::default()
    }
}

/// Commits operations.
pub fn commit(workspace: &Workspace, json: &Json) -> Result<Committed, WriteError> {
    workspace.commit_blocking(WriteRequest { change_set: change_set("Sato", json), ..WriteRequest::default() })
}

/// Commits operations that are valid.
pub fn accept(workspace: &Workspace, json: &Json) -> u64 {
    commit(workspace, json).unwrap_or_else(|error| panic!("{json}: {error:?}")).revision
}

/// Commits operations that are not, and gives the reasons.
pub fn refuse(workspace: &Workspace, json: &Json) -> Vec<Refusal> {
    let before = workspace.current().revision();
    match commit(workspace, json) {
        Err(WriteError::Refused(refusals)) => {
            assert_eq!(workspace.current().revision(), before, "a refused change set leaves nothing");
            refusals
        }
        other => panic!("{json}: not refused but {other:?}"),
    }
}
