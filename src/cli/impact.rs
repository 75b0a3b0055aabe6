//! `ezu impact`: who is hit if something changes.

use super::arguments::{AnswerFormat, Change, Impact, Moment};
use super::failure::Failure;
use super::language::Language;
use super::output::Output;
use super::{impact_text, opening};
use crate::analyses::impact::{ImpactDirection, ImpactReport, ImpactRequest, impact};
use crate::application::pictures::{self, PictureFormat};
use crate::application::{ViewRequest, Workspace};
use crate::graph::View;
use crate::reports;
use crate::settings::Settings;

pub(super) fn run(
    settings: &Settings,
    arguments: &Impact,
    language: Language,
    standard: &mut Output,
) -> Result<(), Failure> {
    let workspace = opening::existing_model(settings)?;
    let view = view(&workspace, &arguments.moment)?;
    let report = answer(&view, &arguments.subjects, &arguments.change)?;
    let bytes = rendered(&view, &report, arguments.format, language, settings)?;
    if arguments.output.is_none() {
        return standard.bytes(&bytes);
    }
    let mut out = Output::to(arguments.output.as_deref())?;
    out.bytes(&bytes)?;
    out.finish()
}

/// The state of the model that a question is about.
pub(super) fn view(workspace: &Workspace, moment: &Moment) -> Result<View, Failure> {
    let request = ViewRequest { at: moment.at, revision: moment.revision };
    workspace.view(request).map_err(|error| Failure::refused(error.to_string()))
}

/// The answer to a question about a change.
pub(super) fn answer(view: &View, subjects: &[String], change: &Change) -> Result<ImpactReport, Failure> {
    let request = ImpactRequest {
        subjects: subjects.to_vec(),
        change: change.change.clone(),
        max_depth: change.max_depth,
        direction: if change.inward { ImpactDirection::Inward } else { ImpactDirection::Outward },
        kinds: change.kinds.clone(),
        limit: None,
    };
    impact(view, &request).map_err(|error| Failure::refused(error.to_string()))
}

fn rendered(
    view: &View,
    report: &ImpactReport,
    format: AnswerFormat,
    language: Language,
    settings: &Settings,
) -> Result<Vec<u8>, Failure> {
    let picture = |form| {
        let diagram = pictures::impact_picture(report, language.tag());
        pictures::draw(view, &diagram, language.tag(), form, &settings.diagrams).map_err(super::diagram::failure)
    };
    match format {
        AnswerFormat::Table => Ok(impact_text::describe(report, language).into_bytes()),
        AnswerFormat::Csv => Ok(reports::to_csv(report, language.tag()).into_bytes()),
        AnswerFormat::Xlsx => super::output::workbook(report, language),
        AnswerFormat::Json => {
            let text = serde_json::to_string_pretty(report).map_err(|error| Failure::cannot(error.to_string()))?;
            Ok(format!("{text}\n").into_bytes())
        }
        AnswerFormat::Dot => picture(PictureFormat::Dot),
        AnswerFormat::Svg => picture(PictureFormat::Svg),
        AnswerFormat::Png => picture(PictureFormat::Png),
    }
}
