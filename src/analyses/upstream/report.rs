//! The answer to a question about what feeds something.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;

use crate::analyses::names::{kind_name, summary_of, words_of};
use crate::analyses::{Basis, Column, ItemSummary, PathStep, Tabular};
use crate::domain::naming::fill;
use crate::domain::{Identifier, Item, Localized, Model, Relationship};
use crate::graph::{Node, View};

use super::feeding::Feeding;
use super::methods::Methods;

/// Everything from which data reach the subjects.
#[derive(Debug, Clone, Serialize)]
pub struct UpstreamReport {
    /// The state of the model.
    #[serde(flatten)]
    pub basis: Basis,
    /// What is fed.
    pub subjects: Vec<ItemSummary>,
    /// The methods that were followed; none for every one.
    pub methods: Option<Vec<Arc<str>>>,
    /// Whether any flow to a subject is recorded. If not, what feeds it is unknown.
    pub is_known: bool,
    /// The answer in a sentence.
    pub sentence: Localized,
    /// What feeds, the nearest first, then by kind and id.
    pub items: Vec<FeedingItem>,
    /// The flows that were followed, the nearest first, then by id.
    pub flows: Vec<FeedingFlow>,
    /// The data that they carry, by id.
    pub data: Vec<TransferredItem>,
    /// The flows that were not followed.
    pub left_out: LeftOut,
    /// Whether more would be found beyond the limit of depth.
    pub beyond_depth: bool,
}

/// Something that feeds a subject.
#[derive(Debug, Clone, Serialize)]
pub struct FeedingItem {
    /// What feeds.
    #[serde(flatten)]
    pub item: ItemSummary,
    /// How many flows the data pass.
    pub distance: usize,
    /// A shortest way to a subject, flow by flow.
    pub path: Vec<Arc<PathStep>>,
}

/// A flow that was followed.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FeedingFlow {
    /// Its id.
    pub id: String,
    /// Its kind.
    pub kind: Arc<str>,
    /// The id of its source.
    pub source: String,
    /// The id of its target.
    pub target: String,
    /// Its method, if it is recorded.
    pub method: Option<String>,
    /// How many flows it is away from a subject, itself included.
    pub hop: usize,
    /// The ids of the data that it carries.
    pub data: Vec<String>,
    /// The flow in words.
    pub text: Localized,
}

/// Data that reach a subject, or something on the way.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TransferredItem {
    /// The data.
    #[serde(flatten)]
    pub item: ItemSummary,
    /// How many of the flows carry them.
    pub flows: usize,
    /// The nearest of these to a subject, in flows.
    pub nearest_hop: usize,
}

/// The flows that were not followed, though they lead to what was reached.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct LeftOut {
    /// How many there are.
    pub total: usize,
    /// How many by method.
    pub by_method: BTreeMap<Arc<str>, usize>,
    /// How many of which the method is not recorded.
    pub unrecorded: usize,
}

pub(super) fn report(view: &View, methods: &Methods, subjects: &[Item<'_>], found: &Feeding) -> UpstreamReport {
    let flows = flows(view, methods, found);
    let left_out = LeftOut {
        total: found.left_out.values().sum::<usize>() + found.unrecorded,
        by_method: found.left_out.clone(),
        unrecorded: found.unrecorded,
    };
    let items = items(view, found);
    let is_known = !flows.is_empty() || left_out.total > 0 || found.is_cut;
    let subjects: Vec<ItemSummary> = subjects.iter().map(|item| summary_of(view, *item)).collect();
    UpstreamReport {
        basis: Basis::of(view),
        methods: methods.wanted.clone(),
        is_known,
        sentence: sentence(&subjects, items.len(), is_known, &left_out),
        data: data(view, &flows),
        subjects,
        items,
        flows,
        left_out,
        beyond_depth: found.is_cut,
    }
}

fn items(view: &View, found: &Feeding) -> Vec<FeedingItem> {
    let mut steps: BTreeMap<Identifier, Arc<PathStep>> = BTreeMap::new();
    let fed = found.order.iter().filter(|(_, distance)| *distance > 0);
    let mut items: Vec<FeedingItem> = fed
        .filter_map(|(node, distance)| {
            let path = path(view, found, *node, &mut steps);
            Some(FeedingItem { item: summary_of(view, view.item_at(*node)?), distance: *distance, path })
        })
        .collect();
    items.sort_by(|a, b| (a.distance, &a.item.kind, &a.item.id).cmp(&(b.distance, &b.item.kind, &b.item.id)));
    items
}

fn path(
    view: &View,
    found: &Feeding,
    start: Node,
    steps: &mut BTreeMap<Identifier, Arc<PathStep>>,
) -> Vec<Arc<PathStep>> {
    let mut path = Vec::new();
    let mut node = start;
    while let Some((flow, next)) = found.onward.get(&node) {
        let step = steps.entry(flow.id.clone()).or_insert_with(|| Arc::new(step(view, flow, *next)));
        path.push(Arc::clone(step));
        node = *next;
    }
    path
}

fn step(view: &View, flow: &Relationship, receiver: Node) -> PathStep {
    let forward = view.node(flow.target.as_str()) == Some(receiver);
    let (from, to) = if forward { (&flow.source, &flow.target) } else { (&flow.target, &flow.source) };
    PathStep {
        relationship: flow.id.to_string(),
        kind: kind_name(view, flow.kind),
        from: from.to_string(),
        to: to.to_string(),
        forward,
        text: words_of(view, flow, forward),
    }
}

fn flows(view: &View, methods: &Methods, found: &Feeding) -> Vec<FeedingFlow> {
    let mut flows: Vec<FeedingFlow> = found
        .flows
        .iter()
        .map(|(flow, receiver, hop)| FeedingFlow {
            id: flow.id.to_string(),
            kind: kind_name(view, flow.kind),
            source: flow.source.to_string(),
            target: flow.target.to_string(),
            method: methods.method_of(flow),
            hop: *hop,
            data: carried(view, flow),
            text: words_of(view, flow, view.node(flow.target.as_str()) == Some(*receiver)),
        })
        .collect();
    flows.sort_by(|a, b| (a.hop, &a.id).cmp(&(b.hop, &b.id)));
    flows
}

/// What a flow refers to: the data that it carries.
fn carried(view: &View, flow: &Relationship) -> Vec<String> {
    let references = view.metamodel().kind(flow.kind).references();
    let targets = references.flat_map(|(_, reference)| view.outgoing(flow.id.as_str(), Some(reference.relationship)));
    targets.map(|relationship| relationship.target.to_string()).collect()
}

fn data(view: &View, flows: &[FeedingFlow]) -> Vec<TransferredItem> {
    let mut carried: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for flow in flows {
        for id in &flow.data {
            let (count, nearest) = carried.entry(id).or_insert((0, flow.hop));
            *count += 1;
            *nearest = flow.hop.min(*nearest);
        }
    }
    let item = |(id, (flows, nearest_hop)): (&str, (usize, usize))| {
        Some(TransferredItem { item: summary_of(view, view.item(id)?), flows, nearest_hop })
    };
    carried.into_iter().filter_map(item).collect()
}

fn sentence(subjects: &[ItemSummary], items: usize, is_known: bool, left_out: &LeftOut) -> Localized {
    let (ja, en) = match (is_known, left_out.total) {
        (false, _) => (
            "{subject}へのデータ連携は記録されていない。何からもデータを受けていないという意味ではない。",
            "No flow to {subject} is recorded. That does not mean that nothing feeds it.",
        ),
        (true, 0) => ("{items}件から{subject}へデータが渡る。", "Data reach {subject} from {items} items."),
        (true, _) => (
            "{items}件から{subject}へデータが渡る。このほかの方式の連携{left}件はたどっていない。",
            "Data reach {subject} from {items} items. {left} flows by other methods were not followed.",
        ),
    };
    let [ja, en] = [("ja", ja, "、"), ("en", en, ", ")].map(|(language, template, between)| {
        let names: Vec<&str> = subjects.iter().map(|subject| subject.name.get(language)).collect();
        let (subject, items, left) = (names.join(between), items.to_string(), left_out.total.to_string());
        fill(template, &[("subject", &subject), ("items", &items), ("left", &left)])
    });
    Localized::ja_en(&ja, &en)
}

impl Tabular for UpstreamReport {
    fn title(&self) -> Localized {
        let title = |language, before: &str| {
            let names: Vec<&str> = self.subjects.iter().map(|subject| subject.name.get(language)).collect();
            format!("{before}{}", names.join("・"))
        };
        Localized::ja_en(&title("ja", "データの上流: "), &title("en", "Upstream of "))
    }

    fn columns(&self) -> Vec<Column> {
        vec![
            Column::new("hop", "段", "Hop").of_numbers(),
            Column::new("flow", "データ連携", "Flow"),
            Column::new("source", "元", "Source"),
            Column::new("target", "先", "Target"),
            Column::new("method", "方式", "Method"),
            Column::new("data", "情報", "Data"),
            Column::new("text", "説明", "Text"),
        ]
    }

    fn rows(&self, language: &str) -> Vec<Vec<String>> {
        let row = |flow: &FeedingFlow| {
            vec![
                flow.hop.to_string(),
                flow.id.clone(),
                flow.source.clone(),
                flow.target.clone(),
                flow.method.clone().unwrap_or_default(),
                flow.data.join(" "),
                flow.text.get(language).to_owned(),
            ]
        };
        self.flows.iter().map(row).collect()
    }
}
