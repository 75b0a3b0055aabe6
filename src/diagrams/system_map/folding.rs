//! When a map is too large: which systems share a box.

use std::collections::{BTreeMap, BTreeSet};

use super::SystemMap;
use super::gathering::{Content, Member};
use crate::diagrams::canvas::Canvas;
use crate::domain::element::Item;
use crate::domain::metamodel::KindId;

/// What a box of several has in common: zone, kind, and the value they are folded by.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Fold {
    /// The zone's id.
    pub(super) zone: Option<String>,
    /// The kind.
    pub(super) kind: KindId,
    /// The value; empty when the whole zone shares a box.
    pub(super) value: String,
}

/// Members by box.
#[derive(Default)]
pub(super) struct Folding {
    /// Drawn singly.
    pub(super) single: BTreeSet<String>,
    /// Drawn together.
    pub(super) folds: BTreeMap<Fold, Vec<String>>,
}

/// How much is folded.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Level {
    Nothing,
    ByValue,
    ByZone,
}

/// The least folding with which the picture fits.
pub(super) fn fitting(canvas: &Canvas<'_>, request: &SystemMap, content: &Content) -> Folding {
    let levels = [Level::Nothing, Level::ByValue, Level::ByZone];
    let mut last = Folding::default();
    for level in levels {
        let hubs = if level == Level::Nothing { BTreeSet::new() } else { hubs(request, content) };
        last = fold(canvas, request, content, level, &hubs);
        let figures = last.single.len() + last.folds.len();
        if figures <= request.most_figures && last.arrows(content) <= request.most_arrows {
            break;
        }
    }
    last
}

fn fold(canvas: &Canvas<'_>, request: &SystemMap, content: &Content, level: Level, hubs: &BTreeSet<String>) -> Folding {
    let mut folding = Folding::default();
    for (id, member) in &content.members {
        if level == Level::Nothing || hubs.contains(id) {
            folding.single.insert(id.clone());
        } else {
            let fold = shared(canvas, request, member, level);
            folding.folds.entry(fold).or_default().push(id.clone());
        }
    }
    let alone: Vec<Fold> =
        folding.folds.iter().filter(|(_, ids)| ids.len() == 1).map(|(fold, _)| fold.clone()).collect();
    for fold in alone {
        folding.single.extend(folding.folds.remove(&fold).into_iter().flatten());
    }
    folding
}

fn shared(canvas: &Canvas<'_>, request: &SystemMap, member: &Member, level: Level) -> Fold {
    let attributes: Vec<&str> = request.fold_by.iter().map(String::as_str).collect();
    let value = match level {
        Level::ByValue => canvas.value_of(Item::Element(&member.element), &attributes).unwrap_or_default(),
        _ => String::new(),
    };
    Fold { zone: member.zone.clone(), kind: member.element.kind, value }
}

/// The members with most flows, ties by id.
fn hubs(request: &SystemMap, content: &Content) -> BTreeSet<String> {
    let mut degrees: BTreeMap<&str, usize> = BTreeMap::new();
    for flow in &content.flows {
        for end in [&flow.source, &flow.target] {
            *degrees.entry(end.as_str()).or_default() += 1;
        }
    }
    let mut ranked: Vec<(&str, usize)> = degrees.into_iter().collect();
    ranked.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    ranked.into_iter().take(request.hubs).map(|(id, _)| id.to_owned()).collect()
}

impl Folding {
    /// The box of every member, as a key that is equal for those who share one.
    pub(super) fn boxes(&self) -> BTreeMap<&str, usize> {
        let single = self.single.iter().enumerate().map(|(place, id)| (id.as_str(), place));
        let folds = self.folds.values().enumerate();
        let folded = folds.flat_map(|(place, ids)| {
            let place = self.single.len() + place;
            ids.iter().map(move |id| (id.as_str(), place))
        });
        single.chain(folded).collect()
    }

    /// How many arrows there will be.
    fn arrows(&self, content: &Content) -> usize {
        let boxes = self.boxes();
        let ends = |flow: &crate::domain::element::Relationship| {
            Some((boxes.get(flow.source.as_str())?, boxes.get(flow.target.as_str())?))
        };
        let joined: BTreeSet<_> = content.flows.iter().filter_map(|flow| ends(flow)).collect();
        joined.len()
    }
}
