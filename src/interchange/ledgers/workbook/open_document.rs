//! `OpenDocument` spreadsheets.

use std::collections::BTreeSet;
use std::io::{BufReader, Cursor};

use calamine::{Ods, Reader as _};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use zip::ZipArchive;

use super::{broken_by, cell, cursor, is_hidden};
use crate::interchange::ledgers::grid::{Book, Cell, Grid, GridRow, Merge};
use crate::interchange::limits::Limits;
use crate::interchange::place::Place;
use crate::interchange::source::{SourceFile, Unreadable};

/// Reads all sheets.
pub(super) fn read(file: &SourceFile<'_>, limits: &Limits) -> Result<Book, Unreadable> {
    let shapes = shapes(file, limits)?;
    let mut workbook: Ods<_> = Ods::new(cursor(file)).map_err(|error| broken_by(file, &error))?;
    let sheets: Vec<_> = workbook.sheets_metadata().to_vec();
    let mut book = Book::default();
    for (sheet, shape) in sheets.iter().zip(shapes.into_iter().map(Some).chain(std::iter::repeat_with(|| None))) {
        let mut grid = cells(&mut workbook, &sheet.name);
        grid.is_hidden = is_hidden(sheet.visible);
        if let Some(shape) = shape {
            for row in &mut grid.rows {
                row.is_hidden = shape.hidden_rows.contains(&row.number);
            }
            grid.merges = shape.merges;
        }
        book.sheets.push(grid);
    }
    Ok(book)
}

fn cells(workbook: &mut Ods<Cursor<&[u8]>>, name: &str) -> Grid {
    let mut grid = Grid { name: Some(name.to_owned()), ..Grid::default() };
    let Ok(range) = workbook.worksheet_range(name) else { return grid };
    let (top, left) = range.start().unwrap_or((0, 0));
    for (place, row) in range.rows().enumerate() {
        let last = row.iter().rposition(|data| !cell(data).is_empty());
        let Some(last) = last else { continue };
        let before = std::iter::repeat_n(Cell::Empty, left as usize);
        let number = top.saturating_add(u32::try_from(place).unwrap_or(u32::MAX)).saturating_add(1);
        grid.rows.push(GridRow {
            number,
            is_hidden: false,
            cells: before.chain(row[..=last].iter().map(cell)).collect(),
        });
    }
    grid
}

/// What a table looks like before its cells are laid out.
#[derive(Debug, Default)]
struct Shape {
    hidden_rows: BTreeSet<u32>,
    merges: Vec<Merge>,
    /// The row being read, counted from 0, and how often it is repeated.
    row: u32,
    repeats: u32,
    row_is_hidden: bool,
    column: u32,
    row_width: u32,
    width: u32,
    height: u32,
}

impl Shape {
    fn begin_row(&mut self, tag: &BytesStart<'_>) {
        self.repeats = number(tag, "table:number-rows-repeated").unwrap_or(1);
        self.row_is_hidden = attribute(tag, "table:visibility").is_some_and(|value| value != "visible");
        (self.column, self.row_width) = (0, 0);
    }

    fn end_row(&mut self) {
        let end = self.row.saturating_add(self.repeats);
        if self.row_width > 0 {
            self.width = self.width.max(self.row_width);
            self.height = end;
        }
        if self.row_is_hidden && self.row_width > 0 {
            self.hidden_rows.extend(self.row + 1..=end.min(self.row.saturating_add(100_000)));
        }
        self.row = end;
    }

    fn cell(&mut self, tag: &BytesStart<'_>) {
        let repeats = number(tag, "table:number-columns-repeated").unwrap_or(1);
        let span = |name: &str| number(tag, name).unwrap_or(1).max(1);
        let (across, down) = (span("table:number-columns-spanned"), span("table:number-rows-spanned"));
        if across > 1 || down > 1 {
            let (bottom, right) = (self.row.saturating_add(down - 1), self.column.saturating_add(across - 1));
            self.merges.push(Merge { top: self.row, left: self.column, bottom, right });
        }
        self.column = self.column.saturating_add(repeats);
        if attribute(tag, "office:value-type").is_some() {
            self.row_width = self.column;
        }
    }

    fn text(&mut self) {
        self.row_width = self.row_width.max(self.column);
    }
}

/// Looks over all tables, and refuses those whose cells would be laid out beyond the limits.
fn shapes(file: &SourceFile<'_>, limits: &Limits) -> Result<Vec<Shape>, Unreadable> {
    let broken = |error: &dyn std::fmt::Display| broken_by(file, error);
    let mut archive = ZipArchive::new(cursor(file)).map_err(|error| broken(&error))?;
    let part = archive.by_name("content.xml").map_err(|error| broken(&error))?;
    let mut reader = Reader::from_reader(BufReader::new(part));
    let (mut buffer, mut shapes) = (Vec::new(), Vec::<Shape>::new());
    loop {
        buffer.clear();
        let event = reader.read_event_into(&mut buffer).map_err(|error| broken(&error))?;
        match (&event, shapes.last_mut()) {
            (Event::Eof, _) => return Ok(shapes),
            (Event::Start(tag), _) if tag.name().as_ref() == "table:table" => shapes.push(Shape::default()),
            (Event::Start(tag) | Event::Empty(tag), Some(shape)) => {
                let is_empty_tag = matches!(event, Event::Empty(_));
                match tag.name().as_ref() {
                    "table:table-row" => {
                        shape.begin_row(tag);
                        if is_empty_tag {
                            shape.end_row();
                        }
                    }
                    "table:table-cell" | "table:covered-table-cell" => shape.cell(tag),
                    _ => {}
                }
            }
            (Event::Text(_), Some(shape)) => shape.text(),
            (Event::End(tag), Some(shape)) if tag.name().as_ref() == "table:table-row" => shape.end_row(),
            _ => {}
        }
        check(file, limits, &shapes)?;
    }
}

fn check(file: &SourceFile<'_>, limits: &Limits, shapes: &[Shape]) -> Result<(), Unreadable> {
    let place = || Place::file(file.name);
    let Some(shape) = shapes.last() else { return Ok(()) };
    if shapes.len() > limits.sheets {
        return Err(Unreadable::beyond(place(), "sheets", limits.sheets as u64));
    }
    if shape.height as usize > limits.rows {
        return Err(Unreadable::beyond(place(), "rows", limits.rows as u64));
    }
    if shape.width as usize > limits.columns {
        return Err(Unreadable::beyond(place(), "columns", limits.columns as u64));
    }
    if u64::from(shape.height) * u64::from(shape.width) > limits.cells as u64 {
        return Err(Unreadable::beyond(place(), "cells", limits.cells as u64));
    }
    Ok(())
}

fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let attribute = tag.try_get_attribute(name).ok()??;
    quick_xml::escape::unescape(&attribute.value).ok().map(std::borrow::Cow::into_owned)
}

fn number(tag: &BytesStart<'_>, name: &str) -> Option<u32> {
    attribute(tag, name)?.parse().ok()
}
