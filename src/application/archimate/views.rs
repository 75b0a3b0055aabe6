//! Views for a model that has none: what デジタル庁's guidebook DS-467 asks for first.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::domain::element::{Item, Model, Relationship};
use crate::domain::metamodel::KindId;
use crate::domain::naming::display_name_of;
use crate::graph::View;
use crate::interchange::archimate::document::Text;
use crate::interchange::archimate::view::{Bounds, Colour, Connection, Drawing, Node, NodeKind, Style, View as Drawn};
use crate::interchange::identifiers::source_id;

/// The most elements of a layer that the overview shows, the best connected first.
const MOST_IN_LAYER: usize = 24;

/// The overview, the relations of systems among themselves and with others, and the department with most work; those
/// for which there is something.
pub(super) fn made(view: &View) -> Vec<Drawn> {
    let inside = flows(view, "view-systems", "情報システム関連図（庁内）", true);
    let outside = flows(view, "view-external", "情報システム関連図（外部との連携）", false);
    [overview(view), inside, outside, department(view)].into_iter().flatten().collect()
}

/// A view under construction.
struct Sheet<'v> {
    view: &'v View,
    id: String,
    drawing: Drawing,
    /// Boxes by the element drawn.
    boxes: BTreeMap<String, String>,
    count: usize,
}

impl<'v> Sheet<'v> {
    fn new(view: &'v View, id: &str) -> Self {
        Self { view, id: id.to_owned(), drawing: Drawing::default(), boxes: BTreeMap::new(), count: 0 }
    }

    fn next(&mut self) -> String {
        self.count += 1;
        format!("{}-{}", self.id, self.count)
    }

    /// A frame with elements in it.
    fn frame(&mut self, title: &str, fill: Colour, elements: &[String], more: usize) {
        let id = self.next();
        let mut nodes: Vec<Node> = elements.iter().map(|element| self.element(element)).collect();
        if more > 0 {
            let labels = vec![Text::plain(format!("ほか{more}件"))];
            nodes.push(Node { id: self.next(), kind: NodeKind::Label, bounds: UNPLACED, labels, ..Node::default() });
        }
        let style = Style { fill_color: Some(fill), ..Style::default() };
        let labels = vec![Text::plain(title)];
        let kind = NodeKind::Container;
        self.drawing.nodes.push(Node { id, kind, bounds: UNPLACED, labels, style, nodes, ..Node::default() });
    }

    fn element(&mut self, element: &str) -> Node {
        let id = self.next();
        self.boxes.insert(element.to_owned(), id.clone());
        Node { id, kind: NodeKind::Element, bounds: UNPLACED, element: Some(source_id(element)), ..Node::default() }
    }

    /// A line for every relationship of a kind between two boxes.
    fn lines(&mut self, kinds: &[&str]) {
        let kinds: BTreeSet<KindId> =
            kinds.iter().filter_map(|name| self.view.metamodel().kind_named(name)).map(|kind| kind.id).collect();
        let ids: Vec<String> = self.boxes.keys().cloned().collect();
        for id in ids {
            for held in self.view.outgoing(&id, None) {
                if kinds.contains(&held.kind) {
                    self.line(&held);
                }
            }
        }
    }

    fn line(&mut self, held: &Relationship) {
        let ends = (self.boxes.get(held.source.as_str()), self.boxes.get(held.target.as_str()));
        let (Some(mut source), Some(mut target)) = (ends.0.cloned(), ends.1.cloned()) else { return };
        // Some kinds point the other way than their ArchiMate relationship.
        if self.view.metamodel().kind(held.kind).relationship.as_ref().is_some_and(|traits| traits.reversed) {
            std::mem::swap(&mut source, &mut target);
        }
        let relationship = Some(source_id(held.id.as_str()));
        let kind = "Relationship".into();
        let id = self.next();
        self.drawing.connections.push(Connection { id, kind, relationship, source, target, ..Connection::default() });
    }

    fn finish(self, name: &str, viewpoint: &str) -> Option<Drawn> {
        (!self.boxes.is_empty()).then(|| Drawn {
            id: self.id,
            kind: "Diagram".into(),
            names: vec![Text::plain(name)],
            viewpoint: Some(viewpoint.to_owned()),
            drawing: self.drawing,
            ..Drawn::default()
        })
    }
}

/// A box that has no place yet.
const UNPLACED: Bounds = Bounds { x: 0, y: 0, w: -1, h: -1 };

/// Light areas that are told apart on paper too.
fn area(place: usize) -> Colour {
    const AREAS: [(u8, u8, u8); 5] =
        [(0xf5, 0xf0, 0xe6), (0xe8, 0xf1, 0xf8), (0xea, 0xf5, 0xea), (0xf8, 0xee, 0xee), (0xf1, 0xee, 0xf7)];
    let (r, g, b) = AREAS[place % AREAS.len()];
    Colour { r, g, b, a: None }
}

/// アーキテクチャ全体俯瞰図: the nine layers, the best connected elements of each.
fn overview(view: &View) -> Option<Drawn> {
    let mut sheet = Sheet::new(view, "view-ds467");
    for (place, layer) in view.metamodel().vocabulary().ds467_layers.iter().enumerate() {
        let of_layer = |kind: &&crate::domain::metamodel::Kind| {
            kind.ds467_layer.as_deref() == Some(&*layer.name) && !kind.is_relationship() && kind.archimate.is_some()
        };
        let kinds: Vec<KindId> = view.metamodel().kinds().iter().filter(of_layer).map(|kind| kind.id).collect();
        let mut elements: Vec<(usize, String)> =
            view.items_of_kinds(&kinds, None).map(|item| (degree(view, item), item.id().to_string())).collect();
        elements.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
        let shown: Vec<String> = elements.iter().take(MOST_IN_LAYER).map(|(_, id)| id.clone()).collect();
        if !shown.is_empty() {
            let title = format!("{} {}", place + 1, layer.label.get("ja"));
            sheet.frame(&title, area(place), &shown, elements.len() - shown.len());
        }
    }
    sheet.finish("アーキテクチャ全体俯瞰図（DS-467）", "Layered")
}

fn degree(view: &View, item: Item<'_>) -> usize {
    view.outgoing(item.id().as_str(), None).len() + view.incoming(item.id().as_str(), None).len()
}

/// 情報システム関連図: systems and outside parties by network zone, and what flows between them. One picture for flows
/// between systems and one for those that leave the city's own keep both readable.
fn flows(view: &View, id: &str, name: &str, inside: bool) -> Option<Drawn> {
    let flow = view.metamodel().kind_named("data_flow")?.id;
    let system = view.metamodel().kind_named("system").map(|kind| kind.id);
    let is_system = |id: &str| view.item(id).map(Item::kind) == system;
    let mut joined: BTreeSet<String> = BTreeSet::new();
    let mut drawn: Vec<Arc<Relationship>> = Vec::new();
    for item in view.items_of_kinds(&[flow], None) {
        let Item::Relationship(held) = item else { continue };
        if (is_system(held.source.as_str()) && is_system(held.target.as_str())) == inside {
            joined.extend([held.source.to_string(), held.target.to_string()]);
            drawn.push(Arc::clone(held));
        }
    }
    let zone = view.metamodel().kind_named("in_zone").map(|kind| kind.id);
    let mut zones: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for id in joined {
        let held = zone.and_then(|kind| view.outgoing(&id, Some(kind)).first().map(|held| held.target.to_string()));
        zones.entry(held.unwrap_or_default()).or_default().push(id);
    }
    let mut sheet = Sheet::new(view, id);
    for (place, (zone, elements)) in zones.iter().enumerate() {
        let title =
            if zone.is_empty() { "（系の記載なし）".to_owned() } else { display_name_of(view, zone, "ja") };
        sheet.frame(&title, area(place), elements, 0);
    }
    drawn.iter().for_each(|held| sheet.line(held));
    sheet.finish(name, "Application Cooperation")
}

/// The department that owns most processes, its work, the systems used and the data touched.
fn department(view: &View) -> Option<Drawn> {
    let kind = |name: &str| view.metamodel().kind_named(name).map(|kind| kind.id);
    let (department, owned) = (kind("department")?, kind("owned_by")?);
    let processes = |id: &str| -> Vec<String> {
        let held = view.incoming(id, Some(owned)).into_iter();
        let held = held.filter(|held| view.item(held.source.as_str()).map(Item::kind) == kind("business_process"));
        held.map(|held| held.source.to_string()).collect()
    };
    let departments = view.items_of_kinds(&[department], None).map(|item| item.id().to_string());
    let most =
        departments.map(|id| (processes(&id).len(), id)).max_by(|a, b| a.0.cmp(&b.0).then_with(|| b.1.cmp(&a.1)))?;
    let (_, id) = most;
    let work = processes(&id);
    let used = targets(view, &work, kind("uses"));
    let data = targets(view, &work, kind("accesses"));
    let mut sheet = Sheet::new(view, &format!("view-{id}"));
    sheet.frame("業務", area(1), &work, 0);
    sheet.frame("情報システム", area(2), &used, 0);
    sheet.frame("データ", area(3), &data, 0);
    // What lies in the department's box is its work, and what it works with.
    let frames = std::mem::take(&mut sheet.drawing.nodes);
    let around = Node { nodes: frames, ..sheet.element(&id) };
    sheet.drawing.nodes.push(around);
    sheet.lines(&["uses", "accesses"]);
    let name = format!("{}の業務と情報システム", display_name_of(view, &id, "ja"));
    if work.is_empty() { None } else { sheet.finish(&name, "Layered") }
}

fn targets(view: &View, from: &[String], kind: Option<KindId>) -> Vec<String> {
    let Some(kind) = kind else { return Vec::new() };
    let held = from.iter().flat_map(|id| view.outgoing(id, Some(kind)));
    held.map(|held| held.target.to_string()).collect::<BTreeSet<String>>().into_iter().collect()
}
