//! The query language, from outside: accepted and rejected texts, the conformance suite of openCypher, and a second,
//! naive computation of random queries over random graphs; the thirty questions of the documentation.

mod batches;
mod budgets;
mod conformance;
mod differential;
mod engine;
mod naive;
mod parsing;
mod thirty;
mod toy;
#[path = "../analyses/yaml_text.rs"]
mod yaml_text;
