//! How much an imported file may hold, and how long an import waits for its answer.

use serde::{Deserialize, Serialize};

/// Limits of imports; what goes beyond is refused with a problem that names the limit.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Imports {
    /// The largest file, in bytes.
    pub file_bytes: u64,
    /// The most bytes that a packed file may unpack to.
    pub unpacked_bytes: u64,
    /// The most files of one import.
    pub files: usize,
    /// The most elements, records and relationships of a file.
    pub items: usize,
    /// The most sheets of a workbook.
    pub sheets: usize,
    /// The most rows of a table.
    pub rows: usize,
    /// The most columns of a table.
    pub columns: usize,
    /// The most cells of a workbook.
    pub cells: usize,
    /// The longest text of a cell or attribute, in bytes.
    pub text_bytes: usize,
    /// The deepest nesting of a tree.
    pub depth: usize,
    /// The most problems that are kept for a file; the others are counted.
    pub problems: usize,
    /// The most imports that wait for an answer.
    pub waiting: usize,
    /// The most bytes of all files that wait.
    pub waiting_bytes: u64,
    /// How long an import waits, in hours.
    pub waiting_hours: u32,
    /// How long reading a file and working out what it changes may take, in milliseconds.
    pub milliseconds: u64,
}

impl Default for Imports {
    fn default() -> Self {
        Self {
            file_bytes: 256 << 20,
            unpacked_bytes: 2 << 30,
            files: 100,
            items: 2_000_000,
            sheets: 256,
            rows: 1_048_576,
            columns: 1_024,
            cells: 20_000_000,
            text_bytes: 1 << 20,
            depth: 256,
            problems: 10_000,
            waiting: 64,
            waiting_bytes: 2 << 30,
            waiting_hours: 72,
            milliseconds: 300_000,
        }
    }
}
