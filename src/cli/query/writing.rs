//! Answers in the form in which they are wanted.

use serde_json::{Map, Value as Json, json};

use super::session::Session;
use super::{plan_text, values};
use crate::application::pictures::{self, PictureFormat};
use crate::application::queries::{QueryAnswer, QueryTable};
use crate::cli::arguments::QueryFormat;
use crate::cli::failure::Failure;
use crate::cli::output::Output;
use crate::cli::table;
use crate::query::value::json::to_json;
use crate::reports::{to_csv, to_xlsx};

/// Whether so many answers can stand in one file of a format.
pub(super) fn check(format: QueryFormat, answers: usize) -> Result<(), Failure> {
    let one = matches!(format, QueryFormat::Xlsx | QueryFormat::Dot | QueryFormat::Svg | QueryFormat::Csv);
    if one && answers > 1 {
        return Err(Failure::usage("this format holds one answer: ask one query, or choose table, json or ndjson"));
    }
    Ok(())
}

/// Writes an answer.
pub(super) fn write(session: &Session, answer: &QueryAnswer, out: &mut Output) -> Result<(), Failure> {
    let language = session.language.tag();
    match session.format {
        QueryFormat::Table => out.text(&text(answer, session)),
        QueryFormat::Json => out.json(&whole(answer)),
        _ if is_plan_only(answer) => {
            Err(Failure::usage("EXPLAIN answers with a plan, not with rows: choose table or json"))
        }
        QueryFormat::Ndjson => lines(answer, out),
        QueryFormat::Csv => out.text(&to_csv(&table(answer)?, language)),
        QueryFormat::Xlsx => {
            let bytes = to_xlsx(&table(answer)?, language);
            out.bytes(&bytes.map_err(|error| Failure::refused(error.to_string()))?)
        }
        QueryFormat::Dot => picture(session, answer, PictureFormat::Dot, out),
        QueryFormat::Svg => picture(session, answer, PictureFormat::Svg, out),
    }
}

fn table(answer: &QueryAnswer) -> Result<QueryTable<'_>, Failure> {
    QueryTable::new(answer).map_err(|error| Failure::refused(error.to_string()))
}

fn is_plan_only(answer: &QueryAnswer) -> bool {
    answer.plan.is_some() && answer.used.rows.is_empty()
}

/// The same as the service answers.
fn whole(answer: &QueryAnswer) -> Json {
    let graph = answer.graph();
    let rows: Vec<Vec<Json>> =
        answer.rows.iter().map(|row| row.iter().map(|value| to_json(value, &graph)).collect()).collect();
    let mut object = json!({
        "columns": answer.columns.iter().map(|column| &**column).collect::<Vec<_>>(),
        "rows": rows,
        "statistics": {
            "rows": answer.rows.len(),
            "expansions": answer.used.expansions,
            "milliseconds": answer.used.elapsed.as_secs_f64() * 1000.0,
        },
        "revision": answer.view.revision(),
        "date": answer.view.date().to_string(),
    });
    if let Some(plan) = &answer.plan {
        object["plan"] = plan.iter().map(plan_text::to_json).collect();
    }
    object
}

/// Each row as an object by column.
fn lines(answer: &QueryAnswer, out: &mut Output) -> Result<(), Failure> {
    let graph = answer.graph();
    answer.rows.iter().try_for_each(|row| {
        let named = answer.columns.iter().zip(row).map(|(column, value)| (column.to_string(), to_json(value, &graph)));
        out.line(&Json::Object(named.collect::<Map<_, _>>()).to_string())
    })
}

fn picture(session: &Session, answer: &QueryAnswer, form: PictureFormat, out: &mut Output) -> Result<(), Failure> {
    let language = session.language.tag();
    let picture = pictures::query_picture(answer, language);
    let bytes = pictures::draw(&answer.view, &picture, language, form, &session.settings.diagrams);
    out.bytes(&bytes.map_err(crate::cli::diagram::failure)?)
}

/// Rows, plan, and a line that says how many and as of when.
fn text(answer: &QueryAnswer, session: &Session) -> String {
    let mut text = String::new();
    if !is_plan_only(answer) {
        let graph = answer.graph();
        let heading: Vec<&str> = answer.columns.iter().map(|column| &**column).collect();
        let cells = |row: &Vec<_>| row.iter().map(|value| values::shown(value, &graph)).collect();
        let rows: Vec<Vec<String>> = answer.rows.iter().map(cells).collect();
        text += &table::render(&heading, &rows);
    }
    if let Some(plan) = &answer.plan {
        text += &plan_text::describe(plan);
    }
    text + &footer(answer, session)
}

fn footer(answer: &QueryAnswer, session: &Session) -> String {
    let (revision, date) = (answer.view.revision(), answer.view.date());
    if is_plan_only(answer) {
        let (ja, en) = (format!("第{revision}版、{date}\n"), format!("revision {revision}, {date}\n"));
        return session.language.pick(&ja, &en).to_owned();
    }
    let rows = answer.rows.len();
    let milliseconds = answer.used.elapsed.as_secs_f64() * 1000.0;
    let ja = format!("{rows}件（{milliseconds:.1} ms、第{revision}版、{date}）\n");
    let plural = if rows == 1 { "row" } else { "rows" };
    let en = format!("{rows} {plural} ({milliseconds:.1} ms, revision {revision}, {date})\n");
    session.language.pick(&ja, &en).to_owned()
}
