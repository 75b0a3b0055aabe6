//! Results as pictures.

use std::time::Duration;

use crate::analyses::impact::{HeadlineAnswer, ImpactReport};
use crate::analyses::paths::PathsReport;
use crate::analyses::structure::Report;
use crate::analyses::upstream::UpstreamReport;
use crate::analyses::{ItemSummary, PathStep, Tabular};
use crate::application::queries::{QueryAnswer, graph_of};
use crate::diagrams::{
    Diagram, DiagramError, Format, GraphvizSettings, ImpactItem, ImpactPicture, ImpactStep, Options, RenderError,
    SchedulePicture, SketchPicture, Subgraph, render, scene,
};
use crate::graph::View;
use crate::query::source::Facts;
use crate::settings::Diagrams;

/// The form in which a picture is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PictureFormat {
    /// DOT text; needs nothing.
    Dot,
    /// SVG, by Graphviz.
    Svg,
    /// PNG, by Graphviz.
    Png,
}

/// Why there is no picture.
#[derive(Debug, thiserror::Error)]
pub enum PictureError {
    /// The request makes no picture.
    #[error(transparent)]
    Request(#[from] DiagramError),
    /// Graphviz could not draw it.
    #[error(transparent)]
    Render(#[from] RenderError),
}

impl PictureFormat {
    /// The format of this name.
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "dot" => Some(Self::Dot),
            "svg" => Some(Self::Svg),
            "png" => Some(Self::Png),
            _ => None,
        }
    }

    /// Its media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Dot => "text/vnd.graphviz; charset=utf-8",
            Self::Svg => "image/svg+xml",
            Self::Png => "image/png",
        }
    }
}

/// Draws a diagram of a view.
///
/// # Errors
/// [`PictureError`]; DOT never fails for want of Graphviz.
pub fn draw(
    view: &View,
    diagram: &Diagram,
    language: &str,
    format: PictureFormat,
    settings: &Diagrams,
) -> Result<Vec<u8>, PictureError> {
    let options = Options { language: language.to_owned(), ..Options::default() };
    let dot = scene(view, diagram, &options)?.to_dot();
    let graphviz = GraphvizSettings {
        program: settings.dot.clone(),
        timeout: Duration::from_secs(settings.seconds),
        largest_output: settings.largest_bytes,
        ..GraphvizSettings::default()
    };
    match format {
        PictureFormat::Dot => Ok(dot.into_bytes()),
        PictureFormat::Svg => Ok(render(&dot, Format::Svg, &graphviz)?),
        PictureFormat::Png => Ok(render(&dot, Format::Png, &graphviz)?),
    }
}

/// The picture of an impact report.
pub fn impact_picture(report: &ImpactReport, language: &str) -> Diagram {
    let names: Vec<String> =
        report.subjects.iter().map(|subject| format!("「{}」", subject.name.get(language))).collect();
    let change = report.change_label.get(language);
    let joined = names.join("");
    let title = if language == "en" { format!("{change}: {joined}") } else { format!("{joined}の{change}") };
    let mut notes = Vec::new();
    if report.headline.answer != HeadlineAnswer::Affected {
        notes.push(report.headline.sentence.get(language).to_owned());
    }
    let items = report.affected.iter().map(|item| ImpactItem {
        id: item.id.clone(),
        effect: item.effect.to_string(),
        distance: item.distance,
        path: item.path.iter().map(|step| picture_step(step)).collect(),
    });
    Diagram::Impact(ImpactPicture {
        title,
        subjects: report.subjects.iter().map(|subject| subject.id.clone()).collect(),
        items: items.collect(),
        notes,
        most_figures: 60,
    })
}

/// The picture of paths between items.
pub fn paths_picture(report: &PathsReport, language: &str) -> Diagram {
    let effect = if language == "en" { "on a path" } else { "経路上" };
    let mut items: Vec<ImpactItem> = Vec::new();
    for path in &report.paths {
        let steps: Vec<ImpactStep> = path.steps.iter().map(|step| picture_step(step)).collect();
        for (place, item) in path.items.iter().enumerate().skip(1) {
            if !items.iter().any(|held| held.id == item.id) {
                let path = steps[..place.min(steps.len())].to_vec();
                items.push(ImpactItem { id: item.id.clone(), effect: effect.to_owned(), distance: place, path });
            }
        }
    }
    let starts = |item: &&ItemSummary| report.paths.iter().any(|path| path.items.first() == Some(item));
    let subjects = report.from.iter().filter(starts).map(|item| item.id.clone()).collect();
    let notes = vec![report.sentence.get(language).to_owned()];
    let title = report.title().get(language).to_owned();
    Diagram::Impact(ImpactPicture { title, subjects, items, notes, most_figures: 60 })
}

/// The picture of what feeds something.
pub fn upstream_picture(report: &UpstreamReport, language: &str) -> Diagram {
    let effect = if language == "en" { "feeds" } else { "供給元" };
    let items = report.items.iter().map(|item| ImpactItem {
        id: item.item.id.clone(),
        effect: effect.to_owned(),
        distance: item.distance,
        path: item.path.iter().map(|step| picture_step(step)).collect(),
    });
    Diagram::Impact(ImpactPicture {
        title: report.title().get(language).to_owned(),
        subjects: report.subjects.iter().map(|subject| subject.id.clone()).collect(),
        items: items.collect(),
        notes: vec![report.sentence.get(language).to_owned()],
        most_figures: 60,
    })
}

/// The picture of an answer about structure; none where a table says more.
pub fn structure_picture(report: &Report, language: &str) -> Option<Diagram> {
    let title = report.title().get(language).to_owned();
    let notes = vec![report.sentence.get(language).to_owned()];
    if let Some(timeline) = report.timeline.clone() {
        return Some(Diagram::Schedule(SchedulePicture { title, timeline, notes, most_rows: 80 }));
    }
    let sketch = report.sketch.clone()?;
    Some(Diagram::Sketch(SketchPicture { title, sketch, notes, most_figures: 80 }))
}

/// The picture of what stands in the answer of a query.
pub fn query_picture(answer: &QueryAnswer, language: &str) -> Diagram {
    let found = graph_of(answer);
    let (view, graph) = (&answer.view, answer.graph());
    let items = found.nodes.iter().filter_map(|node| view.item_at(*node)).map(|item| item.id().to_string());
    let relationships = found.relationships.iter().filter_map(|edge| view.relationship_at(*edge));
    // A relationship that stands as a node is drawn as the arrow that it is.
    let standing = found.nodes.iter().filter_map(|node| graph.relationship_of_node(*node));
    let standing = standing.filter_map(|edge| view.relationship_at(edge));
    let title = if language == "en" { "Query result" } else { "照会結果" };
    Diagram::Subgraph(Subgraph {
        title: title.to_owned(),
        items: items.collect(),
        relationships: relationships.chain(standing).map(|held| held.id.to_string()).collect(),
        most_figures: 120,
    })
}

fn picture_step(step: &PathStep) -> ImpactStep {
    ImpactStep { relationship: step.relationship.clone(), from: step.from.clone(), to: step.to.clone() }
}
