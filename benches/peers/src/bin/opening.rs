//! How long a model takes to open: a generated city, and then as many change sets of one operation as asked for.
//!
//! `opening [ELEMENTS] [FOLDER] [CHANGE SETS…]` (100,000 elements and 10,000, 100,000, 1,000,000 when absent). The ledger is
//! opened from its newest checkpoint with half an interval of change sets behind it, as a service that was killed finds
//! it, and once more without any checkpoint.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use ezu::application::Workspace;
use ezu::application::files::load_metamodel;
use ezu::application::generate::generate_into;
use ezu::domain::Metamodel;
use ezu::domain::clock::Clock;
use ezu::settings::Limits;
use ezu::storage::{Entry, StorageOptions, Store};

/// What lies behind the newest checkpoint when the ledger is opened.
const TAIL: u64 = 5_000;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let elements = arguments.first().and_then(|text| text.parse().ok()).unwrap_or(100_000);
    let default = std::env::temp_dir().join(format!("ezu-opening-bench-{}", std::process::id()));
    let folder = arguments.get(1).map_or(default, Into::into);
    let mut counts: Vec<u64> = arguments.iter().skip(2).filter_map(|text| text.parse().ok()).collect();
    if counts.is_empty() {
        counts = vec![10_000, 100_000, 1_000_000];
    }
    let metamodel = load_metamodel(None).expect("the built-in metamodel is sound");
    for count in counts {
        measure(&metamodel, elements, count, &folder.join(count.to_string()));
    }
}

fn open(metamodel: &Arc<Metamodel>, folder: &Path) -> (Workspace, Duration, Duration) {
    let began = Instant::now();
    let (store, _) = Store::open(folder, &StorageOptions::default()).expect("opens");
    let of_store = began.elapsed();
    // The measurement makes no checkpoints of its own.
    let limits = Limits { checkpoint_revisions: u64::MAX, checkpoint_bytes: u64::MAX, ..Limits::default() };
    let workspace = Workspace::open(Arc::clone(metamodel), store, Clock::System, &limits).expect("opens");
    (workspace, of_store, began.elapsed())
}

fn measure(metamodel: &Arc<Metamodel>, elements: usize, count: u64, folder: &Path) {
    let store = Store::open(folder, &StorageOptions::default()).expect("opens").0;
    let limits = Limits { checkpoint_revisions: u64::MAX, checkpoint_bytes: u64::MAX, ..Limits::default() };
    let workspace = Workspace::open(Arc::clone(metamodel), store, Clock::System, &limits).expect("opens");
    generate_into(&workspace, elements, 1, |_| ()).expect("the city is valid");
    let kind = metamodel.kind_named("system").expect("a municipal kind").id;
    let ids: Vec<String> = workspace.current().ids_of_kind(kind, None).map(ToString::to_string).collect();
    let city_bytes = workspace.store().metrics().bytes_written;
    let before = size(folder);
    let changes = write_changes(workspace.store(), &ids, count - TAIL);
    workspace.close();
    drop(workspace);
    let written = size(folder) - before;
    // Opening reads what was written behind the model's back, and closing makes the checkpoint.
    let store = Store::open(folder, &StorageOptions::default()).expect("opens").0;
    let began = Instant::now();
    let workspace = Workspace::open(Arc::clone(metamodel), store, Clock::System, &Limits::default()).expect("opens");
    let replayed = began.elapsed();
    let began = Instant::now();
    drop(workspace);
    println!(
        "{elements} elements, {count} change sets: {:.2} bytes on disk a byte of change; city {} MB in the journal; \
         replayed whole in {replayed:.2?}, checkpoint made in {:.2?}: {} MB",
        written as f64 / changes as f64,
        city_bytes >> 20,
        began.elapsed(),
        size(&folder.join("checkpoints")) >> 20,
    );
    let store = Store::open(folder, &StorageOptions::default()).expect("opens").0;
    write_changes(&store, &ids, TAIL);
    drop(store);
    let mut times = Vec::new();
    for _ in 0..5 {
        let (workspace, of_store, whole) = open(metamodel, folder);
        assert_eq!(workspace.current().counts().elements, elements);
        times.push((whole, of_store));
        drop(workspace);
    }
    times.sort();
    let (whole, of_store) = times[times.len() / 2];
    println!(
        "{elements} elements, {count} change sets: opened from a checkpoint and {TAIL} more in {whole:.2?} (median of \
         five; the store {of_store:.2?} of it; {:.2?} to {:.2?}), resident {} MB",
        times[0].0,
        times[times.len() - 1].0,
        resident_bytes() >> 20
    );
    std::fs::remove_dir_all(folder).expect("the folder is ours");
}

/// Change sets of one operation, as the writer records them; answers with the bytes of their payloads.
fn write_changes(store: &Store, ids: &[String], count: u64) -> u64 {
    let mut bytes = 0;
    for start in (0..count).step_by(250) {
        let batch: Vec<Entry> = (start..(start + 250).min(count)).map(|number| change(ids, number)).collect();
        bytes += batch.iter().map(|entry| entry.payload.len() as u64).sum::<u64>();
        store.append(&batch).expect("written");
    }
    bytes
}

fn change(ids: &[String], number: u64) -> Entry {
    let id = &ids[(number.wrapping_mul(7919) % ids.len() as u64) as usize];
    let payload = serde_json::json!({
        "format": 1, "message": "利用者数と備考を更新", "author": "dept-shimin", "reason": "4月の異動",
        "operations": [{"op": "update_element", "id": id, "set": {"users": number % 500, "source_note": format!("聞き取り {number}: 窓口の端末は住民課と共用している")}}],
    });
    Entry { payload: payload.to_string().into_bytes(), time: 1_700_000_000_000_000 + number as i64 }
}

fn size(folder: &Path) -> u64 {
    let items = std::fs::read_dir(folder).into_iter().flatten().flatten();
    items
        .map(|item| match item.metadata() {
            Ok(metadata) if metadata.is_dir() => size(&item.path()),
            Ok(metadata) => metadata.len(),
            Err(_) => 0,
        })
        .sum()
}

/// Resident memory of this process in bytes; 0 where the system does not tell.
fn resident_bytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS:"));
    line.and_then(|line| line.split_whitespace().nth(1)).and_then(|text| text.parse::<u64>().ok()).unwrap_or(0) * 1024
}
