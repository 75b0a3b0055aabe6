//! The two-level table of chunks on one side.

use std::sync::Arc;

use super::chunk::{CHUNK_NODES, Chunk};
use super::neighbours::Runs;
use crate::graph::ids::{EdgeKind, Neighbour, Node};

/// Chunks in a page. At a million nodes this gives 122 pages, so that a write copies about as many
/// pointers at the root as in the page.
const PAGE_CHUNKS: usize = 128;
/// Nodes in a page.
const PAGE_NODES: usize = PAGE_CHUNKS * CHUNK_NODES;

#[derive(Clone, Debug)]
struct Page {
    chunks: [Arc<Chunk>; PAGE_CHUNKS],
    /// Which nodes of each chunk have a neighbour.
    occupied: [u64; PAGE_CHUNKS],
}

/// Who neighbours whom on one side, for nodes in pages of chunks.
///
/// A clone shares everything. A write copies the root, one page and one chunk, each unless it is
/// already this table's own.
#[derive(Clone, Debug)]
pub(in crate::graph) struct Table {
    pages: Arc<[Arc<Page>]>,
}

const fn page_of(node: Node) -> usize {
    node.index() / PAGE_NODES
}

const fn chunk_of(node: Node) -> usize {
    node.index() / CHUNK_NODES % PAGE_CHUNKS
}

/// The place of a node in its chunk.
pub(in crate::graph) const fn slot_of(node: Node) -> usize {
    node.index() % CHUNK_NODES
}

impl Table {
    pub(super) fn new() -> Self {
        Self { pages: Arc::new([]) }
    }

    /// A table of these chunks, the last of which may be followed by nothing.
    pub(super) fn from_chunks(mut chunks: impl ExactSizeIterator<Item = Chunk>) -> Self {
        let pages = chunks.len().div_ceil(PAGE_CHUNKS);
        let empty = Arc::new(Chunk::empty());
        let page = |_| {
            let mut page = Page::empty(&empty);
            for (index, chunk) in chunks.by_ref().take(PAGE_CHUNKS).enumerate() {
                page.occupied[index] = chunk.occupied();
                page.chunks[index] = Arc::new(chunk);
            }
            Arc::new(page)
        };
        Self { pages: (0..pages).map(page).collect() }
    }

    /// Makes room for nodes `0..count`.
    pub(super) fn grow(&mut self, count: usize) {
        let missing = count.div_ceil(PAGE_NODES).saturating_sub(self.pages.len());
        if missing > 0 {
            let page = Arc::new(Page::empty(&Arc::new(Chunk::empty())));
            let old = self.pages.iter().cloned();
            self.pages = old.chain(std::iter::repeat_n(page, missing)).collect();
        }
    }

    #[inline]
    pub(in crate::graph) fn chunk(&self, node: Node) -> Option<&Chunk> {
        let page = self.pages.get(page_of(node))?;
        Some(&page.chunks[chunk_of(node)])
    }

    /// All chunks in the order of their nodes, with the word of nodes that have a neighbour.
    pub(in crate::graph) fn chunks(&self) -> impl Iterator<Item = (&Chunk, u64)> {
        self.pages.iter().flat_map(|page| {
            let chunks = page.chunks.iter().map(|chunk| &**chunk);
            chunks.zip(page.occupied.iter().copied())
        })
    }

    #[inline]
    pub(in crate::graph) fn runs(&self, node: Node) -> Runs<'_> {
        self.chunk(node).map_or_else(Runs::empty, |chunk| chunk.runs(slot_of(node)))
    }

    pub(super) fn runs_of_kind(&self, node: Node, kind: EdgeKind) -> Runs<'_> {
        let chunk = self.chunk(node);
        chunk.map_or_else(Runs::empty, |chunk| chunk.runs_of_kind(slot_of(node), kind))
    }

    pub(super) fn degree(&self, node: Node) -> usize {
        self.chunk(node).map_or(0, |chunk| chunk.degree(slot_of(node)))
    }

    pub(super) fn contains(&self, node: Node, neighbour: Neighbour) -> bool {
        self.chunk(node).is_some_and(|chunk| chunk.contains(slot_of(node), neighbour))
    }

    /// Adds a neighbour that is not yet in.
    pub(super) fn insert(&mut self, node: Node, neighbour: Neighbour) {
        self.edit(node, |chunk| chunk.insert(slot_of(node), neighbour));
    }

    /// Takes a neighbour out that is in.
    pub(super) fn remove(&mut self, node: Node, neighbour: Neighbour) {
        self.edit(node, |chunk| chunk.remove(slot_of(node), neighbour));
    }

    fn edit(&mut self, node: Node, change: impl FnOnce(&mut Chunk)) {
        let Some(page) = Arc::make_mut(&mut self.pages).get_mut(page_of(node)) else {
            return;
        };
        let page = Arc::make_mut(page);
        let chunk = Arc::make_mut(&mut page.chunks[chunk_of(node)]);
        change(chunk);
        let bit = 1 << slot_of(node);
        if chunk.degree(slot_of(node)) > 0 {
            page.occupied[chunk_of(node)] |= bit;
        } else {
            page.occupied[chunk_of(node)] &= !bit;
        }
    }

    /// Bytes of everything that the table holds, shared or not.
    pub(super) fn memory_bytes(&self) -> usize {
        let in_chunks: usize = self.chunks().map(|(chunk, _)| size_of::<Chunk>() + chunk.heap_bytes()).sum();
        self.pages.len() * (size_of::<Arc<Page>>() + size_of::<Page>()) + in_chunks
    }
}

impl Page {
    fn empty(chunk: &Arc<Chunk>) -> Self {
        Self { chunks: std::array::from_fn(|_| Arc::clone(chunk)), occupied: [0; PAGE_CHUNKS] }
    }
}
