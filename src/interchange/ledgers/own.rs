//! Workbooks that ezu itself wrote.

use super::grid::Book;
use super::reading::LedgerContext;
use crate::interchange::read_model::ReadModel;
use crate::interchange::source::SourceFile;

/// Reads a workbook that ezu wrote; nothing if it is another's.
pub(super) fn read(_file: &SourceFile<'_>, _book: &Book, _context: LedgerContext<'_>) -> Option<ReadModel> {
    None
}
