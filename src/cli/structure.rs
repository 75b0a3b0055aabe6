//! `ezu structure` and `ezu standardization`: questions about the structure of the model.

use super::arguments::{AnswerFormat, Standardization, Structure, TableFormat};
use super::failure::Failure;
use super::language::Language;
use super::output::Output;
use super::{impact, opening, output, table};
use crate::analyses::Tabular;
use crate::analyses::standardization::{CandidateType, StandardizationRequest, standardization};
use crate::analyses::structure::{Parameters, QUESTIONS, Report, question};
use crate::application::files::load_rules;
use crate::application::findings::Rulebook;
use crate::application::pictures::{self, PictureFormat};
use crate::graph::View;
use crate::reports;
use crate::settings::Settings;

pub(super) fn run(
    settings: &Settings,
    arguments: &Structure,
    language: Language,
    out: &mut Output,
) -> Result<(), Failure> {
    let Some(name) = &arguments.question else { return list(language, out) };
    let found = question(name).ok_or_else(|| {
        let hint = crate::domain::nearest::hint(name, QUESTIONS.iter().map(|question| question.name));
        Failure::refused(format!("there is no question {name:?}{hint}; `ezu structure` lists them"))
    })?;
    let workspace = opening::existing_model(settings)?;
    let view = impact::view(&workspace, &arguments.moment)?;
    let rules = load_rules(&workspace.metamodel(), settings.rules.as_deref())?;
    let parameters = parameters(&arguments.parameters)?;
    let rulebook = Rulebook::new(rules);
    let report = workspace.ask_structure(&rulebook, found, &view, &parameters);
    let report = report.map_err(|error| Failure::refused(error.to_string()))?;
    let mut notes = vec![report.sentence.get(language.tag()).to_owned()];
    notes.extend(report.coverage.unknown.iter().map(|text| text.get(language.tag()).to_owned()));
    notes.dedup();
    let format = match arguments.format {
        AnswerFormat::Table => TableFormat::Table,
        AnswerFormat::Json => TableFormat::Json,
        AnswerFormat::Csv => TableFormat::Csv,
        AnswerFormat::Xlsx => TableFormat::Xlsx,
        AnswerFormat::Dot => return draw(settings, &view, &report, PictureFormat::Dot, arguments, language, out),
        AnswerFormat::Svg => return draw(settings, &view, &report, PictureFormat::Svg, arguments, language, out),
        AnswerFormat::Png => return draw(settings, &view, &report, PictureFormat::Png, arguments, language, out),
    };
    write(&report, &notes, &report, format, arguments.output.as_deref(), language, out)
}

/// The picture of an answer, where it has one.
fn draw(
    settings: &Settings,
    view: &View,
    report: &Report,
    format: PictureFormat,
    arguments: &Structure,
    language: Language,
    standard: &mut Output,
) -> Result<(), Failure> {
    let none = || {
        Failure::refused(format!("{} is no picture; --format table, csv, xlsx and json are offered", report.question))
    };
    let diagram = pictures::structure_picture(report, language.tag()).ok_or_else(none)?;
    let bytes = pictures::draw(view, &diagram, language.tag(), format, &settings.diagrams);
    let bytes = bytes.map_err(super::diagram::failure)?;
    standard.whole(&bytes, arguments.output.as_deref())
}

pub(super) fn candidates(
    settings: &Settings,
    arguments: &Standardization,
    language: Language,
    out: &mut Output,
) -> Result<(), Failure> {
    let workspace = opening::existing_model(settings)?;
    let view = impact::view(&workspace, &arguments.moment)?;
    let rules = load_rules(&workspace.metamodel(), settings.rules.as_deref())?;
    let kind = |name: &String| {
        let known = || CandidateType::ALL.map(CandidateType::name).join(", ");
        CandidateType::named(name).ok_or_else(|| Failure::usage(format!("{name:?} is none of {}", known())))
    };
    let request = StandardizationRequest {
        types: arguments.types.iter().map(kind).collect::<Result<_, _>>()?,
        yen_per_hour: settings.yen_per_hour,
        threshold: arguments.threshold,
    };
    let report = standardization(&view, rules.terms(), &request);
    let said = report.coverage.iter().filter(|held| !held.applicable || held.lacking > 0);
    let notes: Vec<String> =
        said.map(|held| format!("{}: {}", held.kind.name(), held.sentence.get(language.tag()))).collect();
    write(&report, &notes, &report, arguments.format, arguments.output.as_deref(), language, out)
}

fn list(language: Language, out: &mut Output) -> Result<(), Failure> {
    let rows: Vec<Vec<String>> = QUESTIONS
        .iter()
        .map(|question| {
            let parameters: Vec<&str> = question.parameters.iter().map(|(name, _)| *name).collect();
            vec![question.name.to_owned(), language.pick(question.ja, question.en).to_owned(), parameters.join(" ")]
        })
        .collect();
    let heading = language.pick("質問,内容,引数", "Question,Answers,Parameters");
    out.text(&table::render(&heading.split(',').collect::<Vec<_>>(), &rows))
}

fn parameters(given: &[String]) -> Result<Parameters, Failure> {
    let pair = |text: &String| {
        let (name, value) = text.split_once('=').ok_or_else(|| Failure::usage(format!("{text:?} is no NAME=VALUE")))?;
        Ok((name.to_owned(), value.to_owned()))
    };
    given.iter().map(pair).collect()
}

fn write(
    report: &impl serde::Serialize,
    notes: &[String],
    rows: &dyn Tabular,
    format: TableFormat,
    file: Option<&std::path::Path>,
    language: Language,
    standard: &mut Output,
) -> Result<(), Failure> {
    let text = match format {
        TableFormat::Xlsx => return standard.whole(&output::workbook(rows, language)?, file),
        TableFormat::Csv => reports::to_csv(rows, language.tag()),
        TableFormat::Json => {
            let text = serde_json::to_string_pretty(report).map_err(|error| Failure::cannot(error.to_string()))?;
            format!("{text}\n")
        }
        TableFormat::Table => {
            let columns = rows.columns();
            let heading: Vec<&str> = columns.iter().map(|column| column.label.get(language.tag())).collect();
            let said: String = notes.iter().map(|note| format!("{note}\n")).collect();
            format!("{}{said}", table::render(&heading, &rows.rows(language.tag())))
        }
    };
    standard.whole(text.as_bytes(), file)
}
