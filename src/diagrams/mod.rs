//! Pictures of the model: a view or a result becomes a [`Scene`], the scene DOT text, the text SVG or PNG.
//!
//! Invariant: nothing is left out silently. What is too much for one picture is counted in a box or in a
//! note. The same view and request give the same bytes of DOT.

mod bundles;
mod canvas;
mod chart;
mod department;
mod dot;
mod error;
mod escape;
mod graphviz;
mod impact;
mod kinds;
mod language;
mod layers;
mod lookup;
mod neighbourhood;
mod ordering;
mod paint;
mod scene;
mod schedule;
mod sketch;
mod subgraph;
mod system_map;
mod text;

pub use department::DepartmentTree;
pub use error::DiagramError;
pub use graphviz::{Format, GraphvizSettings, RenderError, render};
pub use impact::{ImpactItem, ImpactPicture, ImpactStep};
pub use layers::LayerOverview;
pub use neighbourhood::Neighbourhood;
pub use paint::Paint;
pub use scene::{
    Arrow, Border, Chart, ChartCell, ChartColumn, ChartRow, Figure, Group, LegendEntry, Reading, Sample, Scene, Shape,
    Stroke,
};
pub use schedule::SchedulePicture;
pub use sketch::SketchPicture;
pub use subgraph::Subgraph;
pub use system_map::{MapKinds, SystemMap};
pub use text::{display_width, wrap};

use crate::graph::View;

/// What to draw.
#[derive(Debug, Clone)]
pub enum Diagram {
    /// What is around an item.
    Neighbourhood(Neighbourhood),
    /// What a change hits, and on which way.
    Impact(ImpactPicture),
    /// 情報システム関連図: systems and outside parties by zone, and what flows between them.
    SystemMap(SystemMap),
    /// アーキテクチャ全体俯瞰図: the nine layers of DS-467 with what is recorded in each.
    Layers(LayerOverview),
    /// A department, its processes and the systems they use.
    Department(DepartmentTree),
    /// Chosen items and relationships.
    Subgraph(Subgraph),
    /// What an answer about structure sketches.
    Sketch(SketchPicture),
    /// 工程表: projects and the systems that they change, along a scale of time.
    Schedule(SchedulePicture),
}

/// How to draw.
#[derive(Debug, Clone)]
pub struct Options {
    /// The language of labels: `ja` or `en`, with or without a region.
    pub language: String,
    /// An address to which an item's id is appended; figures are no links without it.
    pub link_base: Option<String>,
    /// Words before the model's name, such as 案 or 内部検討用.
    pub stamp: Option<String>,
}

impl Default for Options {
    fn default() -> Self {
        Self { language: "ja".to_owned(), link_base: None, stamp: None }
    }
}

/// Decides what is in a picture.
///
/// # Errors
/// [`DiagramError`] when the request names what does not exist or does not suit.
pub fn scene(view: &View, diagram: &Diagram, options: &Options) -> Result<Scene, DiagramError> {
    match diagram {
        Diagram::Neighbourhood(request) => neighbourhood::draw(view, request, options),
        Diagram::Impact(request) => impact::draw(view, request, options),
        Diagram::SystemMap(request) => system_map::draw(view, request, options),
        Diagram::Layers(request) => Ok(layers::draw(view, request, options)),
        Diagram::Department(request) => department::draw(view, request, options),
        Diagram::Subgraph(request) => subgraph::draw(view, request, options),
        Diagram::Sketch(request) => sketch::draw(view, request, options),
        Diagram::Schedule(request) => schedule::draw(view, request, options),
    }
}
