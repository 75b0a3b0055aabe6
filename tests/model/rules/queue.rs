//! A full queue, and a stopped writer.

use std::future::Future;
use std::io;
use std::path::Path;
use std::pin::pin;
use std::sync::{Arc, Condvar, Mutex};
use std::task::{Context, Poll, Waker};

use ezu::application::{Workspace, WriteError, WriteRequest};
use ezu::domain::clock::Clock;
use ezu::settings::Limits;
use ezu::storage::{Disk, DiskFile, OpenMode, RealDisk, StorageOptions, Store};
use serde_json::json;

use crate::support::{self, change_set};

/// A disk whose syncs wait while the gate is shut.
#[derive(Debug, Clone, Default)]
struct Gate(Arc<(Mutex<GateState>, Condvar)>);

#[derive(Debug, Default)]
struct GateState {
    shut: bool,
    waiting: usize,
}

impl Gate {
    fn set(&self, shut: bool) {
        self.0.0.lock().expect("no panic inside").shut = shut;
        self.0.1.notify_all();
    }

    fn pass(&self) {
        let mut state = self.0.0.lock().expect("no panic inside");
        state.waiting += 1;
        self.0.1.notify_all();
        while state.shut {
            state = self.0.1.wait(state).expect("no panic inside");
        }
        state.waiting -= 1;
    }

    /// Returns when somebody stands before the gate.
    fn await_one(&self) {
        let mut state = self.0.0.lock().expect("no panic inside");
        while state.waiting == 0 {
            state = self.0.1.wait(state).expect("no panic inside");
        }
    }
}

#[derive(Debug)]
struct GatedDisk(Gate);

#[derive(Debug)]
struct GatedFile(Gate, Box<dyn DiskFile>);

impl Disk for GatedDisk {
    fn open(&self, path: &Path, mode: OpenMode) -> io::Result<Box<dyn DiskFile>> {
        Ok(Box::new(GatedFile(self.0.clone(), RealDisk.open(path, mode)?)))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        RealDisk.rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        RealDisk.remove(path)
    }

    fn remove_folder(&self, path: &Path) -> io::Result<()> {
        RealDisk.remove_folder(path)
    }

    fn create_folder(&self, path: &Path) -> io::Result<()> {
        RealDisk.create_folder(path)
    }

    fn sync_folder(&self, path: &Path) -> io::Result<()> {
        RealDisk.sync_folder(path)
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<String>> {
        RealDisk.list(folder)
    }
}

impl DiskFile for GatedFile {
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        self.1.read_at(offset, buffer)
    }

    fn write_at(&self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        self.1.write_at(offset, bytes)
    }

    fn sync(&self) -> io::Result<()> {
        self.0.pass();
        self.1.sync()
    }

    fn set_len(&self, length: u64) -> io::Result<()> {
        self.1.set_len(length)
    }

    fn len(&self) -> io::Result<u64> {
        self.1.len()
    }
}

fn create(id: &str) -> WriteRequest {
    let operations = json!([{"op": "create_element", "id": id, "kind": "system", "name": "x"}]);
    WriteRequest { change_set: change_set("Sato", &operations), ..WriteRequest::default() }
}

fn gated(folder: &Path, queue: usize) -> (Workspace, Gate) {
    let gate = Gate::default();
    let options =
        StorageOptions { second_copy: None, disk: Arc::new(GatedDisk(gate.clone())), ..StorageOptions::default() };
    let (store, _) = Store::open(folder, &options).expect("a new folder opens");
    let limits = Limits { queue, ..Limits::default() };
    let workspace = Workspace::open(support::metamodel(), store, Clock::System, &limits).expect("opens");
    (workspace, gate)
}

#[test]
fn a_full_queue_refuses_and_what_was_taken_is_answered() {
    let folder = std::env::temp_dir().join(format!("ezu-queue-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    let (workspace, gate) = gated(&folder, 2);
    gate.set(true);
    let mut context = Context::from_waker(Waker::noop());
    let mut first = pin!(workspace.commit(create("sys-1")));
    assert!(first.as_mut().poll(&mut context).is_pending());
    gate.await_one();
    // The writer stands at the disk with the first; two more may wait.
    let (mut second, mut third) = (pin!(workspace.commit(create("sys-2"))), pin!(workspace.commit(create("sys-3"))));
    assert!(second.as_mut().poll(&mut context).is_pending() && third.as_mut().poll(&mut context).is_pending());
    let refused = workspace.commit_blocking(create("sys-4"));
    assert!(matches!(refused, Err(WriteError::QueueFull)), "{refused:?}");
    assert_eq!(
        (workspace.metrics().waiting, workspace.current().revision()),
        (2, 0),
        "nothing is seen before it is safe"
    );

    gate.set(false);
    workspace.close();
    for (revision, write) in [(1, first.as_mut()), (2, second.as_mut()), (3, third.as_mut())] {
        let Poll::Ready(Ok(committed)) = write.poll(&mut context) else {
            panic!("revision {revision} is not answered")
        };
        assert_eq!(committed.revision, revision);
    }
    assert_eq!((workspace.metrics().waiting, workspace.metrics().committed), (0, 3));
    assert!(matches!(workspace.commit_blocking(create("sys-5")), Err(WriteError::Closed)));
    assert_eq!(workspace.current().counts().elements, 3);
    let _ = std::fs::remove_dir_all(&folder);
}
