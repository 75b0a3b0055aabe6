//! From a snapshot to its image.

use std::sync::Arc;

use serde::Serialize;

use super::super::slots::{EdgeSlot, NodeSlot};
use super::super::{EarlierTouches, Place, Snapshot};
use super::packing::Packer;
use super::values::ValueImage;
use super::{AttributeImage, EdgeImage, FORMAT, ImageHead, ItemImage, NodeImage, touching};
use crate::domain::attributes::Attributes;
use crate::domain::element::{Item, Relationship};
use crate::domain::identifier::Identifier;

/// How long a piece of a column is before the next one is begun, in bytes.
const PIECE_BYTES: usize = 1 << 20;

/// Bytes of which only the end is held as it is; what is before is packed.
#[derive(Default)]
struct Column {
    before: Packer,
    open: Vec<u8>,
}

impl Column {
    fn of(bytes: Vec<u8>) -> Self {
        Self { before: Packer::default(), open: bytes }
    }

    /// Where the next bytes belong.
    fn end(&mut self) -> &mut Vec<u8> {
        if self.open.len() >= PIECE_BYTES {
            self.pack();
        }
        &mut self.open
    }

    fn pack(&mut self) {
        self.before.push(&self.open);
        self.open.clear();
    }

    /// Puts the column behind its length, as postcard writes bytes.
    fn put_into(mut self, image: &mut Packer) {
        self.pack();
        let mut length = Vec::new();
        put(&mut length, &self.before.bytes());
        image.push(&length);
        image.append(self.before);
    }
}

/// Ids by place, and whether the id is something else now.
pub(super) struct Ids<'a> {
    nodes: Vec<Option<(&'a Identifier, bool)>>,
    edges: Vec<Option<(&'a Identifier, bool)>>,
}

impl<'a> Ids<'a> {
    fn of(snapshot: &'a Snapshot) -> Self {
        let mut ids = Self { nodes: vec![None; snapshot.nodes.len()], edges: vec![None; snapshot.edges.len()] };
        snapshot.ids.iter().for_each(|(id, place)| ids.put(*place, (id, false)));
        snapshot.former.iter().for_each(|(id, place)| ids.put(*place, (id, true)));
        ids
    }

    fn put(&mut self, place: Place, held: (&'a Identifier, bool)) {
        match place {
            Place::Element(node) => self.nodes[node.index()] = Some(held),
            Place::Relationship(edge) => self.edges[edge.index()] = Some(held),
        }
    }

    /// The id at a node, empty if it has none of its own.
    pub(super) fn node(&self, node: usize) -> (&'a str, bool) {
        text(self.nodes.get(node).copied().flatten())
    }

    /// The id at an edge.
    pub(super) fn edge(&self, edge: usize) -> (&'a str, bool) {
        text(self.edges.get(edge).copied().flatten())
    }
}

fn text(held: Option<(&Identifier, bool)>) -> (&str, bool) {
    held.map_or(("", false), |(id, is_former)| (id.as_str(), is_former))
}

impl Snapshot {
    /// The snapshot as packed bytes in pieces, one after the other for [`Snapshot::from_image`], and its touches, for
    /// [`Snapshot::forget`]. Takes time proportional to model and touches.
    pub fn to_image(&self) -> (Vec<Vec<u8>>, EarlierTouches) {
        let ids = Ids::of(self);
        let earlier = self.all_touches(&ids);
        let mut nodes = Column::default();
        for (index, slot) in self.nodes.iter().enumerate() {
            put_node(nodes.end(), slot, ids.node(index), &ids);
        }
        let mut edges = Column::default();
        for (index, slot) in self.edges.iter().enumerate() {
            self.put_edge(edges.end(), slot, ids.edge(index));
        }
        let columns = [nodes, edges, self.search_column(), Column::of(touching::to_bytes(&earlier))];
        let mut image = Packer::default();
        image.push(&self.image_head());
        columns.into_iter().for_each(|column| column.put_into(&mut image));
        (image.finish(), EarlierTouches(Arc::new(earlier)))
    }

    /// The blocks of the search, as postcard writes a list of them.
    fn search_column(&self) -> Column {
        let mut column = Column::default();
        put(column.end(), &self.search.block_count());
        for block in self.search.parts() {
            put(column.end(), &block);
        }
        column
    }

    /// What an [`ImageParts`](super::ImageParts) holds before its columns, which are written behind it as they would be within it.
    fn image_head(&self) -> Vec<u8> {
        let names = 0..self.metamodel.attribute_name_count();
        let attributes = names.map(|index| &**self.metamodel.attribute_text_at(index)).collect();
        let head = ImageHead {
            format: FORMAT,
            metamodel: *self.metamodel.digest(),
            revision: self.revision,
            time: self.time.as_microsecond(),
            kinds: self.metamodel.kinds().iter().map(|kind| &*kind.name).collect(),
            attributes,
            node_count: u32::try_from(self.nodes.len()).unwrap_or(u32::MAX),
            edge_count: u32::try_from(self.edges.len()).unwrap_or(u32::MAX),
        };
        let mut bytes = Vec::new();
        put(&mut bytes, &head);
        bytes
    }

    fn put_edge(&self, bytes: &mut Vec<u8>, slot: &EdgeSlot, (id, is_former): (&str, bool)) {
        let revision = slot.version.revision;
        let node = slot.node.map(|node| node.0);
        let Some(held) = &slot.version.state else {
            put(bytes, &EdgeImage::Gone { id, is_former, revision, node });
            return;
        };
        let follows = node.is_some() || self.id_follows(held);
        let item = item_image(Item::Relationship(held), if follows { "" } else { id }, is_former, revision);
        put(bytes, &EdgeImage::Relationship { item, source: slot.source.0, target: slot.target.0, node });
        put_attributes(bytes, &held.attributes);
    }

    /// Whether an id is `<source>--<kind>--<target>`.
    fn id_follows(&self, held: &Relationship) -> bool {
        let kind = &*self.metamodel.kind(held.kind).name;
        let rest = held.id.as_str().strip_prefix(held.source.as_str()).and_then(|rest| rest.strip_prefix("--"));
        let rest = rest.and_then(|rest| rest.strip_prefix(kind)).and_then(|rest| rest.strip_prefix("--"));
        rest == Some(held.target.as_str())
    }
}

fn put_node(bytes: &mut Vec<u8>, slot: &NodeSlot, (id, is_former): (&str, bool), ids: &Ids<'_>) {
    match slot {
        NodeSlot::Relationship(edge) => {
            put(bytes, &NodeImage::Relationship { id: ids.edge(edge.index()).0, edge: edge.0 });
        }
        NodeSlot::Element(version, _) => match &version.state {
            None => put(bytes, &NodeImage::Gone { id, is_former, revision: version.revision }),
            Some(element) => {
                let item = item_image(Item::Element(element), id, is_former, version.revision);
                put(bytes, &NodeImage::Element { item });
                put_attributes(bytes, &element.attributes);
            }
        },
    }
}

fn item_image<'a>(item: Item<'a>, id: &'a str, is_former: bool, revision: u64) -> ItemImage<'a> {
    ItemImage {
        id,
        is_former,
        revision,
        kind: item.kind().number(),
        name: item.name().map(|name| &**name),
        attribute_count: u32::try_from(item.attributes().len()).unwrap_or(u32::MAX),
    }
}

fn put_attributes(bytes: &mut Vec<u8>, attributes: &Attributes) {
    for (name, value) in attributes.iter() {
        let name = u16::try_from(name.index()).unwrap_or(u16::MAX);
        put(bytes, &AttributeImage { name, value: ValueImage::from(value) });
    }
}

/// Appends a value.
pub(super) fn put(bytes: &mut Vec<u8>, value: &impl Serialize) {
    // Only a value that does not know its own length cannot be written, and none here is such.
    if let Ok(extended) = postcard::to_extend(value, std::mem::take(bytes)) {
        *bytes = extended;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unpacked_column(column: Column) -> Vec<u8> {
        let mut image = Packer::default();
        column.put_into(&mut image);
        super::super::packing::unpacked(&image.finish().concat()).expect("whole").into_owned()
    }

    #[test]
    fn a_column_of_many_pieces_reads_as_bytes_in_one_piece() {
        let mut column = Column::default();
        let mut whole = Vec::new();
        for number in 0..3_000_u32 {
            let bytes = vec![number.to_le_bytes()[0]; 1_000];
            column.end().extend_from_slice(&bytes);
            whole.extend_from_slice(&bytes);
        }
        assert!(column.before.bytes() > 2 * column.open.len() as u64);
        let written = unpacked_column(column);
        let read: &[u8] = postcard::from_bytes(&written).expect("bytes");
        assert!(read == whole);
        assert_eq!(postcard::from_bytes::<&[u8]>(&unpacked_column(Column::default())), Ok(&[][..]));
    }
}
