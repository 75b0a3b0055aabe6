//! A question to the person at the terminal.

use std::io::{self, IsTerminal, Write};

/// Whether somebody is there to be asked.
pub(super) fn is_possible() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal()
}

/// Whether the answer begins with y (or は, for はい).
pub(super) fn confirm(question: &str) -> bool {
    eprint!("{question} [y/N] ");
    // A prompt that cannot be shown is answered by whoever still types.
    let _ = io::stderr().flush();
    let mut answer = String::new();
    io::stdin().read_line(&mut answer).is_ok() && answer.trim().to_lowercase().starts_with(['y', 'は'])
}
