//! What is drawn, as plain data: no layout, no format, no model.

use serde::Serialize;

use super::paint::Paint;

/// A whole picture.
#[derive(Debug, Clone, Serialize)]
pub struct Scene {
    /// What it shows.
    pub title: String,
    /// Whose model, which revision, as of which day, drawn by what.
    pub subtitle: String,
    /// Which way it reads.
    pub reading: Reading,
    /// Frames around figures; a frame stands after the one it lies in.
    pub groups: Vec<Group>,
    /// Boxes.
    pub figures: Vec<Figure>,
    /// Lines between boxes.
    pub arrows: Vec<Arrow>,
    /// A chart along a scale, drawn instead of boxes.
    pub chart: Option<Chart>,
    /// What colours, shapes and lines mean.
    pub legend: Vec<LegendEntry>,
    /// What a reader must know besides: above all, what is counted instead of drawn.
    pub notes: Vec<String>,
    /// The language of the labels, for the headings of legend and notes.
    pub language: String,
}

/// Which way a picture reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reading {
    /// From left to right.
    LeftToRight,
    /// From top to bottom.
    TopToBottom,
}

/// Rows along a scale.
#[derive(Debug, Clone, Serialize)]
pub struct Chart {
    /// What stands above the headings and the names of rows.
    pub headings: [String; 2],
    /// What stands above several columns, with how many.
    pub eras: Vec<(String, usize)>,
    /// The columns of the scale.
    pub columns: Vec<ChartColumn>,
    /// The rows.
    pub rows: Vec<ChartRow>,
}

/// A column of a chart's scale.
#[derive(Debug, Clone, Serialize)]
pub struct ChartColumn {
    /// What it is called; may be empty.
    pub label: String,
    /// Whether the day of the picture lies in it.
    pub is_now: bool,
}

/// A row of a chart.
#[derive(Debug, Clone, Serialize)]
pub struct ChartRow {
    /// What begins here, in lines, and over how many rows.
    pub heading: Option<(Vec<String>, usize)>,
    /// The name, in lines.
    pub name: Vec<String>,
    /// Facts below the name, a line each.
    pub facts: Vec<String>,
    /// One cell a column.
    pub cells: Vec<ChartCell>,
}

/// A cell of a chart.
#[derive(Debug, Clone, Serialize)]
pub struct ChartCell {
    /// Its colours; white without.
    pub paint: Option<Paint>,
    /// What stands in it.
    pub mark: String,
}

/// A frame with a title.
#[derive(Debug, Clone, Serialize)]
pub struct Group {
    /// Unique among the groups.
    pub id: String,
    /// Its heading.
    pub title: String,
    /// Its colours.
    pub paint: Paint,
    /// Its line.
    pub border: Border,
    /// The place in [`Scene::groups`] of the frame around it.
    pub within: Option<usize>,
    /// Whether its figures stand in one row across the reading direction.
    pub in_one_row: bool,
}

/// A box that stands for an item, or for several that are counted.
#[derive(Debug, Clone, Serialize)]
pub struct Figure {
    /// Unique among the figures: the item's id, or a made-up one that no item can have.
    pub id: String,
    /// A small line above the name: the kind, the effect.
    pub heading: String,
    /// The name, in lines.
    pub name: Vec<String>,
    /// Facts below the name, a line each.
    pub facts: Vec<String>,
    /// Its outline.
    pub shape: Shape,
    /// Its colours.
    pub paint: Paint,
    /// Its line.
    pub border: Border,
    /// Where a click leads.
    pub url: Option<String>,
    /// Everything that did not fit.
    pub tooltip: String,
    /// The place in [`Scene::groups`] of the frame it lies in.
    pub group: Option<usize>,
    /// How many items it stands for.
    pub count: usize,
}

/// A line between two figures.
#[derive(Debug, Clone, Serialize)]
pub struct Arrow {
    /// The figure it starts from.
    pub source: String,
    /// The figure it points to.
    pub target: String,
    /// What is written at it, in lines.
    pub label: Vec<String>,
    /// How it is drawn.
    pub stroke: Stroke,
    /// Everything that did not fit.
    pub tooltip: String,
    /// How many relationships it stands for; 0 for a line that only holds things in place and is not seen.
    pub count: usize,
}

/// The outline of a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Shape {
    /// A rectangle: who acts, and whatever has no shape of its own.
    Rectangle,
    /// A rectangle with round corners: behaviour, work.
    Rounded,
    /// A rectangle with two tabs: software.
    Component,
    /// A block: machines, lines, rooms.
    Block,
    /// A sheet with a folded corner: data, documents.
    Sheet,
    /// A rectangle with cut corners: motives, rules, problems.
    Octagon,
    /// A folder: places and groupings.
    Folder,
    /// An arrow-shaped box: a relationship that is itself related to something.
    Pointer,
    /// A pile: several items in one box.
    Pile,
}

/// The line around a figure or group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Border {
    /// One thin line.
    Plain,
    /// One thick line.
    Thick,
    /// Dashes.
    Dashed,
    /// Dots.
    Dotted,
    /// Thick dashes.
    ThickDashed,
}

/// How an arrow is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Stroke {
    /// A solid line.
    Solid,
    /// A solid thick line: something passes.
    Flow,
    /// A solid thick line in a warning colour.
    Strong,
    /// A dashed line.
    Dashed,
    /// A dashed thick line in a warning colour.
    StrongDashed,
    /// A dotted line.
    Dotted,
    /// Not drawn; holds figures in their order.
    Invisible,
}

/// One line of the legend.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LegendEntry {
    /// What it looks like.
    pub sample: Sample,
    /// What it means.
    pub text: String,
}

/// What a legend entry shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Sample {
    /// A small box.
    Box {
        /// Its colours.
        paint: Paint,
        /// Its line.
        border: Border,
    },
    /// A piece of line.
    Line(Stroke),
}

impl Scene {
    /// How many items are drawn or counted in a box.
    pub fn item_count(&self) -> usize {
        self.figures.iter().map(|figure| figure.count).sum()
    }

    /// How many relationships the arrows stand for.
    pub fn relationship_count(&self) -> usize {
        self.arrows.iter().map(|arrow| arrow.count).sum()
    }
}
