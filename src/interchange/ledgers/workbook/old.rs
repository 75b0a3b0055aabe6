//! Excel 97 to 2003.

use std::io::{Cursor, Read as _, Write as _};

use calamine::{Reader as _, Xls};
use cfb::CompoundFile;

use super::old_records::refuse_giants;
use super::{broken_by, cell, cursor, damaged, is_hidden, merge};
use crate::interchange::ledgers::grid::{Book, Cell, Grid, GridRow};
use crate::interchange::limits::Limits;
use crate::interchange::place::Place;
use crate::interchange::problem::Said;
use crate::interchange::source::{SourceFile, Unreadable};

/// Reads all sheets. Rows that are hidden are not told from others: the library does not say.
pub(super) fn read(file: &SourceFile<'_>, limits: &Limits) -> Result<Book, Unreadable> {
    let workbook = Cursor::new(checked(file, limits)?);
    let mut workbook: Xls<_> = Xls::new(workbook).map_err(|error| broken_by(file, &error))?;
    let sheets: Vec<_> = workbook.sheets_metadata().to_vec();
    if sheets.len() > limits.sheets {
        return Err(Unreadable::beyond(Place::file(file.name), "sheets", limits.sheets as u64));
    }
    let mut book = Book::default();
    for sheet in &sheets {
        let mut grid = Grid { name: Some(sheet.name.clone()), is_hidden: is_hidden(sheet.visible), ..Grid::default() };
        grid.merges = workbook.merge_cells_by_sheet_name(&sheet.name).unwrap_or_default().iter().map(merge).collect();
        if let Ok(range) = workbook.worksheet_range(&sheet.name) {
            let (top, left) = range.start().unwrap_or((0, 0));
            let rows = range.rows().enumerate().filter_map(|(place, row)| {
                let last = row.iter().rposition(|data| !cell(data).is_empty())?;
                let before = std::iter::repeat_n(Cell::Empty, left as usize);
                let number = top.saturating_add(u32::try_from(place).ok()?).saturating_add(1);
                Some(GridRow { number, is_hidden: false, cells: before.chain(row[..=last].iter().map(cell)).collect() })
            });
            grid.rows = rows.collect();
        }
        book.sheets.push(grid);
    }
    Ok(book)
}

/// The workbook alone, in a file made anew. The library finds its way through a damaged file otherwise than we do: it is
/// given the very bytes that were looked at.
fn checked(file: &SourceFile<'_>, limits: &Limits) -> Result<Vec<u8>, Unreadable> {
    let broken = |error: &dyn std::fmt::Display| broken_by(file, error);
    let mut container = CompoundFile::open(cursor(file)).map_err(|error| broken(&error))?;
    let name = ["/Workbook", "/Book"].into_iter().find(|name| container.is_stream(name));
    let name = name.ok_or_else(|| damaged(file, Said::new("中にブックがありません", "it holds no workbook")))?;
    let mut records = Vec::new();
    let stream = container.open_stream(name).map_err(|error| broken(&error))?;
    // No part of a file is longer than the file, whatever it says of itself.
    stream.take(file.bytes.len() as u64).read_to_end(&mut records).map_err(|error| broken(&error))?;
    refuse_giants(file, &records, limits)?;
    let alone = || {
        let mut made = CompoundFile::create_with_version(cfb::Version::V3, Cursor::new(Vec::new()))?;
        made.create_stream(name)?.write_all(&records)?;
        made.flush()?;
        Ok::<_, std::io::Error>(made.into_inner().into_inner())
    };
    alone().map_err(|error| broken(&error))
}
