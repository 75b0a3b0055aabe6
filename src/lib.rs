//! ezu keeps a city's systems, data flows and business processes as a living graph.

pub mod domain;
pub mod graph;
pub mod interchange;
pub mod application;
pub mod settings;
pub mod storage;
