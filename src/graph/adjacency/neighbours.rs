//! Iterators over neighbours.

use std::slice;
use std::sync::Arc;

use super::run::{Run, RunSlice};
use crate::graph::ids::{Direction, Neighbour, Node, Step};

/// The runs that hold the neighbours of one node on one side: one for most, several for a hub.
#[derive(Clone, Debug)]
pub(in crate::graph) struct Runs<'a> {
    head: RunSlice<'a>,
    middle: slice::Iter<'a, Arc<Run>>,
    tail: RunSlice<'a>,
}

impl<'a> Runs<'a> {
    #[inline]
    pub(super) fn empty() -> Self {
        Self::of_slice(RunSlice::empty())
    }

    #[inline]
    pub(super) fn of_slice(slice: RunSlice<'a>) -> Self {
        Self::of_parts((slice, &[], RunSlice::empty()))
    }

    pub(super) fn of_blocks(blocks: &'a [Arc<Run>]) -> Self {
        Self::of_parts((RunSlice::empty(), blocks, RunSlice::empty()))
    }

    #[inline]
    pub(super) fn of_parts(parts: (RunSlice<'a>, &'a [Arc<Run>], RunSlice<'a>)) -> Self {
        let (head, middle, tail) = parts;
        Self { head, middle: middle.iter(), tail }
    }
}

impl<'a> Iterator for Runs<'a> {
    type Item = RunSlice<'a>;

    /// The next run that is not empty.
    #[inline]
    fn next(&mut self) -> Option<RunSlice<'a>> {
        if !self.head.is_empty() {
            return Some(std::mem::replace(&mut self.head, RunSlice::empty()));
        }
        if let Some(block) = self.middle.next() {
            return Some(block.whole());
        }
        let tail = std::mem::replace(&mut self.tail, RunSlice::empty());
        (!tail.is_empty()).then_some(tail)
    }
}

/// The neighbours of one node on one side.
#[derive(Clone, Debug)]
struct SideNeighbours<'a> {
    current: RunSlice<'a>,
    rest: Runs<'a>,
}

impl Iterator for SideNeighbours<'_> {
    type Item = Neighbour;

    #[inline]
    fn next(&mut self) -> Option<Neighbour> {
        loop {
            if let Some(neighbour) = self.current.next_neighbour() {
                return Some(neighbour);
            }
            self.current = self.rest.next()?;
        }
    }
}

/// The neighbours of a node: the outgoing ones, then the incoming ones, each sorted by
/// (kind, node, edge).
#[derive(Clone, Debug)]
pub struct Neighbours<'a> {
    outgoing: SideNeighbours<'a>,
    incoming: SideNeighbours<'a>,
}

impl<'a> Neighbours<'a> {
    #[inline]
    pub(super) fn new(outgoing: Runs<'a>, incoming: Runs<'a>) -> Self {
        let side = |rest| SideNeighbours { current: RunSlice::empty(), rest };
        Self { outgoing: side(outgoing), incoming: side(incoming) }
    }
}

impl Iterator for Neighbours<'_> {
    type Item = Neighbour;

    #[inline]
    fn next(&mut self) -> Option<Neighbour> {
        self.outgoing.next().or_else(|| self.incoming.next())
    }
}

/// The hops that lead from a node, in the order of [`Neighbours`].
#[derive(Clone, Debug)]
pub struct Steps<'a> {
    from: Node,
    neighbours: Neighbours<'a>,
}

impl<'a> Steps<'a> {
    #[inline]
    pub(super) fn new(from: Node, neighbours: Neighbours<'a>) -> Self {
        Self { from, neighbours }
    }
}

impl Iterator for Steps<'_> {
    type Item = Step;

    #[inline]
    fn next(&mut self) -> Option<Step> {
        let Neighbours { outgoing, incoming } = &mut self.neighbours;
        if let Some(neighbour) = outgoing.next() {
            return Some(Step::new(self.from, neighbour, Direction::Outgoing));
        }
        let neighbour = incoming.next()?;
        Some(Step::new(self.from, neighbour, Direction::Incoming))
    }
}
