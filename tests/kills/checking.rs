//! What is found in the folder of a service that was killed.

use std::fs;
use std::path::Path;
use std::sync::{Arc, OnceLock};

use ezu::application::audit::audit;
use ezu::application::{Workspace, files};
use ezu::domain::clock::Clock;
use ezu::domain::{Metamodel, Model};
use ezu::settings::Limits;
use ezu::storage::{StorageOptions, Store};

use crate::Totals;
use crate::clients::World;

fn metamodel() -> Arc<Metamodel> {
    static METAMODEL: OnceLock<Arc<Metamodel>> = OnceLock::new();
    Arc::clone(METAMODEL.get_or_init(|| files::load_metamodel(None).expect("the built-in metamodel is sound")))
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("create");
    for item in fs::read_dir(from).expect("list") {
        let item = item.expect("item");
        let target = to.join(item.file_name());
        if item.file_type().expect("type").is_dir() {
            copy_folder(&item.path(), &target);
        } else {
            fs::copy(item.path(), target).expect("copy");
        }
    }
}

/// Opens a copy of the folder and compares it with what was acknowledged, and the model with the ledger.
pub fn check(data: &Path, copy: &Path, world: &World, totals: &mut Totals) {
    if !data.exists() {
        return;
    }
    copy_folder(data, copy);
    let (store, report) = Store::open(copy, &StorageOptions::default()).expect("it is never refused");
    totals.repairs += usize::from(!report.repairs.is_empty());
    let verified = store.verify(None).expect("verify");
    assert!(verified.sound, "{verified:#?}");
    let workspace =
        Workspace::open(metamodel(), store, Clock::System, &Limits::default()).expect("it is never refused");
    let snapshot = workspace.current();
    totals.from_checkpoint += usize::from(snapshot.floor() > 0);
    totals.revisions = totals.revisions.max(snapshot.revision());
    let audited = audit(&workspace).expect("readable");
    assert!(audited.is_sound(), "{audited:?}");
    let exists = |side: &str, number: u64| snapshot.item(&format!("{side}-{number}")).is_some();
    for (number, revision) in world.pairs() {
        assert!(revision <= snapshot.revision(), "revision {revision} was acknowledged and is lost");
        assert!(exists("left", number) && exists("right", number), "pair {number} was acknowledged and is lost");
    }
    let pairs = |side: &str| {
        let kind = snapshot.metamodel().kind_named("system").expect("a kind").id;
        let ids = snapshot.ids_of_kind(kind, None).filter_map(|id| id.as_str().strip_prefix(side));
        ids.map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(pairs("left-"), pairs("right-"), "a change set is half there");
    drop(workspace);
    fs::remove_dir_all(copy).expect("the copy is ours");
}
