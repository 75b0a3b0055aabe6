//! A whole document.

use serde::Serialize;

use super::table::SheetTable;
use crate::analyses::{Basis, ItemSummary};
use crate::domain::Localized;

/// A document: a title, what it rests on, sentences, and tables.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Sheet {
    /// Which state of the model it shows.
    #[serde(flatten)]
    pub basis: Basis,
    /// Its name for programs: `hearing_sheet` or `handover`.
    pub form: &'static str,
    /// Its title.
    pub title: Localized,
    /// What it is about.
    pub subject: ItemSummary,
    /// How it may be used.
    pub stamp: SheetStamp,
    /// What a reader should know first.
    pub summary: Vec<Localized>,
    /// The tables, in order.
    pub tables: Vec<SheetTable>,
}

/// How a document may be used; printed on every page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SheetStamp {
    /// Whether the model says that its city is invented.
    pub fictional: bool,
    /// The words.
    pub text: Localized,
}

impl SheetStamp {
    /// The stamp of a draft for use inside the city hall, of an invented city or of a real one.
    pub fn of(fictional: bool) -> Self {
        let text = if fictional {
            Localized::ja_en("架空／案／内部検討用", "Fictional / draft / for internal use")
        } else {
            Localized::ja_en("案／内部検討用", "Draft / for internal use")
        };
        Self { fictional, text }
    }
}

impl Sheet {
    /// The table of a name.
    pub fn table(&self, key: &str) -> Option<&SheetTable> {
        self.tables.iter().find(|table| table.key == key)
    }
}
