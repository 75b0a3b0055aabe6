//! A workspace in memory.

use std::sync::Arc;

use ezu::application::{Workspace, files};
use ezu::domain::clock::Clock;
use ezu::settings::Limits;
use ezu::storage::Store;

/// An empty workspace with the built-in metamodel.
pub fn empty() -> Workspace {
    let metamodel = files::load_metamodel(None).expect("the built-in metamodel is sound");
    Workspace::open(Arc::clone(&metamodel), Store::memory(), Clock::System, &Limits::default()).expect("opens")
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
