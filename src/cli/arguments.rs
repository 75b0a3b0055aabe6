//! What can be written after `ezu`.

#![expect(clippy::doc_markdown, reason = "these comments are help texts, read on a terminal")]

mod findings;
mod people;
mod queries;
mod questions;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

pub(super) use self::findings::{Findings, Rules, Standardization, Structure, SuppositionKind, TableFormat, WhatIf};
pub(super) use self::people::{Ask, PaperSize, Questions, SaidFormat, SheetFormat, SheetOf};
pub(super) use self::queries::{Query, QueryFormat};
pub(super) use self::questions::{AnswerFormat, Change, Diagram, DiagramKind, Impact, Moment, Picture, PictureForm};
use super::failure::Failure;
use super::language::Language;
use crate::settings::Settings;

const EXIT_CODES: &str = "\
Exit codes:
  0  done; `verify`: sound
  1  refused: the request does not fit the model, the files have problems, the ledger is not sound
  2  the arguments are wrong
  3  a file, folder, address or program cannot be used";

/// A city's systems, data flows and business processes as a living graph.
#[derive(Debug, Parser)]
#[command(name = "ezu", version, after_help = EXIT_CODES)]
pub(super) struct Arguments {
    #[command(flatten)]
    pub(super) common: Common,
    #[command(subcommand)]
    pub(super) command: Command,
}

/// What every command takes.
#[derive(Debug, Args)]
pub(super) struct Common {
    /// The data folder [default: ./data]
    #[arg(long, value_name = "DIR", global = true)]
    data: Option<PathBuf>,
    /// A settings file (TOML)
    #[arg(long, value_name = "FILE", global = true, env = "EZU_CONFIG")]
    config: Option<PathBuf>,
    /// A folder of metamodel files laid over the built-in ones
    #[arg(long, value_name = "DIR", global = true)]
    metamodel: Option<PathBuf>,
    /// A folder of rule files laid over the built-in ones
    #[arg(long, value_name = "DIR", global = true)]
    rules: Option<PathBuf>,
    /// A folder of question files laid over the built-in ones
    #[arg(long, value_name = "DIR", global = true)]
    questions: Option<PathBuf>,
    /// The language of labels and sentences [default: from LC_ALL, LC_MESSAGES or LANG, else ja]
    #[arg(long, value_enum, global = true)]
    pub(super) language: Option<Language>,
}

impl Common {
    /// The settings of file and environment, with the flags over them.
    pub(super) fn settings(&self) -> Result<Settings, Failure> {
        let mut settings =
            Settings::load(self.config.as_deref()).map_err(|error| Failure::cannot(error.to_string()))?;
        if let Some(data) = &self.data {
            settings.data.clone_from(data);
        }
        if self.metamodel.is_some() {
            settings.metamodel.clone_from(&self.metamodel);
        }
        if self.rules.is_some() {
            settings.rules.clone_from(&self.rules);
        }
        if self.questions.is_some() {
            settings.questions.clone_from(&self.questions);
        }
        Ok(settings)
    }
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Answer over HTTP until stopped
    #[command(after_help = "Example: ezu serve --sample      then open http://127.0.0.1:8080/docs/")]
    Serve(Serve),
    /// Load model files as one change set
    #[command(after_help = "Example: ezu import models/hanano --message \"first inventory\" --author yamada --dry-run")]
    Import(Import),
    /// Write the model or a part of it
    #[command(after_help = "Example: ezu export --format yaml --output city.yaml --revision 12\n         \
                            ezu export --format bpmn --around prc-tennyu --output tennyu.bpmn\n         \
                            ezu export --format mermaid --around sys-juki")]
    Export(Export),
    /// Ask who is hit if something changes, why, and what is not known
    #[command(after_help = "Example: ezu impact sys-juki --change stop --format csv > affected.csv")]
    Impact(Impact),
    /// List what the rules found, with what they could not judge
    #[command(after_help = "Example: ezu findings --set security --severity critical\n         \
                            ezu findings --department dept-shimin --format csv > findings.csv")]
    Findings(Findings),
    /// List the rules, with what they could judge
    #[command(after_help = "Example: ezu rules --set security")]
    Rules(Rules),
    /// Ask a question in people's own words; without one, list those that can be asked
    #[command(after_help = "Example: ezu ask system-stops --param system=sys-juki\n         \
                            ezu ask contracts-ending --param days=180 --format xlsx --output contracts.xlsx")]
    Ask(Ask),
    /// List the questions that people ask, by who asks
    #[command(after_help = "Example: ezu questions --group security")]
    Questions(Questions),
    /// Write the hearing sheet of a department: what to ask next, what to confirm
    #[command(after_help = "Example: ezu hearing-sheet dept-hoiku --format xlsx --output hearing.xlsx")]
    HearingSheet(SheetOf),
    /// Write the handover document of a department or of a business process
    #[command(after_help = "Example: ezu handover dept-shimin --output handover.html\n         \
                            ezu handover prc-hoiku --paper a3 --output handover.html")]
    Handover(SheetOf),
    /// Ask anything in the query language (openCypher, GQL), or open a shell for it
    #[command(
        after_help = "Example: ezu query \"MATCH (s:System) RETURN s.name, count{(s)-->()} AS n ORDER BY n DESC LIMIT 5\"\n         \
                            ezu query --file questions.cypher --param id=sys-juki --format csv > answer.csv\n         \
                            ezu query      opens a shell; :help says what it can do"
    )]
    Query(Query),
    /// Ask about structure: single points of failure, cycles, lineage, CRUD, vendors, people, lifecycle and more
    #[command(after_help = "Example: ezu structure                    lists the questions\n         \
                            ezu structure lineage data=dat-juki --format csv > lineage.csv")]
    Structure(Structure),
    /// List what could be standardised, what it saves and what stands in the way
    #[command(after_help = "Example: ezu standardization --type same_function,rekey")]
    Standardization(Standardization),
    /// Suppose that systems are removed, merged or moved, and see what that would mean; nothing is recorded
    #[command(after_help = "Example: ezu what-if merge sys-form-b --into sys-form-a")]
    WhatIf(WhatIf),
    /// Draw a diagram
    #[command(after_help = "Example: ezu diagram neighbourhood sys-juki --format svg --output juki.svg\n         \
                            ezu diagram impact sys-juki --change stop --output stop.png --format png")]
    Diagram(Diagram),
    /// List change sets, or those that touched one element or relationship
    #[command(after_help = "Example: ezu history sys-juki --limit 5")]
    History(History),
    /// Invent a city of any size, the same for the same seed
    #[command(after_help = "Example: ezu generate --elements 100000 --seed 7 --data ./load-test\n         \
                            ezu generate --elements 1000 --output city.yaml")]
    Generate(Generate),
    /// Check the ledger, its copies and the model built from it; exit code 0 only when all is sound
    #[command(
        after_help = "Example: ezu verify --witness 12:5f1c…    (as printed by `ezu backup` or `ezu ledger head`)"
    )]
    Verify(Verify),
    /// Back the ledger up into one file that proves itself
    #[command(after_help = "Example: ezu backup ezu-2026-11-01.backup\n\n\
                            While ezu serves the folder, ask the service instead: GET /api/v1/backup")]
    Backup(Backup),
    /// Bring a backup, or `ezu ledger export`, back into an empty data folder
    #[command(after_help = "Example: ezu restore ezu-2026-11-01.backup --data ./restored")]
    Restore(Restore),
    /// Look into the ledger
    #[command(
        after_help = "Example: ezu ledger head\n         ezu ledger show 12\n         ezu ledger export --output ledger.ndjson\n         \
                      ezu ledger redact --text - --reason \"a name entered by mistake\" --dry-run"
    )]
    Ledger(Ledger),
}

#[derive(Debug, Args)]
pub(super) struct Serve {
    /// The port; 0 takes any free one [default: 8080]
    #[arg(long)]
    port: Option<u16>,
    /// The address [default: 127.0.0.1]
    #[arg(long)]
    host: Option<String>,
    /// Accept an address that other computers can reach
    #[arg(long)]
    allow_remote: bool,
    /// Load the reference city into an empty model; changes nothing otherwise
    #[arg(long)]
    pub(super) sample: bool,
}

impl Serve {
    pub(super) fn apply(&self, settings: &mut Settings) {
        let server = &mut settings.server;
        server.port = self.port.unwrap_or(server.port);
        if let Some(host) = &self.host {
            server.host.clone_from(host);
        }
        server.allow_remote |= self.allow_remote;
    }
}

#[derive(Debug, Args)]
pub(super) struct Import {
    /// Ledgers (.xlsx, .xls, .ods, .csv), models of other tools (.archimate, .xml, .bpmn, a folder of coArchi …), or model
    /// files (.yaml, .yml, .json) or folders of them; what belongs together is loaded together
    #[arg(required = true, value_name = "FILE")]
    pub(super) files: Vec<PathBuf>,
    /// Show what would change, change nothing
    #[arg(long)]
    pub(super) dry_run: bool,
    /// Do not ask
    #[arg(long)]
    pub(super) yes: bool,
    /// What was done, for people
    #[arg(long)]
    pub(super) message: Option<String>,
    /// Who did it
    #[arg(long)]
    pub(super) author: Option<String>,
    /// The form of the files, where it cannot be guessed: xlsx, csv, native …
    #[arg(long)]
    pub(super) format: Option<String>,
    /// Decisions (JSON): answers to questions and conflicts by their ids, corrections of columns
    #[arg(long, value_name = "FILE")]
    pub(super) decisions: Option<PathBuf>,
    /// Who is right where file and model disagree; otherwise such fields stay as they are
    #[arg(long, value_enum)]
    pub(super) conflicts: Option<ConflictSide>,
    /// Write the whole report (JSON) to a file
    #[arg(long, value_name = "FILE")]
    pub(super) report: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum ConflictSide {
    File,
    Model,
}

impl From<ConflictSide> for crate::application::imports::Side {
    fn from(side: ConflictSide) -> Self {
        match side {
            ConflictSide::File => Self::File,
            ConflictSide::Model => Self::Model,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum ModelFormat {
    Yaml,
    Json,
    Xlsx,
    ArchimateExchange,
    Archi,
    #[value(name = "coarchi")]
    CoArchi,
    /// One JSON object a line
    Ndjson,
    /// For Gephi and yEd
    Graphml,
    /// A flowchart as text
    Mermaid,
    /// A diagram in ArchiMate's notation as text
    Plantuml,
    /// The steps of processes, with a diagram
    Bpmn,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum DrawingChoice {
    /// The imported one where it says where things stand and can show what the model says; else a new one
    Fitting,
    /// The imported one, even if it does not say where things stand
    Imported,
    /// A new one
    New,
}

#[derive(Debug, Args)]
pub(super) struct Export {
    #[arg(long, value_enum, default_value = "yaml")]
    pub(super) format: ModelFormat,
    /// The file; standard output if absent
    #[arg(long, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
    /// The model as of a revision [default: the newest]
    #[arg(long)]
    pub(super) revision: Option<u64>,
    /// For xlsx, ndjson, graphml, mermaid and plantuml: these kinds only, separated by commas
    #[arg(long, value_delimiter = ',')]
    pub(super) kinds: Vec<String>,
    /// For ndjson, graphml, mermaid and plantuml: what is around these elements; for bpmn: these processes
    #[arg(long, value_delimiter = ',', value_name = "ID")]
    pub(super) around: Vec<String>,
    /// How many relationships far --around reaches
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u8).range(0..=5))]
    pub(super) depth: u8,
    /// For ndjson, graphml, mermaid and plantuml: what is drawn in this view of the model
    #[arg(long, value_name = "ID")]
    pub(super) diagram: Option<String>,
    /// For bpmn: which drawing, of processes of which one was imported
    #[arg(long, value_enum, default_value = "fitting")]
    pub(super) drawing: DrawingChoice,
    /// For xlsx: days in the Japanese calendar
    #[arg(long)]
    pub(super) japanese_calendar: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum ListFormat {
    /// For reading
    Table,
    Json,
}

#[derive(Debug, Args)]
pub(super) struct History {
    /// An element or relationship [default: the whole model]
    pub(super) id: Option<String>,
    /// The most change sets to list, the newest first
    #[arg(long, default_value_t = 20)]
    pub(super) limit: usize,
    #[arg(long, value_enum, default_value = "table")]
    pub(super) format: ListFormat,
}

#[derive(Debug, Args)]
pub(super) struct Generate {
    /// How many elements; there are four relationships to each
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(50..=20_000_000))]
    pub(super) elements: u32,
    /// The city depends on size and seed alone
    #[arg(long, default_value_t = 1)]
    pub(super) seed: u64,
    /// Write a model file ("-" for standard output) instead of filling the data folder
    #[arg(long, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct Verify {
    /// What an outside register witnessed: a revision and its hash
    #[arg(long, value_name = "REVISION:HASH")]
    pub(super) witness: Option<String>,
    #[arg(long, value_enum, default_value = "table")]
    pub(super) format: ListFormat,
}

#[derive(Debug, Args)]
pub(super) struct Backup {
    /// The file, which must not exist yet; "-" for standard output
    #[arg(value_name = "FILE")]
    pub(super) file: PathBuf,
    /// Up to a revision [default: the newest]
    #[arg(long)]
    pub(super) revision: Option<u64>,
}

#[derive(Debug, Args)]
pub(super) struct Restore {
    /// The file; "-" for standard input
    #[arg(value_name = "FILE")]
    pub(super) file: PathBuf,
    /// Up to a revision [default: everything]
    #[arg(long)]
    pub(super) revision: Option<u64>,
}

#[derive(Debug, Args)]
pub(super) struct Ledger {
    #[command(subcommand)]
    pub(super) what: LedgerCommand,
}

#[derive(Debug, Subcommand)]
pub(super) enum LedgerCommand {
    /// The newest revision, its hash and time
    Head {
        #[arg(long, value_enum, default_value = "table")]
        format: ListFormat,
    },
    /// Frames with time, size and hash, the newest first
    List {
        /// The most frames to list
        #[arg(long, default_value_t = 20)]
        limit: u64,
        #[arg(long, value_enum, default_value = "table")]
        format: ListFormat,
    },
    /// What one revision recorded
    Show {
        /// The revision
        revision: u64,
    },
    /// The whole ledger as lines of JSON, which `ezu restore` accepts
    Export {
        /// The file; standard output if absent
        #[arg(long, value_name = "FILE")]
        output: Option<PathBuf>,
    },
    /// Remove for good what the law forbids to keep, from every copy and every revision
    Redact(Redact),
}

#[derive(Debug, Args)]
pub(super) struct Redact {
    /// A text, wherever it stands; "-" reads it from standard input, so that no shell keeps it
    #[arg(long, required_unless_present = "field")]
    pub(super) text: Option<String>,
    /// A value of an item, as in sys-juki:source_note (may be repeated)
    #[arg(long, value_name = "ID:FIELD")]
    pub(super) field: Vec<String>,
    /// A revision to remove it from (may be repeated) [default: every one that holds it]
    #[arg(long)]
    pub(super) revision: Vec<u64>,
    /// Why; it is recorded
    #[arg(long)]
    pub(super) reason: Option<String>,
    /// Who does it
    #[arg(long)]
    pub(super) author: Option<String>,
    /// Show what would be removed, remove nothing
    #[arg(long)]
    pub(super) dry_run: bool,
    /// Do not ask
    #[arg(long)]
    pub(super) yes: bool,
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_arguments_are_consistent() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn every_command_shows_an_example() {
        for command in Arguments::command().get_subcommands() {
            let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
            assert!(help.contains(&format!("Example: ezu {}", command.get_name())), "{}", command.get_name());
        }
    }

    #[test]
    fn flags_win_over_defaults() {
        let arguments = Arguments::parse_from(["ezu", "serve", "--port", "9", "--data", "x", "--allow-remote"]);
        let mut settings = arguments.common.settings().expect("loads");
        let Command::Serve(serve) = arguments.command else { panic!("serve") };
        serve.apply(&mut settings);
        assert_eq!((settings.server.port, settings.server.allow_remote), (9, true));
        assert_eq!((settings.data.to_str(), settings.server.host.as_str()), (Some("x"), "127.0.0.1"));
    }
}
