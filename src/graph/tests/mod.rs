//! The graph room against naive models and against petgraph, on random multigraphs.

mod adjacency;
mod kernels;
mod paths;
mod petgraph_runs;
mod sets;
mod structure;
mod support;
