//! The primitives under the queue and the publication. The concurrency test puts others, which try out the orders in
//! which threads may run, in their place.

pub(super) use std::sync::atomic::{AtomicU64, Ordering};
pub(super) use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
pub(super) use std::sync::{Arc, Mutex, PoisonError};

/// A pointer that readers take and one writer exchanges, each in one step.
pub(super) type Published<S> = arc_swap::ArcSwap<S>;
