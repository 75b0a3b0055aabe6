//! Places for a view that has none: lines by Graphviz, boxes without lines in rows.

use rustc_hash::FxHashMap;
use serde_json::Value as Json;

use crate::diagrams::{Format, GraphvizSettings, render};
use crate::interchange::archimate::view::{Bendpoint, Bounds, Drawing, Node, NodeKind, Point, View};

/// The size of a box, in pixels: two lines of Japanese.
const BOX: (i64, i64) = (150, 60);
/// The same in inches of 72 pixels, as Graphviz wants it.
const BOX_INCHES: (f64, f64) = (150.0 / 72.0, 60.0 / 72.0);
/// The space between boxes, and inside a frame.
const GAP: i64 = 18;
/// The height of a frame's title.
const TITLE: i64 = 26;
/// Boxes in a row of a frame without lines.
const IN_ROW: usize = 8;
/// More lines than this are not laid out: Graphviz would take too long.
const MOST_LINES: usize = 3_000;

/// Gives every box a place and a size if none has one; a view that was drawn stays as it is.
pub(super) fn place(view: &mut View, graphviz: &GraphvizSettings) {
    let is_unplaced = |node: &&Node| node.bounds.x == 0 && node.bounds.y == 0 && node.bounds.w <= 0;
    let nodes = view.drawing.all_nodes();
    if nodes.is_empty() || !nodes.iter().all(is_unplaced) {
        return;
    }
    let lines = view.drawing.connections.len();
    let by_graphviz = lines > 0 && lines <= MOST_LINES && by_graphviz(&mut view.drawing, graphviz).is_some();
    if !by_graphviz {
        in_rows(&mut view.drawing.nodes, Point { x: GAP, y: GAP }, 1);
    }
}

/// Boxes in rows, frames around their boxes; answers with the corner opposite.
fn in_rows(nodes: &mut [Node], corner: Point, in_row: usize) -> Point {
    let mut at = corner;
    let (mut right, mut bottom) = (corner.x, corner.y);
    for (place, node) in nodes.iter_mut().enumerate() {
        if place > 0 && place % in_row == 0 {
            at = Point { x: corner.x, y: bottom + GAP };
        }
        let (w, h) = if node.nodes.is_empty() {
            BOX
        } else {
            let inner = in_rows(&mut node.nodes, Point { x: at.x + GAP, y: at.y + TITLE + GAP / 2 }, IN_ROW);
            (inner.x + GAP - at.x, inner.y + GAP - at.y)
        };
        node.bounds = Bounds { x: at.x, y: at.y, w, h };
        (right, bottom) = (right.max(at.x + w), bottom.max(at.y + h));
        at.x += w + GAP;
    }
    if in_row == 1 {
        let widest = nodes.iter().map(|node| node.bounds.w).max().unwrap_or(0);
        nodes.iter_mut().for_each(|node| node.bounds.w = widest);
    }
    Point { x: right, y: bottom }
}

/// Asks Graphviz; nothing if it is not there or fails.
fn by_graphviz(drawing: &mut Drawing, graphviz: &GraphvizSettings) -> Option<()> {
    let mut dot = Dot::default();
    for node in &drawing.nodes {
        dot.node(node);
    }
    for (number, line) in drawing.connections.iter().enumerate() {
        dot.line(number, &line.source, &line.target);
    }
    let answer = render(&dot.finish(), Format::Layout, graphviz).ok()?;
    let places = Places::read(&serde_json::from_slice(&answer).ok()?)?;
    let mut placed = drawing.clone();
    for node in &mut placed.nodes {
        places.node(node, &dot.names)?;
    }
    for (number, line) in placed.connections.iter_mut().enumerate() {
        line.bendpoints = places.bends.get(&number).cloned().unwrap_or_default();
    }
    *drawing = placed;
    Some(())
}

/// DOT text, in which boxes have made-up names.
#[derive(Default)]
struct Dot {
    text: String,
    /// The name of each box, by its identifier; frames begin with `cluster`.
    names: FxHashMap<String, String>,
}

impl Dot {
    fn node(&mut self, node: &Node) {
        let number = self.names.len();
        if node.nodes.is_empty() {
            let name = format!("n{number}");
            self.text.push_str(&format!("{name};\n"));
            self.names.insert(node.id.clone(), name);
            return;
        }
        let name = format!("cluster_{number}");
        self.names.insert(node.id.clone(), name.clone());
        // Only the height of the title matters here.
        self.text.push_str(&format!("subgraph {name} {{ label=\"M\"; fontsize=14; margin={GAP};\n"));
        for inner in &node.nodes {
            self.node(inner);
        }
        self.text.push_str("}\n");
    }

    fn line(&mut self, number: usize, source: &str, target: &str) {
        if let (Some(source), Some(target)) = (self.names.get(source), self.names.get(target))
            && source.starts_with('n')
            && target.starts_with('n')
        {
            self.text.push_str(&format!("{source} -> {target} [comment=\"{number}\"];\n"));
        }
    }

    fn finish(&self) -> String {
        let (width, height) = BOX_INCHES;
        format!(
            "digraph view {{\ngraph [rankdir=LR, nodesep=0.3, ranksep=1.1, splines=polyline, newrank=false];\n\
             node [shape=box, fixedsize=true, label=\"\", width={width:.4}, height={height:.4}];\nedge [dir=none];\n{}}}\n",
            self.text
        )
    }
}

/// Where Graphviz put things, with the corner above and to the left.
struct Places {
    boxes: FxHashMap<String, Bounds>,
    bends: FxHashMap<usize, Vec<Bendpoint>>,
}

impl Places {
    fn read(answer: &Json) -> Option<Self> {
        let frame = numbers(answer.get("bb")?.as_str()?);
        let height = *frame.get(3)?;
        let objects = answer.get("objects")?.as_array()?;
        let boxes =
            objects.iter().filter_map(|held| Some((held.get("name")?.as_str()?.to_owned(), bounds(held, height)?)));
        let edges = answer.get("edges").and_then(Json::as_array);
        let bends = edges.into_iter().flatten().filter_map(|held| {
            let number = held.get("comment")?.as_str()?.parse().ok()?;
            Some((number, bends(held.get("pos")?.as_str()?, height)))
        });
        Some(Self { boxes: boxes.collect(), bends: bends.collect() })
    }

    fn node(&self, node: &mut Node, names: &FxHashMap<String, String>) -> Option<()> {
        node.bounds = *self.boxes.get(names.get(&node.id)?)?;
        if node.kind == NodeKind::Label {
            node.bounds.h = BOX.1;
        }
        node.nodes.iter_mut().try_for_each(|inner| self.node(inner, names))
    }
}

fn bounds(held: &Json, height: f64) -> Option<Bounds> {
    if let Some(frame) = held.get("bb").and_then(Json::as_str) {
        let corners = numbers(frame);
        let [left, below, right, above] = corners.as_slice() else { return None };
        let (w, h) = (pixels(right - left), pixels(above - below));
        return Some(Bounds { x: pixels(*left) + GAP, y: pixels(height - above) + GAP, w, h });
    }
    let middle = numbers(held.get("pos")?.as_str()?);
    let [x, y] = middle.as_slice() else { return None };
    let corner = (pixels(*x) - BOX.0 / 2, pixels(height - y) - BOX.1 / 2);
    Some(Bounds { x: corner.0 + GAP, y: corner.1 + GAP, w: BOX.0, h: BOX.1 })
}

/// The corners of a line of straight pieces, its ends left out.
fn bends(path: &str, height: f64) -> Vec<Bendpoint> {
    let points: Vec<Vec<f64>> = path.split_whitespace().map(numbers).collect();
    let corners = points.iter().step_by(3).skip(1);
    let count = points.len().div_ceil(3).saturating_sub(2);
    let point = |held: &Vec<f64>| match held.as_slice() {
        [x, y] => Some(Point { x: pixels(*x) + GAP, y: pixels(height - y) + GAP }),
        _ => None,
    };
    let mut bends: Vec<Point> = corners.take(count).filter_map(point).collect();
    bends.dedup();
    bends.into_iter().map(|point| Bendpoint { point, relative: None }).collect()
}

fn numbers(text: &str) -> Vec<f64> {
    text.split(',').filter_map(|part| part.trim().parse().ok()).collect()
}

#[expect(clippy::cast_possible_truncation, reason = "a picture is far smaller than 2^63 pixels")]
fn pixels(points: f64) -> i64 {
    points.round() as i64
}
