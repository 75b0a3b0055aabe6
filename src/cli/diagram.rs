//! `ezu diagram`: a picture of the model or of an answer.

use std::path::Path;

use super::arguments::{Diagram as Arguments, DiagramKind, Moment, Picture, PictureForm};
use super::failure::Failure;
use super::language::Language;
use super::output::Output;
use super::{impact, opening};
use crate::application::pictures::{self, PictureError, PictureFormat};
use crate::diagrams::{DepartmentTree, Diagram, LayerOverview, Neighbourhood, SystemMap};
use crate::graph::View;
use crate::settings::Settings;

pub(super) fn run(
    settings: &Settings,
    arguments: &Arguments,
    language: Language,
    standard: &mut Output,
) -> Result<(), Failure> {
    let workspace = opening::existing_model(settings)?;
    let view = impact::view(&workspace, moment(&arguments.what))?;
    let diagram = diagram(&view, &arguments.what, language)?;
    let format = format(&arguments.picture)?;
    let bytes = pictures::draw(&view, &diagram, language.tag(), format, &settings.diagrams).map_err(failure)?;
    if arguments.picture.output.is_none() {
        return standard.bytes(&bytes);
    }
    let mut out = Output::to(arguments.picture.output.as_deref())?;
    out.bytes(&bytes)?;
    out.finish()
}

/// Why there is no picture, and whether the request or the computer is the reason.
pub(super) fn failure(error: PictureError) -> Failure {
    match error {
        PictureError::Request(error) => Failure::refused(error.to_string()),
        PictureError::Render(error) => Failure::cannot(error.to_string()),
    }
}

fn moment(what: &DiagramKind) -> &Moment {
    match what {
        DiagramKind::Neighbourhood { moment, .. }
        | DiagramKind::Impact { moment, .. }
        | DiagramKind::Systems { moment, .. }
        | DiagramKind::Overview { moment }
        | DiagramKind::Department { moment, .. } => moment,
    }
}

fn diagram(view: &View, what: &DiagramKind, language: Language) -> Result<Diagram, Failure> {
    Ok(match what {
        DiagramKind::Neighbourhood { id, depth, kinds, .. } => {
            Diagram::Neighbourhood(Neighbourhood { depth: *depth, kinds: kinds.clone(), ..Neighbourhood::of(id) })
        }
        DiagramKind::Impact { subjects, change, .. } => {
            pictures::impact_picture(&impact::answer(view, subjects, change)?, language.tag())
        }
        DiagramKind::Systems { departments, zones, systems, .. } => Diagram::SystemMap(SystemMap {
            departments: departments.clone(),
            zones: zones.clone(),
            systems: systems.clone(),
            ..SystemMap::default()
        }),
        DiagramKind::Overview { .. } => Diagram::Layers(LayerOverview::default()),
        DiagramKind::Department { id, .. } => Diagram::Department(DepartmentTree::of(id)),
    })
}

/// The format asked for, else that of the output's name, else DOT.
fn format(picture: &Picture) -> Result<PictureFormat, Failure> {
    if let Some(form) = picture.format {
        return Ok(match form {
            PictureForm::Dot => PictureFormat::Dot,
            PictureForm::Svg => PictureFormat::Svg,
            PictureForm::Png => PictureFormat::Png,
        });
    }
    let Some(extension) = picture.output.as_deref().and_then(Path::extension) else { return Ok(PictureFormat::Dot) };
    let extension = extension.to_string_lossy().to_lowercase();
    let unknown = || Failure::refused(format!("no picture is called .{extension}; say --format dot, svg or png"));
    PictureFormat::named(if extension == "gv" { "dot" } else { &extension }).ok_or_else(unknown)
}
