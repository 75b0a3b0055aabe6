//! The arguments of `ezu query`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::Moment;

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum QueryFormat {
    /// For reading
    Table,
    /// One JSON value: columns, rows, revision, statistics
    Json,
    /// A JSON object a row, a line each
    Ndjson,
    Csv,
    Xlsx,
    /// The nodes, relationships and paths of the answer as a picture
    Dot,
    /// The same, drawn by Graphviz
    Svg,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct Query {
    /// The query, several with `;` between them; `-` reads standard input. Without it: standard input if that is no
    /// terminal, else a shell
    #[arg(conflicts_with = "file", value_name = "QUERY")]
    pub(in crate::cli) text: Option<String>,
    /// A file of queries with `;` between them
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) file: Option<PathBuf>,
    /// The value of $NAME: JSON, or else a text as it stands; may be repeated
    #[arg(long = "param", value_name = "NAME=VALUE", value_parser = parameter)]
    pub(in crate::cli) parameters: Vec<(String, serde_json::Value)>,
    #[command(flatten)]
    pub(in crate::cli) moment: Moment,
    #[arg(long, value_enum, default_value = "table")]
    pub(in crate::cli) format: QueryFormat,
    /// The file; standard output if absent
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) output: Option<PathBuf>,
    /// Stop a query after so many seconds [default: 30]
    #[arg(long, value_name = "SECONDS")]
    pub(in crate::cli) seconds: Option<u64>,
    /// Stop a query with more rows than this [default: 1000000]
    #[arg(long, value_name = "ROWS")]
    pub(in crate::cli) most_rows: Option<u64>,
}

/// `name=value`.
fn parameter(text: &str) -> Result<(String, serde_json::Value), String> {
    let (name, value) = text.split_once('=').ok_or("write NAME=VALUE, such as id=sys-juki or ids='[1, 2]'")?;
    let name = name.trim().trim_start_matches('$');
    if name.is_empty() {
        return Err("the name before = is missing".to_owned());
    }
    Ok((name.to_owned(), super::super::query::parameter_value(value)))
}
