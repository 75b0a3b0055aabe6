//! Views of Archi's format: places relative to the box around, lines inside the box that they start from.

use super::super::document::{Line, TypeName, plain};
use super::super::geometry::Geometry;
use super::super::pieces::{integer, keep_native};
use super::super::types::{viewpoint_id, viewpoint_name};
use super::super::view::{Bendpoint, Bounds, Connection, Drawing, Node, NodeKind, View};
use super::concepts::raw;
use super::looks::take_style;
use super::{Parts, feature, native_property};
use crate::interchange::source::Unreadable;
use crate::interchange::xml::{XmlElement, XmlNode};

/// A child's type in Archi's file and, behind it, in coArchi's.
const ELEMENT: [&str; 2] = ["DiagramObject", "DiagramModelArchimateObject"];
const GROUP: [&str; 2] = ["Group", "DiagramModelGroup"];
const NOTE: [&str; 2] = ["Note", "DiagramModelNote"];
const REFERENCE: &str = "DiagramModelReference";

impl Parts<'_, '_> {
    /// A view.
    pub(super) fn view(&mut self, written: &str, mut tree: XmlElement) -> Result<(), Unreadable> {
        let kind = match written {
            "ArchimateDiagramModel" => TypeName::Borrowed("Diagram"),
            other => TypeName::Owned(other.to_owned()),
        };
        let id = tree.take("id").unwrap_or_default();
        let mut view = View { id, kind, line: Line(tree.line), ..View::default() };
        view.names = plain(tree.take("name").unwrap_or_default());
        if let Some(viewpoint) = tree.take("viewpoint").filter(|viewpoint| !viewpoint.is_empty()) {
            let name = viewpoint_name(&viewpoint);
            if viewpoint_id(&name) != viewpoint {
                view.extra.make().native.push(raw("viewpoint", viewpoint));
            }
            view.viewpoint = Some(name);
        }
        let (drawn, rest): (Vec<_>, Vec<_>) = tree
            .children
            .into_iter()
            .partition(|node| matches!(node, XmlNode::Element(child) if child.local() == "child"));
        tree.children = rest;
        (view.documentation, view.properties) = Self::concept_parts(tree, &mut view.extra);
        let mut holder = XmlElement::new("view");
        holder.children = drawn;
        for child in holder.into_elements() {
            let node = self.node(child, Bounds::default(), &mut view.drawing)?;
            view.drawing.nodes.push(node);
        }
        place_bends(&mut view.drawing);
        self.document.views.push(view);
        Ok(())
    }

    fn node(&mut self, mut tree: XmlElement, around: Bounds, drawing: &mut Drawing) -> Result<Node, Unreadable> {
        self.context.count(1)?;
        let written = tree.take_type().unwrap_or_default();
        let id = tree.take("id").unwrap_or_default();
        let mut node = Node { id, kind: kind_of(&written), bounds: around, ..Node::default() };
        node.element = tree.take("archimateElement");
        node.view_refs = tree.take("model").into_iter().collect();
        node.labels = plain(tree.take("name").unwrap_or_default());
        // Which lines end here, the lines say themselves.
        tree.take("targetConnections");
        node.style = take_style(&mut tree, &mut node.extra);
        let (parts, inner): (Vec<_>, Vec<_>) = std::mem::take(&mut tree.children).into_iter().partition(is_no_child);
        tree.children = parts;
        self.node_parts(&mut node, tree, around, drawing)?;
        let mut holder = XmlElement::new("child");
        holder.children = inner;
        for child in holder.into_elements() {
            let inner = self.node(child, node.bounds, drawing)?;
            node.nodes.push(inner);
        }
        Ok(node)
    }

    fn node_parts(
        &mut self,
        node: &mut Node,
        mut tree: XmlElement,
        around: Bounds,
        drawing: &mut Drawing,
    ) -> Result<(), Unreadable> {
        node.documentation = plain(tree.take("documentation").unwrap_or_default());
        if let Some(content) = tree.take("content") {
            node.labels.extend(plain(content));
        }
        keep_native(&mut node.extra, &tree);
        for mut child in tree.into_elements() {
            match child.local() {
                "bounds" => node.bounds = self.bounds(&mut child, around),
                "sourceConnection" => self.connection(child, drawing)?,
                "content" => node.labels.extend(plain(child.text())),
                "documentation" => node.documentation = plain(child.text()),
                "property" => node.properties.push(native_property(&mut child)),
                "feature" => node.extra.make().features.push(feature(&mut child)),
                _ => node.extra.make().native_children.push(child.to_fragment()),
            }
        }
        Ok(())
    }

    /// Archi leaves a coordinate of 0, and a size of its own choice, out.
    fn bounds(&mut self, tree: &mut XmlElement, around: Bounds) -> Bounds {
        let mut number = |name: &str| integer(self.context, tree, name);
        let (x, y) = (number("x").unwrap_or(0), number("y").unwrap_or(0));
        Bounds { x: around.x + x, y: around.y + y, w: number("width").unwrap_or(-1), h: number("height").unwrap_or(-1) }
    }

    fn connection(&mut self, mut tree: XmlElement, drawing: &mut Drawing) -> Result<(), Unreadable> {
        self.context.count(1)?;
        let written = tree.take_type().unwrap_or_default();
        let relationship = tree.take("archimateRelationship").or_else(|| tree.take("relationship"));
        let kind = match relationship {
            Some(_) => TypeName::Borrowed("Relationship"),
            None => TypeName::Borrowed("Line"),
        };
        let mut take = |name: &str| tree.take(name).unwrap_or_default();
        let (id, source, target) = (take("id"), take("source"), take("target"));
        let mut line = Connection { id, kind, relationship, source, target, ..Connection::default() };
        if !["", "Connection", "DiagramModelArchimateConnection", "DiagramModelConnection"].contains(&written.as_str())
        {
            line.kind = TypeName::Owned(written);
        }
        line.labels = plain(tree.take("name").unwrap_or_default());
        tree.take("targetConnections");
        line.style = take_style(&mut tree, &mut line.extra);
        self.connection_parts(line, tree, drawing)
    }

    fn connection_parts(
        &mut self,
        mut line: Connection,
        mut tree: XmlElement,
        drawing: &mut Drawing,
    ) -> Result<(), Unreadable> {
        let mut on_it = Vec::new();
        line.documentation = plain(tree.take("documentation").unwrap_or_default());
        keep_native(&mut line.extra, &tree);
        for mut child in tree.into_elements() {
            match child.local() {
                "bendpoint" => line.bendpoints.push(self.bend(&mut child)),
                "sourceConnection" => on_it.push(child),
                "documentation" => line.documentation = plain(child.text()),
                "property" => line.properties.push(native_property(&mut child)),
                "feature" => line.extra.make().features.push(feature(&mut child)),
                _ => line.extra.make().native_children.push(child.to_fragment()),
            }
        }
        drawing.connections.push(line);
        on_it.into_iter().try_for_each(|child| self.connection(child, drawing))
    }

    fn bend(&mut self, tree: &mut XmlElement) -> Bendpoint {
        let mut number = |name: &str| integer(self.context, tree, name).unwrap_or(0);
        let relative = [number("startX"), number("startY"), number("endX"), number("endY")];
        Bendpoint { relative: Some(relative), ..Bendpoint::default() }
    }
}

fn is_no_child(node: &XmlNode) -> bool {
    !matches!(node, XmlNode::Element(child) if child.local() == "child")
}

fn kind_of(written: &str) -> NodeKind {
    match written {
        known if ELEMENT.contains(&known) => NodeKind::Element,
        known if GROUP.contains(&known) => NodeKind::Container,
        known if NOTE.contains(&known) => NodeKind::Label,
        REFERENCE => NodeKind::Label,
        other => NodeKind::Other(other.to_owned()),
    }
}

/// Where the bends of a view are. What Archi writes is kept where it does not follow from the place.
fn place_bends(drawing: &mut Drawing) {
    let geometry = Geometry::of(drawing);
    for line in &mut drawing.connections {
        let ends = geometry.ends(&line.source, &line.target);
        let count = line.bendpoints.len();
        for (index, bend) in line.bendpoints.iter_mut().enumerate() {
            let Some(relative) = bend.relative else { continue };
            bend.point = ends.place(relative, index, count);
            bend.relative = bend.relative.filter(|relative| ends.relative(bend.point) != *relative);
        }
    }
}
