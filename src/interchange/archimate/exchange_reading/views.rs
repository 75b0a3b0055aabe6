//! Views of the exchange format.

use super::super::document::{Line, TypeName};
use super::super::pieces::{integer, keep_exchange};
use super::super::view::{Bendpoint, Bounds, Colour, Connection, Drawing, Font, Node, NodeKind, Point, Style, View};
use super::super::xml_ids::decoded;
use super::Reader;
use crate::interchange::problem::Said;
use crate::interchange::source::Unreadable;
use crate::interchange::xml::{XmlElement, XmlEvent};

impl Reader<'_, '_, '_> {
    /// The section `views`: definitions of viewpoints, and diagrams; in 2.1 the views directly.
    pub(super) fn views(&mut self, _section: XmlElement) -> Result<(), Unreadable> {
        loop {
            match self.next()? {
                XmlEvent::Start(start) if start.local() == "diagrams" => self.each(Self::view)?,
                XmlEvent::Start(start) => {
                    let tree = self.tree(start)?;
                    match tree.local() {
                        "viewpoints" => self.document.viewpoints = Some(tree.to_fragment()),
                        "view" => self.view(tree)?,
                        _ => self.document.extra.make().exchange_children.push(tree.to_fragment()),
                    }
                }
                XmlEvent::End | XmlEvent::Finished => return Ok(()),
                XmlEvent::Text(_) => {}
            }
        }
    }

    fn view(&mut self, mut tree: XmlElement) -> Result<(), Unreadable> {
        let line = Line(tree.line);
        let kind = tree.take_type().map_or(TypeName::Borrowed("Diagram"), |kind| known(kind, &["Diagram"]));
        let id = tree.take("identifier").map(|id| decoded(&id)).unwrap_or_default();
        let viewpoint_ref = tree.take("viewpointRef").map(|id| decoded(&id));
        let mut view = View { id, kind, viewpoint: tree.take("viewpoint"), viewpoint_ref, line, ..View::default() };
        keep_exchange(&mut view.extra, &tree);
        let (drawn, rest): (Vec<_>, Vec<_>) =
            tree.into_elements().partition(|child| matches!(child.local(), "node" | "connection"));
        let mut header = XmlElement::new("view");
        header.children = rest.into_iter().map(crate::interchange::xml::XmlNode::Element).collect();
        let parts = self.parts(header, &mut view.extra);
        (view.names, view.documentation, view.properties) = (parts.names, parts.documentation, parts.properties);
        view.drawing = self.drawing(drawn)?;
        self.document.views.push(view);
        Ok(())
    }

    fn drawing(&mut self, drawn: Vec<XmlElement>) -> Result<Drawing, Unreadable> {
        let mut drawing = Drawing::default();
        self.context.count(drawn.len())?;
        for child in drawn {
            if child.local() == "node" {
                let node = self.node(child)?;
                drawing.nodes.push(node);
            } else {
                let connection = self.connection(child);
                drawing.connections.push(connection);
            }
        }
        Ok(drawing)
    }

    fn node(&mut self, mut tree: XmlElement) -> Result<Node, Unreadable> {
        let written = tree.take_type().or_else(|| tree.take("type").map(capitalised));
        let element = tree.take("elementRef").or_else(|| tree.take("elementref")).map(|id| decoded(&id));
        let kind = match written.as_deref() {
            Some("Element") => NodeKind::Element,
            None if element.is_some() => NodeKind::Element,
            Some("Container" | "Group") => NodeKind::Container,
            Some("Label" | "Note") | None => NodeKind::Label,
            Some(other) => NodeKind::Other(other.to_owned()),
        };
        let id = tree.take("identifier").map(|id| decoded(&id)).unwrap_or_default();
        let mut node = Node { id, kind, element, bounds: self.bounds(&mut tree), ..Node::default() };
        keep_exchange(&mut node.extra, &tree);
        for mut child in tree.into_elements() {
            match child.local() {
                "label" => node.labels.push(self.context.text(&mut child)),
                "documentation" => node.documentation.push(self.context.text(&mut child)),
                "style" => node.style = self.style(child),
                "viewRef" => node.view_refs.extend(child.take("ref").map(|id| decoded(&id))),
                "node" => {
                    self.context.count(1)?;
                    let inner = self.node(child)?;
                    node.nodes.push(inner);
                }
                _ => node.extra.make().exchange_children.push(child.to_fragment()),
            }
        }
        Ok(node)
    }

    fn bounds(&mut self, tree: &mut XmlElement) -> Bounds {
        let line = tree.line;
        let mut number = |name: &str| integer(self.context, tree, name);
        let (x, y, w, h) = (number("x"), number("y"), number("w"), number("h"));
        if x.is_none() || y.is_none() {
            let wrong = Said::new("図形の位置がありません", "the box has no position");
            self.context.assume(
                "no_position",
                Line(line),
                "",
                wrong,
                Said::new("左上とみなします", "taken as the corner"),
            );
        }
        Bounds { x: x.unwrap_or(0), y: y.unwrap_or(0), w: w.unwrap_or(-1), h: h.unwrap_or(-1) }
    }

    fn connection(&mut self, mut tree: XmlElement) -> Connection {
        let relationship = tree.take("relationshipRef").or_else(|| tree.take("relationshipref")).map(|id| decoded(&id));
        let assumed = if relationship.is_some() { "Relationship" } else { "Line" };
        let kind = tree.take_type().map_or(TypeName::Borrowed(assumed), |kind| known(kind, &["Relationship", "Line"]));
        let mut id = |name: &str| tree.take(name).map(|id| decoded(&id)).unwrap_or_default();
        let (id, source, target) = (id("identifier"), id("source"), id("target"));
        let mut connection = Connection { id, kind, relationship, source, target, ..Connection::default() };
        keep_exchange(&mut connection.extra, &tree);
        for child in tree.into_elements() {
            self.connection_part(&mut connection, child);
        }
        connection
    }

    fn connection_part(&mut self, connection: &mut Connection, mut child: XmlElement) {
        match child.local() {
            "label" => connection.labels.push(self.context.text(&mut child)),
            "documentation" => connection.documentation.push(self.context.text(&mut child)),
            "style" => connection.style = self.style(child),
            "viewRef" => connection.view_refs.extend(child.take("ref").map(|id| decoded(&id))),
            "bendpoint" => {
                let point = self.point(&mut child);
                connection.bendpoints.push(Bendpoint { point, relative: None });
            }
            "sourceAttachment" => connection.source_attachment = Some(self.point(&mut child)),
            "targetAttachment" => connection.target_attachment = Some(self.point(&mut child)),
            _ => connection.extra.make().exchange_children.push(child.to_fragment()),
        }
    }

    fn point(&mut self, tree: &mut XmlElement) -> Point {
        let mut number = |name: &str| integer(self.context, tree, name).unwrap_or(0);
        Point { x: number("x"), y: number("y") }
    }

    fn style(&mut self, mut tree: XmlElement) -> Style {
        let line_width = integer(self.context, &mut tree, "lineWidth");
        let mut style = Style { line_width, ..Style::default() };
        for mut child in tree.into_elements() {
            match child.local() {
                "lineColor" => style.line_color = self.colour(&mut child),
                "fillColor" => style.fill_color = self.colour(&mut child),
                "font" => style.font = Some(self.font(child)),
                _ => {}
            }
        }
        style
    }

    fn font(&mut self, mut tree: XmlElement) -> Font {
        let (name, size, style) = (tree.take("name"), tree.take("size"), tree.take("style"));
        let color = tree.into_elements().find(|child| child.local() == "color");
        let color = color.and_then(|mut child| self.colour(&mut child));
        Font { name, size, style, color }
    }

    fn colour(&mut self, tree: &mut XmlElement) -> Option<Colour> {
        let line = Line(tree.line);
        let mut part = |name: &str| integer(self.context, tree, name).map(u8::try_from);
        let (r, g, b, a) = (part("r"), part("g"), part("b"), part("a"));
        if let (Some(Ok(r)), Some(Ok(g)), Some(Ok(b)), None | Some(Ok(0..=100))) = (r, g, b, a) {
            return Some(Colour { r, g, b, a: a.and_then(Result::ok) });
        }
        let wrong = Said::new("色の値が正しくありません", "the colour is not valid");
        self.context.assume("invalid_colour", line, "", wrong, Said::new("色なしとみなします", "taken as none"));
        None
    }
}

/// `group` and `label` of version 2.1 as the names of 3.x.
fn capitalised(word: String) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |head| head.to_uppercase().chain(letters).collect())
}

/// A name that is mostly one of a few.
fn known(name: String, words: &[&'static str]) -> TypeName {
    match words.iter().find(|word| **word == name) {
        Some(word) => TypeName::Borrowed(word),
        None => TypeName::Owned(name),
    }
}
