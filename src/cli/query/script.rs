//! Queries that are all there: from an argument, a file, a pipe. Lines that begin with a colon are the shell's commands.

use super::commands::{self, Next};
use super::session::Session;
use super::writing;
use crate::cli::failure::Failure;
use crate::cli::output::Output;
use crate::query::syntax::statements;
use crate::query::syntax::tree::Mode;

/// Answers all of it, up to the first failure.
pub(super) fn run(session: &mut Session, text: &str, out: &mut Output) -> Result<(), Failure> {
    let parts = parts(text);
    if parts.is_empty() {
        return Err(Failure::usage("there is no query; write one, such as \"MATCH (s:System) RETURN s.name\""));
    }
    writing::check(session.format, parts.iter().map(|part| statements(part).len().max(1)).sum())?;
    for part in parts {
        if entry(session, part, out)? == Next::Leave {
            break;
        }
    }
    Ok(())
}

/// Carries out a command, or answers the queries of a text.
pub(super) fn entry(session: &mut Session, text: &str, out: &mut Output) -> Result<Next, Failure> {
    if let Some(command) = text.trim_start().strip_prefix(':') {
        return commands::run(session, command.trim(), out);
    }
    answer(session, text, Mode::Answer, out)?;
    Ok(Next::Stay)
}

/// Answers the queries of a text, or explains them.
pub(super) fn answer(session: &Session, text: &str, mode: Mode, out: &mut Output) -> Result<(), Failure> {
    for statement in statements(text) {
        let answer = session.ask(text, &statement, mode)?;
        writing::write(session, &answer, out)?;
        // Whoever reads a pipe sees each answer when it is there.
        out.flush()?;
    }
    Ok(())
}

/// Commands, and the queries between them. A command stands on a line of its own behind queries that are closed.
fn parts(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut start, mut place) = (0, 0);
    for line in text.split_inclusive('\n') {
        let end = place + line.len();
        let before = &text[start..place];
        if line.trim_start().starts_with(':') && statements(before).last().is_none_or(|last| last.is_closed) {
            parts.push(before);
            parts.push(line);
            start = end;
        }
        place = end;
    }
    parts.push(&text[start..]);
    parts.retain(|part| part.trim_start().starts_with(':') || !statements(part).is_empty());
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_stand_between_closed_queries() {
        let text = ":at 2028-04-01\nMATCH (n\n:System) RETURN n;\n// why\n:format csv\nRETURN 1; RETURN 2";
        let expected =
            [":at 2028-04-01\n", "MATCH (n\n:System) RETURN n;\n// why\n", ":format csv\n", "RETURN 1; RETURN 2"];
        assert_eq!(parts(text), expected);
        assert!(parts(" ; // nothing").is_empty());
    }
}
