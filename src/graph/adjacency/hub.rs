//! The neighbours of one node that has very many.

use std::sync::Arc;

use super::run::{Run, RunSlice};
use crate::graph::ids::{EdgeKind, Neighbour};

/// A block that grows beyond this is cut in two.
const BLOCK_MAX: usize = 512;
/// Blocks are made this long, and two that fit it together become one.
const BLOCK_FILL: usize = 256;

/// Sorted blocks of sorted neighbours, each shared until written.
///
/// A write copies the list of blocks (a pointer for each 256 neighbours) and one block.
/// No block is empty.
#[derive(Clone, Debug)]
pub(in crate::graph) struct Hub {
    blocks: Vec<Arc<Run>>,
    len: usize,
}

impl Hub {
    /// Cuts a sorted run into blocks.
    pub(super) fn new(run: &Run) -> Self {
        let blocks = (0..run.len())
            .step_by(BLOCK_FILL)
            .map(|start| Arc::new(run.copy(start..run.len().min(start + BLOCK_FILL))))
            .collect();
        Self { blocks, len: run.len() }
    }

    pub(super) fn len(&self) -> usize {
        self.len
    }

    pub(in crate::graph) fn blocks(&self) -> &[Arc<Run>] {
        &self.blocks
    }

    /// All neighbours in one run.
    pub(super) fn joined(&self) -> Run {
        let mut run = Run::with_capacity(self.len);
        for block in &self.blocks {
            run.append(block);
        }
        run
    }

    pub(super) fn contains(&self, neighbour: Neighbour) -> bool {
        self.blocks.get(self.block_for(neighbour)).is_some_and(|block| block.search(0..block.len(), neighbour).is_ok())
    }

    /// Adds a neighbour that is not yet in.
    pub(super) fn insert(&mut self, neighbour: Neighbour) {
        let last = self.blocks.len() - 1;
        let index = self.block_for(neighbour).min(last);
        let block = Arc::make_mut(&mut self.blocks[index]);
        let Err(position) = block.search(0..block.len(), neighbour) else {
            return;
        };
        block.insert(position, neighbour);
        self.len += 1;
        if block.len() > BLOCK_MAX {
            let halves = [0..BLOCK_FILL, BLOCK_FILL..block.len()];
            let halves = halves.map(|range| Arc::new(block.copy(range)));
            self.blocks.splice(index..=index, halves);
        }
    }

    /// Takes a neighbour out that is in.
    pub(super) fn remove(&mut self, neighbour: Neighbour) {
        let index = self.block_for(neighbour);
        let Some(block) = self.blocks.get_mut(index) else {
            return;
        };
        let block = Arc::make_mut(block);
        let Ok(position) = block.search(0..block.len(), neighbour) else {
            return;
        };
        block.remove(position);
        self.len -= 1;
        self.merge_around(index);
    }

    /// Joins block `index` with the one after or before it when both are short.
    fn merge_around(&mut self, index: usize) {
        let pairs = [Some(index), index.checked_sub(1)];
        for left in pairs.into_iter().flatten() {
            let Some([first, second]) = self.blocks.get(left..left + 2) else {
                continue;
            };
            if first.len() + second.len() <= BLOCK_FILL {
                let mut joined = (**first).clone();
                joined.append(second);
                self.blocks.splice(left..left + 2, [Arc::new(joined)]);
                return;
            }
        }
    }

    /// The first block that does not end before `neighbour`.
    fn block_for(&self, neighbour: Neighbour) -> usize {
        self.blocks.partition_point(|block| block.last().is_some_and(|last| last < neighbour))
    }

    /// The blocks that hold a kind: the ends cut to it, the middle whole.
    pub(super) fn of_kind(&self, kind: EdgeKind) -> (RunSlice<'_>, &[Arc<Run>], RunSlice<'_>) {
        let start = self.blocks.partition_point(|block| block.last().is_some_and(|last| last.kind < kind));
        let end = self.blocks.partition_point(|block| block.first().is_some_and(|first| first.kind <= kind));
        let cut = |block: &'_ Arc<Run>| block.kind_range(0..block.len(), kind);
        match self.blocks.get(start..end) {
            None | Some([]) => (RunSlice::empty(), &[], RunSlice::empty()),
            Some([only]) => (only.slice(cut(only)), &[], RunSlice::empty()),
            Some([first, middle @ .., last]) => (first.slice(cut(first)), middle, last.slice(cut(last))),
        }
    }

    pub(super) fn heap_bytes(&self) -> usize {
        let blocks = self.blocks.iter();
        let in_blocks: usize = blocks.map(|block| size_of::<Run>() + block.heap_bytes()).sum();
        self.blocks.capacity() * size_of::<Arc<Run>>() + in_blocks
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::ids::{Edge, Node};

    fn neighbour(index: u32) -> Neighbour {
        Neighbour { kind: EdgeKind(0), node: Node(index), edge: Edge(index) }
    }

    fn blocks_are_sound(hub: &Hub) -> bool {
        let lengths = hub.blocks().iter().map(|block| block.len());
        lengths.clone().all(|len| len > 0 && len <= BLOCK_MAX) && lengths.sum::<usize>() == hub.len
    }

    #[test]
    fn a_write_copies_one_block() {
        let mut hub = Hub::new(&Run::default());
        hub.blocks.push(Arc::default());
        (0..5_000).for_each(|index| hub.insert(neighbour(index * 2)));
        assert!(blocks_are_sound(&hub));
        let before = hub.clone();
        hub.insert(neighbour(4_001));
        let pairs = before.blocks.iter().zip(&hub.blocks);
        let copied = pairs.filter(|(old, new)| !Arc::ptr_eq(old, new)).count();
        assert_eq!((copied, before.len, hub.len), (1, 5_000, 5_001));
    }

    #[test]
    fn short_blocks_are_joined() {
        let mut hub = Hub::new(&Run::default());
        hub.blocks.push(Arc::default());
        (0..5_000).for_each(|index| hub.insert(neighbour(index)));
        for index in (0..5_000).filter(|index| index % 50 != 0) {
            hub.remove(neighbour(index));
        }
        assert!(blocks_are_sound(&hub) && hub.len == 100);
        assert!(hub.blocks.len() <= 2, "{} blocks", hub.blocks.len());
    }
}
