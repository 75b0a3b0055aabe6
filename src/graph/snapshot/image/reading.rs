//! From an image to a snapshot.

use std::sync::Arc;
use std::thread;

use imbl::{HashMap, OrdMap, Vector};
use jiff::Timestamp;
use serde::Deserialize;

use super::super::super::adjacency::{EdgeRecord, Topology, TopologyBuilder};
use super::super::super::ids::{Edge, EdgeKind, Node};
use super::super::kind_column::KindColumn;
use super::super::search::SearchColumn;
use super::super::slots::{EdgeSlot, NodeSlot, Version};
use super::super::{ChangeSummary, Counts, Place, Snapshot, ValidityNames};
use super::{AttributeImage, EdgeImage, FORMAT, ImageError, ImageParts, ItemImage, NodeImage, packing, touching};
use crate::domain::attributes::Attributes;
use crate::domain::element::{Element, Relationship};
use crate::domain::identifier::Identifier;
use crate::domain::metamodel::{AttributeName, KindId, Metamodel};
use crate::domain::value::Value;

/// A place, its id, and whether the id is something else now.
type Placed = (Identifier, Place, bool);

impl Snapshot {
    /// The snapshot whose image this is, with its floor at its own revision. `newest` is what the ledger knows of
    /// that revision. Takes time proportional to the model; two threads share it.
    ///
    /// # Errors
    /// `Foreign` when it was made under another metamodel, `Damaged` when it contradicts itself.
    pub fn from_image(metamodel: &Arc<Metamodel>, bytes: &[u8], newest: ChangeSummary) -> Result<Self, ImageError> {
        let bytes = packing::unpacked(bytes)?;
        let parts: ImageParts<'_> = postcard::from_bytes(&bytes)?;
        if parts.head.format != FORMAT || parts.head.metamodel != *metamodel.digest() {
            return Err(ImageError::Foreign);
        }
        if parts.head.revision != newest.revision {
            return Err(ImageError::Damaged("the revision"));
        }
        let mut snapshot = Self::empty(Arc::clone(metamodel));
        let mut reader = Reader::new(metamodel, &parts, snapshot.validity)?;
        let (nodes, edges) = (parts.head.node_count as usize, parts.head.edge_count as usize);
        thread::scope(|scope| {
            let aside = scope.spawn(|| {
                let search = SearchColumn::from_bytes(parts.search).ok_or(ImageError::Damaged("the searched words"))?;
                Ok::<_, ImageError>((search, touching::read(parts.touches, parts.head.revision, nodes, edges)?))
            });
            snapshot.nodes = reader.nodes(parts.nodes)?;
            snapshot.edges = reader.edges(parts.edges)?;
            let placed = std::mem::take(&mut reader.placed);
            let indexes = scope.spawn(move || index(placed));
            snapshot.topology = reader.topology(nodes)?;
            snapshot.node_kinds = node_kinds(&reader.of_kind, &snapshot, metamodel);
            snapshot.kinds = kinds(metamodel.kinds().len(), &mut reader.of_kind);
            (snapshot.ids, snapshot.former) = joined(indexes.join())?;
            let (search, earlier) = joined(aside.join())?;
            (snapshot.search, snapshot.earlier) = (search, Arc::new(earlier));
            Ok::<_, ImageError>(())
        })?;
        snapshot.counts = reader.counts;
        snapshot.revision = parts.head.revision;
        snapshot.time = Timestamp::from_microsecond(parts.head.time).map_err(|_| ImageError::Damaged("the time"))?;
        snapshot.first_change = newest.revision;
        snapshot.changes = Vector::unit(Arc::new(newest));
        Ok(snapshot)
    }
}

fn joined<T>(result: thread::Result<Result<T, ImageError>>) -> Result<T, ImageError> {
    result.unwrap_or(Err(ImageError::Damaged("its reading was given up")))
}

type Ids = HashMap<Identifier, Place>;

/// Where each id lives, and where it lived when it was something else.
fn index(placed: Vec<Placed>) -> Result<(Ids, Ids), ImageError> {
    let (mut ids, mut former) = (Ids::new(), Ids::new());
    for (id, place, is_former) in placed {
        let map = if is_former { &mut former } else { &mut ids };
        if map.insert(id, place).is_some() {
            return Err(ImageError::Damaged("an id that stands in two places"));
        }
    }
    Ok((ids, former))
}

fn kinds(count: usize, of_kind: &mut [Vec<(Identifier, u32)>]) -> Vector<OrdMap<Identifier, u32>> {
    debug_assert_eq!(count, of_kind.len());
    let sorted = of_kind.iter_mut().map(|ids| {
        ids.sort_unstable();
        std::mem::take(ids).into_iter().collect()
    });
    sorted.collect()
}

/// The kind of each node that stands for something.
fn node_kinds(of_kind: &[Vec<(Identifier, u32)>], snapshot: &Snapshot, metamodel: &Metamodel) -> KindColumn {
    let mut column = KindColumn::default();
    for (kind, ids) in metamodel.kinds().iter().zip(of_kind) {
        for (_, place) in ids {
            let node = if kind.is_relationship() { snapshot.node_of_edge(Edge(*place)) } else { Some(Node(*place)) };
            if let Some(node) = node {
                column.set(node, Some(kind.id));
            }
        }
    }
    column
}

/// What is gathered while nodes and edges are read.
struct Reader<'a> {
    metamodel: &'a Metamodel,
    validity: ValidityNames,
    kinds: Vec<KindId>,
    attributes: Vec<AttributeName>,
    /// The id of each node, if what stands there exists.
    node_ids: Vec<Option<Identifier>>,
    placed: Vec<Placed>,
    of_kind: Vec<Vec<(Identifier, u32)>>,
    records: Vec<EdgeRecord>,
    counts: Counts,
}

impl<'a> Reader<'a> {
    fn new(metamodel: &'a Metamodel, parts: &ImageParts<'_>, validity: ValidityNames) -> Result<Self, ImageError> {
        let kind = |name: &&str| metamodel.kind_named(name).map(|kind| kind.id);
        let attribute = |name: &&str| metamodel.attribute_name(name);
        Ok(Self {
            metamodel,
            validity,
            kinds: parts.head.kinds.iter().map(kind).collect::<Option<_>>().ok_or(ImageError::Foreign)?,
            attributes: parts
                .head
                .attributes
                .iter()
                .map(attribute)
                .collect::<Option<_>>()
                .ok_or(ImageError::Foreign)?,
            node_ids: Vec::new(),
            placed: Vec::new(),
            of_kind: vec![Vec::new(); metamodel.kinds().len()],
            records: Vec::new(),
            counts: Counts::default(),
        })
    }

    fn nodes(&mut self, mut bytes: &[u8]) -> Result<Vector<NodeSlot>, ImageError> {
        let mut slots = Vec::new();
        while !bytes.is_empty() {
            let node = u32::try_from(slots.len()).map_err(|_| ImageError::Damaged("the number of nodes"))?;
            let slot = match take::<NodeImage<'_>>(&mut bytes)? {
                NodeImage::Element { item } => self.element(node, &item, &mut bytes)?,
                NodeImage::Gone { id, is_former, revision } => {
                    self.node_ids.push(None);
                    self.placed.push((identifier(id)?, Place::Element(Node(node)), is_former));
                    NodeSlot::Element(version(revision, None), None)
                }
                NodeImage::Relationship { id, edge } => {
                    self.node_ids.push(Some(identifier(id)?));
                    NodeSlot::Relationship(Edge(edge))
                }
            };
            slots.push(slot);
        }
        Ok(slots.into())
    }

    fn element(&mut self, node: u32, item: &ItemImage<'_>, bytes: &mut &[u8]) -> Result<NodeSlot, ImageError> {
        let (id, kind) = (identifier(item.id)?, self.kind(item.kind, false)?);
        let attributes = self.attributes(item.attribute_count, bytes)?;
        self.node_ids.push(Some(id.clone()));
        self.placed.push((id.clone(), Place::Element(Node(node)), item.is_former));
        self.of_kind[kind.index()].push((id.clone(), node));
        self.counts.elements += 1;
        self.count_limited(&attributes);
        let element = Element { id, kind, name: item.name.map(Arc::from), attributes };
        Ok(NodeSlot::Element(version(item.revision, Some(element)), None))
    }

    fn edges(&mut self, mut bytes: &[u8]) -> Result<Vector<EdgeSlot>, ImageError> {
        let mut slots = Vec::new();
        while !bytes.is_empty() {
            let edge = u32::try_from(slots.len()).map_err(|_| ImageError::Damaged("the number of edges"))?;
            let slot = match take::<EdgeImage<'_>>(&mut bytes)? {
                EdgeImage::Relationship { item, source, target, node } => {
                    let ends = (Node(source), Node(target));
                    self.relationship(Edge(edge), &item, ends, node.map(Node), &mut bytes)?
                }
                EdgeImage::Gone { id, is_former, revision, node } => {
                    self.placed.push((identifier(id)?, Place::Relationship(Edge(edge)), is_former));
                    let version = version(revision, None);
                    EdgeSlot { version, source: Node(0), target: Node(0), node: node.map(Node), touches: None }
                }
            };
            slots.push(slot);
        }
        Ok(slots.into())
    }

    fn relationship(
        &mut self,
        edge: Edge,
        item: &ItemImage<'_>,
        (source, target): (Node, Node),
        node: Option<Node>,
        bytes: &mut &[u8],
    ) -> Result<EdgeSlot, ImageError> {
        let kind = self.kind(item.kind, true)?;
        let attributes = self.attributes(item.attribute_count, bytes)?;
        let (source_id, target_id) = (self.id_at(source)?, self.id_at(target)?);
        let id = match (item.id, node) {
            ("", Some(node)) => self.id_at(node)?,
            ("", None) => identifier(&format!("{source_id}--{}--{target_id}", self.metamodel.kind(kind).name))?,
            (text, _) => identifier(text)?,
        };
        self.placed.push((id.clone(), Place::Relationship(edge), item.is_former));
        self.of_kind[kind.index()].push((id.clone(), edge.0));
        self.records.push(EdgeRecord { edge, kind: EdgeKind(kind.number()), source, target });
        self.counts.relationships += 1;
        self.count_limited(&attributes);
        let name = item.name.map(Arc::from);
        let held = Relationship { id, kind, source: source_id, target: target_id, name, attributes };
        Ok(EdgeSlot { version: version(item.revision, Some(held)), source, target, node, touches: None })
    }

    fn id_at(&self, node: Node) -> Result<Identifier, ImageError> {
        let held = self.node_ids.get(node.index()).and_then(Option::as_ref);
        held.cloned().ok_or(ImageError::Damaged("an end that does not exist"))
    }

    fn kind(&self, number: u16, is_relationship: bool) -> Result<KindId, ImageError> {
        let kind = self.kinds.get(usize::from(number)).copied();
        let fits = |kind: &KindId| self.metamodel.kind(*kind).is_relationship() == is_relationship;
        kind.filter(fits).ok_or(ImageError::Damaged("a kind"))
    }

    fn attributes(&self, count: u32, bytes: &mut &[u8]) -> Result<Attributes, ImageError> {
        let read = (0..count).map(|_| {
            let image: AttributeImage<'_> = take(bytes)?;
            let name = self.attributes.get(usize::from(image.name)).ok_or(ImageError::Damaged("an attribute"))?;
            Ok((*name, Value::try_from(image.value)?))
        });
        read.collect::<Result<Vec<_>, ImageError>>().map(Attributes::from_pairs)
    }

    fn count_limited(&mut self, attributes: &Attributes) {
        let limits = [self.validity.from, self.validity.to];
        let is_limited = limits.iter().flatten().any(|name| attributes.get(*name).is_some());
        self.counts.limited += usize::from(is_limited);
    }

    fn topology(&mut self, nodes: usize) -> Result<Topology, ImageError> {
        if nodes != self.node_ids.len() {
            return Err(ImageError::Damaged("the number of nodes"));
        }
        let count = u32::try_from(nodes).map_err(|_| ImageError::Damaged("the number of nodes"))?;
        let mut builder = TopologyBuilder::with_capacity(count, self.records.len());
        for record in self.records.drain(..) {
            if !builder.add(record) {
                return Err(ImageError::Damaged("an end that does not exist"));
            }
        }
        Ok(builder.build())
    }
}

fn take<'a, T: Deserialize<'a>>(bytes: &mut &'a [u8]) -> Result<T, ImageError> {
    let (value, rest) = postcard::take_from_bytes(bytes)?;
    *bytes = rest;
    Ok(value)
}

fn identifier(text: &str) -> Result<Identifier, ImageError> {
    Identifier::new(text).map_err(|_| ImageError::Damaged("an identifier"))
}

fn version<T>(revision: u64, state: Option<T>) -> Arc<Version<T>> {
    Arc::new(Version { revision, state: state.map(Arc::new), previous: None })
}
