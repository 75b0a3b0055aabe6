//! The query language, from outside: accepted and rejected texts, the conformance suite of openCypher, and a second,
//! naive computation of random queries over random graphs.

mod budgets;
mod conformance;
mod differential;
mod engine;
mod naive;
mod parsing;
mod toy;
