//! Lists: filters, order, fields, pages.

mod cursor;
mod filter;
mod page;

pub use cursor::Cursor;
pub use page::{ListRequest, list};
