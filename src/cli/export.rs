//! `ezu export`: the model or a part of it, in the form that somebody needs.

use super::arguments::{DrawingChoice, Export, ModelFormat};
use super::failure::Failure;
use super::language::Language;
use super::opening;
use super::output::Output;
use crate::application::Loss;
use crate::application::archimate::{self, ArchimateFormat};
use crate::application::imports::read_limits;
use crate::application::tables::{self, TableRequest};
use crate::application::texts::{self, Drawing, TextForm, TextRequest};
use crate::application::{ViewRequest, whole};
use crate::graph::View;
use crate::settings::Settings;

pub(super) fn run(
    settings: &Settings,
    arguments: &Export,
    language: Language,
    standard: &mut Output,
) -> Result<(), Failure> {
    let workspace = opening::existing_model(settings)?;
    let request = ViewRequest { at: None, revision: arguments.revision };
    let view = workspace.view(request).map_err(|error| Failure::refused(error.to_string()))?;
    if arguments.format == ModelFormat::Xlsx {
        return workbook(&view, arguments);
    }
    if let Some(format) = archimate_format(arguments.format) {
        return archimate_file(settings, &view, format, arguments, language);
    }
    let text = match arguments.format {
        ModelFormat::Yaml => whole::to_yaml(view.snapshot()),
        ModelFormat::Ndjson => for_programs(settings, &view, arguments, TextForm::Ndjson, language)?,
        ModelFormat::Graphml => for_programs(settings, &view, arguments, TextForm::GraphMl, language)?,
        ModelFormat::Mermaid => for_programs(settings, &view, arguments, TextForm::Mermaid, language)?,
        ModelFormat::Plantuml => for_programs(settings, &view, arguments, TextForm::PlantUml, language)?,
        ModelFormat::Bpmn => for_programs(settings, &view, arguments, TextForm::Bpmn, language)?,
        _ => whole::to_json(view.snapshot()).map_err(Failure::cannot)?,
    };
    if arguments.output.is_none() {
        return standard.text(&text);
    }
    let mut out = Output::to(arguments.output.as_deref())?;
    out.text(&text)?;
    out.finish()
}

fn archimate_format(format: ModelFormat) -> Option<ArchimateFormat> {
    match format {
        ModelFormat::ArchimateExchange => Some(ArchimateFormat::Exchange),
        ModelFormat::Archi => Some(ArchimateFormat::Archi),
        ModelFormat::CoArchi => Some(ArchimateFormat::CoArchi),
        _ => None,
    }
}

/// Writes the file, and to standard error what it could not carry.
fn archimate_file(
    settings: &Settings,
    view: &View,
    format: ArchimateFormat,
    arguments: &Export,
    language: Language,
) -> Result<(), Failure> {
    let file = archimate::export(view, format, "ezu", &settings.diagrams)
        .map_err(|error| Failure::cannot(error.to_string()))?;
    tell(&file.losses, language);
    let mut out = Output::to(arguments.output.as_deref())?;
    out.bytes(&file.bytes)?;
    out.finish()
}

/// What a file could not carry, on standard error.
fn tell(losses: &[Loss], language: Language) {
    for loss in losses {
        let what = if language.tag() == "ja" { &loss.what.ja } else { &loss.what.en };
        eprintln!("{what}: {} ({})", loss.count, loss.items.join(", "));
    }
}

/// The forms of other programs, of all or of the part that is asked for.
fn for_programs(
    settings: &Settings,
    view: &View,
    arguments: &Export,
    form: TextForm,
    language: Language,
) -> Result<String, Failure> {
    let request = TextRequest {
        form,
        kinds: arguments.kinds.clone(),
        diagram: arguments.diagram.clone(),
        around: arguments.around.clone(),
        depth: arguments.depth.into(),
        language: language.tag().to_owned(),
        is_whole: true,
        limits: read_limits(&settings.imports),
        drawing: match arguments.drawing {
            DrawingChoice::Fitting => Drawing::Fitting,
            DrawingChoice::Imported => Drawing::Imported,
            DrawingChoice::New => Drawing::New,
        },
    };
    let file = texts::write(view, &request).map_err(|error| Failure::refused(error.to_string()))?;
    tell(&file.losses, language);
    Ok(file.text)
}

/// A workbook goes to a file: a terminal would only be confused by it.
fn workbook(view: &View, arguments: &Export) -> Result<(), Failure> {
    let path = arguments.output.as_deref().ok_or_else(|| Failure::usage("--format xlsx needs --output FILE"))?;
    let request = TableRequest { kinds: arguments.kinds.clone(), japanese_calendar: arguments.japanese_calendar };
    let bytes = tables::to_workbook(view, &request).map_err(|error| Failure::refused(error.to_string()))?;
    let mut out = Output::to(Some(path))?;
    out.bytes(&bytes)?;
    out.finish()
}
