//! アーキテクチャ全体俯瞰図: the nine layers of DS-467, the kinds in each, how many, and what joins them.

use std::collections::BTreeMap;

use super::Options;
use super::canvas::Canvas;
use super::paint;
use super::scene::{Arrow, Border, Figure, Reading, Sample, Scene, Shape, Stroke};
use super::text::{clip, wrap};
use crate::domain::element::{Item, Model};
use crate::domain::metamodel::{KindId, Layer};
use crate::graph::View;

/// A request for the overview.
#[derive(Debug, Clone)]
pub struct LayerOverview {
    /// How many examples of each kind are named, the best connected first.
    pub examples: usize,
    /// How many arrows are drawn, those that stand for most relationships first.
    pub most_arrows: usize,
}

impl Default for LayerOverview {
    fn default() -> Self {
        Self { examples: 3, most_arrows: 24 }
    }
}

/// Draws the overview. Takes time proportional to the model.
pub fn draw(view: &View, request: &LayerOverview, options: &Options) -> Scene {
    let title = super::language::pick(
        &options.language,
        "アーキテクチャ全体俯瞰図（DS-467の9層）",
        "Architecture overview (the nine layers of DS-467)",
    );
    let mut canvas = Canvas::new(view, options, title, Reading::TopToBottom);
    let layers: Vec<&Layer> = view.metamodel().vocabulary().ds467_layers.iter().collect();
    let mut anchors = Vec::new();
    for (place, layer) in layers.into_iter().enumerate() {
        anchors.push(draw_layer(&mut canvas, request, place, layer));
    }
    for pair in anchors.windows(2) {
        canvas.keep_order(&pair[0], &pair[1]);
    }
    draw_arrows(&mut canvas, request);
    note_unlayered(&mut canvas);
    let text =
        canvas.words("要素又は関連の種類（件数と代表例）", "kind of element or relationship, with count and examples");
    canvas.explain(Sample::Box { paint: paint::NEUTRAL, border: Border::Plain }, text);
    let text = canvas.words("この層に記録がない", "nothing recorded in this layer");
    canvas.explain(Sample::Box { paint: paint::NEUTRAL, border: Border::Dotted }, text);
    let text = canvas.words("関連（種類と件数）", "relationships, with their count");
    canvas.explain(Sample::Line(Stroke::Solid), text);
    canvas.scene
}

/// The figure of a kind.
fn figure_id(kind: &str) -> String {
    format!("kind {kind}")
}

/// Draws a layer and gives one of its figures.
fn draw_layer(canvas: &mut Canvas<'_>, request: &LayerOverview, place: usize, layer: &Layer) -> String {
    let number = place + 1;
    let title = format!("{number}  {}", layer.label.get(canvas.language()));
    let group = canvas.group(&layer.name, &title, paint::area(place), Border::Plain);
    canvas.scene.groups[group].in_one_row = true;
    let view = canvas.view;
    let kinds: Vec<KindId> = view
        .metamodel()
        .kinds()
        .iter()
        .filter(|kind| kind.ds467_layer.as_deref() == Some(&*layer.name) && has_place(canvas, kind.id))
        .map(|kind| kind.id)
        .collect();
    let mut first = None;
    for kind in kinds {
        let figure = kind_figure(canvas, request, kind, group);
        first.get_or_insert(figure.id.clone());
        canvas.place(figure);
    }
    first.unwrap_or_else(|| {
        let id = format!("layer {number}");
        let mut figure = plain_figure(id.clone(), canvas.words("記録なし", "nothing recorded"), group);
        figure.border = Border::Dotted;
        canvas.place(figure);
        id
    })
}

/// Whether items of exactly this kind are shown: all elements, and relationships that have a list of their own.
fn has_place(canvas: &Canvas<'_>, kind: KindId) -> bool {
    let known = canvas.view.metamodel().kind(kind);
    let listed = !known.is_relationship() || known.collection.is_some();
    listed && canvas.view.items_of_kinds(&[kind], None).next().is_some()
}

fn plain_figure(id: String, name: String, group: usize) -> Figure {
    Figure {
        id,
        heading: String::new(),
        tooltip: name.clone(),
        name: vec![name],
        facts: Vec::new(),
        shape: Shape::Rectangle,
        paint: paint::NEUTRAL,
        border: Border::Plain,
        url: None,
        group: Some(group),
        count: 0,
    }
}

fn kind_figure(canvas: &Canvas<'_>, request: &LayerOverview, kind: KindId, group: usize) -> Figure {
    let view = canvas.view;
    let ids: Vec<&str> = view.items_of_kinds(&[kind], None).map(|item| item.id().as_str()).collect();
    let known = view.metamodel().kind(kind);
    let label = format!("{} {}", canvas.kind_label(kind), ids.len());
    let mut figure = plain_figure(figure_id(&known.name), label, group);
    figure.shape = super::kinds::shape(view.metamodel(), kind);
    figure.count = ids.len();
    if !known.is_relationship() {
        figure.facts = best_connected(view, &ids, request.examples)
            .into_iter()
            .flat_map(|id| wrap(&format!("・{}", clip(&canvas.name_of(id), 44)), 24, 2))
            .collect();
        let more = ids.len().saturating_sub(request.examples);
        if more > 0 {
            figure.facts.push(canvas.words(&format!("ほか{more}件"), &format!("and {more} more")));
        }
    }
    figure
}

/// The items with most relationships, ties by id.
fn best_connected<'a>(view: &View, ids: &[&'a str], most: usize) -> Vec<&'a str> {
    let degree = |id: &str| view.outgoing(id, None).len() + view.incoming(id, None).len();
    let mut ranked: Vec<(usize, &str)> = ids.iter().map(|id| (degree(id), *id)).collect();
    ranked.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(b.1)));
    ranked.into_iter().take(most).map(|(_, id)| id).collect()
}

/// Counts of relationships by kind, kind of source and kind of target.
fn counts(view: &View) -> BTreeMap<(KindId, KindId, KindId), usize> {
    let mut counts = BTreeMap::new();
    let all: Vec<KindId> = view.metamodel().relationship_kinds().map(|kind| kind.id).collect();
    for item in view.items_of_kinds(&all, None) {
        if let Item::Relationship(relationship) = item {
            let end = |id: &str| view.item(id).map(Item::kind);
            if let (Some(source), Some(target)) = (end(relationship.source.as_str()), end(relationship.target.as_str()))
            {
                *counts.entry((source, target, relationship.kind)).or_default() += 1;
            }
        }
    }
    counts
}

fn draw_arrows(canvas: &mut Canvas<'_>, request: &LayerOverview) {
    let metamodel = canvas.view.metamodel();
    let mut by_ends: BTreeMap<(KindId, KindId), Vec<(usize, KindId)>> = BTreeMap::new();
    let mut inside = 0;
    for ((source, target, kind), count) in counts(canvas.view) {
        let layer = |kind: KindId| metamodel.kind(kind).ds467_layer.as_ref();
        let drawn = canvas.has(&figure_id(&metamodel.kind(source).name))
            && canvas.has(&figure_id(&metamodel.kind(target).name));
        if drawn && layer(source) != layer(target) {
            by_ends.entry((source, target)).or_default().push((count, kind));
        } else {
            inside += count;
        }
    }
    let total = |found: &[(usize, KindId)]| found.iter().map(|(count, _)| count).sum::<usize>();
    let mut ranked: Vec<_> = by_ends.into_iter().collect();
    ranked.sort_by(|a, b| total(&b.1).cmp(&total(&a.1)).then(a.0.cmp(&b.0)));
    let left = ranked.split_off(ranked.len().min(request.most_arrows));
    ranked.sort_by_key(|(ends, _)| *ends);
    for ((source, target), kinds) in ranked {
        let arrow = kind_arrow(canvas, source, target, &kinds);
        canvas.scene.arrows.push(arrow);
    }
    let left: usize = left.iter().map(|(_, kinds)| total(kinds)).sum();
    canvas.note(canvas.words(
        &format!("線にしていない関連: 同じ層の中 {inside}件、少数のもの {left}件"),
        &format!("Relationships not drawn: {inside} inside a layer, {left} between kinds that few join"),
    ));
}

fn kind_arrow(canvas: &Canvas<'_>, source: KindId, target: KindId, kinds: &[(usize, KindId)]) -> Arrow {
    let metamodel = canvas.view.metamodel();
    let mut kinds = kinds.to_vec();
    kinds.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    let label: Vec<String> =
        kinds.iter().map(|(count, kind)| format!("{} {count}", canvas.kind_label(*kind))).collect();
    Arrow {
        source: figure_id(&metamodel.kind(source).name),
        target: figure_id(&metamodel.kind(target).name),
        tooltip: label.join(", "),
        label,
        stroke: Stroke::Solid,
        count: kinds.iter().map(|(count, _)| count).sum(),
    }
}

/// Says which elements stand in no layer.
fn note_unlayered(canvas: &mut Canvas<'_>) {
    let view = canvas.view;
    let mut missing = BTreeMap::new();
    for kind in view.metamodel().element_kinds().filter(|kind| kind.ds467_layer.is_none()) {
        let count = view.items_of_kinds(&[kind.id], None).count();
        if count > 0 {
            missing.insert(kind.id, count);
        }
    }
    canvas.note_missing("9層のどれにも当たらない種類", "kinds outside the nine layers", &missing);
}
