//! A snapshot as bytes and back: what a checkpoint holds.
//!
//! The image holds the state at its revision and, some bytes each, the touches of every revision before; not the
//! older versions, which stand in the ledger. So it is as large as the model, not as long as its history.
//! Nodes and edges keep their numbers. Every number, name and reference in it is checked when it is read.

mod packing;
mod reading;
mod touching;
mod values;
mod writing;

use serde::{Deserialize, Serialize};

use values::ValueImage;

/// The version of this form; another one is not read.
const FORMAT: u32 = 1;

/// Why bytes are no image of a model under this metamodel.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ImageError {
    /// It was made under another metamodel or by another version.
    #[error("it was made by another version of ezu or under another metamodel")]
    Foreign,
    /// It contradicts itself.
    #[error("it is damaged: {0}")]
    Damaged(&'static str),
}

impl From<postcard::Error> for ImageError {
    fn from(_: postcard::Error) -> Self {
        Self::Damaged("it does not end where it should")
    }
}

/// The whole, in parts that are read side by side: a head, then four columns of bytes, each behind its length.
#[derive(Deserialize)]
struct ImageParts<'a> {
    #[serde(borrow)]
    head: ImageHead<'a>,
    nodes: &'a [u8],
    edges: &'a [u8],
    search: &'a [u8],
    touches: &'a [u8],
}

/// What stands before the columns.
#[derive(Serialize, Deserialize)]
struct ImageHead<'a> {
    format: u32,
    metamodel: [u8; 32],
    revision: u64,
    /// Microseconds since 1970.
    time: i64,
    #[serde(borrow)]
    kinds: Vec<&'a str>,
    #[serde(borrow)]
    attributes: Vec<&'a str>,
    node_count: u32,
    edge_count: u32,
}

/// What stands at a node.
#[derive(Serialize, Deserialize)]
enum NodeImage<'a> {
    /// An element.
    Element {
        #[serde(borrow)]
        item: ItemImage<'a>,
    },
    /// An element that was deleted.
    Gone { id: &'a str, is_former: bool, revision: u64 },
    /// A relationship that is or was an end of another.
    Relationship { id: &'a str, edge: u32 },
}

/// What stands at an edge. Its id is empty where it follows from its ends, or stands at its node.
#[derive(Serialize, Deserialize)]
enum EdgeImage<'a> {
    /// A relationship between two nodes.
    Relationship {
        #[serde(borrow)]
        item: ItemImage<'a>,
        source: u32,
        target: u32,
        node: Option<u32>,
    },
    /// A relationship that was deleted.
    Gone { id: &'a str, is_former: bool, revision: u64, node: Option<u32> },
}

/// What elements and relationships have in common; the attributes follow it.
#[derive(Serialize, Deserialize)]
struct ItemImage<'a> {
    id: &'a str,
    /// The id is something else now.
    is_former: bool,
    revision: u64,
    kind: u16,
    name: Option<&'a str>,
    attribute_count: u32,
}

/// One attribute.
#[derive(Serialize, Deserialize)]
struct AttributeImage<'a> {
    name: u16,
    #[serde(borrow)]
    value: ValueImage<'a>,
}
