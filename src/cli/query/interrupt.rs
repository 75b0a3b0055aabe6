//! Ctrl-C: it stops the query that runs, and not ezu in the middle of something.

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Sender, channel};

use tokio::signal::ctrl_c;

use crate::cli::failure::Failure;

/// Sets the flag at every Ctrl-C from now on. Where nobody can ask for another query (`once`), a second Ctrl-C, before the
/// first was heeded, ends ezu.
pub(super) fn listen(cancelled: Arc<AtomicBool>, once: bool) {
    let (ready, listening) = channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build();
        if let Ok(runtime) = runtime {
            runtime.block_on(heed(&cancelled, once, &ready));
        }
    });
    // Without a thread that listens Ctrl-C ends ezu as it always does.
    let _ = listening.recv();
}

async fn heed(cancelled: &AtomicBool, once: bool, ready: &Sender<()>) {
    loop {
        let mut signal = pin!(ctrl_c());
        // Polled once it is registered.
        let first = tokio::select! {
            biased;
            caught = &mut signal => Some(caught),
            () = std::future::ready(()) => None,
        };
        // Only the first one is waited for.
        let _ = ready.send(());
        let caught = match first {
            Some(caught) => caught,
            None => signal.await,
        };
        if caught.is_err() {
            return;
        }
        if cancelled.swap(true, Ordering::Relaxed) && once {
            let failure = Failure::interrupted();
            failure.report();
            std::process::exit(failure.code().into());
        }
    }
}
