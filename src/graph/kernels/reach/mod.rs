//! Everything that can be reached, at the speed of memory.
//!
//! Two ways are mixed. *Pushing* takes a reached node and looks where its edges lead: best while
//! few nodes wait. *Pulling* takes a node not yet reached and looks whether an edge comes from a
//! reached one: best when very many wait, since the first such edge is enough and memory is read
//! in order.

mod pull;
mod push;

use pull::Pull;
use push::Push;

use crate::graph::adjacency::{Chunk, Topology};
use crate::graph::bits::{BitSet, WORD};
use crate::graph::filter::Filter;
use crate::graph::ids::{Direction, Node};

/// Pulling starts when the nodes that wait, this many times over, outnumber those not reached. A larger
/// number serves uniform random graphs better and cities, where few nodes lead on, worse.
const WIDE: usize = 3;
/// How often a search turns to pulling at most. In a thick chain it never pays, and the chain would
/// be asked about again and again.
const PULLS: usize = 2;

/// What a search reached, its starts included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reached {
    /// The nodes.
    pub bits: BitSet,
    /// How many they are.
    pub count: usize,
}

/// All nodes on any path from the starts.
///
/// O(nodes / 64 + edges of reached nodes); pulling adds no more than a constant times that.
#[must_use]
pub fn reach<F: Filter>(topology: &Topology, starts: &[Node], direction: Direction, filter: &F) -> Reached {
    let question = Question { topology, direction, filter, seen: nodes_seen(topology, filter) };
    if filter.all_edges() { question.answer::<false>(starts) } else { question.answer::<true>(starts) }
}

/// What is searched, and the nodes that exist and are seen.
struct Question<'a, F> {
    topology: &'a Topology,
    direction: Direction,
    filter: &'a F,
    seen: Vec<u64>,
}

/// 64 nodes during a search.
#[derive(Clone, Copy)]
struct Word {
    /// Seen by the filter and not yet reached.
    open: u64,
    /// Have a neighbour to go on to, and so are worth queueing.
    live: u64,
}

impl<F: Filter> Question<'_, F> {
    fn answer<const ASK_EDGES: bool>(mut self, starts: &[Node]) -> Reached {
        let mut push = Push::new(&self);
        for &start in starts {
            push.start(start);
        }
        for _ in 0..PULLS {
            if push.run::<F, ASK_EDGES, true>(self.filter) == Wait::Nobody {
                break;
            }
            let mut pull = Pull::new(&self, &push.words);
            let found = pull.run::<F, ASK_EDGES>(self.filter, &mut push.words);
            push.restart(found);
        }
        push.run::<F, ASK_EDGES, false>(self.filter);
        for (seen, word) in self.seen.iter_mut().zip(&push.words) {
            *seen &= !word.open;
        }
        let bits = BitSet::from_words(self.seen);
        let count = bits.count();
        Reached { bits, count }
    }
}

/// How many reached nodes wait to be expanded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wait {
    /// So many that pulling is cheaper.
    Wide,
    /// None.
    Nobody,
}

/// Whether `waiting` nodes are so many that pulling is cheaper. What is open is not even counted
/// where that would cost more than expanding those that wait.
fn is_wide(waiting: usize, words: &[Word]) -> bool {
    waiting >= words.len() && waiting * WIDE > count_open(words)
}

fn count_open(words: &[Word]) -> usize {
    words.iter().map(|word| word.open.count_ones() as usize).sum()
}

/// The nodes that exist and are seen.
fn nodes_seen<F: Filter>(topology: &Topology, filter: &F) -> Vec<u64> {
    let existing = topology.node_count();
    let words = 0..existing.div_ceil(WORD);
    let mut seen: Vec<u64> = words.map(|index| filter.nodes_word(index)).collect();
    if let Some(last) = seen.last_mut()
        && !existing.is_multiple_of(WORD)
    {
        *last &= (1 << (existing % WORD)) - 1;
    }
    seen
}

/// The chunks of each side that is followed, in the order of their nodes, as many as words.
fn chunks_of(topology: &Topology, direction: Direction, words: usize) -> Vec<Vec<&Chunk>> {
    let sides = direction.sides().iter();
    sides
        .map(|&side| {
            let chunks = topology.side(side).chunks();
            chunks.take(words).map(|(chunk, _)| chunk).collect()
        })
        .collect()
}

/// The nodes that have a neighbour in a direction.
fn occupied(topology: &Topology, direction: Direction, words: usize) -> Vec<u64> {
    let mut occupied = vec![0; words];
    for &side in direction.sides() {
        for (word, (_, more)) in occupied.iter_mut().zip(topology.side(side).chunks()) {
            *word |= more;
        }
    }
    occupied
}
