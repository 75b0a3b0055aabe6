//! `ArchiMate` models: the Open Group's exchange format, Archi's own files, and the tree that coArchi keeps.
//!
//! A file is read into a [`Document`], which holds all that any of the formats can say, and a document is written to
//! any of them; what a format cannot carry is told by a list of [`Loss`]es.

pub mod document;
mod exchange_reading;
mod exchange_writing;
mod geometry;
mod grafico;
pub mod mapping;
mod native_reading;
mod native_writing;
mod pieces;
mod reading;
pub mod types;
pub mod view;
mod writable;
pub(super) mod xml_ids;

pub use super::loss::Loss;
pub use document::Document;
pub use exchange_writing::{Written, write_exchange};
pub use grafico::{read_coarchi, unpack_coarchi, write_coarchi};
pub use native_writing::write_archi;
pub use reading::{Reading, read_archi, read_exchange};
