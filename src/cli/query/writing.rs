//! Answers in the form in which they are wanted.

use super::plan_text;
use super::session::Session;
use crate::application::pictures::{self, PictureFormat};
use crate::application::queries::{self, QueryAnswer};
use crate::cli::arguments::QueryFormat;
use crate::cli::failure::Failure;
use crate::cli::output::Output;
use crate::cli::table;
use crate::query::source::Facts;
use crate::query::syntax::tree::Mode;
use crate::reports::tables_to_xlsx;

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
    let graph = session.queries.graph(&answer.view);
    match session.format {
        QueryFormat::Json => return out.json(&queries::json(answer, &graph)),
        QueryFormat::Table => return out.text(&text(answer, &graph, session)),
        _ if answer.mode == Mode::Explain => {
            return Err(Failure::usage("EXPLAIN answers with a plan, not with rows: choose table or json"));
        }
        _ => {}
    }
    match session.format {
        QueryFormat::Ndjson => queries::rows_as_objects(answer, &graph).try_for_each(|row| out.line(&row.to_string())),
        QueryFormat::Csv => out.text(&queries::csv(answer, &graph)),
        QueryFormat::Xlsx => {
            let title = session.language.pick("問い合わせの結果", "Answer");
            let bytes = tables_to_xlsx(&[queries::table(answer, &graph, title)]);
            out.bytes(&bytes.map_err(|error| Failure::cannot(error.to_string()))?)
        }
        format => {
            let form = if format == QueryFormat::Svg { PictureFormat::Svg } else { PictureFormat::Dot };
            let language = session.language.tag();
            let picture = queries::picture(answer, language);
            let bytes = pictures::draw(&answer.view, &picture, language, form, &session.diagrams);
            out.bytes(&bytes.map_err(crate::cli::diagram::failure)?)
        }
    }
}

/// Rows, plan, and a line that says how many and as of when.
fn text(answer: &QueryAnswer, facts: &dyn Facts, session: &Session) -> String {
    let mut text = String::new();
    if answer.mode != Mode::Explain {
        let heading: Vec<&str> = answer.columns.iter().map(|column| &**column).collect();
        let cells = |row: &Vec<_>| row.iter().map(|value| queries::for_people(value, facts)).collect();
        let rows: Vec<Vec<String>> = answer.rows.iter().map(cells).collect();
        text += &table::render(&heading, &rows);
    }
    if !answer.plan.is_empty() {
        text += &plan_text::describe(&answer.plan);
    }
    text + &footer(answer, session)
}

fn footer(answer: &QueryAnswer, session: &Session) -> String {
    let (revision, date) = (answer.view.revision(), answer.view.date());
    let Some(used) = &answer.used else {
        return session
            .language
            .pick(&format!("第{revision}版 {date}\n"), &format!("revision {revision}, {date}\n"))
            .to_owned();
    };
    let rows = answer.rows.len();
    let milliseconds = used.elapsed.as_secs_f64() * 1000.0;
    let ja = format!("{rows}件（{milliseconds:.1} ms、第{revision}版、{date}）\n");
    let plural = if rows == 1 { "row" } else { "rows" };
    let en = format!("{rows} {plural} ({milliseconds:.1} ms, revision {revision}, {date})\n");
    session.language.pick(&ja, &en).to_owned()
}
