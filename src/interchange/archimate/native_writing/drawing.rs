//! Views in Archi's format.

use rustc_hash::{FxHashMap, FxHashSet};

use super::super::document::{Extra, Property};
use super::super::geometry::Geometry;
use super::super::native_reading::{alpha_of, compose_font, parse_font};
use super::super::types::viewpoint_name;
use super::super::view::{Bounds, Colour, Connection, Font, Node, NodeKind, Style, View};
use super::super::writable::Writable;
use super::tree::{attribute, child, kept, text_child};
use super::{Writer, features, typed};
use crate::interchange::xml::XmlElement;

/// What is needed to write a view.
struct Sheet<'v> {
    drawable: FxHashSet<&'v str>,
    geometry: Geometry,
    /// Lines by what they start from.
    from: FxHashMap<&'v str, Vec<&'v Connection>>,
    /// Lines by what they lead to.
    to: FxHashMap<&'v str, Vec<&'v str>>,
    written: FxHashSet<&'v str>,
}

impl<'v> Sheet<'v> {
    fn of(view: &'v View, writable: &Writable<'_>) -> Self {
        let drawable = writable.drawable(view);
        let mut from: FxHashMap<&str, Vec<&Connection>> = FxHashMap::default();
        let mut to: FxHashMap<&str, Vec<&str>> = FxHashMap::default();
        for line in view.drawing.connections.iter().filter(|line| writable.can_draw_line(line, &drawable)) {
            from.entry(&line.source).or_default().push(line);
            to.entry(&line.target).or_default().push(&line.id);
        }
        Self { drawable, geometry: Geometry::of(&view.drawing), from, to, written: FxHashSet::default() }
    }
}

impl Writer<'_> {
    pub(super) fn view(&mut self, view: &View) -> XmlElement {
        let mut tree = XmlElement::new("element");
        let kind = if view.kind == "Diagram" { "ArchimateDiagramModel" } else { &view.kind };
        typed(&mut tree, kind);
        let name = self.one(&view.names, &view.id);
        attribute(&mut tree, "name", &name);
        attribute(&mut tree, "id", &view.id);
        viewpoint(&mut tree, view);
        kept(&mut tree, &view.extra);
        self.exchange_only(&view.extra, &view.id);
        if view.viewpoint_ref.is_some() {
            self.losses.add(
                "viewpoint_reference",
                &view.id,
                "図が参照するビューポイントの定義",
                "references of views to viewpoint definitions",
            );
        }
        let mut sheet = Sheet::of(view, &self.writable);
        for node in &view.drawing.nodes {
            if let Some(node) = self.node(node, Bounds::default(), &mut sheet) {
                child(&mut tree, node);
            }
        }
        for line in view.drawing.connections.iter().filter(|line| !sheet.written.contains(line.id.as_str())) {
            self.losses.add(
                "dangling_connection",
                &line.id,
                "端又は関係がない線",
                "lines whose ends or relationship are not there",
            );
        }
        let documentation = self.one(&view.documentation, &view.id);
        text_child(&mut tree, "documentation", &documentation);
        self.properties(&mut tree, &view.properties, &view.id);
        features(&mut tree, &view.extra);
        tree
    }

    fn node<'v>(&mut self, node: &'v Node, around: Bounds, sheet: &mut Sheet<'v>) -> Option<XmlElement> {
        if !sheet.drawable.contains(node.id.as_str()) {
            self.losses.add("dangling_node", &node.id, "要素がない図形", "boxes whose element is not there");
            return None;
        }
        let mut tree = XmlElement::new("child");
        let is_reference = node.kind == NodeKind::Label && node.view_refs.len() == 1 && node.nodes.is_empty();
        typed(&mut tree, child_type(node, is_reference));
        attribute(&mut tree, "id", &node.id);
        let ending = sheet.to.get(node.id.as_str()).map(|ids| ids.join(" ")).unwrap_or_default();
        attribute(&mut tree, "targetConnections", &ending);
        attribute(&mut tree, "archimateElement", node.element.as_deref().unwrap_or_default());
        self.references(&mut tree, node, is_reference);
        style(&mut tree, &node.style, &node.extra);
        kept(&mut tree, &node.extra);
        self.exchange_only(&node.extra, &node.id);
        child(&mut tree, bounds(node.bounds, around));
        for line in sheet.from.remove(node.id.as_str()).unwrap_or_default() {
            let line = self.connection(line, sheet);
            child(&mut tree, line);
        }
        self.node_texts(&mut tree, node, is_reference);
        for inner in &node.nodes {
            if let Some(inner) = self.node(inner, node.bounds, sheet) {
                child(&mut tree, inner);
            }
        }
        features(&mut tree, &node.extra);
        Some(tree)
    }

    fn references(&mut self, tree: &mut XmlElement, node: &Node, is_reference: bool) {
        if is_reference {
            attribute(tree, "model", &node.view_refs[0]);
        } else if !node.view_refs.is_empty() {
            self.losses.add("view_references", &node.id, "図形から図への参照", "references of boxes to views");
        }
    }

    fn node_texts(&mut self, tree: &mut XmlElement, node: &Node, is_reference: bool) {
        let label = self.one(&node.labels, &node.id);
        match (&node.kind, label.is_empty()) {
            (_, true) => {}
            (NodeKind::Label, _) if child_type(node, is_reference) == "Note" => text_child(tree, "content", &label),
            (NodeKind::Other(kind), _) if kind.ends_with("Sticky") => text_child(tree, "content", &label),
            // A note that holds boxes is written as a group, and what a group says is its name.
            (NodeKind::Label, _) if !is_reference => attribute(tree, "name", &label),
            (NodeKind::Container | NodeKind::Other(_), _) => attribute(tree, "name", &label),
            _ => self.losses.add(
                "labels",
                &node.id,
                "要素や図への参照の図形にある文字",
                "labels of boxes that show elements or lead to views",
            ),
        }
        let documentation = self.one(&node.documentation, &node.id);
        text_child(tree, "documentation", &documentation);
        self.properties(tree, &node.properties, &node.id);
    }

    fn connection<'v>(&mut self, line: &'v Connection, sheet: &mut Sheet<'v>) -> XmlElement {
        sheet.written.insert(&line.id);
        let mut tree = XmlElement::new("sourceConnection");
        if let Some(kind) = connection_type(&line.kind) {
            typed(&mut tree, kind);
        }
        attribute(&mut tree, "id", &line.id);
        let label = self.one(&line.labels, &line.id);
        attribute(&mut tree, "name", &label);
        let ending = sheet.to.get(line.id.as_str()).map(|ids| ids.join(" ")).unwrap_or_default();
        attribute(&mut tree, "targetConnections", &ending);
        style(&mut tree, &line.style, &line.extra);
        attribute(&mut tree, "source", &line.source);
        attribute(&mut tree, "target", &line.target);
        attribute(&mut tree, "archimateRelationship", line.relationship.as_deref().unwrap_or_default());
        kept(&mut tree, &line.extra);
        self.exchange_only(&line.extra, &line.id);
        self.attachments(line);
        for on_it in sheet.from.remove(line.id.as_str()).unwrap_or_default() {
            let on_it = self.connection(on_it, sheet);
            child(&mut tree, on_it);
        }
        bends(&mut tree, line, sheet);
        let documentation = self.one(&line.documentation, &line.id);
        text_child(&mut tree, "documentation", &documentation);
        let properties: &[Property] = &line.properties;
        self.properties(&mut tree, properties, &line.id);
        features(&mut tree, &line.extra);
        tree
    }

    fn attachments(&mut self, line: &Connection) {
        if line.source_attachment.is_some() || line.target_attachment.is_some() {
            self.losses.add("attachments", &line.id, "線の両端の位置", "places where lines leave and reach their ends");
        }
        if !line.view_refs.is_empty() {
            self.losses.add("view_references", &line.id, "図形から図への参照", "references of boxes to views");
        }
    }
}

fn viewpoint(tree: &mut XmlElement, view: &View) {
    let Some(viewpoint) = &view.viewpoint else { return };
    let written = view.extra.native("viewpoint").filter(|raw| viewpoint_name(raw) == *viewpoint);
    let id = written.map_or_else(|| Writer::view_point(viewpoint), str::to_owned);
    attribute(tree, "viewpoint", &id);
}

fn child_type(node: &Node, is_reference: bool) -> &str {
    match &node.kind {
        NodeKind::Element => "DiagramObject",
        NodeKind::Label if is_reference => "DiagramModelReference",
        NodeKind::Label if node.nodes.is_empty() => "Note",
        // A note holds no boxes in Archi.
        NodeKind::Label | NodeKind::Container => "Group",
        NodeKind::Other(kind) => kind,
    }
}

/// A line without meaning in the model is what Archi takes a connection for where no type is stated.
fn connection_type(kind: &str) -> Option<&str> {
    match kind {
        "Relationship" => Some("Connection"),
        "Line" => None,
        other => Some(other),
    }
}

fn bounds(held: Bounds, around: Bounds) -> XmlElement {
    let mut tree = XmlElement::new("bounds");
    let mut number = |name: &str, value: i64, usual: i64| {
        if value != usual {
            tree.set(name, value.to_string());
        }
    };
    number("x", held.x - around.x, 0);
    number("y", held.y - around.y, 0);
    number("width", held.w, -1);
    number("height", held.h, -1);
    tree
}

fn bends(tree: &mut XmlElement, line: &Connection, sheet: &Sheet<'_>) {
    let ends = sheet.geometry.ends(&line.source, &line.target);
    for (index, bend) in line.bendpoints.iter().enumerate() {
        let count = line.bendpoints.len();
        let kept = bend.relative.filter(|relative| ends.place(*relative, index, count) == bend.point);
        let relative = kept.unwrap_or_else(|| ends.relative(bend.point));
        let mut held = XmlElement::new("bendpoint");
        for (name, value) in ["startX", "startY", "endX", "endY"].into_iter().zip(relative) {
            if value != 0 {
                held.set(name, value.to_string());
            }
        }
        child(tree, held);
    }
}

/// Colours, letters and line widths; as they were written where they still say the same.
fn style(tree: &mut XmlElement, style: &Style, extra: &Extra) {
    if let Some(width) = style.line_width {
        tree.set("lineWidth", width.to_string());
    }
    colour(tree, "lineColor", style.line_color, extra);
    colour(tree, "fillColor", style.fill_color, extra);
    if let Some(percent) = style.fill_color.and_then(|colour| colour.a)
        && extra.native("alpha").is_none()
        && percent < 100
    {
        tree.set("alpha", alpha_of(percent));
    }
    if let Some(font) = &style.font {
        self::font(tree, font, extra);
    }
}

fn colour(tree: &mut XmlElement, name: &str, colour: Option<Colour>, extra: &Extra) {
    let Some(colour) = colour else { return };
    let written = extra.native(name).filter(|raw| Colour::from_hex(raw).map(Colour::hex) == Some(colour.hex()));
    attribute(tree, name, written.unwrap_or(&colour.hex()));
}

fn font(tree: &mut XmlElement, font: &Font, extra: &Extra) {
    colour(tree, "fontColor", font.color, extra);
    let said = Font { color: None, ..font.clone() };
    let written = extra.native("font").filter(|raw| parse_font(raw).as_ref() == Some(&said)).map(str::to_owned);
    if let Some(font) = written.or_else(|| compose_font(&said)) {
        attribute(tree, "font", &font);
    }
}
