//! Workbooks: Excel 2007 and later, Excel 97 to 2003, `OpenDocument`.
//!
//! The files are read by `calamine`. What it does not tell (hidden rows, the size that a file unpacks to, how far apart
//! its cells lie) is looked up first, so that no file makes it use more memory than the limits allow.

mod checks;
mod old;
mod old_records;
mod open_document;
mod xlsx;

use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{Data, Dimensions, ExcelDateTime, SheetVisible};
use jiff::civil::Date;

use super::grid::{Book, Cell, Merge};
use crate::interchange::limits::Limits;
use crate::interchange::place::Place;
use crate::interchange::problem::Said;
use crate::interchange::source::{SourceFile, Unreadable};

/// Reads all sheets of a workbook.
///
/// # Errors
/// When it is no workbook, is damaged or locked, or goes beyond a limit.
pub fn read(file: &SourceFile<'_>, limits: &Limits) -> Result<Book, Unreadable> {
    let read = || {
        if file.bytes.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]) {
            return old::read(file, limits);
        }
        match checks::unpacked(file, limits)? {
            checks::Packed::Xlsx => xlsx::read(file, limits),
            checks::Packed::OpenDocument => open_document::read(file, limits),
        }
    };
    // The library is not ours: a fault of it must not end the service.
    catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(|_| {
        Err(damaged(file, Said::new("読み取りの途中で続けられなくなりました", "reading it could not go on")))
    })
}

/// A workbook that cannot be read.
/// What a library said of it, in its own words.
fn broken_by(file: &SourceFile<'_>, error: &dyn std::fmt::Display) -> Unreadable {
    damaged(file, Said::new(format!("詳細: {error}"), error.to_string()))
}

fn damaged(file: &SourceFile<'_>, reason: Said) -> Unreadable {
    Unreadable::new(
        "damaged_workbook",
        Place::file(file.name),
        Said::new(
            format!("ブックとして読めません（{}）", reason.ja),
            format!("it cannot be read as a workbook ({})", reason.en),
        ),
        Said::new(
            "Excelで開けるか確かめ、パスワードを外して.xlsxで保存し直してください",
            "see whether Excel opens it, remove a password, and save it again as .xlsx",
        ),
    )
}

fn is_hidden(visible: SheetVisible) -> bool {
    visible != SheetVisible::Visible
}

fn merge(dimensions: &Dimensions) -> Merge {
    Merge { top: dimensions.start.0, left: dimensions.start.1, bottom: dimensions.end.0, right: dimensions.end.1 }
}

/// A cell of the library as a cell of ours.
fn cell(data: &Data) -> Cell {
    match data {
        Data::Empty => Cell::Empty,
        Data::String(text) | Data::DurationIso(text) => Cell::of(text),
        Data::Float(number) => Cell::Number(*number),
        #[expect(clippy::cast_precision_loss, reason = "a spreadsheet's numbers are floating anyway")]
        Data::Int(number) => Cell::Number(*number as f64),
        Data::Bool(value) => Cell::Boolean(*value),
        Data::DateTime(time) => moment(*time),
        Data::DateTimeIso(text) => iso(text),
        Data::Error(error) => Cell::Error(error.to_string().into()),
    }
}

fn iso(text: &str) -> Cell {
    let day = text.split('T').next().unwrap_or(text);
    day.parse::<Date>().map_or_else(|_| Cell::of(text), Cell::Date)
}

/// A day; a time of day or a span of time stays a number of days.
fn moment(time: ExcelDateTime) -> Cell {
    let number = Cell::Number(time.as_f64());
    if time.is_duration() || time.as_f64() < 1.0 {
        return number;
    }
    let (year, month, day, ..) = time.to_ymd_hms_milli();
    let made = || {
        let (month, day) = (i8::try_from(month).ok()?, i8::try_from(day).ok()?);
        Date::new(i16::try_from(year).ok()?, month, day).ok()
    };
    made().map_or(number, Cell::Date)
}

fn cursor<'a>(file: &SourceFile<'a>) -> Cursor<&'a [u8]> {
    Cursor::new(file.bytes)
}
