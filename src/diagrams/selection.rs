//! Chosen items and relationships, and nothing else.

use std::collections::BTreeMap;

use super::bundles::Bundles;
use super::canvas::Canvas;
use super::error::DiagramError;
use super::scene::{Reading, Scene};
use super::{Options, lookup};
use crate::domain::element::Model;
use crate::domain::metamodel::KindId;
use crate::graph::View;

/// A request for a picture of what was chosen.
#[derive(Debug, Clone)]
pub struct Selection {
    /// What the picture is called.
    pub title: String,
    /// The ids of items, the most important first.
    pub items: Vec<String>,
    /// The ids of relationships; their ends are drawn with them.
    pub relationships: Vec<String>,
    /// How many boxes fit; items beyond it are counted in a note. 10 to 500.
    pub most_figures: usize,
}

/// Draws what was chosen. What the view does not show is left out.
pub fn draw(view: &View, request: &Selection, options: &Options) -> Result<Scene, DiagramError> {
    lookup::within("most_figures", request.most_figures, 10, 500)?;
    let mut canvas = Canvas::new(view, options, &request.title, Reading::LeftToRight);
    let mut missing = BTreeMap::new();
    let ends = request.relationships.iter().filter_map(|id| view.relationship(id));
    let ends = ends.flat_map(|found| [found.source.as_str(), found.target.as_str()]);
    let mut places = request.most_figures;
    for id in request.items.iter().map(String::as_str).chain(ends) {
        place(&mut canvas, id, &mut places, &mut missing);
    }
    let undrawn = connect(&mut canvas, &request.relationships);
    canvas.note_missing("箱にしていないもの", "in no box", &count(&missing));
    if undrawn > 0 {
        canvas.note(canvas.words(
            &format!("両端が箱になっていない関連 {undrawn}件は線にしていない"),
            &format!("{undrawn} relationships whose ends are in no box are not drawn"),
        ));
    }
    if canvas.scene.figures.is_empty() {
        canvas.note(canvas.words("描くものがない", "there is nothing to draw"));
    }
    Ok(canvas.finish())
}

/// Puts an item into the picture, or counts it where no place is left.
fn place<'a>(canvas: &mut Canvas<'a>, id: &'a str, places: &mut usize, missing: &mut BTreeMap<&'a str, KindId>) {
    let Some(item) = canvas.view.item(id).filter(|_| !canvas.has(id)) else { return };
    if *places == 0 {
        missing.insert(id, item.kind());
        return;
    }
    *places -= 1;
    let figure = canvas.figure(item);
    canvas.place(figure);
}

fn count(missing: &BTreeMap<&str, KindId>) -> BTreeMap<KindId, usize> {
    let mut counts = BTreeMap::new();
    missing.values().for_each(|kind| *counts.entry(*kind).or_default() += 1);
    counts
}

/// Draws the relationships whose ends are both there; gives the number of the others.
fn connect(canvas: &mut Canvas<'_>, relationships: &[String]) -> usize {
    let mut bundles = Bundles::default();
    let mut undrawn = 0;
    for id in relationships {
        let Some(found) = canvas.view.relationship(id) else { continue };
        let (source, target) = (found.source.as_str(), found.target.as_str());
        if !canvas.has(source) || !canvas.has(target) {
            undrawn += 1;
        } else if canvas.has(id) {
            // It is a box itself, because something is related to it.
            bundles.add(source, id, found);
            bundles.add(id, target, found);
        } else {
            bundles.add(source, target, found);
        }
    }
    bundles.connect(canvas);
    undrawn
}
