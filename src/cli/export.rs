//! `ezu export`: the whole model as one model file.

use super::arguments::{Export, ModelFormat};
use super::failure::Failure;
use super::opening;
use super::output::Output;
use crate::application::{ViewRequest, whole};
use crate::settings::Settings;

pub(super) fn run(settings: &Settings, arguments: &Export, standard: &mut Output) -> Result<(), Failure> {
    let workspace = opening::existing_model(settings)?;
    let request = ViewRequest { at: None, revision: arguments.revision };
    let view = workspace.view(request).map_err(|error| Failure::refused(error.to_string()))?;
    let text = match arguments.format {
        ModelFormat::Yaml => whole::to_yaml(view.snapshot()),
        ModelFormat::Json => whole::to_json(view.snapshot()).map_err(Failure::cannot)?,
    };
    if arguments.output.is_none() {
        return standard.text(&text);
    }
    let mut out = Output::to(arguments.output.as_deref())?;
    out.text(&text)?;
    out.finish()
}
