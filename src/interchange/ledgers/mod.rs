//! Ledgers: workbooks and delimited text as staff keep them.
//!
//! A file becomes a [`grid::Book`] of sheets; in each the heading is found and its columns are looked up in the
//! [`dictionary::Dictionary`] and the metamodel's labels; then each row becomes an item, or is accounted for otherwise.

pub mod cells;
mod delimited;
pub mod dictionary;
pub mod grid;
mod headings;
pub mod meaning;
mod own;
mod reading;
mod values;
mod vocabulary;
mod workbook;
pub mod writing;

pub use dictionary::Dictionary;
pub use meaning::{ColumnRead, KnownFrom, Meaning, TableChoice, TableRead};
pub use reading::{LedgerContext, read};
pub use vocabulary::{Memory, Vocabularies};
