//! A model as a workbook that staff can edit and ezu can read again, and as delimited text.
//!
//! A sheet a kind. What a person need not see stands in hidden columns: the id of each row, and behind each column of
//! names what exactly the names stand for. A hidden sheet says what each column is, and from which revision the workbook
//! was made; so an edited workbook comes back as a change set of exactly the edits.

mod cells;
mod sheets;
mod workbook;

use serde::{Deserialize, Serialize};

pub use cells::{OutCell, text_of_cell};
pub(super) use sheets::suffix;
pub use sheets::{Sheet, SheetColumn, sheets};
pub use workbook::{WorkbookRefused, write};

/// The name of the hidden sheet that says what the columns are.
pub(super) const ABOUT: &str = "_ezu";
/// The name of the hidden sheet with the ids of all rows.
pub(super) const IDS: &str = "_ezu_ids";
/// The name of the hidden sheet with texts that no cell can hold.
pub(super) const TEXTS: &str = "_ezu_texts";
/// The name of the hidden sheet with the choices of drop-downs.
pub(super) const LISTS: &str = "_ezu_lists";
/// What stands first in the hidden sheet.
pub(super) const MARK: &str = "ezu workbook 1";

/// How a model is written.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct WorkbookOptions {
    /// Whether days are shown in the Japanese calendar.
    pub japanese_calendar: bool,
    /// The revision that is written.
    pub revision: u64,
    /// The ledger's hash at that revision.
    pub hash: String,
    /// The ids of all items that are written; those of the sheets' rows when empty.
    pub ids: Vec<String>,
}

/// What a column is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// The id of the row's item.
    Id,
    /// Its name.
    Name,
    /// The name of where a relationship starts, and hidden beside it what that stands for.
    Source,
    /// Likewise of where it points to.
    Target,
    /// An attribute.
    Attribute(String),
    /// What the names in the column before stand for.
    Behind,
}
