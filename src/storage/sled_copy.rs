//! The second copy: sled, behind two files that take new frames quickly.
//!
//! sled needs several writes to the disk one after the other to keep a batch. So a batch first goes into a [`Tail`],
//! which one sync keeps, and sled takes over what a full tail holds, on a thread of its own, while the other tail is
//! written. What was acknowledged is in the journal and here at any time; both are on stable storage independently.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};

use super::platform;
use super::second_copy::{SecondCopy, SecondCopyError};
use super::sled_store::SledStore;
use super::tail::Tail;

/// When a tail is full, in bytes.
const TAIL_BYTES: u64 = 2 << 20;
/// More bytes than this at once go to sled directly: it is quick with much at once.
const DIRECT_BYTES: usize = 512 << 10;

/// A revision and its frame.
type Stored = (u64, Arc<[u8]>);

/// sled and its tails.
pub(super) struct SledCopy {
    store: Arc<SledStore>,
    tails: [Tail; 2],
    /// Which of the tails is written.
    active: usize,
    /// Whether the last write went to sled directly.
    direct: bool,
    waiting: Arc<Waiting>,
    /// Tells the other thread up to which revision to take over; gone when the copy is closed.
    orders: Option<Sender<u64>>,
    thread: Option<JoinHandle<()>>,
}

/// What sled has not taken over yet.
#[derive(Debug, Default)]
struct Waiting {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    /// Frames that are in a tail only, in order.
    frames: VecDeque<Stored>,
    /// Whether sled is taking over.
    busy: bool,
    /// Why it could not.
    failed: Option<String>,
}

impl SledCopy {
    pub fn open(folder: &Path, cache_bytes: u64) -> Result<Self, SecondCopyError> {
        let store = Arc::new(SledStore::open(folder, cache_bytes)?);
        let tail = |name: &str| Tail::open(&folder.join(name)).map_err(|error| failed("open a tail", &error));
        let tails = [tail("tail-a")?, tail("tail-b")?];
        platform::sync_folder(folder).map_err(|error| failed("sync its folder", &error))?;
        take_over_tails(&store, &tails)?;
        let waiting = Arc::new(Waiting::default());
        let (orders, inbox) = mpsc::channel();
        let thread = thread::Builder::new().name("ezu-second-copy-sled".to_owned());
        let (of_thread, notes) = (Arc::clone(&store), Arc::clone(&waiting));
        let thread = thread.spawn(move || take_over(&of_thread, &notes, &inbox));
        let thread = thread.map_err(|error| failed("start its thread", &error))?;
        Ok(Self { store, tails, active: 0, direct: false, waiting, orders: Some(orders), thread: Some(thread) })
    }

    /// Lets sled take over all there is, and waits for it.
    fn settle(&self) -> Result<(), SecondCopyError> {
        self.waiting.until_idle()?;
        self.order()?;
        self.waiting.until_idle()
    }

    /// Lets sled take over what is waiting now.
    fn order(&self) -> Result<(), SecondCopyError> {
        let mut state = self.waiting.state();
        let Some((last, _)) = state.frames.back() else { return Ok(()) };
        let told = self.orders.as_ref().is_some_and(|orders| orders.send(*last).is_ok());
        state.busy = told;
        if told { Ok(()) } else { Err(SecondCopyError("its thread has ended".to_owned())) }
    }

    /// The other tail, once sled has what it holds.
    fn change_tails(&mut self) -> Result<(), SecondCopyError> {
        self.waiting.until_idle()?;
        self.order()?;
        self.active = 1 - self.active;
        self.tails[self.active].rewind();
        Ok(())
    }

    fn write_to_tail(&mut self, frames: &[(u64, &[u8])], size: usize) -> Result<(), SecondCopyError> {
        let tail = &self.tails[self.active];
        if tail.written() > 0 && tail.written() + size as u64 > TAIL_BYTES {
            self.change_tails()?;
        }
        let bytes: Vec<u8> = frames.iter().flat_map(|(_, bytes)| bytes.iter().copied()).collect();
        self.tails[self.active].append(&bytes).map_err(|error| failed("write a tail", &error))?;
        let stored = frames.iter().map(|(revision, bytes)| (*revision, Arc::from(*bytes)));
        self.waiting.state().frames.extend(stored);
        Ok(())
    }
}

impl SecondCopy for SledCopy {
    fn write(&mut self, frames: &[(u64, &[u8])]) -> Result<(), SecondCopyError> {
        self.waiting.check()?;
        let size = frames.iter().map(|(_, bytes)| bytes.len()).sum();
        self.direct = size > DIRECT_BYTES;
        if !self.direct {
            return self.write_to_tail(frames, size);
        }
        self.settle()?;
        self.store.write(frames)
    }

    fn sync(&mut self) -> Result<(), SecondCopyError> {
        if self.direct {
            return self.store.sync();
        }
        self.tails[self.active].sync().map_err(|error| failed("sync a tail", &error))
    }

    fn scan(&mut self, from: u64, budget: usize) -> Result<Vec<(u64, Vec<u8>)>, SecondCopyError> {
        // Noted before sled is asked: what it takes over meanwhile is then seen in one of both places.
        let waiting = self.waiting.since(from, budget);
        let found = self.store.scan(from, budget)?;
        Ok(if found.is_empty() { waiting } else { found })
    }

    fn cut(&mut self, last: u64) -> Result<(), SecondCopyError> {
        self.settle()?;
        self.store.cut(last)?;
        self.store.sync()?;
        self.tails.iter_mut().try_for_each(Tail::clear).map_err(|error| failed("clear a tail", &error))
    }
}

impl Drop for SledCopy {
    /// Leaves everything to sled, so that the tails are empty when nobody uses the copy.
    fn drop(&mut self) {
        let settled = self.settle();
        self.orders = None;
        let ended = self.thread.take().is_none_or(|thread| thread.join().is_ok());
        if settled.is_ok() && ended {
            for tail in &mut self.tails {
                // What stays in it is in sled as well.
                let _ = tail.clear();
            }
        }
    }
}

impl Waiting {
    // Every change is a whole one, so a poisoned lock is harmless.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn check(&self) -> Result<(), SecondCopyError> {
        self.state().failed.clone().map_or(Ok(()), |reason| Err(SecondCopyError(reason)))
    }

    fn until_idle(&self) -> Result<(), SecondCopyError> {
        let idle = self.changed.wait_while(self.state(), |state| state.busy).unwrap_or_else(PoisonError::into_inner);
        drop(idle);
        self.check()
    }

    /// The waiting frames from a revision on, about as many bytes as the budget.
    fn since(&self, from: u64, budget: usize) -> Vec<(u64, Vec<u8>)> {
        let mut size = 0;
        let state = self.state();
        let wanted = state.frames.iter().filter(|(revision, _)| *revision >= from).take_while(|(_, bytes)| {
            let room = size < budget.max(1);
            size += bytes.len();
            room
        });
        wanted.map(|(revision, bytes)| (*revision, bytes.to_vec())).collect()
    }

    fn up_to(&self, last: u64) -> Vec<Stored> {
        self.state().frames.iter().take_while(|(revision, _)| *revision <= last).cloned().collect()
    }

    fn done(&self, last: u64, result: Result<(), String>) {
        let mut state = self.state();
        match result {
            Ok(()) => while state.frames.pop_front_if(|(revision, _)| *revision <= last).is_some() {},
            Err(reason) => state.failed = Some(reason),
        }
        state.busy = false;
        self.changed.notify_all();
    }
}

/// The other thread: takes over what it is told to, until the copy is closed or sled fails.
fn take_over(store: &SledStore, waiting: &Waiting, inbox: &Receiver<u64>) {
    while let Ok(last) = inbox.recv() {
        let frames = waiting.up_to(last);
        let result = catch_unwind(AssertUnwindSafe(|| keep(store, &frames)));
        let result = result.unwrap_or_else(|_| Err(SecondCopyError("it panicked".to_owned())));
        waiting.done(last, result.map_err(|error| error.to_string()));
    }
}

fn keep(store: &SledStore, frames: &[Stored]) -> Result<(), SecondCopyError> {
    let frames: Vec<(u64, &[u8])> = frames.iter().map(|(revision, bytes)| (*revision, &**bytes)).collect();
    store.write(&frames)?;
    store.sync()
}

/// Gives sled what the tails hold beyond it, after the process ended without closing the copy.
fn take_over_tails(store: &SledStore, tails: &[Tail; 2]) -> Result<(), SecondCopyError> {
    let mut frames = Vec::new();
    for tail in tails {
        frames.extend(tail.frames().map_err(|error| failed("read a tail", &error))?);
    }
    if frames.is_empty() {
        return Ok(());
    }
    frames.sort_by_key(|(revision, _)| *revision);
    frames.dedup_by_key(|(revision, _)| *revision);
    let last = store.last_whole()?;
    let beyond: Vec<(u64, &[u8])> =
        frames.iter().filter(|(revision, _)| *revision > last).map(|(revision, bytes)| (*revision, &**bytes)).collect();
    let follows = |pair: &[(u64, &[u8])]| pair[0].0 + 1 == pair[1].0;
    // With a gap between, sled has lost what it had: that is for the journal to mend.
    if beyond.first().is_none_or(|(first, _)| *first != last + 1) || !beyond.windows(2).all(follows) {
        return Ok(());
    }
    // A group that was stored in part goes first.
    store.cut(last)?;
    store.write(&beyond)?;
    store.sync()
}

fn failed(action: &str, error: &dyn std::error::Error) -> SecondCopyError {
    SecondCopyError(format!("cannot {action}: {error}"))
}
