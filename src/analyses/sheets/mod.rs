//! Documents that people hand on: headings, sentences and tables whose cells know what they hold.
//!
//! Answers to questions, hearing sheets and handover documents are made of them; JSON, CSV, workbooks and printed
//! pages are forms of the same.

mod cell;
mod sheet;
mod table;

pub use cell::SheetCell;
pub use sheet::{Sheet, SheetStamp};
pub use table::{SheetColumn, SheetTable};
