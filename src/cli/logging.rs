//! What happens, on standard error. `EZU_LOG` chooses how much, as in `EZU_LOG=ezu=debug`.

use std::io::{self, IsTerminal};

use tracing_subscriber::EnvFilter;

use super::arguments::Command;

/// Lines for people on a terminal; JSON where a service's log is collected.
pub(super) fn start(command: &Command) {
    let serves = matches!(command, Command::Serve(_));
    let usual = if serves { "info" } else { "warn" };
    let said = std::env::var("EZU_LOG").ok().filter(|text| !text.is_empty());
    let wanted = said.as_deref().map(EnvFilter::try_new);
    let wrong = wanted.as_ref().and_then(|wanted| wanted.as_ref().err()).map(ToString::to_string);
    let filter = wanted.and_then(Result::ok).unwrap_or_else(|| EnvFilter::new(usual));
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr).with_ansi(false);
    // A log that is already started is as good.
    let _ =
        if serves && !io::stderr().is_terminal() { lines.json().try_init() } else { lines.without_time().try_init() };
    if let (Some(said), Some(wrong)) = (said, wrong) {
        tracing::warn!("EZU_LOG={said:?} is not understood ({wrong}); what is usual ({usual}) is logged");
    }
}
