//! How much a file may hold.

/// Limits of every reader; what goes beyond is refused with a problem that names the limit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// The largest file, in bytes.
    pub file_bytes: u64,
    /// The most bytes that a packed file may unpack to.
    pub unpacked_bytes: u64,
    /// The most elements, records and relationships.
    pub items: usize,
    /// The most sheets of a workbook.
    pub sheets: usize,
    /// The most rows of a table.
    pub rows: usize,
    /// The most columns of a table.
    pub columns: usize,
    /// The most cells of a workbook, empty ones between others included.
    pub cells: usize,
    /// The longest text of a cell or attribute, in bytes.
    pub text_bytes: usize,
    /// The deepest nesting of a tree.
    pub depth: usize,
    /// The most problems that are kept; the others are counted.
    pub problems: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            file_bytes: 256 << 20,
            unpacked_bytes: 2 << 30,
            items: 2_000_000,
            sheets: 256,
            rows: 1_048_576,
            columns: 1_024,
            cells: 20_000_000,
            text_bytes: 1 << 20,
            depth: 256,
            problems: 10_000,
        }
    }
}
