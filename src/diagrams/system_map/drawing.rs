//! Boxes, frames and arrows of a map.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::SystemMap;
use super::folding::{Fold, Folding};
use super::gathering::Content;
use crate::diagrams::bundles::Bundles;
use crate::diagrams::canvas::{Canvas, LABEL_WIDTH};
use crate::diagrams::language::first_of;
use crate::diagrams::paint;
use crate::diagrams::scene::{Arrow, Border, Sample, Stroke};
use crate::diagrams::text::wrap;
use crate::domain::element::{Item, Model, Relationship};
use crate::domain::metamodel::AttributeName;
use crate::domain::naming::value_text;

/// The lines around zones, in turn.
const BORDERS: [Border; 5] = [Border::Plain, Border::Dashed, Border::Thick, Border::Dotted, Border::ThickDashed];

/// Flows between the same two boxes that are described one by one; more are counted.
const MOST_DESCRIBED: usize = 2;

/// Draws the whole map.
pub(super) fn draw(canvas: &mut Canvas<'_>, request: &SystemMap, content: &Content, folding: &Folding) {
    let zones = frames(canvas, content);
    let mut figures: BTreeMap<String, String> = BTreeMap::new();
    for id in &folding.single {
        place_single(canvas, content, &zones, id);
        figures.insert(id.clone(), id.clone());
    }
    let inner = inner_flows(content, folding);
    for (place, (fold, ids)) in folding.folds.iter().enumerate() {
        let inside = inner.get(&(folding.single.len() + place)).copied().unwrap_or_default();
        let figure = place_fold(canvas, &zones, fold, ids, inside);
        figures.extend(ids.iter().map(|id| (id.clone(), figure.clone())));
    }
    let mut bundles = Bundles::default();
    for flow in &content.flows {
        let (source, target) = (&figures[flow.source.as_str()], &figures[flow.target.as_str()]);
        // A flow from a system to itself is shown; one inside a box of several is counted there.
        if source != target || folding.single.contains(source) {
            bundles.add(source, target, flow);
        }
    }
    connect(canvas, request, content, folding, &bundles);
    explain(canvas, content, folding, inner.values().sum());
}

/// A frame for every zone that has a member, by id; the last for members without one.
fn frames(canvas: &mut Canvas<'_>, content: &Content) -> BTreeMap<Option<String>, usize> {
    let used: BTreeSet<Option<String>> = content.members.values().map(|member| member.zone.clone()).collect();
    let mut frames = BTreeMap::new();
    for zone in used {
        let place = zone.as_deref().map_or(0, |zone| place_of_zone(canvas, zone));
        let title = match &zone {
            Some(zone) => canvas.name_of(zone),
            None => canvas.words("ネットワーク系の記載なし", "zone not recorded"),
        };
        let id = zone.clone().unwrap_or_else(|| "no zone".to_owned());
        let frame = canvas.group(&id, &title, paint::area(place), BORDERS[place % BORDERS.len()]);
        frames.insert(zone, frame);
    }
    frames
}

/// The place of a zone among all of its kind, so that its colour is the same in every map.
fn place_of_zone(canvas: &Canvas<'_>, zone: &str) -> usize {
    let Some(item) = canvas.view.item(zone) else {
        return 0;
    };
    let mut all = canvas.view.items_of_kinds(&[item.kind()], None);
    all.position(|other| other.id().as_str() == zone).unwrap_or_default()
}

fn place_single(canvas: &mut Canvas<'_>, content: &Content, zones: &BTreeMap<Option<String>, usize>, id: &str) {
    let member = &content.members[id];
    let mut figure = canvas.figure(Item::Element(&member.element));
    figure.heading.clear();
    figure.group = zones.get(&member.zone).copied();
    if !member.in_scope {
        figure.border = Border::Dashed;
    }
    canvas.place(figure);
}

fn place_fold(
    canvas: &mut Canvas<'_>,
    zones: &BTreeMap<Option<String>, usize>,
    fold: &Fold,
    ids: &[String],
    inside: usize,
) -> String {
    let kind = canvas.kind_label(fold.kind);
    let name = if fold.value.is_empty() { kind.clone() } else { fold.value.clone() };
    let heading = if fold.value.is_empty() { String::new() } else { kind };
    let mut figure = canvas.pile(fold.kind, ids, &heading, &name);
    figure.group = zones.get(&fold.zone).copied();
    if inside > 0 {
        figure.facts.push(canvas.words(&format!("箱の中の連携 {inside}件"), &format!("{inside} flows inside")));
    }
    let id = figure.id.clone();
    canvas.place(figure);
    id
}

/// How many flows stay inside each box of several.
fn inner_flows(content: &Content, folding: &Folding) -> BTreeMap<usize, usize> {
    let boxes = folding.boxes();
    let mut inner = BTreeMap::new();
    for flow in &content.flows {
        let (source, target) = (boxes[flow.source.as_str()], boxes[flow.target.as_str()]);
        if source == target && source >= folding.single.len() {
            *inner.entry(source).or_default() += 1;
        }
    }
    inner
}

fn connect(canvas: &mut Canvas<'_>, request: &SystemMap, content: &Content, folding: &Folding, bundles: &Bundles) {
    let folded = !folding.folds.is_empty();
    for (source, target, flows) in bundles.iter() {
        let by_hand = flows.iter().filter(|flow| is_by_hand(canvas, flow)).count();
        let zone = |id: &str| content.members.get(id).and_then(|member| member.zone.as_deref());
        let crosses = flows.iter().any(|flow| zone(flow.source.as_str()) != zone(flow.target.as_str()));
        let stroke = match (crosses, by_hand == flows.len()) {
            (true, true) => Stroke::StrongDashed,
            (true, false) => Stroke::Strong,
            (false, true) => Stroke::Dashed,
            (false, false) => Stroke::Solid,
        };
        let label = if folded { counted(canvas, flows.len(), by_hand) } else { described(canvas, request, &flows) };
        let arrow = Arrow {
            source: source.to_owned(),
            target: target.to_owned(),
            label,
            stroke,
            tooltip: canvas.relationship_ids(&flows),
            count: flows.len(),
        };
        canvas.scene.arrows.push(arrow);
    }
}

/// A count, and how many of them need hands.
fn counted(canvas: &Canvas<'_>, count: usize, by_hand: usize) -> Vec<String> {
    let text = match by_hand {
        // A line that is dashed says already that all of them do.
        _ if by_hand == 0 || by_hand == count => canvas.words(&format!("{count}件"), &count.to_string()),
        _ => canvas.words(&format!("{count}件（人手{by_hand}）"), &format!("{count} ({by_hand} by hand)")),
    };
    vec![text]
}

/// What passes, how and how often.
fn described(canvas: &Canvas<'_>, request: &SystemMap, flows: &[&Relationship]) -> Vec<String> {
    let mut lines = Vec::new();
    for flow in flows.iter().take(MOST_DESCRIBED) {
        let data = canvas.references(flow);
        let data = if data.is_empty() {
            canvas.words("（情報の記載なし）", "(data not recorded)")
        } else {
            first_of(canvas.language(), &data, 2)
        };
        lines.extend(wrap(&data, LABEL_WIDTH, 3));
        let facts: Vec<String> = request.flow_facts.iter().filter_map(|name| flow_fact(canvas, flow, name)).collect();
        lines.extend(wrap(&format!("[{}]", facts.join(" / ")), LABEL_WIDTH + 4, 2));
    }
    let more = flows.len().saturating_sub(MOST_DESCRIBED);
    if more > 0 {
        lines.push(canvas.words(&format!("ほか{more}件"), &format!("and {more} more")));
    }
    lines
}

/// A value of a flow as people read it; that it is not recorded is said too.
fn flow_fact(canvas: &Canvas<'_>, flow: &Relationship, name: &str) -> Option<String> {
    let definition = canvas.view.metamodel().kind(flow.kind).attribute_named(name)?;
    let value = flow.attributes.get(definition.name);
    let unknown = || canvas.words("不明", "unknown");
    Some(value.map_or_else(unknown, |value| value_text(definition, value, canvas.language())))
}

/// Whether a flow needs hands: its codes are none of those for which the metamodel lets a stop pass along it.
fn is_by_hand(canvas: &Canvas<'_>, flow: &Relationship) -> bool {
    let kind = canvas.view.metamodel().kind(flow.kind);
    let Some(traits) = &kind.relationship else {
        return false;
    };
    let conditions: Vec<&(AttributeName, Vec<Arc<str>>)> =
        traits.impact.iter().flat_map(|meaning| &meaning.when).collect();
    let holds = |(name, codes): &&(AttributeName, Vec<Arc<str>>)| {
        let value = flow.attributes.get(*name).and_then(|value| value.as_text());
        value.is_some_and(|value| codes.iter().any(|code| **code == *value))
    };
    !conditions.is_empty() && !conditions.iter().any(holds)
}

fn explain(canvas: &mut Canvas<'_>, content: &Content, folding: &Folding, inside: usize) {
    let used: BTreeSet<Stroke> = canvas.scene.arrows.iter().map(|arrow| arrow.stroke).collect();
    for (stroke, ja, en) in [
        (Stroke::Solid, "系の中の自動の連携", "automatic, inside a zone"),
        (Stroke::Dashed, "系の中の人手による連携", "by hand, inside a zone"),
        (Stroke::Strong, "系をまたぐ連携（自動を含む）", "across zones, at least one automatic"),
        (Stroke::StrongDashed, "系をまたぐ人手による連携", "across zones, by hand"),
    ] {
        if used.contains(&stroke) {
            canvas.explain(Sample::Line(stroke), canvas.words(ja, en));
        }
    }
    for group in canvas.scene.groups.clone() {
        canvas.explain(Sample::Box { paint: group.paint, border: group.border }, group.title);
    }
    if content.members.values().any(|member| !member.in_scope) && folding.folds.is_empty() {
        let text = canvas.words("破線の箱: 範囲の外の相手", "dashed box: outside the scope");
        canvas.explain(Sample::Box { paint: paint::NEUTRAL, border: Border::Dashed }, text);
    }
    note_counts(canvas, content, folding, inside);
}

fn note_counts(canvas: &mut Canvas<'_>, content: &Content, folding: &Folding, inside: usize) {
    let scope = content.members.values().filter(|member| member.in_scope).count();
    let (partners, flows) = (content.members.len() - scope, content.flows.len());
    canvas.note(canvas.words(
        &format!("範囲の中 {scope}件、その相手 {partners}件、データ連携 {flows}件（うち箱の中 {inside}件）"),
        &format!("{scope} in scope, {partners} joined to them, {flows} flows ({inside} of them inside a box)"),
    ));
    if !folding.folds.is_empty() {
        canvas.note(canvas.words(
            "数が多いため、連携の多いもの以外をまとめて件数で示す。範囲を絞ると1件ずつ描く",
            "Too many to draw singly: all but the best connected are counted. A narrower scope shows each",
        ));
    }
    if partners > 0 {
        canvas.note(
            canvas.words(
                "範囲の外どうしの連携は描いていない",
                "Flows between two that are outside the scope are not drawn",
            ),
        );
    }
    if content.foreign_flows > 0 {
        let count = content.foreign_flows;
        canvas.note(canvas.words(
            &format!("システムでも外部でもないものとの流れ {count}件は描いていない"),
            &format!("{count} flows to or from what is neither system nor outside party are not drawn"),
        ));
    }
}
