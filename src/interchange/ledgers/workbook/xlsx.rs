//! Excel 2007 and later.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufReader, Cursor};

use calamine::{DataRef, DataType, Reader as _, Xlsx};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use zip::ZipArchive;

use super::{broken_by, cell, cursor, is_hidden, merge};
use crate::interchange::ledgers::grid::{Book, Cell, Grid, GridRow, SharedTexts};
use crate::interchange::limits::Limits;
use crate::interchange::place::Place;
use crate::interchange::source::{SourceFile, Unreadable};

/// Reads all sheets.
pub(super) fn read(file: &SourceFile<'_>, limits: &Limits) -> Result<Book, Unreadable> {
    let broken = |error: &dyn std::fmt::Display| broken_by(file, error);
    let mut workbook: Xlsx<_> = Xlsx::new(cursor(file)).map_err(|error| broken(&error))?;
    let mut archive = ZipArchive::new(cursor(file)).map_err(|error| broken(&error))?;
    let sheets: Vec<_> = workbook.sheets_metadata().to_vec();
    if sheets.len() > limits.sheets {
        return Err(Unreadable::beyond(Place::file(file.name), "sheets", limits.sheets as u64));
    }
    let paths = sheet_paths(&mut archive);
    let (mut book, mut left) = (Book::default(), limits.cells);
    for sheet in &sheets {
        let mut grid = cells(file, &mut workbook, &sheet.name, limits, &mut left)?;
        grid.is_hidden = is_hidden(sheet.visible);
        grid.merges = workbook.merge_cells_by_sheet_name(&sheet.name).unwrap_or_default().iter().map(merge).collect();
        if let Some(hidden) = paths.get(&sheet.name).and_then(|path| hidden(&mut archive, path)) {
            for row in &mut grid.rows {
                row.is_hidden = hidden.rows.contains(&row.number);
            }
            grid.hidden_columns = hidden.columns;
        }
        book.sheets.push(grid);
    }
    Ok(book)
}

fn cells(
    file: &SourceFile<'_>,
    workbook: &mut Xlsx<Cursor<&[u8]>>,
    name: &str,
    limits: &Limits,
    left: &mut usize,
) -> Result<Grid, Unreadable> {
    let mut grid = Grid { name: Some(name.to_owned()), ..Grid::default() };
    // A sheet of a chart or a dialogue has no cells.
    let Ok(mut reader) = workbook.worksheet_cells_reader(name) else { return Ok(grid) };
    let (mut rows, mut texts) = (BTreeMap::<u32, Vec<Cell>>::new(), SharedTexts::default());
    while let Some(next) = reader.next_cell().map_err(|error| broken_by(file, &error))? {
        let ((row, column), value) = (next.get_position(), typed(next.get_value(), &mut texts));
        if value.is_empty() {
            continue;
        }
        check(file, name, limits, (row, column), &value)?;
        let held = rows.entry(row).or_default();
        let width = column as usize + 1;
        let grown = width.saturating_sub(held.len());
        *left = left.checked_sub(grown).ok_or_else(|| {
            Unreadable::beyond(Place::row(file.name, Some(name), row + 1), "cells", limits.cells as u64)
        })?;
        if grown > 0 {
            held.resize(width, Cell::Empty);
        }
        held[column as usize] = value;
    }
    let row = |(number, mut cells): (u32, Vec<Cell>)| {
        cells.shrink_to_fit();
        GridRow { number: number + 1, is_hidden: false, cells }
    };
    grid.rows = rows.into_iter().map(row).collect();
    Ok(grid)
}

fn typed(value: &DataRef<'_>, texts: &mut SharedTexts) -> Cell {
    match value {
        DataRef::SharedString(text) => texts.cell(text),
        DataRef::Empty => Cell::Empty,
        other if other.is_empty() => Cell::Empty,
        other => cell(&calamine::Data::from(other.clone())),
    }
}

fn check(
    file: &SourceFile<'_>,
    sheet: &str,
    limits: &Limits,
    (row, column): (u32, u32),
    value: &Cell,
) -> Result<(), Unreadable> {
    let place = || Place::row(file.name, Some(sheet), row.saturating_add(1)).in_column(column as usize);
    if row as usize >= limits.rows {
        return Err(Unreadable::beyond(place(), "rows", limits.rows as u64));
    }
    if column as usize >= limits.columns {
        return Err(Unreadable::beyond(place(), "columns", limits.columns as u64));
    }
    match value {
        Cell::Text(text) if text.len() > limits.text_bytes => {
            Err(Unreadable::beyond(place(), "text_bytes", limits.text_bytes as u64))
        }
        _ => Ok(()),
    }
}

struct Hidden {
    rows: BTreeSet<u32>,
    columns: Vec<u32>,
}

/// The rows and columns that a sheet hides; nothing where its part cannot be read.
fn hidden(archive: &mut ZipArchive<Cursor<&[u8]>>, path: &str) -> Option<Hidden> {
    let part = archive.by_name(path).ok()?;
    let mut reader = Reader::from_reader(BufReader::new(part));
    let (mut buffer, mut row) = (Vec::new(), 0_u32);
    let mut hidden = Hidden { rows: BTreeSet::new(), columns: Vec::new() };
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer).ok()? {
            Event::Start(tag) | Event::Empty(tag) if tag.local_name().as_ref() == "row" => {
                row = number(&tag, "r").unwrap_or(row + 1);
                if is_set(&tag, "hidden") {
                    hidden.rows.insert(row);
                }
            }
            Event::Start(tag) | Event::Empty(tag) if tag.local_name().as_ref() == "col" && is_set(&tag, "hidden") => {
                let (first, last) = (number(&tag, "min")?, number(&tag, "max")?);
                hidden.columns.extend((first..=last.min(first.saturating_add(16_384))).map(|column| column - 1));
            }
            Event::Eof => return Some(hidden),
            _ => {}
        }
    }
}

/// The part of each sheet, by the sheet's name.
fn sheet_paths(archive: &mut ZipArchive<Cursor<&[u8]>>) -> BTreeMap<String, String> {
    let mut targets = BTreeMap::new();
    for_each_tag(archive, "xl/_rels/workbook.xml.rels", "Relationship", |tag| {
        if let (Some(id), Some(target)) = (attribute(tag, "Id"), attribute(tag, "Target")) {
            let path = target.strip_prefix('/').map_or_else(|| format!("xl/{target}"), str::to_owned);
            targets.insert(id, path);
        }
    });
    let mut paths = BTreeMap::new();
    for_each_tag(archive, "xl/workbook.xml", "sheet", |tag| {
        let path = attribute(tag, "r:id").and_then(|id| targets.get(&id).cloned());
        if let (Some(name), Some(path)) = (attribute(tag, "name"), path) {
            paths.insert(name, path);
        }
    });
    paths
}

fn for_each_tag(
    archive: &mut ZipArchive<Cursor<&[u8]>>,
    path: &str,
    name: &str,
    mut found: impl FnMut(&BytesStart<'_>),
) {
    let Ok(part) = archive.by_name(path) else { return };
    let mut reader = Reader::from_reader(BufReader::new(part));
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer) {
            Ok(Event::Start(tag) | Event::Empty(tag)) if tag.local_name().as_ref() == name => found(&tag),
            Ok(Event::Eof) | Err(_) => return,
            Ok(_) => {}
        }
    }
}

fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let attribute = tag.try_get_attribute(name).ok()??;
    quick_xml::escape::unescape(&attribute.value).ok().map(std::borrow::Cow::into_owned)
}

fn number(tag: &BytesStart<'_>, name: &str) -> Option<u32> {
    attribute(tag, name)?.parse().ok().filter(|number| *number > 0)
}

fn is_set(tag: &BytesStart<'_>, name: &str) -> bool {
    attribute(tag, name).is_some_and(|value| value == "1" || value == "true")
}
