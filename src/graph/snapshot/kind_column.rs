//! The kinds of all nodes in one column, for searches that look at many.

use std::ops::ControlFlow;
use std::sync::Arc;

use crate::domain::metamodel::KindId;
use crate::graph::Node;

/// How many nodes a chunk holds: a write copies one.
const CHUNK: usize = 2048;
/// Stands where there is nothing.
const NOTHING: u16 = u16::MAX;

/// The kind of each node, in chunks that are copied when they change.
#[derive(Debug, Clone, Default)]
pub(super) struct KindColumn {
    chunks: Vec<Arc<[u16; CHUNK]>>,
}

impl KindColumn {
    /// Writes the kind of a node; absent: there is nothing there now.
    pub(super) fn set(&mut self, node: Node, kind: Option<KindId>) {
        let (chunk, place) = (node.index() / CHUNK, node.index() % CHUNK);
        while self.chunks.len() <= chunk {
            self.chunks.push(Arc::new([NOTHING; CHUNK]));
        }
        Arc::make_mut(&mut self.chunks[chunk])[place] = kind.map_or(NOTHING, KindId::number);
    }

    /// The kind of a node.
    #[inline]
    pub(super) fn get(&self, node: Node) -> Option<KindId> {
        let kind = *self.chunks.get(node.index() / CHUNK)?.get(node.index() % CHUNK)?;
        (kind != NOTHING).then(|| KindId::from_number(kind))
    }

    /// Calls `visit` with each node and its kind, ascending.
    pub(super) fn for_each<B>(&self, mut visit: impl FnMut(Node, KindId) -> ControlFlow<B>) -> ControlFlow<B> {
        for (chunk, kinds) in self.chunks.iter().enumerate() {
            for (place, kind) in kinds.iter().enumerate() {
                if *kind != NOTHING {
                    visit(Node::at(chunk * CHUNK + place), KindId::from_number(*kind))?;
                }
            }
        }
        ControlFlow::Continue(())
    }
}
