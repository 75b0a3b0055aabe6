//! The arguments of questions in people's own words, hearing sheets and handover documents.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::questions::Moment;

/// How an answer is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum SaidFormat {
    /// For reading
    Text,
    Json,
    Csv,
    Xlsx,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct Ask {
    /// The question; all of them are listed if absent
    pub(in crate::cli) id: Option<String>,
    /// What is chosen for it, as in system=sys-juki (may be repeated)
    #[arg(long, value_name = "NAME=VALUE")]
    pub(in crate::cli) param: Vec<String>,
    #[command(flatten)]
    pub(in crate::cli) moment: Moment,
    #[arg(long, value_enum, default_value = "text")]
    pub(in crate::cli) format: SaidFormat,
    /// The file; standard output if absent
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) output: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct Questions {
    /// Only questions of these groups, separated by commas
    #[arg(long, value_delimiter = ',', value_name = "GROUP")]
    pub(in crate::cli) group: Vec<String>,
    #[command(flatten)]
    pub(in crate::cli) moment: Moment,
}

/// How a document is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum SheetFormat {
    /// A page to be printed
    Html,
    Xlsx,
    Json,
}

/// The size of the paper, in landscape.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum PaperSize {
    A4,
    A3,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct SheetOf {
    /// The department, or for a handover document a business process
    pub(in crate::cli) id: String,
    #[command(flatten)]
    pub(in crate::cli) moment: Moment,
    #[arg(long, value_enum, default_value = "html")]
    pub(in crate::cli) format: SheetFormat,
    /// The paper of a page to be printed
    #[arg(long, value_enum, default_value = "a4")]
    pub(in crate::cli) paper: PaperSize,
    /// The file; standard output if absent
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) output: Option<PathBuf>,
}
