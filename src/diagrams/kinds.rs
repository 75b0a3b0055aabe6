//! How an item's kind decides what it looks like, by what it specialises in `ArchiMate`.

use super::language::pick;
use super::paint::{self, Paint};
use super::scene::{Shape, Stroke};
use crate::domain::metamodel::{Kind, KindId, Metamodel};

/// Endings of `ArchiMate` kind names and their outlines; the first that fits counts.
const OUTLINES: [(&str, Shape); 22] = [
    ("application_component", Shape::Component),
    ("junction", Shape::Rectangle),
    ("_process", Shape::Rounded),
    ("_function", Shape::Rounded),
    ("_interaction", Shape::Rounded),
    ("_event", Shape::Rounded),
    ("_service", Shape::Rounded),
    ("capability", Shape::Rounded),
    ("value_stream", Shape::Rounded),
    ("course_of_action", Shape::Rounded),
    ("work_package", Shape::Rounded),
    ("_object", Shape::Sheet),
    ("contract", Shape::Sheet),
    ("representation", Shape::Sheet),
    ("artifact", Shape::Sheet),
    ("deliverable", Shape::Sheet),
    ("motivation_element", Shape::Octagon),
    ("technology_element", Shape::Block),
    ("grouping", Shape::Folder),
    ("location", Shape::Folder),
    ("plateau", Shape::Folder),
    ("relationship", Shape::Pointer),
];

/// The outline of a kind.
pub fn shape(metamodel: &Metamodel, kind: KindId) -> Shape {
    let names = metamodel.kind(kind).lineage.iter().map(|id| &*metamodel.kind(*id).name);
    let outline = |name: &str| OUTLINES.iter().find(|(ending, _)| name.ends_with(ending));
    names.filter_map(outline).map(|(_, shape)| *shape).next().unwrap_or(Shape::Rectangle)
}

/// The colours of a kind: those of its `ArchiMate` layer.
pub fn colours(metamodel: &Metamodel, kind: KindId) -> Paint {
    let layer = metamodel.kind(kind).layer.as_deref();
    let place = metamodel.vocabulary().layers.iter().position(|held| Some(&*held.name) == layer);
    place.map_or(paint::NEUTRAL, paint::layer)
}

/// What the outline is called, for the legend.
pub fn shape_words(shape: Shape, language: &str) -> &'static str {
    let (ja, en) = match shape {
        Shape::Rectangle => ("四角", "rectangle"),
        Shape::Rounded => ("角丸", "rounded"),
        Shape::Component => ("左に突起", "tabs at the left"),
        Shape::Block => ("立体", "block"),
        Shape::Sheet => ("折れた用紙", "folded sheet"),
        Shape::Octagon => ("角に斜線", "cut corners"),
        Shape::Folder => ("見出し付き", "folder tab"),
        Shape::Pointer => ("矢印形", "arrow shape"),
        Shape::Pile => ("二重線", "double line"),
    };
    pick(language, ja, en)
}

/// The families of relationships that a general picture tells apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Family {
    /// Something passes along.
    Flow,
    /// One needs, uses or sets off the other.
    Dependency,
    /// One is part of, stands for or does the other.
    Structure,
    /// One reads or writes the other.
    Access,
    /// Anything else.
    Association,
}

/// The family of a relationship kind.
pub fn family(metamodel: &Metamodel, kind: &Kind) -> Family {
    let mut names = kind.lineage.iter().map(|id| &*metamodel.kind(*id).name);
    let known = |name: &str| match name {
        "flow" => Some(Family::Flow),
        "serving" | "triggering" | "influence" => Some(Family::Dependency),
        "composition" | "aggregation" | "assignment" | "realization" | "specialization" => Some(Family::Structure),
        "access" => Some(Family::Access),
        _ => None,
    };
    names.find_map(known).unwrap_or(Family::Association)
}

impl Family {
    /// Its line.
    pub fn stroke(self) -> Stroke {
        match self {
            Self::Flow => Stroke::Flow,
            Self::Dependency => Stroke::Solid,
            Self::Structure => Stroke::Dashed,
            Self::Access | Self::Association => Stroke::Dotted,
        }
    }

    /// What its line means.
    pub fn words(self, language: &str) -> &'static str {
        let (ja, en) = match self {
            Self::Flow => ("データなどの流れ", "flow"),
            Self::Dependency => ("依存・利用", "dependency or use"),
            Self::Structure => ("所属・構成・配置", "part, place or realization"),
            Self::Access | Self::Association => ("その他の関連", "other relationship"),
        };
        pick(language, ja, en)
    }
}
