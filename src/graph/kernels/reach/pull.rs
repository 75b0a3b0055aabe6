//! From nodes not yet reached backwards.

use super::{Question, Word, chunks_of, count_open, occupied};
use crate::graph::adjacency::{CHUNK_NODES, Chunk, RunSlice};
use crate::graph::bits::{WORD, place};
use crate::graph::filter::Filter;
use crate::graph::ids::Node;
use crate::graph::kernels::prefetch::prefetch;

/// From how many open nodes on a chunk is asked as a whole.
const DENSE: u32 = 12;
/// Another pass follows one that found at least a fourth of what it left open: all passes together
/// then cost no more than a few times the first.
const WORTH: usize = 4;
/// Bytes that come from memory together.
const LINE: usize = 64;

const _: () = assert!(WORD == CHUNK_NODES, "a word says who is open in a chunk");

/// Passes over what is open, each of which reaches every open node that an edge joins to a reached
/// one.
///
/// After a pass only the nodes that it found can lead to anything new: what was reached before it
/// has been asked about by every node still open.
pub(super) struct Pull<'a> {
    /// All nodes reached.
    reached: Vec<u64>,
    /// The nodes that the last pass reached.
    found: Vec<u64>,
    /// The nodes that can be reached at all: those with a neighbour on the way back.
    entered: Vec<u64>,
    sides: Vec<Vec<&'a Chunk>>,
    /// For a chunk: how many of its first neighbours are joined to a reached node.
    sums: Vec<u32>,
}

impl<'a> Pull<'a> {
    pub(super) fn new<F>(question: &Question<'a, F>, words: &[Word]) -> Self {
        let Question { topology, direction, seen, .. } = question;
        let back = direction.reversed();
        let both = seen.iter().zip(words);
        Self {
            reached: both.map(|(seen, word)| seen & !word.open).collect(),
            found: vec![0; words.len()],
            entered: occupied(topology, back, words.len()),
            sides: chunks_of(topology, back, words.len()),
            sums: Vec::new(),
        }
    }

    /// Makes passes while they are worth their price, and gives the nodes that the last one reached.
    pub(super) fn run<F: Filter, const ASK_EDGES: bool>(&mut self, filter: &F, words: &mut [Word]) -> &[u64] {
        loop {
            let found = self.pass::<F, ASK_EDGES>(filter, words);
            let open = count_open(words);
            if open == 0 || found * WORTH < open {
                return &self.found;
            }
        }
    }

    /// One pass; gives how many nodes it reached.
    fn pass<F: Filter, const ASK_EDGES: bool>(&mut self, filter: &F, words: &mut [Word]) -> usize {
        let mut count = 0;
        for index in 0..words.len() {
            self.prefetch(index, words);
            let open = words[index].open & self.entered[index];
            let found = if open.count_ones() < DENSE {
                self.joined_singly::<F, ASK_EDGES>(index, open, filter)
            } else {
                self.joined_together::<F, ASK_EDGES>(index, open, filter)
            };
            words[index].open &= !found;
            self.reached[index] |= found;
            self.found[index] = found;
            count += found.count_ones() as usize;
        }
        count
    }

    /// Asks for the chunks that come next and will be asked as a whole: the second next one itself,
    /// the next one's targets.
    #[inline]
    fn prefetch(&self, index: usize, words: &[Word]) {
        let dense = |index: usize| {
            let word = words.get(index);
            word.is_some_and(|word| word.open.count_ones() >= DENSE)
        };
        for chunks in &self.sides {
            if dense(index + 2) {
                prefetch(std::slice::from_ref(chunks[index + 2].run()), 0);
            }
            if dense(index + 1) {
                let targets = chunks[index + 1].run().targets();
                let lines = (0..targets.len()).step_by(LINE / size_of::<Node>());
                lines.for_each(|start| prefetch(targets, start));
            }
        }
    }

    /// Which of the open nodes of a chunk an edge joins to a reached node, one after the other.
    fn joined_singly<F: Filter, const ASK_EDGES: bool>(&self, index: usize, open: u64, filter: &F) -> u64 {
        let (mut rest, mut joined) = (open, 0);
        while rest != 0 {
            let slot = rest.trailing_zeros() as usize;
            rest &= rest - 1;
            let mut chunks = self.sides.iter().map(|chunks| chunks[index]);
            let any = chunks.any(|chunk| self.is_joined::<F, ASK_EDGES>(chunk, slot, filter));
            joined |= u64::from(any) << slot;
        }
        joined
    }

    /// The same, by looking at all neighbours in the chunk without a branch: how long a list is can
    /// be guessed as little as who is reached.
    fn joined_together<F: Filter, const ASK_EDGES: bool>(&mut self, index: usize, open: u64, filter: &F) -> u64 {
        let mut joined = 0;
        for side in 0..self.sides.len() {
            let chunk = self.sides[side][index];
            self.sum_up::<F, ASK_EDGES>(&chunk.whole(), filter);
            let ends = chunk.starts().windows(2);
            for (slot, bounds) in ends.enumerate() {
                let [start, end] = [bounds[0], bounds[1]].map(usize::from);
                joined |= u64::from(self.sums[start] != self.sums[end]) << slot;
            }
            for slot in chunk.hub_slots() {
                let hub = self.is_joined::<F, ASK_EDGES>(chunk, slot, filter);
                joined |= u64::from(hub) << slot;
            }
        }
        joined & open
    }

    fn sum_up<F: Filter, const ASK_EDGES: bool>(&mut self, run: &RunSlice<'_>, filter: &F) {
        let Self { sums, reached, .. } = self;
        let targets = run.targets();
        if sums.len() <= targets.len() {
            sums.resize(targets.len() + 1, 0);
        }
        let edges = run.kinds().iter().zip(run.edges());
        let mut total = 0;
        for ((&target, (&kind, &edge)), sum) in targets.iter().zip(edges).zip(&mut sums[1..]) {
            let passes = !ASK_EDGES || filter.edge(kind, edge);
            total += u32::from(is_reached(reached, target) & passes);
            *sum = total;
        }
    }

    /// Whether an edge joins one node to a reached one.
    fn is_joined<F: Filter, const ASK_EDGES: bool>(&self, chunk: &Chunk, slot: usize, filter: &F) -> bool {
        chunk.runs(slot).any(|run| {
            let edges = run.kinds().iter().zip(run.edges());
            run.targets().iter().zip(edges).any(|(&target, (&kind, &edge))| {
                is_reached(&self.reached, target) && (!ASK_EDGES || filter.edge(kind, edge))
            })
        })
    }
}

#[inline]
fn is_reached(reached: &[u64], node: Node) -> bool {
    let (word, bit) = place(node.0);
    reached[word] & bit != 0
}
