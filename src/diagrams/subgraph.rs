//! Chosen items and relationships, as a query answers them.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Options;
use super::canvas::Canvas;
use super::error::DiagramError;
use super::lookup;
use super::scene::{Reading, Scene};
use crate::domain::element::{Model, Relationship};
use crate::graph::View;

/// A request for a picture of chosen items.
#[derive(Debug, Clone)]
pub struct Subgraph {
    /// What stands above it.
    pub title: String,
    /// The ids of the items, in order.
    pub items: Vec<String>,
    /// The ids of the relationships; their ends are drawn too.
    pub relationships: Vec<String>,
    /// How many boxes are drawn at most; the rest is counted in a note. 10 to 500.
    pub most_figures: usize,
}

/// Draws chosen items.
pub fn draw(view: &View, request: &Subgraph, options: &Options) -> Result<Scene, DiagramError> {
    lookup::within("most_figures", request.most_figures, 10, 500)?;
    let mut canvas = Canvas::new(view, options, &request.title, Reading::LeftToRight);
    let mut missing = BTreeMap::new();
    for (place, id) in request.items.iter().enumerate() {
        let Some(item) = view.item(id) else { continue };
        if place < request.most_figures {
            let figure = canvas.figure(item);
            canvas.place(figure);
        } else {
            *missing.entry(item.kind()).or_insert(0) += 1;
        }
    }
    for ((source, target), relationships) in bundles(view, request) {
        if canvas.has(&source) && canvas.has(&target) {
            let relationships: Vec<&Relationship> = relationships.iter().map(|held| &**held).collect();
            canvas.connect(&source, &target, &relationships);
        }
    }
    if request.items.is_empty() {
        let note =
            canvas.words("照会結果に要素や関係が含まれていない。", "The answer holds no element and no relationship.");
        canvas.note(note);
    }
    canvas.note_missing("描いていない要素", "not drawn", &missing);
    Ok(canvas.finish())
}

/// The relationships by their ends.
fn bundles(view: &View, request: &Subgraph) -> BTreeMap<(String, String), Vec<Arc<Relationship>>> {
    let mut bundles: BTreeMap<(String, String), Vec<Arc<Relationship>>> = BTreeMap::new();
    for id in &request.relationships {
        if let Some(held) = view.relationship(id) {
            let ends = (held.source.to_string(), held.target.to_string());
            bundles.entry(ends).or_default().push(Arc::clone(held));
        }
    }
    bundles
}
