//! `ezu ask`, `ezu questions`, `ezu hearing-sheet`, `ezu handover`.

use std::path::Path;
use std::sync::Arc;

use serde_json::{Map, Value as Json};

use super::arguments::{Ask, PaperSize, Questions, SaidFormat, SheetFormat, SheetOf};
use super::failure::Failure;
use super::language::Language;
use super::output::Output;
use super::{impact, opening, table};
use crate::analyses::Tabular as _;
use crate::analyses::questions::{Question, QuestionAnswer, QuestionCatalogue};
use crate::analyses::sheets::Sheet;
use crate::application::files::{load_questions, load_rules};
use crate::application::findings::Rulebook;
use crate::application::questions::QuestionBook;
use crate::domain::Model;
use crate::graph::View;
use crate::reports::{Paper, answer_to_xlsx, sheet_to_xlsx, to_csv, to_html};
use crate::settings::Settings;

/// A model and what can be asked of it.
struct Asked {
    view: View,
    book: QuestionBook,
}

fn open(settings: &Settings, moment: &super::arguments::Moment) -> Result<Asked, Failure> {
    let workspace = opening::existing_model(settings)?;
    let rules = load_rules(&workspace.metamodel(), settings.rules.as_deref())?;
    let questions = load_questions(&workspace.metamodel(), &rules, settings.questions.as_deref())?;
    let rulebook = Arc::new(Rulebook::new(rules));
    let book = QuestionBook::new(questions, rulebook, &settings.limits);
    Ok(Asked { view: impact::view(&workspace, moment)?, book })
}

pub(super) fn ask(
    settings: &Settings,
    arguments: &Ask,
    language: Language,
    standard: &mut Output,
) -> Result<(), Failure> {
    let asked = open(settings, &arguments.moment)?;
    let Some(id) = &arguments.id else {
        return list(&asked.book.catalogue(&asked.view), &[], language, standard);
    };
    let given = parameters(&arguments.param)?;
    let answer = asked.book.answer(&asked.view, id, &given).map_err(|error| Failure::refused(error.to_string()))?;
    let bytes = match arguments.format {
        SaidFormat::Text => describe(&answer, language).into_bytes(),
        SaidFormat::Csv => to_csv(&answer, language.tag()).into_bytes(),
        SaidFormat::Json => pretty(&answer)?,
        SaidFormat::Xlsx => {
            answer_to_xlsx(&answer, language.tag()).map_err(|error| Failure::refused(error.to_string()))?
        }
    };
    write(arguments.output.as_deref(), &bytes, standard)
}

pub(super) fn questions(
    settings: &Settings,
    arguments: &Questions,
    language: Language,
    out: &mut Output,
) -> Result<(), Failure> {
    let asked = open(settings, &arguments.moment)?;
    let catalogue = asked.book.catalogue(&asked.view);
    if let Some(unknown) = arguments.group.iter().find(|id| catalogue.group(id).is_none()) {
        let known: Vec<&str> = catalogue.groups().iter().map(|group| &*group.id).collect();
        return Err(Failure::refused(format!("there is no group \"{unknown}\"; one of {}", known.join(", "))));
    }
    list(&catalogue, &arguments.group, language, out)
}

/// The questions by group, with the names of what can be chosen.
fn list(catalogue: &QuestionCatalogue, groups: &[String], language: Language, out: &mut Output) -> Result<(), Failure> {
    let wanted =
        catalogue.groups().iter().filter(|group| groups.is_empty() || groups.iter().any(|id| *id == *group.id));
    for group in wanted {
        out.line(&format!("{} ({})", group.label.get(language.tag()), group.id))?;
        let questions = catalogue.questions().iter().filter(|question| question.group == group.id);
        let rows: Vec<Vec<String>> = questions.map(|question| row(question, language)).collect();
        out.text(&table::render(&["", "", ""], &rows))?;
    }
    Ok(())
}

fn row(question: &Question, language: Language) -> Vec<String> {
    let names: Vec<&str> = question.parameters.iter().map(|held| &*held.name).collect();
    vec![question.id.to_string(), question.plainly(language.tag()), names.join(", ")]
}

/// `name=value`, each once.
fn parameters(given: &[String]) -> Result<Map<String, Json>, Failure> {
    let mut found = Map::new();
    for text in given {
        let Some((name, value)) = text.split_once('=') else {
            return Err(Failure::refused(format!("--param {text}: write NAME=VALUE")));
        };
        if found.insert(name.to_owned(), Json::from(value)).is_some() {
            return Err(Failure::refused(format!("--param {name} is given twice")));
        }
    }
    Ok(found)
}

/// The rows of a table that are shown for reading.
const MOST_ROWS: usize = 30;

fn describe(answer: &QuestionAnswer, language: Language) -> String {
    let tag = language.tag();
    let mut text = format!("{}\n\n{}\n", answer.ask.get(tag), answer.headline.get(tag));
    for sentence in &answer.supporting {
        text.push_str(&format!("- {}\n", sentence.get(tag)));
    }
    let rows = answer.rows(tag);
    if !rows.is_empty() {
        let columns = answer.columns();
        let heading: Vec<&str> = columns.iter().map(|column| column.label.get(tag)).collect();
        text.push_str(&format!("\n{}", table::render(&heading, &rows[..rows.len().min(MOST_ROWS)])));
        if rows.len() > MOST_ROWS {
            let rest = rows.len() - MOST_ROWS;
            text.push_str(language.pick(&format!("ほか{rest}行\n"), &format!("and {rest} more rows\n")));
        }
    }
    text.push_str(&format!("\n{}\n", answer.coverage.sentence.get(tag)));
    if !answer.next.is_empty() {
        text.push_str(&format!("\n{}\n", language.pick("次に聞くこと", "Ask next")));
        for next in &answer.next {
            text.push_str(&format!("- {} ({})\n", next.ask.get(tag), next.id));
        }
    }
    text
}

pub(super) fn hearing_sheet(
    settings: &Settings,
    arguments: &SheetOf,
    language: Language,
    standard: &mut Output,
) -> Result<(), Failure> {
    let asked = open(settings, &arguments.moment)?;
    let sheet = asked.book.hearing_sheet(&asked.view, &arguments.id);
    hand_on(&sheet.map_err(|error| Failure::refused(error.to_string()))?, arguments, language, standard)
}

pub(super) fn handover(
    settings: &Settings,
    arguments: &SheetOf,
    language: Language,
    standard: &mut Output,
) -> Result<(), Failure> {
    let asked = open(settings, &arguments.moment)?;
    let metamodel = asked.view.metamodel();
    let is_process = asked.view.item(&arguments.id).is_some_and(|item| {
        metamodel.kind_named("business_process").is_some_and(|kind| metamodel.is_a(item.kind(), kind.id))
    });
    let kind = if is_process { "business_process" } else { "department" };
    let sheet = asked.book.handover(&asked.view, kind, &arguments.id);
    hand_on(&sheet.map_err(|error| Failure::refused(error.to_string()))?, arguments, language, standard)
}

fn hand_on(sheet: &Sheet, arguments: &SheetOf, language: Language, standard: &mut Output) -> Result<(), Failure> {
    let paper = match arguments.paper {
        PaperSize::A4 => Paper::A4,
        PaperSize::A3 => Paper::A3,
    };
    let bytes = match arguments.format {
        SheetFormat::Html => to_html(sheet, language.tag(), paper).into_bytes(),
        SheetFormat::Xlsx => {
            sheet_to_xlsx(sheet, language.tag()).map_err(|error| Failure::refused(error.to_string()))?
        }
        SheetFormat::Json => pretty(sheet)?,
    };
    write(arguments.output.as_deref(), &bytes, standard)
}

fn pretty(value: &impl serde::Serialize) -> Result<Vec<u8>, Failure> {
    let text = serde_json::to_string_pretty(value).map_err(|error| Failure::cannot(error.to_string()))?;
    Ok(format!("{text}\n").into_bytes())
}

fn write(file: Option<&Path>, bytes: &[u8], standard: &mut Output) -> Result<(), Failure> {
    if file.is_none() {
        return standard.bytes(bytes);
    }
    let mut out = Output::to(file)?;
    out.bytes(bytes)?;
    out.finish()
}
