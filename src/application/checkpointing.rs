//! Checkpoints of the model: what they hold, and when one is made.
//!
//! A checkpoint holds the image of a snapshot and the idempotency keys up to its revision. It is made from a
//! snapshot that was itself built from verified frames, and is tied to the hash of its revision; opening builds on
//! the newest one of use and replays what lies behind.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

use super::keys::Keys;
use super::workspace::Shared;
use crate::domain::metamodel::Metamodel;
use crate::graph::{ChangeSummary, EarlierTouches, ImageError, Snapshot};
use crate::settings::Limits;

/// The first bytes of a checkpoint of the model, and the version of its form.
const MAGIC: [u8; 4] = *b"EZM\x01";

/// The state in pieces, and the touches that stay in memory when the rest of the past is let go.
fn encode(snapshot: &Snapshot, keys: &Keys) -> (Vec<Vec<u8>>, EarlierTouches) {
    let (keys, (image, touches)) = (keys.to_bytes(), snapshot.to_image());
    let head = [MAGIC.as_slice(), &(keys.len() as u64).to_le_bytes()].concat();
    ([head, keys].into_iter().chain(image).collect(), touches)
}

/// Reads what [`encode`] wrote.
pub(super) fn decode(
    metamodel: &Arc<Metamodel>,
    bytes: &[u8],
    newest: ChangeSummary,
) -> Result<(Snapshot, Keys), ImageError> {
    let rest = bytes.strip_prefix(&MAGIC).ok_or(ImageError::Foreign)?;
    let (length, rest) = rest.split_first_chunk::<8>().ok_or(ImageError::Damaged("the keys"))?;
    let length = usize::try_from(u64::from_le_bytes(*length)).unwrap_or(usize::MAX);
    let (keys, image) = rest.split_at_checked(length).ok_or(ImageError::Damaged("the keys"))?;
    let keys = Keys::from_bytes(keys).ok_or(ImageError::Damaged("the keys"))?;
    Ok((Snapshot::from_image(metamodel, image, newest)?, keys))
}

/// When the next checkpoint is due.
#[derive(Debug)]
pub(super) struct Checkpointing {
    revisions: u64,
    bytes: u64,
    /// Since the last checkpoint.
    revisions_since: AtomicU64,
    bytes_since: AtomicU64,
    /// Held while a checkpoint is written, and while anything makes older states unlawful to keep.
    writing: Mutex<()>,
    /// How often states became unlawful to keep.
    redactions: AtomicU64,
}

impl Checkpointing {
    /// With this much replayed at opening.
    pub(super) fn new(limits: &Limits, (revisions, bytes): (u64, u64)) -> Self {
        Self {
            revisions: limits.checkpoint_revisions.max(1),
            bytes: limits.checkpoint_bytes.max(1),
            revisions_since: AtomicU64::new(revisions),
            bytes_since: AtomicU64::new(bytes),
            writing: Mutex::default(),
            redactions: AtomicU64::new(0),
        }
    }

    /// Counts what was committed.
    pub(super) fn count(&self, revisions: u64, bytes: u64) {
        self.revisions_since.fetch_add(revisions, Ordering::Relaxed);
        self.bytes_since.fetch_add(bytes, Ordering::Relaxed);
    }

    /// Whether as much was committed as a checkpoint is worth, or this part of it.
    fn is_due(&self, part: u64) -> bool {
        self.revisions_since.load(Ordering::Relaxed) >= (self.revisions / part).max(1)
            || self.bytes_since.load(Ordering::Relaxed) >= (self.bytes / part).max(1)
    }

    /// How often states became unlawful to keep.
    pub(super) fn redactions(&self) -> u64 {
        self.redactions.load(Ordering::SeqCst)
    }

    fn begin(&self) {
        self.revisions_since.store(0, Ordering::Relaxed);
        self.bytes_since.store(0, Ordering::Relaxed);
    }

    /// Keeps checkpoints from being written as long as the guard lives, and makes those begun before void.
    pub(super) fn hold(&self) -> MutexGuard<'_, ()> {
        let guard = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        self.redactions.fetch_add(1, Ordering::SeqCst);
        guard
    }
}

/// Begins to make a checkpoint in the background when one is due. The writer calls this after a commit.
///
/// When it is done, what it holds may be let go from memory.
pub(super) fn begin_if_due(shared: &Arc<Shared>, keys: &Keys) -> Option<JoinHandle<Option<EarlierTouches>>> {
    let state = &shared.checkpointing;
    if !shared.store.keeps_checkpoints() || !state.is_due(1) {
        return None;
    }
    state.begin();
    let (snapshot, keys, shared) = (shared.current.load_full(), keys.clone(), Arc::clone(shared));
    let redactions = state.redactions();
    let work = move || write(&shared, &snapshot, &keys, redactions);
    let begun = std::thread::Builder::new().name("ezu-checkpoint".into()).spawn(work);
    begun.inspect_err(|error| tracing::warn!(%error, "no thread for a checkpoint")).ok()
}

/// How much less than usual is worth a checkpoint at the end, when nobody waits for an answer.
const AT_THE_END: u64 = 10;

/// Makes a last checkpoint when opening would otherwise have much to replay.
pub(super) fn make_at_the_end(shared: &Shared, keys: &Keys) {
    let state = &shared.checkpointing;
    if shared.store.keeps_checkpoints() && state.is_due(AT_THE_END) {
        let redactions = state.redactions();
        drop(write(shared, &shared.current.load_full(), keys, redactions));
    }
}

fn write(shared: &Shared, snapshot: &Snapshot, keys: &Keys, redactions: u64) -> Option<EarlierTouches> {
    let (pieces, touches) = encode(snapshot, keys);
    let state = &shared.checkpointing;
    let _writing = state.writing.lock().unwrap_or_else(PoisonError::into_inner);
    if snapshot.revision() == 0 || state.redactions() != redactions {
        return None;
    }
    let pieces: Vec<&[u8]> = pieces.iter().map(Vec::as_slice).collect();
    if let Err(error) = shared.store.put_checkpoint_in_pieces(snapshot.revision(), &pieces) {
        // Only the next opening takes longer.
        tracing::warn!(%error, "a checkpoint could not be written");
        return None;
    }
    Some(touches)
}
