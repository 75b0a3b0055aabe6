//! The shell: a line editor with history and completion around the session.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use rustyline::completion::Completer;
use rustyline::error::ReadlineError;
use rustyline::highlight::Highlighter;
use rustyline::hint::Hinter;
use rustyline::history::FileHistory;
use rustyline::validate::{ValidationContext, ValidationResult, Validator};
use rustyline::{CompletionType, Config, Context, Editor, Helper};

use super::commands::Next;
use super::completion::{Names, complete};
use super::session::Session;
use super::{history, interrupt, script};
use crate::cli::failure::Failure;
use crate::cli::output::Output;
use crate::query::syntax::statements;

/// How many entries the history keeps.
const KEPT: usize = 1000;

/// Asks and answers until the person leaves.
pub(super) fn run(session: &mut Session, out: &mut Output) -> Result<(), Failure> {
    let mut editor = editor(session).map_err(|error| cannot(&error))?;
    let file = history::file();
    if let Some(file) = &file {
        // The first time there is none.
        let _ = editor.load_history(file);
    }
    interrupt::listen(Arc::clone(&session.cancelled), false);
    eprintln!("{}", session.language.pick("ezu 問い合わせ（:help で説明、:quit で終了）", "ezu query (:help, :quit)"));
    let done = ask_and_answer(session, &mut editor, out);
    if let Some(file) = &file {
        // What was typed is worth keeping, but not worth a failure.
        let _ = editor.save_history(file);
    }
    done
}

fn editor(session: &Session) -> Result<Editor<Typing, FileHistory>, ReadlineError> {
    let config = Config::builder()
        .max_history_size(KEPT)?
        .history_ignore_space(true)
        .completion_type(CompletionType::List)
        .build();
    let mut editor = Editor::with_config(config)?;
    editor.set_helper(Some(Typing { names: Names::of(session) }));
    Ok(editor)
}

fn ask_and_answer(
    session: &mut Session,
    editor: &mut Editor<Typing, FileHistory>,
    out: &mut Output,
) -> Result<(), Failure> {
    loop {
        let entry = match editor.readline("ezu> ") {
            Ok(entry) => entry,
            Err(ReadlineError::Interrupted) => continue,
            Err(ReadlineError::Eof) => return Ok(()),
            Err(error) => return Err(cannot(&error)),
        };
        if !entry.trim().is_empty() {
            // A line that cannot be remembered is answered all the same.
            let _ = editor.add_history_entry(entry.trim_end());
        }
        session.cancelled.store(false, Ordering::Relaxed);
        match script::entry(session, &entry, out) {
            Ok(Next::Leave) => return Ok(()),
            Ok(Next::Stay) => {}
            Err(failure) => {
                failure.report();
            }
        }
        out.flush()?;
        if let Some(typing) = editor.helper_mut() {
            typing.names = Names::of(session);
        }
    }
}

fn cannot(error: &ReadlineError) -> Failure {
    Failure::cannot(format!("the terminal cannot be read: {error}"))
}

/// What the editor asks while somebody is typing.
struct Typing {
    names: Names,
}

impl Helper for Typing {}
impl Highlighter for Typing {}

impl Hinter for Typing {
    type Hint = String;
}

impl Completer for Typing {
    type Candidate = String;

    fn complete(&self, line: &str, place: usize, _: &Context<'_>) -> rustyline::Result<(usize, Vec<String>)> {
        Ok(complete(&self.names, line.get(..place).unwrap_or(line)))
    }
}

impl Validator for Typing {
    fn validate(&self, context: &mut ValidationContext<'_>) -> rustyline::Result<ValidationResult> {
        let ready = is_ready(context.input());
        Ok(if ready { ValidationResult::Valid(None) } else { ValidationResult::Incomplete })
    }
}

/// Whether what was typed can be answered: a command, nothing, closed queries, or anything with an empty line behind.
fn is_ready(text: &str) -> bool {
    text.trim_start().starts_with(':')
        || text.ends_with("\n\n")
        || statements(text).last().is_none_or(|last| last.is_closed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_goes_on_until_its_semicolon() {
        for text in ["", "  ", ":help", "RETURN 1;", "RETURN ';", "RETURN ';';", "RETURN 1\n\n", "RETURN “1”;"] {
            assert!(is_ready(text), "{text:?}");
        }
        for text in ["MATCH (n)", "RETURN 1; RETURN 2", "RETURN 1 // ;"] {
            assert!(!is_ready(text), "{text:?}");
        }
    }
}
