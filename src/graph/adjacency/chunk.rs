//! The neighbours of 64 nodes, copied together when one of them is written.

use std::ops::Range;
use std::sync::Arc;

use super::hub::Hub;
use super::neighbours::Runs;
use super::run::{Run, RunSlice};
use crate::graph::ids::{EdgeKind, Neighbour, Node};

/// Nodes in a chunk: as many as there are bits in a word, so that one word says who has neighbours.
pub(in crate::graph) const CHUNK_NODES: usize = 64;
/// A node with more neighbours than this leaves its chunk for a [`Hub`].
const HUB_ABOVE: usize = 512;
/// A hub with fewer neighbours than this comes back. The distance spares a node at the limit from
/// moving at every write.
const HUB_BELOW: usize = 256;

/// The neighbours of 64 nodes on one side, without those of hubs.
///
/// `u16` is enough for the starts: 64 nodes with at most 512 neighbours each.
#[derive(Clone, Debug)]
pub(in crate::graph) struct Chunk {
    /// Slot `s` owns `starts[s]..starts[s + 1]` of the run. Empty for a hub.
    starts: [u16; CHUNK_NODES + 1],
    run: Run,
    /// Hubs by slot, ascending.
    hubs: Vec<(usize, Arc<Hub>)>,
}

impl Chunk {
    pub(super) fn empty() -> Self {
        Self { starts: [0; CHUNK_NODES + 1], run: Run::default(), hubs: Vec::new() }
    }

    /// A chunk of at most 64 sorted lists without duplicates.
    pub(super) fn from_lists<'a>(lists: impl Iterator<Item = &'a [Neighbour]> + Clone) -> Self {
        let inside = lists.clone().map(<[Neighbour]>::len);
        let capacity = inside.filter(|&len| len <= HUB_ABOVE).sum();
        let mut chunk = Self::empty();
        chunk.run = Run::with_capacity(capacity);
        for (slot, list) in lists.enumerate() {
            if list.len() > HUB_ABOVE {
                let mut run = Run::with_capacity(list.len());
                for &neighbour in list {
                    run.push(neighbour);
                }
                chunk.hubs.push((slot, Arc::new(Hub::new(&run))));
            } else {
                for &neighbour in list {
                    chunk.run.push(neighbour);
                }
            }
            chunk.starts[slot + 1..].fill(offset(chunk.run.len()));
        }
        chunk
    }

    #[inline]
    fn range(&self, slot: usize) -> Range<usize> {
        usize::from(self.starts[slot])..usize::from(self.starts[slot + 1])
    }

    /// The targets of a slot that is no hub; nothing for a hub.
    #[inline]
    pub(in crate::graph) fn targets(&self, slot: usize) -> &[Node] {
        let slot = slot % CHUNK_NODES;
        &self.run.targets()[usize::from(self.starts[slot])..usize::from(self.starts[slot + 1])]
    }

    /// The neighbours of all slots that are no hubs.
    #[inline]
    pub(in crate::graph) fn whole(&self) -> RunSlice<'_> {
        self.run.whole()
    }

    /// Where in [`Chunk::whole`] each slot begins, and the last one ends.
    #[inline]
    pub(in crate::graph) fn starts(&self) -> &[u16; CHUNK_NODES + 1] {
        &self.starts
    }

    /// The slots of hubs.
    pub(in crate::graph) fn hub_slots(&self) -> impl Iterator<Item = usize> {
        self.hubs.iter().map(|(slot, _)| *slot)
    }

    /// Where in the run a slot begins, for a prefetch.
    #[inline]
    pub(in crate::graph) fn start(&self, slot: usize) -> usize {
        usize::from(*self.start_entry(slot))
    }

    /// The start entry of a slot, for a prefetch.
    #[inline]
    pub(in crate::graph) fn start_entry(&self, slot: usize) -> &u16 {
        &self.starts[slot % CHUNK_NODES]
    }

    /// The run of all slots that are no hubs, for a prefetch.
    #[inline]
    pub(in crate::graph) fn run(&self) -> &Run {
        &self.run
    }

    pub(in crate::graph) fn hub(&self, slot: usize) -> Option<&Hub> {
        let found = self.hubs.iter().find(|(at, _)| *at == slot);
        found.map(|(_, hub)| &**hub)
    }

    /// The slots that have a neighbour, as bits.
    pub(super) fn occupied(&self) -> u64 {
        let slots = (0..CHUNK_NODES).filter(|&slot| self.degree(slot) > 0);
        slots.fold(0, |word, slot| word | 1 << slot)
    }

    pub(super) fn degree(&self, slot: usize) -> usize {
        self.hub(slot).map_or(self.range(slot).len(), Hub::len)
    }

    #[inline]
    pub(in crate::graph) fn runs(&self, slot: usize) -> Runs<'_> {
        let range = self.range(slot);
        if range.is_empty()
            && let Some(hub) = self.hub(slot)
        {
            return Runs::of_blocks(hub.blocks());
        }
        Runs::of_slice(self.run.slice(range))
    }

    /// The targets of a slot, if it is no hub.
    #[inline]
    pub(in crate::graph) fn only_targets(&self, slot: usize) -> Option<&[Node]> {
        let targets = self.targets(slot);
        if targets.is_empty() && !self.hubs.is_empty() { None } else { Some(targets) }
    }

    /// All that a slot has, or all of a kind, if it is no hub.
    #[inline]
    pub(super) fn only_run(&self, slot: usize, kind: Option<EdgeKind>) -> Option<RunSlice<'_>> {
        let range = self.range(slot);
        if range.is_empty() && !self.hubs.is_empty() {
            return None;
        }
        let range = match kind {
            Some(kind) => self.run.kind_range(range, kind),
            None => range,
        };
        Some(self.run.slice(range))
    }

    pub(super) fn runs_of_kind(&self, slot: usize, kind: EdgeKind) -> Runs<'_> {
        let range = self.range(slot);
        if range.is_empty()
            && let Some(hub) = self.hub(slot)
        {
            return Runs::of_parts(hub.of_kind(kind));
        }
        Runs::of_slice(self.run.slice(self.run.kind_range(range, kind)))
    }

    pub(super) fn contains(&self, slot: usize, neighbour: Neighbour) -> bool {
        match self.hub(slot) {
            Some(hub) => hub.contains(neighbour),
            None => self.run.search(self.range(slot), neighbour).is_ok(),
        }
    }

    fn hub_index(&self, slot: usize) -> Result<usize, usize> {
        self.hubs.binary_search_by_key(&slot, |(at, _)| *at)
    }

    /// Adds a neighbour that is not yet in.
    pub(super) fn insert(&mut self, slot: usize, neighbour: Neighbour) {
        if let Ok(index) = self.hub_index(slot) {
            Arc::make_mut(&mut self.hubs[index].1).insert(neighbour);
            return;
        }
        let Err(position) = self.run.search(self.range(slot), neighbour) else {
            return;
        };
        self.run.insert(position, neighbour);
        for start in &mut self.starts[slot + 1..] {
            *start += 1;
        }
        if self.range(slot).len() > HUB_ABOVE {
            self.promote(slot);
        }
    }

    /// Takes a neighbour out that is in.
    pub(super) fn remove(&mut self, slot: usize, neighbour: Neighbour) {
        if let Ok(index) = self.hub_index(slot) {
            let hub = Arc::make_mut(&mut self.hubs[index].1);
            hub.remove(neighbour);
            if hub.len() < HUB_BELOW {
                self.demote(slot, index);
            }
            return;
        }
        let Ok(position) = self.run.search(self.range(slot), neighbour) else {
            return;
        };
        self.run.remove(position);
        for start in &mut self.starts[slot + 1..] {
            *start -= 1;
        }
    }

    /// Moves the neighbours of a slot out of the chunk.
    fn promote(&mut self, slot: usize) {
        let range = self.range(slot);
        let hub = Hub::new(&self.run.copy(range.clone()));
        let moved = offset(range.len());
        self.run.splice(range, &Run::default());
        for start in &mut self.starts[slot + 1..] {
            *start -= moved;
        }
        let at = self.hubs.partition_point(|(other, _)| *other < slot);
        self.hubs.insert(at, (slot, Arc::new(hub)));
    }

    /// Moves the neighbours of the hub at `index` back into the chunk.
    fn demote(&mut self, slot: usize, index: usize) {
        let (_, hub) = self.hubs.remove(index);
        let moved = offset(hub.len());
        self.run.splice(self.range(slot), &hub.joined());
        for start in &mut self.starts[slot + 1..] {
            *start += moved;
        }
    }

    pub(super) fn heap_bytes(&self) -> usize {
        let hubs = self.hubs.iter();
        let in_hubs: usize = hubs.map(|(_, hub)| size_of::<Hub>() + hub.heap_bytes()).sum();
        self.hubs.capacity() * size_of::<(usize, Arc<Hub>)>() + self.run.heap_bytes() + in_hubs
    }
}

fn offset(len: usize) -> u16 {
    u16::try_from(len).expect("64 lists of at most 513 fit 16 bits")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::ids::Edge;

    #[test]
    fn a_hub_leaves_its_chunk_and_comes_back() {
        let neighbour = |index| Neighbour { kind: EdgeKind(0), node: Node(index), edge: Edge(index) };
        let mut chunk = Chunk::empty();
        (0..512).for_each(|index| chunk.insert(7, neighbour(index)));
        assert!(chunk.hub(7).is_none());
        chunk.insert(7, neighbour(512));
        assert!(chunk.hub(7).is_some() && chunk.targets(7).is_empty());
        (0..257).for_each(|index| chunk.remove(7, neighbour(index)));
        assert!(chunk.hub(7).is_some());
        chunk.remove(7, neighbour(300));
        assert!(chunk.hub(7).is_none());
        assert_eq!(chunk.targets(7).len(), 255);
    }
}
