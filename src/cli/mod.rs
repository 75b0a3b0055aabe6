//! The command line: reads arguments, calls the application, writes what it answers.
//!
//! Answers go to standard output, everything else to standard error. What is wrong with a request is exit code 1,
//! with the arguments 2, with files, folders and the network 3.

mod arguments;
mod asking;
mod backup;
mod diagram;
mod export;
mod failure;
mod findings;
mod generate;
mod history;
mod impact;
mod impact_text;
mod import;
mod import_files;
mod language;
mod ledger;
mod logging;
mod opening;
mod output;
mod progress;
mod query;
mod redact;
mod structure;
mod table;
mod times;
mod verify;
mod what_if;

use std::fmt::Display;
use std::process::ExitCode;

use clap::Parser;

use self::arguments::{Arguments, Command};
use self::failure::Failure;
use self::output::Output;
use crate::settings::Settings;

/// Runs the command that the process was started with. `serve` runs the service until it is told to stop.
pub fn run<E: Display>(serve: impl FnOnce(Settings, bool) -> Result<(), E>) -> ExitCode {
    let arguments = Arguments::parse();
    logging::start(&arguments.command);
    match dispatch(arguments, serve) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(),
    }
}

fn dispatch<E: Display>(
    arguments: Arguments,
    serve: impl FnOnce(Settings, bool) -> Result<(), E>,
) -> Result<(), Failure> {
    let Arguments { common, command } = arguments;
    let mut settings = common.settings()?;
    let language = language::choose(common.language);
    let mut out = Output::standard();
    match command {
        Command::Serve(arguments) => {
            arguments.apply(&mut settings);
            return serve(settings, arguments.sample).map_err(|error| Failure::cannot(error.to_string()));
        }
        Command::Import(arguments) => import::run(&settings, &arguments, language, &mut out)?,
        Command::Export(arguments) => export::run(&settings, &arguments, &mut out)?,
        Command::Impact(arguments) => impact::run(&settings, &arguments, language, &mut out)?,
        Command::Query(arguments) => query::run(&settings, &arguments, language, &mut out)?,
        Command::Findings(arguments) => findings::run(&settings, &arguments, language, &mut out)?,
        Command::Rules(arguments) => findings::rules(&settings, &arguments, language, &mut out)?,
        Command::Ask(arguments) => structure::run(&settings, &arguments, language, &mut out)?,
        Command::Standardization(arguments) => structure::candidates(&settings, &arguments, language, &mut out)?,
        Command::WhatIf(arguments) => what_if::run(&settings, &arguments, language, &mut out)?,
        Command::Diagram(arguments) => diagram::run(&settings, &arguments, language, &mut out)?,
        Command::History(arguments) => history::run(&settings, &arguments, &mut out)?,
        Command::Generate(arguments) => generate::run(&settings, &arguments, &mut out)?,
        Command::Verify(arguments) => verify::run(&settings, &arguments, &mut out)?,
        Command::Backup(arguments) => backup::backup(&settings, &arguments, &mut out)?,
        Command::Restore(arguments) => backup::restore(&settings, &arguments, &mut out)?,
        Command::Ledger(arguments) => ledger::run(&settings, &arguments, &mut out)?,
    }
    out.finish()
}
