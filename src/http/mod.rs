//! REST: routes, wire types, problems, the OpenAPI document. One file a resource.
//!
//! Invariant: no handler decides anything about the model; it asks the application and says the answer.

mod accept;
mod body;
mod conditional;
mod far_back;
mod guard;
mod language;
mod listing;
mod metrics;
pub mod openapi;
mod outlet;
mod problem;
mod query;
mod resources;
mod routes;
mod state;
mod uploads;
mod wire;

pub use metrics::HttpMetrics;
pub use problem::{Problem, ProblemCode, catalogue};
pub use routes::{document, serve};
pub use state::State;
