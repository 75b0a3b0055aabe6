//! Asks the processor for memory before it is needed.

use crate::graph::adjacency::{Chunk, Topology, slot_of};
use crate::graph::ids::{Direction, Node};

/// How many places ahead in a short queue the neighbours are asked for; their chunk twice as far.
const AHEAD: usize = 6;

/// A topology of so many nodes stays in the second-level cache, where asking ahead costs more than it gains.
const CACHED_NODES: usize = 1 << 15;

/// Hints that the nodes a little behind `index` in the queue are expanded soon.
#[inline]
pub(super) fn prefetch_ahead(
    topology: &Topology,
    direction: Direction,
    index: usize,
    node_at: impl Fn(usize) -> Option<Node>,
) {
    if topology.node_count() <= CACHED_NODES {
        return;
    }
    for &side in direction.sides() {
        let chunk_at = |index| {
            let node = node_at(index)?;
            Some((topology.side(side).chunk(node)?, slot_of(node)))
        };
        if let Some((chunk, slot)) = chunk_at(index + 2 * AHEAD) {
            prefetch_chunk(chunk, slot);
        }
        if let Some((chunk, slot)) = chunk_at(index + AHEAD) {
            prefetch_targets::<false>(chunk, slot);
        }
    }
}

/// Hints that all neighbours of these nodes with their kinds, perhaps with their edges, are asked for soon.
pub fn prefetch_neighbours(topology: &Topology, nodes: &[Node], direction: Direction, edges: bool) {
    for &side in direction.sides() {
        let table = topology.side(side);
        let chunks = || nodes.iter().filter_map(|node| Some((table.chunk(*node)?, slot_of(*node))));
        chunks().for_each(|(chunk, slot)| prefetch_chunk(chunk, slot));
        for (chunk, slot) in chunks() {
            prefetch_targets::<true>(chunk, slot);
            if edges {
                prefetch(chunk.run().edges(), chunk.start(slot));
            }
        }
    }
}

/// Hints that a slot of a chunk is asked for its neighbours soon.
#[inline]
pub(super) fn prefetch_chunk(chunk: &Chunk, slot: usize) {
    prefetch(std::slice::from_ref(chunk.start_entry(slot)), 0);
    prefetch(std::slice::from_ref(chunk.run()), 0);
}

/// Hints that the targets of a slot are read soon, and their kinds too if edges are asked about.
#[inline]
pub(super) fn prefetch_targets<const ASK_EDGES: bool>(chunk: &Chunk, slot: usize) {
    let start = chunk.start(slot);
    prefetch(chunk.run().targets(), start);
    if ASK_EDGES {
        prefetch(chunk.run().kinds(), start);
    }
}

/// Hints that `items[index]` is read soon. An index out of range is harmless.
#[cfg(target_arch = "x86_64")]
#[expect(unsafe_code, reason = "a hint has no safe form; without it unlimited reach takes about twice as long")]
#[inline]
pub fn prefetch<T>(items: &[T], index: usize) {
    use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
    let address = items.as_ptr().wrapping_add(index);
    // SAFETY: a prefetch neither faults nor reads or writes anything that the program can observe,
    // for any address; SSE, which it needs, is part of x86_64.
    unsafe { _mm_prefetch::<_MM_HINT_T0>(address.cast()) };
}

/// Hints that `items[index]` is read soon: nothing to do on this machine.
#[cfg(not(target_arch = "x86_64"))]
#[inline]
pub fn prefetch<T>(_: &[T], _: usize) {}
