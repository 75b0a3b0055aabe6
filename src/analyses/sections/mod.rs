//! The parts that hearing sheets and handover documents share: what belongs to a section or a piece of work, and tables
//! of it.

mod blanks;
mod cells;
mod issues;
mod scope;

pub(super) use blanks::{BlankFact, blanks};
pub(super) use cells::{cell_of, form, items_of, recorded_fields, summary};
pub(super) use issues::open_issues;
pub(super) use scope::{Scope, is_fictional, listed};
