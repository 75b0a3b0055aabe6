//! The second copy: sled, behind two files that take new frames quickly.
//!
//! sled needs several writes to the disk one after the other to keep a batch. So a batch first goes into a [`Tail`],
//! which one sync keeps, and sled takes over what a full tail holds, on a thread of its own, while the other tail is
//! written. What was acknowledged is in the journal and here at any time; both are on stable storage independently.
//!
//! What holds at any time, so that a crash at any time loses nothing:
//!
//! 1. A revision that [`SecondCopy::sync`] returned for is in a synced tail, or sled holds it and was synced.
//! 2. A tail is written from its beginning again only when sled holds all that it held, and was synced since.
//! 3. The frames at the beginning of a tail follow each other without a gap: what is behind a gap would not be found
//!    again. Frames that go to sled directly leave such a gap, so both tails are begun anew behind them.
//! 4. What sled and the tails hold together is read as one, also where a gap is between: the journal may fill it.

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
        let left = take_over_tails(&store, &tails)?;
        let waiting = Arc::new(Waiting::default());
        waiting.state().frames.extend(left);
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
        // Sled has all that the tails hold; what comes next does not follow it.
        self.tails.iter_mut().for_each(Tail::rewind);
        self.store.write(frames)
    }

    fn sync(&mut self) -> Result<(), SecondCopyError> {
        if self.direct {
            return self.store.sync();
        }
        self.tails[self.active].sync().map_err(|error| failed("sync a tail", &error))
    }

    fn scan(&mut self, from: u64, budget: usize) -> Result<Vec<(u64, Vec<u8>)>, SecondCopyError> {
        // A group that sled is just taking over would look damaged.
        self.waiting.until_idle()?;
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

/// Gives sled what the tails hold beyond it, after the process ended without closing the copy. Gives what it could not
/// take: with a gap before it, sled has lost what it had, which is for the journal to mend.
fn take_over_tails(store: &SledStore, tails: &[Tail; 2]) -> Result<Vec<Stored>, SecondCopyError> {
    let mut frames = Vec::new();
    for tail in tails {
        frames.extend(tail.frames().map_err(|error| failed("read a tail", &error))?);
    }
    if frames.is_empty() {
        return Ok(Vec::new());
    }
    frames.sort_by_key(|(revision, _)| *revision);
    frames.dedup_by_key(|(revision, _)| *revision);
    let last = store.last_whole()?;
    frames.retain(|(revision, _)| *revision > last);
    let beyond: Vec<(u64, &[u8])> = frames.iter().map(|(revision, bytes)| (*revision, &**bytes)).collect();
    let follows = |pair: &[(u64, &[u8])]| pair[0].0 + 1 == pair[1].0;
    if beyond.first().is_some_and(|(first, _)| *first != last + 1) || !beyond.windows(2).all(follows) {
        return Ok(frames.into_iter().map(|(revision, bytes)| (revision, Arc::from(bytes))).collect());
    }
    if !beyond.is_empty() {
        // A group that was stored in part goes first.
        store.cut(last)?;
        store.write(&beyond)?;
        store.sync()?;
    }
    Ok(Vec::new())
}

fn failed(action: &str, error: &dyn std::error::Error) -> SecondCopyError {
    SecondCopyError(format!("cannot {action}: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::storage::batch;
    use crate::storage::types::{Entry, Head};

    /// Frames one after the other, each with a payload of so many bytes.
    fn frames(sizes: &[usize]) -> Vec<(u64, Vec<u8>)> {
        let entries: Vec<Entry> =
            sizes.iter().zip(1..).map(|(size, time)| Entry { payload: vec![b'x'; *size], time }).collect();
        let made = batch::encode(Head::empty(), &entries, 0, 1 << 30).expect("encoded");
        made.frames.iter().map(|frame| (frame.revision, made.bytes[frame.start..frame.end].to_vec())).collect()
    }

    fn write(copy: &mut SledCopy, frames: &[(u64, Vec<u8>)]) {
        let frames: Vec<(u64, &[u8])> = frames.iter().map(|(revision, bytes)| (*revision, &**bytes)).collect();
        copy.write(&frames).and_then(|()| copy.sync()).expect("written");
    }

    /// What is found in the files as they are now, as after the end of the process.
    fn left_behind(folder: &Path, to: &Path) -> Vec<(u64, Vec<u8>)> {
        std::fs::create_dir_all(to).expect("a folder");
        for entry in std::fs::read_dir(folder).expect("readable").map(|entry| entry.expect("readable")) {
            if entry.file_type().expect("known").is_file() {
                std::fs::copy(entry.path(), to.join(entry.file_name())).expect("copied");
            }
        }
        let mut copy = SledCopy::open(to, 1 << 20).expect("opens");
        let mut found: Vec<(u64, Vec<u8>)> = Vec::new();
        loop {
            let more = copy.scan(found.last().map_or(1, |(revision, _)| revision + 1), 1 << 20).expect("read");
            if more.is_empty() {
                return found;
            }
            found.extend(more);
        }
    }

    /// Sizes of batches: small ones that go into a tail, large ones that go to sled, enough to fill a tail now and then.
    fn batches(seed: u64) -> Vec<Vec<usize>> {
        let mut state = seed | 1;
        let mut below = |most: u64| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            usize::try_from(state % most).expect("small")
        };
        (0..24)
            .map(|_| match below(5) {
                0 => vec![DIRECT_BYTES + below(100_000)],
                1 => vec![200_000 + below(200_000)],
                _ => (0..=below(8)).map(|_| 1 + below(2_000)).collect(),
            })
            .collect()
    }

    #[test]
    fn whatever_was_synced_is_found_after_the_process_ended() {
        for seed in 1..=6 {
            let place = tempfile::tempdir().expect("a folder");
            let batches = batches(seed);
            let all = frames(&batches.concat());
            let mut copy = SledCopy::open(&place.path().join("live"), 1 << 20).expect("opens");
            let mut written = 0;
            for (number, batch) in batches.iter().enumerate() {
                write(&mut copy, &all[written..written + batch.len()]);
                written += batch.len();
                // Sled is let finish half of the time: its own file is not copied in the middle of a write.
                if number % 2 == 0 {
                    copy.waiting.until_idle().expect("no failure");
                    let found = left_behind(&place.path().join("live"), &place.path().join(format!("copy-{number}")));
                    assert!(found == all[..written], "seed {seed}, batch {number}: {} of {written}", found.len());
                }
            }
            drop(copy);
            let found = left_behind(&place.path().join("live"), &place.path().join("closed"));
            assert!(found == all, "seed {seed}: closed");
        }
    }

    #[test]
    fn a_damaged_frame_of_a_tail_is_evidence_that_there_was_one() {
        let place = tempfile::tempdir().expect("a folder");
        let folder = place.path().join("live");
        let all = frames(&[100, 100, 100]);
        let mut copy = SledCopy::open(&folder, 1 << 20).expect("opens");
        write(&mut copy, &all);
        let mut bytes = std::fs::read(folder.join("tail-a")).expect("a tail");
        bytes[all[0].1.len() + 150] ^= 1;
        std::fs::write(folder.join("tail-a"), bytes).expect("damaged");
        let found = left_behind(&folder, &place.path().join("copy"));
        let revisions: Vec<u64> = found.iter().map(|(revision, _)| *revision).collect();
        assert_eq!(revisions, [1, 2, 3]);
        assert!(found[0] == all[0] && found[1] != all[1] && found[2] == all[2]);
    }
}
