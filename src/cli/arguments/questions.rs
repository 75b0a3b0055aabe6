//! The arguments of questions and pictures.

#![expect(clippy::doc_markdown, reason = "these comments are help texts, read on a terminal")]

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

/// Which state of the model a question is about.
#[derive(Debug, Args)]
pub(in crate::cli) struct Moment {
    /// The day in the world [default: the model's own day, else today]
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(in crate::cli) at: Option<jiff::civil::Date>,
    /// The model as of a revision [default: the newest]
    #[arg(long)]
    pub(in crate::cli) revision: Option<u64>,
}

/// A question about a change.
#[derive(Debug, Args)]
pub(in crate::cli) struct Change {
    /// The change: stop, retire, replace, change_data, person_leaves, vendor_exit, or what the metamodel adds
    #[arg(long, default_value = "stop")]
    pub(in crate::cli) change: String,
    /// How many steps an explanation may have
    #[arg(long, value_name = "STEPS")]
    pub(in crate::cli) max_depth: Option<usize>,
    /// Ask what would hit the subjects instead of whom they hit
    #[arg(long)]
    pub(in crate::cli) inward: bool,
    /// Kinds to list, separated by commas; the others are counted
    #[arg(long, value_delimiter = ',', value_name = "KIND")]
    pub(in crate::cli) kinds: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum AnswerFormat {
    /// For reading
    Table,
    Json,
    Csv,
    /// A workbook for Excel
    Xlsx,
    Dot,
    Svg,
    Png,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct Impact {
    /// What changes
    #[arg(required = true, value_name = "ID")]
    pub(in crate::cli) subjects: Vec<String>,
    #[command(flatten)]
    pub(in crate::cli) change: Change,
    #[command(flatten)]
    pub(in crate::cli) moment: Moment,
    #[arg(long, value_enum, default_value = "table")]
    pub(in crate::cli) format: AnswerFormat,
    /// The file; standard output if absent
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) output: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum PictureForm {
    Dot,
    Svg,
    Png,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct Picture {
    /// dot needs nothing; svg and png need Graphviz [default: by the name of the output, else dot]
    #[arg(long, value_enum, global = true)]
    pub(in crate::cli) format: Option<PictureForm>,
    /// The file; standard output if absent
    #[arg(long, value_name = "FILE", global = true)]
    pub(in crate::cli) output: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct Diagram {
    #[command(flatten)]
    pub(in crate::cli) picture: Picture,
    #[command(subcommand)]
    pub(in crate::cli) what: DiagramKind,
}

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum DiagramKind {
    /// What is around one element
    Neighbourhood {
        /// The element
        id: String,
        /// How many steps to go, 1 to 3
        #[arg(long, default_value_t = 1)]
        depth: usize,
        /// Kinds to show and follow, separated by commas [default: all]
        #[arg(long, value_delimiter = ',', value_name = "KIND")]
        kinds: Vec<String>,
        #[command(flatten)]
        moment: Moment,
    },
    /// What a change hits, and on which way
    Impact {
        /// What changes
        #[arg(required = true, value_name = "ID")]
        subjects: Vec<String>,
        #[command(flatten)]
        change: Change,
        #[command(flatten)]
        moment: Moment,
    },
    /// 情報システム関連図: systems by zone, and what flows between them
    Systems {
        /// Only systems of these departments, separated by commas
        #[arg(long, value_delimiter = ',', value_name = "ID")]
        departments: Vec<String>,
        /// Only systems in these zones, separated by commas
        #[arg(long, value_delimiter = ',', value_name = "ID")]
        zones: Vec<String>,
        /// Only these systems, separated by commas
        #[arg(long, value_delimiter = ',', value_name = "ID")]
        systems: Vec<String>,
        #[command(flatten)]
        moment: Moment,
    },
    /// アーキテクチャ全体俯瞰図: the nine layers of DS-467
    #[command(alias = "layers")]
    Overview {
        #[command(flatten)]
        moment: Moment,
    },
    /// A department, its processes and the systems they use
    Department {
        /// The department
        id: String,
        #[command(flatten)]
        moment: Moment,
    },
}
