//! `ezu export`: the whole model as one model file.

use super::arguments::{Export, ModelFormat};
use super::failure::Failure;
use super::opening;
use super::output::Output;
use crate::application::archimate::{self, ArchimateFormat};
use crate::application::tables::{self, TableRequest};
use crate::application::{ViewRequest, whole};
use crate::graph::View;
use crate::settings::Settings;

pub(super) fn run(settings: &Settings, arguments: &Export, standard: &mut Output) -> Result<(), Failure> {
    let workspace = opening::existing_model(settings)?;
    let request = ViewRequest { at: None, revision: arguments.revision };
    let view = workspace.view(request).map_err(|error| Failure::refused(error.to_string()))?;
    if arguments.format == ModelFormat::Xlsx {
        return workbook(&view, arguments);
    }
    if let Some(format) = archimate_format(arguments.format) {
        return archimate_file(settings, &view, format, arguments);
    }
    let text = match arguments.format {
        ModelFormat::Yaml => whole::to_yaml(view.snapshot()),
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
        ModelFormat::Yaml | ModelFormat::Json | ModelFormat::Xlsx => None,
    }
}

/// Writes the file, and to standard error what it could not carry.
fn archimate_file(
    settings: &Settings,
    view: &View,
    format: ArchimateFormat,
    arguments: &Export,
) -> Result<(), Failure> {
    let file = archimate::export(view, format, "ezu", &settings.diagrams)
        .map_err(|error| Failure::cannot(error.to_string()))?;
    for loss in &file.losses {
        eprintln!("{}: {} ({})", loss.what.en, loss.count, loss.items.join(", "));
    }
    let mut out = Output::to(arguments.output.as_deref())?;
    out.bytes(&file.bytes)?;
    out.finish()
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
