//! Handing pieces of an answer to a connection from a thread of their own, without waiting for ever for its reader.

use std::time::{Duration, Instant};

use tokio::sync::mpsc::Sender;
use tokio::sync::mpsc::error::TrySendError;

/// How often a full connection is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(5);

/// The reader is gone, or has taken nothing for too long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct NobodyReads;

/// Passes on a piece; waits as long as the reader takes something now and then.
///
/// # Errors
/// [`NobodyReads`] when the reader is gone or took nothing for as long as `patience`.
pub(super) fn pass<T>(sender: &Sender<T>, piece: T, patience: Duration) -> Result<(), NobodyReads> {
    let began = Instant::now();
    let mut piece = piece;
    loop {
        match sender.try_send(piece) {
            Ok(()) => return Ok(()),
            Err(TrySendError::Closed(_)) => return Err(NobodyReads),
            Err(TrySendError::Full(_)) if began.elapsed() > patience => return Err(NobodyReads),
            Err(TrySendError::Full(back)) => piece = back,
        }
        std::thread::sleep(LOOK_EVERY);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reader_who_takes_nothing_is_given_up() {
        let (sender, receiver) = tokio::sync::mpsc::channel(1);
        assert_eq!(pass(&sender, 1, Duration::ZERO), Ok(()));
        assert_eq!(pass(&sender, 2, Duration::from_millis(20)), Err(NobodyReads));
        drop(receiver);
        assert_eq!(pass(&sender, 3, Duration::from_secs(60)), Err(NobodyReads));
    }
}
