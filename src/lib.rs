//! ezu (絵図) keeps a city's systems, data flows and business processes as a living graph
//! and answers grand-design questions about it with evidence.
//!
//! The rooms, and what each is for:

/// Questions about the model: a view and parameters in, a report out.
pub mod analyses;
/// What can be done with a model, one file a use case; the workspace with its one writer.
pub mod application;
/// The command line.
pub mod cli;
/// A view or a result as a picture.
pub mod diagrams;
/// The metamodel, elements, relationships, change sets and what makes one valid.
pub mod domain;
/// Snapshots, views and the searches over them.
pub mod graph;
/// REST: routes, wire types, problems, the OpenAPI document.
pub mod http;
/// Files of other forms.
pub mod interchange;
/// Results as files that people hand on.
pub mod reports;
/// What an operator can set.
pub mod settings;
/// The one place that knows everything.
pub mod startup;
/// The ledger.
pub mod storage;
