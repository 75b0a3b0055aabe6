//! ezu (絵図) keeps a city's systems, data flows and business processes as a living graph
//! and answers grand-design questions about it with evidence.
//!
//! The rooms, and what each is for:
//!
//! - [`domain`]: the metamodel, elements, relationships, change sets and what makes one valid.
//! - [`graph`]: snapshots, views and the searches over them.
//! - [`query`]: the graph query language; text in, rows out.
//! - [`analyses`]: questions about the model; a view and parameters in, a report out.
//! - [`diagrams`]: a view or a result as a picture.
//! - [`reports`]: results as files that people hand on.
//! - [`interchange`]: files of other forms.
//! - [`storage`]: the ledger, in two copies that check each other.
//! - [`application`]: what can be done with a model; the workspace with its one writer.
//! - [`settings`]: what an operator can set.
//! - [`http`]: REST: routes, wire types, problems, the OpenAPI document.
//! - [`cli`]: the command line.
//! - [`startup`]: the one place that knows everything.

pub mod analyses;
pub mod application;
pub mod cli;
pub mod diagrams;
pub mod domain;
pub mod graph;
pub mod http;
pub mod interchange;
pub mod query;
pub mod reports;
pub mod settings;
pub mod startup;
pub mod storage;
