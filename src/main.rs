//! The binary: arguments in, exit code out.

use std::process::ExitCode;

/// Queries and imports make and drop very many small things.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    ezu::cli::run(ezu::startup::serve)
}
