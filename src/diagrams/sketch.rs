//! What an answer about structure sketches: boxes in frames, lines with labels.

use std::collections::{BTreeMap, BTreeSet};

use super::Options;
use super::canvas::{Canvas, LABEL_WIDTH};
use super::error::DiagramError;
use super::lookup;
use super::paint;
use super::scene::{Arrow, Border, Reading, Sample, Scene, Stroke};
use super::text::{clip, wrap};
use crate::analyses::structure::{Sketch, SketchBox, SketchLine};
use crate::domain::element::Model;
use crate::graph::View;

/// A request for the picture of an answer.
#[derive(Debug, Clone)]
pub struct SketchPicture {
    /// What stands above it.
    pub title: String,
    /// The boxes and lines.
    pub sketch: Sketch,
    /// What stands below it.
    pub notes: Vec<String>,
    /// How many boxes are drawn at most; the rest is counted in a note. 10 to 500.
    pub most_figures: usize,
}

/// Draws a sketch.
pub fn draw(view: &View, request: &SketchPicture, options: &Options) -> Result<Scene, DiagramError> {
    lookup::within("most_figures", request.most_figures, 10, 500)?;
    let mut canvas = Canvas::new(view, options, &request.title, Reading::LeftToRight);
    let mut frames: BTreeMap<String, usize> = BTreeMap::new();
    let mut missing = BTreeMap::new();
    let mut names: BTreeMap<&str, String> = BTreeMap::new();
    for (place, held) in request.sketch.boxes.iter().enumerate() {
        let Some(item) = held.ids.first().and_then(|id| view.item(id)) else { continue };
        if place >= request.most_figures {
            *missing.entry(item.kind()).or_insert(0) += held.ids.len();
            continue;
        }
        let group = frame(&mut canvas, &mut frames, held);
        let name = place_box(&mut canvas, held, group);
        names.extend(name.map(|name| (held.ids[0].as_str(), name)));
    }
    let lines = request.sketch.lines.iter();
    let drawn = lines.filter_map(|line| Some((names.get(&*line.from)?, names.get(&*line.to)?, line)));
    for (from, to, line) in drawn {
        let arrow = arrow(&canvas, from, to, line);
        canvas.scene.arrows.push(arrow);
    }
    explain(&mut canvas, request);
    canvas.note_missing("描いていない要素", "not drawn", &missing);
    Ok(canvas.finish())
}

/// The frame of a box, opened when it is needed first.
fn frame(canvas: &mut Canvas<'_>, frames: &mut BTreeMap<String, usize>, held: &SketchBox) -> Option<usize> {
    let title = held.frame.get(canvas.language()).to_owned();
    if title.is_empty() {
        return None;
    }
    if let Some(place) = frames.get(&title) {
        return Some(*place);
    }
    let number = frames.len();
    let place = canvas.group(&format!("frame {number}"), &title, paint::area(number), Border::Plain);
    frames.insert(title, place);
    Some(place)
}

/// Puts a box into the picture; gives the name of its figure.
fn place_box(canvas: &mut Canvas<'_>, held: &SketchBox, group: Option<usize>) -> Option<String> {
    let item = canvas.view.item(held.ids.first()?)?;
    let mut figure = if held.ids.len() > 1 {
        let kind = canvas.kind_label(item.kind());
        canvas.pile(item.kind(), &held.ids, &kind, held.name.get(canvas.language()))
    } else {
        canvas.figure(item)
    };
    let facts = held.facts.iter().map(|fact| clip(fact.get(canvas.language()), LABEL_WIDTH * 2));
    figure.facts.extend(facts.filter(|fact| !fact.is_empty()));
    if held.is_subject {
        (figure.paint, figure.border) = (paint::SUBJECT, Border::Thick);
    }
    figure.group = group;
    let name = figure.id.clone();
    canvas.place(figure);
    Some(name)
}

fn arrow(canvas: &Canvas<'_>, from: &str, to: &str, line: &SketchLine) -> Arrow {
    let label = line.label.get(canvas.language());
    Arrow {
        source: from.to_owned(),
        target: to.to_owned(),
        label: wrap(label, LABEL_WIDTH, 4),
        stroke: if line.is_strong { Stroke::Strong } else { Stroke::Solid },
        tooltip: label.to_owned(),
        count: 1,
    }
}

fn explain(canvas: &mut Canvas<'_>, request: &SketchPicture) {
    let sketch = &request.sketch;
    let has = |strong: bool| sketch.lines.iter().any(|line| line.is_strong == strong);
    let subjects = sketch.subjects.get(canvas.language()).to_owned();
    if sketch.boxes.iter().any(|held| held.is_subject) && !subjects.is_empty() {
        canvas.explain(Sample::Box { paint: paint::SUBJECT, border: Border::Thick }, subjects);
    }
    let strong = sketch.strong.get(canvas.language()).to_owned();
    if has(true) && !strong.is_empty() {
        canvas.explain(Sample::Line(Stroke::Strong), strong);
    }
    let notes: BTreeSet<String> = request.notes.iter().map(|note| clip(note, 400)).collect();
    let read = sketch.note.get(canvas.language()).to_owned();
    for note in std::iter::once(read).chain(notes).filter(|note| !note.is_empty()) {
        canvas.note(note);
    }
}
