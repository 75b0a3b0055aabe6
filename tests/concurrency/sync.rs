//! What stands in place of the product's primitives: the same names, every step a place to change threads at.

use shuttle::sync::RwLock;
pub use shuttle::sync::atomic::{AtomicU64, Ordering};
pub use shuttle::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
pub use shuttle::sync::{Arc, Mutex};
pub use std::sync::PoisonError;

/// A pointer that is taken and exchanged in one step each.
#[derive(Debug)]
pub struct Published<S>(RwLock<Arc<S>>);

impl<S> Published<S> {
    pub fn from_pointee(state: S) -> Self {
        Self(RwLock::new(Arc::new(state)))
    }

    pub fn load_full(&self) -> Arc<S> {
        Arc::clone(&self.0.read().expect("nobody panics while it holds this"))
    }

    pub fn store(&self, state: Arc<S>) {
        *self.0.write().expect("nobody panics while it holds this") = state;
    }
}
