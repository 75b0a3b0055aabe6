//! The touches of every item in an image.

use std::sync::Arc;

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use super::super::super::ids::{Edge, Node};
use super::super::earlier::{Earlier, Lists};
use super::super::slots::{NodeSlot, Touches, Version};
use super::super::{Place, Snapshot, TouchedField};
use super::ImageError;
use super::writing::{Ids, put};

#[derive(Serialize, Deserialize)]
struct TouchesImage<'a> {
    #[serde(borrow)]
    names: Vec<&'a str>,
    node_ends: Vec<u32>,
    nodes: &'a [u8],
    edge_ends: Vec<u32>,
    edges: &'a [u8],
}

/// Field names and their numbers; 0 stands for the whole item.
struct Numbers {
    names: Vec<Arc<str>>,
    by_name: FxHashMap<Arc<str>, u64>,
}

impl Numbers {
    fn of(names: &[Arc<str>]) -> Self {
        let by_name = (1..).zip(names).map(|(number, name)| (Arc::clone(name), number)).collect();
        Self { names: names.to_vec(), by_name }
    }

    fn number(&mut self, field: &TouchedField) -> u64 {
        let Some(name) = field else { return 0 };
        *self.by_name.entry(Arc::clone(name)).or_insert_with(|| {
            self.names.push(Arc::clone(name));
            self.names.len() as u64
        })
    }
}

impl Snapshot {
    /// All touches, with the floor at this revision.
    pub(super) fn all_touches(&self, ids: &Ids<'_>) -> Earlier {
        let mut numbers = Numbers::of(&self.earlier.names);
        let mut nodes = Lists::default();
        for (index, slot) in self.nodes.iter().enumerate() {
            if let NodeSlot::Element(_, touches) = slot {
                let place = Place::Element(Node::at(index));
                self.put_touches(&mut nodes.bytes, &mut numbers, place, ids.node(index).0, touches);
            }
            nodes.end();
        }
        let mut edges = Lists::default();
        for (edge, slot) in (0..).map(Edge).zip(&self.edges) {
            let id = ids.edge(edge.index()).0;
            self.put_touches(&mut edges.bytes, &mut numbers, Place::Relationship(edge), id, &slot.touches);
            edges.end();
        }
        Earlier { floor: self.revision, names: numbers.names, nodes, edges }
    }

    /// The touches since the floor, then those before.
    fn put_touches(&self, bytes: &mut Vec<u8>, numbers: &mut Numbers, place: Place, id: &str, since: &Touches) {
        let mut last = self.revision;
        let mut fields = Vec::new();
        for touch in since.iter().flat_map(Version::chain) {
            fields.clear();
            if let Some(summary) = self.change(touch.revision) {
                fields.extend(summary.fields_of(id).map(|field| numbers.number(field)));
            }
            put_touch(bytes, last - touch.revision, &fields);
            last = touch.revision;
        }
        let mut before = self.earlier.at(place);
        while let Some(revision) = before.next_numbered(&mut fields) {
            put_touch(bytes, last - revision, &fields);
            last = revision;
        }
    }
}

fn put_touch(bytes: &mut Vec<u8>, distance: u64, fields: &[u64]) {
    put(bytes, &distance);
    put(bytes, &(fields.len() as u64));
    for field in fields {
        put(bytes, field);
    }
}

impl Lists {
    /// Ends the list of a place.
    fn end(&mut self) {
        self.ends.push(u32::try_from(self.bytes.len()).unwrap_or(u32::MAX));
    }

    fn from_parts(ends: Vec<u32>, bytes: &[u8], count: usize) -> Result<Self, ImageError> {
        let is_sorted = ends.is_sorted() && ends.last().is_none_or(|last| *last as usize == bytes.len());
        if ends.len() != count || !is_sorted {
            return Err(ImageError::Damaged("the lists of touches"));
        }
        Ok(Self { ends, bytes: bytes.to_vec() })
    }
}

/// The touches as they stand in an image.
pub(super) fn to_bytes(earlier: &Earlier) -> Vec<u8> {
    let image = TouchesImage {
        names: earlier.names.iter().map(|name| &**name).collect(),
        node_ends: earlier.nodes.ends.clone(),
        nodes: &earlier.nodes.bytes,
        edge_ends: earlier.edges.ends.clone(),
        edges: &earlier.edges.bytes,
    };
    let mut bytes = Vec::new();
    put(&mut bytes, &image);
    bytes
}

/// Reads what [`to_bytes`] wrote.
pub(super) fn read(bytes: &[u8], floor: u64, nodes: usize, edges: usize) -> Result<Earlier, ImageError> {
    let image: TouchesImage<'_> = postcard::from_bytes(bytes)?;
    Ok(Earlier {
        floor,
        names: image.names.into_iter().map(Arc::from).collect(),
        nodes: Lists::from_parts(image.node_ends, image.nodes, nodes)?,
        edges: Lists::from_parts(image.edge_ends, image.edges, edges)?,
    })
}
