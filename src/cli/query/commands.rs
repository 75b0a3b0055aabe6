//! What the shell does besides answering: `:help`, `:param`, `:at`, …

use clap::ValueEnum;

use super::completion::Names;
use super::session::Session;
use super::{parameter_value, script};
use crate::cli::arguments::QueryFormat;
use crate::cli::failure::Failure;
use crate::cli::output::Output;
use crate::domain::nearest;
use crate::query::syntax::tree::Mode;

/// Whether the shell goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    Stay,
    Leave,
}

/// The commands, what they take, and what they do in Japanese and English.
const COMMANDS: [(&str, &str, &str, &str); 14] = [
    ("help", "", "この説明", "this text"),
    ("quit", "", "終了（Ctrl-D）", "leave (Ctrl-D)"),
    ("explain", "QUERY", "実行計画", "the plan, without running it"),
    ("profile", "QUERY", "実行計画と実際の行数", "the answer, and the plan with the rows that came"),
    ("param", "NAME VALUE", "$NAME の値（JSON、または文字列）", "the value of $NAME: JSON, or else a text"),
    ("params", "", "設定したパラメータ", "the parameters that are set"),
    ("at", "[DATE]", "どの日の姿を見るか", "which day is looked at; without DATE the model's own"),
    ("revision", "[N]", "どの版を見るか", "which revision is looked at; without N the newest"),
    ("format", "FORMAT", "表示形式", "table, json, ndjson, csv, dot"),
    ("labels", "[TEXT]", "ラベル（要素の種類）", "labels: kinds of elements"),
    ("types", "[TEXT]", "関連の種類", "types of relationships"),
    ("properties", "[TEXT]", "属性", "properties"),
    ("functions", "[TEXT]", "関数", "functions"),
    ("procedures", "[TEXT]", "プロシージャ", "procedures, for CALL"),
];

/// The names of the commands, for completion.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    COMMANDS.iter().map(|(name, ..)| *name)
}

/// Carries out a command, written without its colon.
pub(super) fn run(session: &mut Session, command: &str, out: &mut Output) -> Result<Next, Failure> {
    let (name, rest) = command.split_once(char::is_whitespace).unwrap_or((command, ""));
    let rest = rest.trim().trim_end_matches(';').trim_end();
    match name {
        "help" | "h" | "?" => out.text(&help(session))?,
        "quit" | "q" | "exit" => return Ok(Next::Leave),
        "explain" => script::answer(session, rest, Mode::Explain, out)?,
        "profile" => script::answer(session, rest, Mode::Profile, out)?,
        "param" => set_parameter(session, rest)?,
        "params" => list_parameters(session, out)?,
        "at" => session.moment.at = optional(rest, "a date such as 2028-04-01")?,
        "revision" => session.moment.revision = optional(rest, "the number of a revision")?,
        "format" => session.format = format(rest)?,
        "labels" | "types" | "properties" | "functions" | "procedures" => list(session, name, rest, out)?,
        _ => return Err(unknown(name)),
    }
    Ok(Next::Stay)
}

fn unknown(name: &str) -> Failure {
    let hint = nearest::hint(name, names());
    Failure::usage(format!("there is no command :{name}{hint}; :help lists them"))
}

fn help(session: &Session) -> String {
    let mut rows = Vec::new();
    for (name, takes, ja, en) in COMMANDS {
        rows.push(vec![format!(":{name} {takes}"), session.language.pick(ja, en).to_owned()]);
    }
    let heading = session.language.pick(
        "質問は ; で終える。複数行でもよい。例: MATCH (s:System) RETURN s.name LIMIT 5;",
        "A query ends with ; and may have several lines: MATCH (s:System) RETURN s.name LIMIT 5;",
    );
    format!("{heading}\n{}", crate::cli::table::render(&["", ""], &rows).trim_start_matches('\n'))
}

fn set_parameter(session: &mut Session, rest: &str) -> Result<(), Failure> {
    let (name, value) = rest
        .split_once(|character: char| character == '=' || character.is_whitespace())
        .ok_or_else(|| Failure::usage("write :param NAME VALUE, such as :param id sys-juki"))?;
    let name = name.trim_start_matches('$').trim();
    session.parameters.insert(name.to_owned(), parameter_value(value.trim()));
    Ok(())
}

fn list_parameters(session: &Session, out: &mut Output) -> Result<(), Failure> {
    session.parameters.iter().try_for_each(|(name, value)| out.line(&format!("${name} = {value}")))
}

/// Nothing for no text.
fn optional<T: std::str::FromStr>(text: &str, what: &str) -> Result<Option<T>, Failure> {
    if text.is_empty() {
        return Ok(None);
    }
    let text = text.trim_matches('\'');
    text.parse().map(Some).map_err(|_| Failure::usage(format!("\"{text}\" is not {what}")))
}

fn format(text: &str) -> Result<QueryFormat, Failure> {
    match QueryFormat::from_str(text, true) {
        Ok(QueryFormat::Xlsx | QueryFormat::Svg) => {
            Err(Failure::usage("a file of this format cannot be shown here: ezu query --format … --output FILE"))
        }
        Ok(format) => Ok(format),
        Err(_) => Err(Failure::usage(format!("\"{text}\" is not a format: table, json, ndjson, csv, dot"))),
    }
}

/// The names of one sort that contain a text.
fn list(session: &Session, sort: &str, text: &str, out: &mut Output) -> Result<(), Failure> {
    let all = Names::of(session);
    let names = match sort {
        "labels" => &all.labels,
        "types" => &all.types,
        "properties" => &all.properties,
        "functions" => &all.functions,
        _ => &all.procedures,
    };
    let wanted = text.to_lowercase();
    let mut found = names.iter().filter(|name| name.to_lowercase().contains(&wanted));
    found.try_for_each(|name| out.line(name))
}
