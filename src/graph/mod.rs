//! The graph room: a topology of plain integers, and the searches over it.
//!
//! A [`Topology`] is an immutable-in-use, copy-on-write directed multigraph. Cloning it costs two
//! pointers, so every revision can keep its own. The kernels ask a [`Filter`] which nodes and edges
//! exist for the asker, so that time, scenario and permission are decided before a search starts.
//!
//! Deliberately absent: names, attributes and meanings. A node is a number here; what it stands for
//! is known elsewhere. Graph algorithms that are not hot come from `petgraph`, over
//! [`FilteredGraph`].

mod adjacency;
mod bits;
mod communities;
mod filter;
mod ids;
mod kernels;
mod masks;
mod petgraph_traits;
mod snapshot;
mod structure;
mod view;

#[cfg(test)]
mod tests;

pub use adjacency::{EdgeRecord, Neighbours, Steps, Topology, TopologyBuilder};
pub use bits::{BitSet, Ones};
pub use filter::{Everything, Filter, KindSet, Masked};
pub use ids::{Direction, Edge, EdgeKind, Neighbour, Node, Step};
pub use kernels::{
    BfsTree, Condensation, Distances, Ended, Nearby, PathLimits, Reached, Scratch, SimplePaths, UNREACHED,
    all_simple_paths, bfs_tree, distances, prefetch, prefetch_neighbours, reach, reach_within, shortest_path,
};
pub use masks::Masks;
pub use petgraph_traits::{FilteredEdge, FilteredGraph};
pub use snapshot::{
    ChangeSummary, Counts, EarlierTouches, Found, ImageError, ItemDifference, ItemVersion, Place, SearchRank, Snapshot,
    TouchedField,
};
pub use structure::{Betweenness, SmallGraph};
pub use view::{View, ViewFilter};
