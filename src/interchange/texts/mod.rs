//! A part of the model as a graph in the languages of other programs: `GraphML`, Mermaid, `PlantUML`.
//!
//! Where a relationship is an end of another, which these languages do not know, it becomes a node between two edges.

mod graphml;
mod mermaid;
mod plantuml;
mod shown;

pub use graphml::write as write_graphml;
pub use mermaid::write as write_mermaid;
pub use plantuml::write as write_plantuml;
