//! The bounded queue before the one writer, and the order in which a batch is kept, published and answered.
//!
//! The concurrency test compiles this very file over other primitives, so nothing here may come from elsewhere than
//! [`super::sync`].

use super::sync::{
    Arc, AtomicU64, Mutex, Ordering, PoisonError, Published, Receiver, SyncSender, TrySendError, sync_channel,
};

/// Why a command was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NotTaken {
    /// As many wait as may.
    Full,
    /// Nothing is taken any more.
    Closed,
}

/// Where commands are handed in, by any number of threads.
#[derive(Debug)]
pub(super) struct Queue<C> {
    commands: Mutex<Option<SyncSender<C>>>,
    waiting: Arc<AtomicU64>,
}

/// Where the one writer takes them.
#[derive(Debug)]
pub(super) struct Line<C> {
    receiver: Receiver<C>,
    waiting: Arc<AtomicU64>,
}

/// A queue in which at most so many commands wait.
pub(super) fn queue<C>(most: usize) -> (Queue<C>, Line<C>) {
    let (sender, receiver) = sync_channel(most.max(1));
    let waiting = Arc::new(AtomicU64::new(0));
    let queue = Queue { commands: Mutex::new(Some(sender)), waiting: Arc::clone(&waiting) };
    (queue, Line { receiver, waiting })
}

impl<C> Queue<C> {
    /// Hands a command in, or says at once why not. Never waits for the writer.
    pub(super) fn send(&self, command: C) -> Result<(), NotTaken> {
        let commands = self.commands.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let commands = commands.ok_or(NotTaken::Closed)?;
        // Counted before it can be taken, so that the count never runs below nothing.
        self.waiting.fetch_add(1, Ordering::Relaxed);
        commands.try_send(command).map_err(|error| {
            self.waiting.fetch_sub(1, Ordering::Relaxed);
            match error {
                TrySendError::Full(_) => NotTaken::Full,
                TrySendError::Disconnected(_) => NotTaken::Closed,
            }
        })
    }

    /// How many commands wait.
    pub(super) fn waiting(&self) -> u64 {
        self.waiting.load(Ordering::Relaxed)
    }

    /// Takes no more. The writer still gets what was taken.
    pub(super) fn close(&self) {
        self.commands.lock().unwrap_or_else(PoisonError::into_inner).take();
    }
}

impl<C> Line<C> {
    /// Waits for a command; none comes any more when the queue is closed and empty.
    pub(super) fn first(&self) -> Option<C> {
        let command = self.receiver.recv().ok()?;
        self.waiting.fetch_sub(1, Ordering::Relaxed);
        Some(command)
    }

    /// Gives `take` the first command and then those that wait already, as long as it wants more.
    pub(super) fn gather(&self, first: C, mut take: impl FnMut(C) -> bool) {
        let mut wants_more = take(first);
        while wants_more {
            let Ok(command) = self.receiver.try_recv() else { return };
            self.waiting.fetch_sub(1, Ordering::Relaxed);
            wants_more = take(command);
        }
    }
}

/// Keeps a batch and only then publishes the state that it makes: nobody sees what could still be lost. Whoever is
/// answered after this sees at least that state.
pub(super) fn keep_and_publish<S, K, E>(
    published: &Published<S>,
    next: &Arc<S>,
    keep: impl FnOnce() -> Result<K, E>,
    seal: impl FnOnce(&K),
) -> Result<K, E> {
    let kept = keep()?;
    seal(&kept);
    published.store(Arc::clone(next));
    Ok(kept)
}
