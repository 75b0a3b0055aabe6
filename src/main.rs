//! The binary: arguments in, exit code out.

use std::process::ExitCode;

fn main() -> ExitCode {
    ezu::cli::run(ezu::startup::serve)
}
