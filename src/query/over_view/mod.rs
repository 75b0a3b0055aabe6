//! A view of the model as a graph that can be queried.
//!
//! Nodes are elements, and those relationships that are themselves an end of another (a data flow that carries data):
//! such a relationship is met both as a relationship and, under the label of its kind, as a node. Labels are kinds and
//! their ancestors; a relationship type stands for its kind and those that specialise it.

mod catalog;
mod estimates;
mod facts;
mod graph;
mod indexes;
mod kept_steps;
mod keys;
mod shape;
mod spelling;
mod values;

pub use catalog::ViewCatalog;
pub use graph::{NoProcedures, Procedures, ViewGraph};
pub use indexes::Indexes;
pub use spelling::{label_of, type_of};
