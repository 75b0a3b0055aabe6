//! From reached nodes onwards.

use super::{Question, Wait, Word, chunks_of, is_wide, occupied};
use crate::graph::adjacency::{CHUNK_NODES, Chunk, slot_of};
use crate::graph::bits::{WORD, place};
use crate::graph::filter::Filter;
use crate::graph::ids::Node;
use crate::graph::kernels::prefetch::{prefetch_chunk, prefetch_targets};

/// How many places ahead in the queue the neighbours are asked for; their chunk twice as far.
const AHEAD: usize = 8;

/// How many targets are visited between two questions whether there are more. The last one of a
/// short list is visited again and again, which does no harm.
const TOGETHER: usize = 4;

/// A breadth-first search whose inner loop has no branch, in which nodes without neighbours are
/// never queued and memory is asked for in advance.
pub(super) struct Push<'a> {
    pub(super) words: Vec<Word>,
    /// Nodes reached and not yet expanded are `head..tail`; behind lies room to look ahead.
    queue: Vec<Node>,
    head: usize,
    tail: usize,
    sides: Vec<Vec<&'a Chunk>>,
}

impl<'a> Push<'a> {
    pub(super) fn new<F>(question: &Question<'a, F>) -> Self {
        let Question { topology, direction, seen, .. } = question;
        let live = occupied(topology, *direction, seen.len());
        let both = seen.iter().zip(live);
        let words: Vec<Word> = both.map(|(&open, live)| Word { open, live }).collect();
        let queued = words.iter().map(|word| (word.open & word.live).count_ones() as usize);
        let room = queued.sum::<usize>() + 2 * AHEAD + 1;
        Self { words, queue: vec![Node(0); room], head: 0, tail: 0, sides: chunks_of(topology, *direction, seen.len()) }
    }

    pub(super) fn start(&mut self, node: Node) {
        if node.index() / WORD < self.words.len() {
            visit(&mut self.words, &mut self.queue, &mut self.tail, node, true);
        }
    }

    /// Forgets who waits and lets these wait instead, which are reached already.
    pub(super) fn restart(&mut self, found: &[u64]) {
        (self.head, self.tail) = (0, 0);
        for (index, (&found, word)) in found.iter().zip(&self.words).enumerate() {
            let mut rest = found & word.live;
            while rest != 0 {
                self.queue[self.tail] = Node::at(index * WORD + rest.trailing_zeros() as usize);
                self.tail += 1;
                rest &= rest - 1;
            }
        }
    }

    /// Expands who waits, level by level, until nobody does or, if so wanted, too many do.
    pub(super) fn run<F: Filter, const ASK_EDGES: bool, const STOP_WIDE: bool>(&mut self, filter: &F) -> Wait {
        while self.head < self.tail {
            if STOP_WIDE && is_wide(self.tail - self.head, &self.words) {
                return Wait::Wide;
            }
            self.level::<F, ASK_EDGES>(filter);
        }
        Wait::Nobody
    }

    /// Expands all that wait now.
    fn level<F: Filter, const ASK_EDGES: bool>(&mut self, filter: &F) {
        let Self { words, queue, sides, .. } = self;
        let (words, queue) = (words.as_mut_slice(), queue.as_mut_slice());
        let (mut tail, end) = (self.tail, self.tail);
        for head in self.head..end {
            let (node, near, far) = (queue[head], queue[head + AHEAD], queue[head + 2 * AHEAD]);
            for chunks in sides.iter() {
                prefetch_chunk(chunks[far.index() / CHUNK_NODES], slot_of(far));
                prefetch_targets::<ASK_EDGES>(chunks[near.index() / CHUNK_NODES], slot_of(near));
                let chunk = chunks[node.index() / CHUNK_NODES];
                let targets = chunk.targets(slot_of(node));
                if ASK_EDGES || targets.is_empty() {
                    expand_runs::<F, ASK_EDGES>(chunk, node, filter, words, queue, &mut tail);
                    continue;
                }
                let last = targets.len() - 1;
                for first in (0..targets.len()).step_by(TOGETHER) {
                    for index in first..first + TOGETHER {
                        visit(words, queue, &mut tail, targets[index.min(last)], true);
                    }
                }
            }
        }
        (self.head, self.tail) = (end, tail);
    }
}

/// Expands a hub, or any node whose edges have to be asked about.
#[inline]
fn expand_runs<F: Filter, const ASK_EDGES: bool>(
    chunk: &Chunk,
    node: Node,
    filter: &F,
    words: &mut [Word],
    queue: &mut [Node],
    tail: &mut usize,
) {
    for run in chunk.runs(slot_of(node)) {
        if !ASK_EDGES {
            // A hub's list is long: nothing but its targets is read.
            run.targets().iter().for_each(|&target| visit(words, queue, tail, target, true));
            continue;
        }
        let targets = run.targets().iter();
        for ((&target, &kind), &edge) in targets.zip(run.kinds()).zip(run.edges()) {
            let passes = !ASK_EDGES || filter.edge(kind, edge);
            visit(words, queue, tail, target, passes);
        }
    }
}

/// Reaches a node unless it is closed. Written without a branch, since whether a node is new is
/// what the processor guesses worst: the node is always put at the end of the queue, and the end
/// moves only when it belongs there.
#[inline]
fn visit(words: &mut [Word], queue: &mut [Node], tail: &mut usize, node: Node, passes: bool) {
    let (index, bit) = place(node.0);
    let word = &mut words[index];
    let fresh = word.open & (bit * u64::from(passes));
    word.open ^= fresh;
    queue[*tail] = node;
    *tail += usize::from(fresh & word.live != 0);
}
