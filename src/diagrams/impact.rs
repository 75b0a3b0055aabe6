//! What a change hits, drawn along the explanations: from the subject outwards.

use std::collections::BTreeMap;

use super::bundles::Bundles;
use super::canvas::Canvas;
use super::error::DiagramError;
use super::paint::{self, Paint};
use super::scene::{Border, Figure, Reading, Sample, Scene};
use super::text::clip;
use super::{Options, lookup};
use crate::domain::element::{Item, Model};
use crate::domain::metamodel::KindId;
use crate::graph::View;

/// So many items of one sort are drawn singly, more are one box; the first that fits the picture counts.
const PILE_SIZES: [usize; 6] = [usize::MAX, 10, 6, 4, 2, 1];

/// The lines around effects, the strongest effect first.
const BORDERS: [Border; 8] = [
    Border::Thick,
    Border::Thick,
    Border::Thick,
    Border::ThickDashed,
    Border::Dashed,
    Border::Dashed,
    Border::Dotted,
    Border::Plain,
];

/// The result of an impact analysis, as far as a picture needs it.
#[derive(Debug, Clone)]
pub struct ImpactPicture {
    /// What is asked, such as 「住民記録システム」の停止.
    pub title: String,
    /// The ids of what changes.
    pub subjects: Vec<String>,
    /// What is hit.
    pub items: Vec<ImpactItem>,
    /// Sentences to print below: the headline when it is unknown, what was not looked at.
    pub notes: Vec<String>,
    /// About how many boxes fit; above it, items of one sort are counted in one box. 10 to 500.
    pub most_figures: usize,
}

/// Something that is hit.
#[derive(Debug, Clone)]
pub struct ImpactItem {
    /// Its id.
    pub id: String,
    /// The effect's name in the metamodel.
    pub effect: String,
    /// How many steps from a subject.
    pub distance: usize,
    /// Its explanation, from a subject to the item.
    pub path: Vec<ImpactStep>,
}

/// One step of an explanation.
#[derive(Debug, Clone)]
pub struct ImpactStep {
    /// The relationship's id.
    pub relationship: String,
    /// The item that acts.
    pub from: String,
    /// The item acted on.
    pub to: String,
}

/// Items with the same cause, kind and effect.
struct Sort<'a> {
    kind: KindId,
    effect: &'a str,
    items: Vec<&'a ImpactItem>,
}

/// Draws an impact.
pub fn draw(view: &View, request: &ImpactPicture, options: &Options) -> Result<Scene, DiagramError> {
    lookup::within("most_figures", request.most_figures, 10, 500)?;
    for id in &request.subjects {
        lookup::item(view, id)?;
    }
    let attempts = PILE_SIZES.map(|size| (size, sorts(view, request, size)));
    let fits = |(_, sorts): &&(usize, Vec<Sort<'_>>)| sorts.len() + request.subjects.len() <= request.most_figures;
    let (_, sorts) = attempts.iter().find(fits).unwrap_or(&attempts[PILE_SIZES.len() - 1]);
    let mut canvas = Canvas::new(view, options, &request.title, Reading::LeftToRight);
    let figures = place_figures(&mut canvas, request, sorts);
    connect(&mut canvas, request, &figures);
    explain(&mut canvas, request);
    Ok(canvas.finish())
}

/// The item that passes the effect on to this one; a subject has none.
fn cause(item: &ImpactItem) -> &str {
    item.path.last().map_or("", |step| &step.from)
}

/// Boxes: items with the same cause, kind and effect together if they are more than `pile_size`.
///
/// A cause that is itself in a box of several counts as that box.
fn sorts<'a>(view: &View, request: &'a ImpactPicture, pile_size: usize) -> Vec<Sort<'a>> {
    let mut items: Vec<&ImpactItem> = request.items.iter().collect();
    items.sort_by(|a, b| (a.distance, &a.id).cmp(&(b.distance, &b.id)));
    let mut boxes: BTreeMap<&str, usize> = BTreeMap::new();
    let mut sorts: Vec<Sort<'_>> = Vec::new();
    for same_distance in items.chunk_by(|a, b| a.distance == b.distance) {
        let mut groups: BTreeMap<(Option<usize>, &str, KindId, &str), Vec<&ImpactItem>> = BTreeMap::new();
        for item in same_distance {
            // An item that the view does not show has no kind and is not drawn.
            let Some(kind) = view.item(&item.id).map(Item::kind) else {
                continue;
            };
            let cause = cause(item);
            let place = boxes.get(cause).copied();
            let own = if place.is_some() { "" } else { cause };
            groups.entry((place, own, kind, &item.effect)).or_default().push(item);
        }
        for ((_, _, kind, effect), members) in groups {
            let chunk = if members.len() > pile_size { members.len() } else { 1 };
            for items in members.chunks(chunk) {
                boxes.extend(items.iter().map(|item| (item.id.as_str(), sorts.len())));
                sorts.push(Sort { kind, effect, items: items.to_vec() });
            }
        }
    }
    sorts
}

/// The colours and line of an effect.
fn look(view: &View, effect: &str) -> (Paint, Border) {
    let effects = &view.metamodel().vocabulary().effects;
    let place = effects.iter().position(|held| &*held.name == effect);
    place.map_or((paint::NEUTRAL, Border::Plain), |place| (paint::effect(place), BORDERS[place % BORDERS.len()]))
}

/// What an effect is called.
fn effect_label(canvas: &Canvas<'_>, effect: &str) -> String {
    let known = canvas.view.metamodel().vocabulary().effect(effect);
    known.map_or_else(|| effect.to_owned(), |known| known.label.get(canvas.language()).to_owned())
}

/// Puts subjects and boxes into the picture; gives the figure of every item.
fn place_figures(canvas: &mut Canvas<'_>, request: &ImpactPicture, sorts: &[Sort<'_>]) -> BTreeMap<String, String> {
    let mut figures = BTreeMap::new();
    for id in &request.subjects {
        if let Some(item) = canvas.view.item(id) {
            canvas.place_subject(item);
            figures.insert(id.clone(), id.clone());
        }
    }
    for sort in sorts {
        let Some(figure) = figure(canvas, sort) else {
            continue;
        };
        for item in &sort.items {
            figures.entry(item.id.clone()).or_insert_with(|| figure.id.clone());
        }
        canvas.place(figure);
    }
    figures
}

fn figure(canvas: &mut Canvas<'_>, sort: &Sort<'_>) -> Option<Figure> {
    let label = effect_label(canvas, sort.effect);
    let mut figure = match sort.items.as_slice() {
        [one] => {
            let item = canvas.view.item(&one.id)?;
            let mut figure = canvas.figure(item);
            figure.heading = format!("{} | {label}", figure.heading);
            figure
        }
        several => {
            let ids: Vec<String> = several.iter().map(|item| item.id.clone()).collect();
            let kind = canvas.kind_label(sort.kind);
            let heading = format!("{kind} | {label}");
            canvas.pile(sort.kind, &ids, &heading, &kind)
        }
    };
    (figure.paint, figure.border) = look(canvas.view, sort.effect);
    Some(figure)
}

/// Draws the explanations, step by step, in the direction in which the effect spreads.
fn connect(canvas: &mut Canvas<'_>, request: &ImpactPicture, figures: &BTreeMap<String, String>) {
    let mut bundles = Bundles::default();
    for step in request.items.iter().flat_map(|item| &item.path) {
        let Some(relationship) = canvas.view.relationship(&step.relationship) else {
            continue;
        };
        let from = figure_of(canvas, figures, &step.from);
        let to = figure_of(canvas, figures, &step.to);
        if from != to {
            bundles.add(&from, &to, relationship);
        }
    }
    bundles.connect(canvas);
}

/// The figure of an item; one that only lies on the way to others is drawn now.
fn figure_of(canvas: &mut Canvas<'_>, figures: &BTreeMap<String, String>, id: &str) -> String {
    if let Some(figure) = figures.get(id) {
        return figure.clone();
    }
    if let Some(item) = canvas.view.item(id).filter(|_| !canvas.has(id)) {
        let figure = canvas.figure(item);
        canvas.place(figure);
    }
    id.to_owned()
}

/// Explains effects, counts them, and prints the notes of the analysis.
fn explain(canvas: &mut Canvas<'_>, request: &ImpactPicture) {
    canvas.explain_subject();
    let mut counts: BTreeMap<&str, BTreeMap<KindId, usize>> = BTreeMap::new();
    let mut unseen = 0;
    for item in &request.items {
        match canvas.view.item(&item.id) {
            Some(found) => *counts.entry(&item.effect).or_default().entry(found.kind()).or_default() += 1,
            None => unseen += 1,
        }
    }
    let effects: Vec<String> =
        canvas.view.metamodel().vocabulary().effects.iter().map(|effect| effect.name.to_string()).collect();
    let known = effects.iter().filter_map(|name| Some((name.clone(), counts.remove(name.as_str())?)));
    let known: Vec<_> = known.collect();
    let others: Vec<_> = counts.into_iter().map(|(name, kinds)| (name.to_owned(), kinds)).collect();
    for (effect, kinds) in known.into_iter().chain(others) {
        let (paint, border) = look(canvas.view, &effect);
        let label = effect_label(canvas, &effect);
        canvas.explain(Sample::Box { paint, border }, label.clone());
        canvas.note_missing(&label, &label, &kinds);
    }
    if request.items.is_empty() {
        canvas.note(canvas.words("影響を受けるものの記録はない", "Nothing is recorded to be hit"));
    }
    if unseen > 0 {
        canvas.note(canvas.words(
            &format!("見えないもの {unseen}件は描いていない"),
            &format!("{unseen} that are not visible are not drawn"),
        ));
    }
    let spreads = request.items.iter().any(|item| canvas.view.metamodel().vocabulary().effect(&item.effect).is_some());
    let (ja, en) = if spreads {
        (
            "矢印は影響が及ぶ向き。添え書きはその根拠となる関連",
            "Arrows point where the effect spreads; their labels name the relationships that carry it",
        )
    } else {
        ("矢印は経路をたどる向き。添え書きは関連", "Arrows follow the paths; their labels name the relationships")
    };
    canvas.note(canvas.words(ja, en));
    for note in &request.notes {
        canvas.note(clip(note, 400));
    }
}
