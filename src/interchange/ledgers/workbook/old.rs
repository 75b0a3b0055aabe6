//! Excel 97 to 2003.

use std::io::{BufReader, Read};

use calamine::{Reader as _, Xls};

use super::{cell, cursor, damaged, is_hidden, merge};
use crate::interchange::ledgers::grid::{Book, Cell, Grid, GridRow};
use crate::interchange::limits::Limits;
use crate::interchange::place::Place;
use crate::interchange::source::{SourceFile, Unreadable};

/// Reads all sheets. Rows that are hidden are not told from others: the library does not say.
pub(super) fn read(file: &SourceFile<'_>, limits: &Limits) -> Result<Book, Unreadable> {
    refuse_giants(file, limits)?;
    let mut workbook: Xls<_> = Xls::new(cursor(file)).map_err(|error| damaged(file, &error.to_string()))?;
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

/// Records that hold a cell begin with its row and column ([MS-XLS] §2.4).
const CELLS: [u16; 11] = [0x0006, 0x00BD, 0x00BE, 0x00D6, 0x00FD, 0x0201, 0x0203, 0x0204, 0x0205, 0x027E, 0x0206];
const BEGIN_OF_PART: u16 = 0x0809;
/// How far the cells of a sheet reach ([MS-XLS] §2.4.90).
const DIMENSIONS: u16 = 0x0200;

/// The library lays out every cell between the first and the last: refuses sheets whose cells lie too far apart.
fn refuse_giants(file: &SourceFile<'_>, limits: &Limits) -> Result<(), Unreadable> {
    let broken = |error: &dyn std::fmt::Display| damaged(file, &error.to_string());
    let mut container = cfb::CompoundFile::open(cursor(file)).map_err(|error| broken(&error))?;
    let name = ["/Workbook", "/Book"].into_iter().find(|name| container.is_stream(name));
    let name = name.ok_or_else(|| damaged(file, "it holds no workbook"))?;
    let mut stream = BufReader::new(container.open_stream(name).map_err(|error| broken(&error))?);
    let (mut bounds, mut laid_out) = (Bounds::default(), 0_u64);
    let mut content = Vec::new();
    while let Some(kind) = record(&mut stream, &mut content) {
        if kind == BEGIN_OF_PART {
            laid_out += bounds.area();
            bounds = Bounds::default();
        } else if CELLS.contains(&kind)
            && let [row_low, row_high, column_low, column_high, ..] = content[..]
        {
            bounds.hold(u16::from_le_bytes([row_low, row_high]), u16::from_le_bytes([column_low, column_high]));
        }
        if kind == DIMENSIONS && !are_dimensions_of_a_sheet(&content) {
            return Err(damaged(file, "a sheet is said to be larger than sheets can be"));
        }
        if laid_out + bounds.area() > limits.cells as u64 {
            return Err(Unreadable::beyond(Place::file(file.name), "cells", limits.cells as u64));
        }
    }
    Ok(())
}

/// The library sets memory aside for as many cells as a sheet is said to have: a sheet has 65,536 rows and 256 columns
/// at most. Older files say their rows in two bytes instead of four.
fn are_dimensions_of_a_sheet(content: &[u8]) -> bool {
    let two = |place: usize| u16::from_le_bytes([content[place], content[place + 1]]);
    let (rows, columns) = match content.len() {
        12.. => (u32::from(two(4)) | u32::from(two(6)) << 16, two(10)),
        8.. => (u32::from(two(2)), two(6)),
        _ => return true,
    };
    rows <= 1 << 16 && columns <= 1 << 8
}

#[derive(Default)]
struct Bounds {
    held: Option<(u16, u16, u16, u16)>,
}

impl Bounds {
    fn hold(&mut self, row: u16, column: u16) {
        let (top, left, bottom, right) = self.held.unwrap_or((row, column, row, column));
        self.held = Some((top.min(row), left.min(column), bottom.max(row), right.max(column)));
    }

    fn area(&self) -> u64 {
        self.held.map_or(0, |(top, left, bottom, right)| (u64::from(bottom - top) + 1) * (u64::from(right - left) + 1))
    }
}

/// The next record: its kind, and its content in `content`.
fn record(stream: &mut impl Read, content: &mut Vec<u8>) -> Option<u16> {
    let mut head = [0_u8; 4];
    stream.read_exact(&mut head).ok()?;
    content.resize(usize::from(u16::from_le_bytes([head[2], head[3]])), 0);
    stream.read_exact(content).ok()?;
    Some(u16::from_le_bytes([head[0], head[1]]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sheet_that_is_said_to_be_larger_than_sheets_can_be_is_noticed() {
        let said = |rows: u32, columns: u16| {
            let (rows, columns) = (rows.to_le_bytes(), columns.to_le_bytes());
            [&[0; 4], &rows[..], &[0; 2], &columns[..], &[0; 2]].concat()
        };
        let said_before = |rows: u16, columns: u16| {
            [&[0; 2], &rows.to_le_bytes()[..], &[0; 2], &columns.to_le_bytes()[..], &[0; 2]].concat()
        };
        assert!(are_dimensions_of_a_sheet(&said(65_536, 256)) && are_dimensions_of_a_sheet(&said_before(65_535, 256)));
        assert!(are_dimensions_of_a_sheet(&[]));
        for content in [said(65_537, 1), said(u32::MAX, 2), said(1, 257), said_before(1, 257)] {
            assert!(!are_dimensions_of_a_sheet(&content), "{content:?}");
        }
    }
}
