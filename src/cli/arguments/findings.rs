//! The arguments of rules and findings.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::questions::{AnswerFormat, Moment};

/// How a table is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum TableFormat {
    /// For reading
    Table,
    Json,
    Csv,
    /// A workbook for Excel
    Xlsx,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct Findings {
    /// Only these rules, separated by commas
    #[arg(long, value_delimiter = ',', value_name = "ID")]
    pub(in crate::cli) rule: Vec<String>,
    /// Only these sets of rules, separated by commas
    #[arg(long, value_delimiter = ',', value_name = "SET")]
    pub(in crate::cli) set: Vec<String>,
    /// Only these severities, separated by commas: critical, high, medium, low
    #[arg(long, value_delimiter = ',', value_name = "SEVERITY")]
    pub(in crate::cli) severity: Vec<String>,
    /// Only findings in charge of these departments, separated by commas
    #[arg(long, value_delimiter = ',', value_name = "ID")]
    pub(in crate::cli) department: Vec<String>,
    /// Only findings about these items, separated by commas
    #[arg(long, value_delimiter = ',', value_name = "ID")]
    pub(in crate::cli) subject: Vec<String>,
    /// Only findings that were not there at this revision
    #[arg(long, value_name = "REVISION", conflicts_with = "since_date")]
    pub(in crate::cli) since_revision: Option<u64>,
    /// Only findings that were not there on this day
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(in crate::cli) since_date: Option<jiff::civil::Date>,
    /// Only findings that were dismissed
    #[arg(long, conflicts_with = "all")]
    pub(in crate::cli) dismissed: bool,
    /// Dismissed findings too
    #[arg(long)]
    pub(in crate::cli) all: bool,
    #[command(flatten)]
    pub(in crate::cli) moment: Moment,
    #[arg(long, value_enum, default_value = "table")]
    pub(in crate::cli) format: TableFormat,
    /// The file; standard output if absent
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) output: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct Rules {
    /// Only these sets of rules, separated by commas
    #[arg(long, value_delimiter = ',', value_name = "SET")]
    pub(in crate::cli) set: Vec<String>,
    #[command(flatten)]
    pub(in crate::cli) moment: Moment,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct Structure {
    /// The question; without one, all questions are listed
    pub(in crate::cli) question: Option<String>,
    /// Parameters of the question, such as data=dat-juki
    #[arg(value_name = "NAME=VALUE")]
    pub(in crate::cli) parameters: Vec<String>,
    #[command(flatten)]
    pub(in crate::cli) moment: Moment,
    /// How it is written; pictures where one says more than a table
    #[arg(long, value_enum, default_value = "table")]
    pub(in crate::cli) format: AnswerFormat,
    /// The file; standard output if absent
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) output: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct Standardization {
    /// Only these types, separated by commas
    #[arg(long = "type", value_delimiter = ',', value_name = "TYPE")]
    pub(in crate::cli) types: Vec<String>,
    /// How alike neighbourhoods and processes must be, 0 to 1
    #[arg(long)]
    pub(in crate::cli) threshold: Option<f64>,
    #[command(flatten)]
    pub(in crate::cli) moment: Moment,
    #[arg(long, value_enum, default_value = "table")]
    pub(in crate::cli) format: TableFormat,
    /// The file; standard output if absent
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) output: Option<PathBuf>,
}

/// What is supposed of systems.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum SuppositionKind {
    Remove,
    Merge,
    Move,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct WhatIf {
    /// What is supposed: remove, merge (needs --into), move (needs --zone)
    #[arg(value_enum)]
    pub(in crate::cli) change: SuppositionKind,
    /// The systems
    #[arg(required = true, value_name = "ID")]
    pub(in crate::cli) systems: Vec<String>,
    /// The system that takes over
    #[arg(long, value_name = "ID", required_if_eq("change", "merge"))]
    pub(in crate::cli) into: Option<String>,
    /// The zone to go to
    #[arg(long, value_name = "ID", required_if_eq("change", "move"))]
    pub(in crate::cli) zone: Option<String>,
    #[arg(long, value_enum, default_value = "table")]
    pub(in crate::cli) format: TableFormat,
}
