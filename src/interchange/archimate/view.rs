//! A drawn view: boxes, lines, and how they look.

use serde::{Deserialize, Serialize};

use super::document::{Extra, Line, Property, Texts, TypeName};

/// A drawn view.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct View {
    /// Its identifier in the file.
    pub id: String,
    /// `Diagram` for an `ArchiMate` view; another type as its format writes it (Archi: `SketchModel`).
    pub kind: TypeName,
    /// What it is called.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub names: Texts,
    /// What is said of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub documentation: Texts,
    /// Its properties, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub properties: Vec<Property>,
    /// Its viewpoint as the exchange format names it (`Application Usage`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub viewpoint: Option<String>,
    /// The identifier of a viewpoint that the file defines.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub viewpoint_ref: Option<String>,
    /// What is drawn.
    #[serde(flatten)]
    pub drawing: Drawing,
    /// What only its format knows.
    #[serde(default, skip_serializing_if = "Extra::is_empty")]
    pub extra: Extra,
    /// Where it stands.
    #[serde(skip)]
    pub line: Line,
}

/// What is drawn in a view.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Drawing {
    /// Boxes, those behind first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub nodes: Vec<Node>,
    /// Lines.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub connections: Vec<Connection>,
}

/// A box.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Node {
    /// Its identifier in the file.
    pub id: String,
    /// What it is.
    pub kind: NodeKind,
    /// Where it is and how large.
    #[serde(flatten)]
    pub bounds: Bounds,
    /// The element drawn, for [`NodeKind::Element`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub element: Option<String>,
    /// What is written in it: the title of a group, the text of a note.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub labels: Texts,
    /// What is said of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub documentation: Texts,
    /// Its properties (Archi).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub properties: Vec<Property>,
    /// How it looks.
    #[serde(default, skip_serializing_if = "Style::is_empty")]
    pub style: Style,
    /// Views that it leads to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub view_refs: Vec<String>,
    /// Boxes inside it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub nodes: Vec<Node>,
    /// What only its format knows.
    #[serde(default, skip_serializing_if = "Extra::is_empty")]
    pub extra: Extra,
}

/// What a box is.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum NodeKind {
    /// An element of the model.
    Element,
    /// A frame without meaning in the model.
    Container,
    /// A note, or a way to another view.
    #[default]
    Label,
    /// Something of one format, by the name it has there.
    Other(String),
}

/// A place, from the upper left corner of the view, and a size; in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Bounds {
    /// To the right.
    pub x: i64,
    /// Down.
    pub y: i64,
    /// Width; -1 where the program chooses.
    pub w: i64,
    /// Height; -1 where the program chooses.
    pub h: i64,
}

/// A line.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Connection {
    /// Its identifier in the file.
    pub id: String,
    /// `Relationship`, `Line`, or another type as its format writes it.
    pub kind: TypeName,
    /// The relationship drawn.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub relationship: Option<String>,
    /// The box or line that it starts from.
    pub source: String,
    /// The box or line that it leads to.
    pub target: String,
    /// What is written at it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub labels: Texts,
    /// What is said of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub documentation: Texts,
    /// Its properties (Archi).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub properties: Vec<Property>,
    /// How it looks.
    #[serde(default, skip_serializing_if = "Style::is_empty")]
    pub style: Style,
    /// Views that it leads to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub view_refs: Vec<String>,
    /// Where it leaves its source.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_attachment: Option<Point>,
    /// Its bends, from source to target.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub bendpoints: Vec<Bendpoint>,
    /// Where it reaches its target.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target_attachment: Option<Point>,
    /// What only its format knows.
    #[serde(default, skip_serializing_if = "Extra::is_empty")]
    pub extra: Extra,
}

/// A place in a view, in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Point {
    /// To the right.
    pub x: i64,
    /// Down.
    pub y: i64,
}

/// A bend of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Bendpoint {
    /// Where it is.
    #[serde(flatten)]
    pub point: Point,
    /// What Archi writes (`startX`, `startY`, `endX`, `endY`), where it does not follow from the place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub relative: Option<[i64; 4]>,
}

/// How something looks.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Style {
    /// The width of lines, in pixels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line_width: Option<i64>,
    /// The colour of lines.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line_color: Option<Colour>,
    /// The colour of the area.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fill_color: Option<Colour>,
    /// The letters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub font: Option<Font>,
}

/// A colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Colour {
    /// Red, 0 to 255.
    pub r: u8,
    /// Green, 0 to 255.
    pub g: u8,
    /// Blue, 0 to 255.
    pub b: u8,
    /// How opaque it is, 0 to 100.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub a: Option<u8>,
}

/// Letters.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Font {
    /// The family.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The size in points, as written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<String>,
    /// `bold italic underline` or `plain`, as written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub style: Option<String>,
    /// The colour.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub color: Option<Colour>,
}

impl Style {
    /// Whether nothing is said.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl Colour {
    /// From `#rrggbb`.
    pub fn from_hex(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6 && digits.is_ascii())?;
        let part = |at: usize| u8::from_str_radix(&digits[at..at + 2], 16).ok();
        Some(Self { r: part(0)?, g: part(2)?, b: part(4)?, a: None })
    }

    /// As `#rrggbb`.
    pub fn hex(self) -> String {
        format!("#{:02x}{:02x}{:02x}", self.r, self.g, self.b)
    }
}

impl Bounds {
    /// The point in the middle, as Archi computes it.
    pub fn centre(self) -> Point {
        Point { x: self.x + self.w / 2, y: self.y + self.h / 2 }
    }
}

impl Drawing {
    /// All boxes, outer ones before those inside them.
    pub fn all_nodes(&self) -> Vec<&Node> {
        let mut found = Vec::new();
        let mut waiting: Vec<&Node> = self.nodes.iter().rev().collect();
        while let Some(node) = waiting.pop() {
            found.push(node);
            waiting.extend(node.nodes.iter().rev());
        }
        found
    }
}
