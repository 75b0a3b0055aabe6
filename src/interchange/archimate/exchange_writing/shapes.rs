//! Views in the exchange format.

use rustc_hash::FxHashSet;

use super::super::document::Property;
use super::super::view::{Bounds, Colour, Connection, Font, Node, NodeKind, Point, Style, View};
use super::super::xml_ids::encoded;
use super::Writer;

/// What Archi draws where no size is given.
const DEFAULT_SIZE: (i64, i64) = (120, 55);

/// How far a view has to be moved so that nothing is left of or above its corner.
#[derive(Debug, Clone, Copy, Default)]
struct Shift {
    x: i64,
    y: i64,
}

impl<'d> Writer<'d> {
    pub(super) fn views(&mut self) {
        let document = self.document;
        let is_drawn = |view: &&View| view.kind == "Diagram";
        for view in document.views.iter().filter(|view| !is_drawn(view)) {
            self.losses.add(
                "sketch",
                &view.id,
                "ArchiMateの図でないもの（スケッチ、キャンバス）",
                "drawings that are no ArchiMate views (sketches, canvases)",
            );
        }
        let drawn: Vec<&'d View> = document.views.iter().filter(is_drawn).collect();
        if drawn.is_empty() && document.viewpoints.is_none() {
            return;
        }
        self.xml.start("views");
        if let Some(viewpoints) = &document.viewpoints {
            self.xml.raw(viewpoints);
        }
        if !drawn.is_empty() {
            self.xml.start("diagrams");
            for view in drawn {
                self.view(view);
            }
            self.xml.end();
        }
        self.xml.end();
    }

    fn view(&mut self, view: &'d View) {
        self.xml.start("view");
        self.identifier(&view.id);
        self.xml.attribute("xsi:type", "Diagram");
        self.xml.optional("viewpoint", view.viewpoint.as_deref());
        let has_viewpoints = self.document.viewpoints.is_some();
        let viewpoint = view.viewpoint_ref.as_deref().filter(|_| has_viewpoints);
        self.xml.optional("viewpointRef", viewpoint.map(encoded).as_deref());
        self.concept(&view.id, &view.names, true, &view.documentation, &view.extra);
        self.properties(&view.properties, &[]);
        let shift = self.shift(view);
        let drawn = self.concepts.drawable(view);
        for node in &view.drawing.nodes {
            self.node(node, shift);
        }
        for connection in &view.drawing.connections {
            self.connection(connection, shift, &drawn);
        }
        self.xml.end();
    }

    fn shift(&mut self, view: &View) -> Shift {
        let nodes = view.drawing.all_nodes();
        let bends = view.drawing.connections.iter().flat_map(|line| &line.bendpoints).map(|bend| bend.point);
        let corners = nodes.iter().map(|node| Point { x: node.bounds.x, y: node.bounds.y });
        let least =
            corners.chain(bends).fold(Point::default(), |least, p| Point { x: least.x.min(p.x), y: least.y.min(p.y) });
        if least != Point::default() {
            self.losses.add(
                "moved",
                &view.id,
                "座標が負の図は、全体を右下へずらしました",
                "views with negative coordinates were moved right and down as a whole",
            );
        }
        Shift { x: -least.x, y: -least.y }
    }

    fn node(&mut self, node: &'d Node, shift: Shift) {
        if !self.concepts.can_draw(node) {
            return self.losses.add(
                "dangling_node",
                &node.id,
                "要素がない図形（中の図形も含む）",
                "boxes whose element is not there, with the boxes inside them",
            );
        }
        self.xml.start("node");
        self.identifier(&node.id);
        self.placed(node.bounds, shift, &node.id);
        match (&node.kind, &node.element) {
            (NodeKind::Element, Some(element)) => {
                self.xml.attribute("elementRef", &encoded(element));
                self.xml.attribute("xsi:type", "Element");
            }
            (NodeKind::Label, _) if node.nodes.is_empty() => self.xml.attribute("xsi:type", "Label"),
            _ => self.xml.attribute("xsi:type", "Container"),
        }
        if let NodeKind::Other(_) = node.kind {
            self.losses.add(
                "foreign_node",
                &node.id,
                "Archiだけの図形は枠にしました",
                "boxes that only Archi knows became frames",
            );
        }
        self.kept_attributes(&node.extra, &node.id);
        self.drawn_properties(&node.properties, &node.id);
        self.texts("label", &node.labels, false);
        self.texts("documentation", &node.documentation, false);
        self.style(&node.style, &node.id);
        self.view_refs(&node.view_refs, &node.id);
        for inner in &node.nodes {
            self.node(inner, shift);
        }
        self.kept_children(&node.extra);
        self.xml.end();
    }

    fn placed(&mut self, bounds: Bounds, shift: Shift, id: &str) {
        let (w, h) = (sized(bounds.w, DEFAULT_SIZE.0), sized(bounds.h, DEFAULT_SIZE.1));
        if (w, h) != (bounds.w, bounds.h) {
            self.losses.add(
                "default_size",
                id,
                "大きさのない図形は標準の大きさにしました",
                "boxes without a size got the usual one",
            );
        }
        self.xml.attribute("x", &(bounds.x + shift.x).to_string());
        self.xml.attribute("y", &(bounds.y + shift.y).to_string());
        self.xml.attribute("w", &w.to_string());
        self.xml.attribute("h", &h.to_string());
    }

    fn drawn_properties(&mut self, properties: &[Property], id: &str) {
        if !properties.is_empty() {
            self.losses.add("drawn_properties", id, "図形や線の属性", "properties of boxes and lines");
        }
    }

    fn view_refs(&mut self, views: &[String], id: &str) {
        for view in views {
            if self.views.contains(view.as_str()) && self.is_diagram(view) {
                self.xml.start("viewRef");
                self.xml.attribute("ref", &encoded(view));
                self.xml.end();
            } else {
                self.losses.add(
                    "dangling_view_reference",
                    id,
                    "参照先の図がありません",
                    "views that boxes lead to are not there",
                );
            }
        }
    }

    fn is_diagram(&self, view: &str) -> bool {
        self.document.views.iter().any(|held| held.id == view && held.kind == "Diagram")
    }

    fn connection(&mut self, line: &'d Connection, shift: Shift, drawn: &FxHashSet<&str>) {
        if !self.concepts.can_draw_line(line, drawn) {
            return self.losses.add(
                "dangling_connection",
                &line.id,
                "端又は関係がない線",
                "lines whose ends or relationship are not there",
            );
        }
        self.xml.start("connection");
        self.identifier(&line.id);
        match &line.relationship {
            Some(relationship) if line.kind == "Relationship" => {
                self.xml.attribute("relationshipRef", &encoded(relationship));
                self.xml.attribute("xsi:type", "Relationship");
            }
            _ => self.xml.attribute("xsi:type", "Line"),
        }
        self.xml.attribute("source", &encoded(&line.source));
        self.xml.attribute("target", &encoded(&line.target));
        self.kept_attributes(&line.extra, &line.id);
        self.drawn_properties(&line.properties, &line.id);
        self.texts("label", &line.labels, false);
        self.texts("documentation", &line.documentation, false);
        self.style(&line.style, &line.id);
        self.view_refs(&line.view_refs, &line.id);
        self.points(line, shift);
        self.kept_children(&line.extra);
        self.xml.end();
    }

    fn points(&mut self, line: &Connection, shift: Shift) {
        let source = line.source_attachment.map(|point| ("sourceAttachment", point));
        let bends = line.bendpoints.iter().map(|bend| ("bendpoint", bend.point));
        let target = line.target_attachment.map(|point| ("targetAttachment", point));
        for (name, point) in source.into_iter().chain(bends).chain(target) {
            self.xml.start(name);
            self.xml.attribute("x", &(point.x + shift.x).max(0).to_string());
            self.xml.attribute("y", &(point.y + shift.y).max(0).to_string());
            self.xml.end();
        }
    }

    fn style(&mut self, style: &Style, id: &str) {
        if style.is_empty() {
            return;
        }
        self.xml.start("style");
        let width = style.line_width.filter(|width| *width > 0).map(|width| width.to_string());
        self.xml.optional("lineWidth", width.as_deref());
        self.colour("fillColor", style.fill_color);
        self.colour("lineColor", style.line_color);
        if let Some(font) = &style.font {
            self.font(font, id);
        }
        self.xml.end();
    }

    fn colour(&mut self, name: &str, colour: Option<Colour>) {
        let Some(colour) = colour else { return };
        self.xml.start(name);
        self.xml.attribute("r", &colour.r.to_string());
        self.xml.attribute("g", &colour.g.to_string());
        self.xml.attribute("b", &colour.b.to_string());
        self.xml.optional("a", colour.a.map(|a| a.min(100).to_string()).as_deref());
        self.xml.end();
    }

    fn font(&mut self, font: &Font, id: &str) {
        self.xml.start("font");
        self.xml.optional("name", font.name.as_deref());
        let size = font.size.as_deref().and_then(half_points);
        if size.as_deref() != font.size.as_deref() {
            self.losses.add(
                "font_size",
                id,
                "文字の大きさを0.5ポイント単位に丸めました",
                "sizes of letters were rounded to half points",
            );
        }
        self.xml.optional("size", size.as_deref());
        let style = font.style.as_deref().filter(|style| is_font_style(style));
        self.xml.optional("style", style);
        self.colour("color", font.color);
        self.xml.end();
    }
}

fn sized(given: i64, usual: i64) -> i64 {
    if given > 0 { given } else { usual }
}

/// The size as the schema writes it: `9`, `9.0`, `10.5`.
fn half_points(size: &str) -> Option<String> {
    let number = size.trim().parse::<f64>().ok().filter(|number| (1.0..1e6).contains(number))?;
    let (whole, rest) = size.split_once('.').unwrap_or((size, "0"));
    let is_valid = matches!(rest, "0" | "5") && !whole.starts_with('0') && whole.chars().all(|c| c.is_ascii_digit());
    if is_valid {
        return Some(size.to_owned());
    }
    Some(format!("{:.1}", (number * 2.0).round() / 2.0))
}

fn is_font_style(style: &str) -> bool {
    style.split_whitespace().all(|word| matches!(word, "plain" | "bold" | "italic" | "underline"))
}
