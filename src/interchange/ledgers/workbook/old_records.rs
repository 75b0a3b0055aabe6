//! What the records of an Excel 97 to 2003 workbook say of its size ([MS-XLS] §2.1.4).
//!
//! They are gone through as the library does it: the part about the whole workbook, then each sheet from where that part
//! says that it begins.

use super::damaged;
use crate::interchange::limits::Limits;
use crate::interchange::place::Place;
use crate::interchange::problem::Said;
use crate::interchange::source::{SourceFile, Unreadable};

/// Records that hold a cell begin with its row and column ([MS-XLS] §2.4).
const CELLS: [u16; 11] = [0x0006, MANY_NUMBERS, 0x00BE, 0x00D6, 0x00FD, 0x0201, 0x0203, 0x0204, 0x0205, 0x027E, 0x0206];
/// A row's neighbouring numbers, six bytes each ([MS-XLS] §2.4.175).
const MANY_NUMBERS: u16 = 0x00BD;
const BEGIN_OF_PART: u16 = 0x0809;
const END_OF_PART: u16 = 0x000A;
/// Where a sheet begins ([MS-XLS] §2.4.28).
const BOUND_SHEET: u16 = 0x0085;
/// How far the cells of a sheet reach ([MS-XLS] §2.4.90).
const DIMENSIONS: u16 = 0x0200;

/// The library lays out every cell between the first and the last, and sets memory aside for as many as a sheet is said to
/// have: refuses sheets whose cells lie too far apart, or that are said to be larger than sheets can be.
pub(super) fn refuse_giants(file: &SourceFile<'_>, workbook: &[u8], limits: &Limits) -> Result<(), Unreadable> {
    let beyond = |name: &'static str, limit: usize| Unreadable::beyond(Place::file(file.name), name, limit as u64);
    let starts: Vec<usize> = Records(workbook)
        .take_while(|(kind, _)| *kind != END_OF_PART)
        .filter(|(kind, _)| *kind == BOUND_SHEET)
        .filter_map(|(_, content)| Some(u32::from_le_bytes(*content.first_chunk()?) as usize))
        .collect();
    if starts.len() > limits.sheets {
        return Err(beyond("sheets", limits.sheets));
    }
    let (mut laid_out, mut seen) = (0_u64, 0);
    for start in starts {
        let (mut part, mut bounds) = (Part::default(), Bounds::default());
        for (kind, content) in Records(workbook.get(start..).unwrap_or_default()) {
            seen += RECORD_HEAD + content.len();
            if seen > workbook.len() {
                return Err(damaged(file, Said::new("シートの範囲が重なっています", "its sheets lie over each other")));
            }
            match part.place_of(kind) {
                Where::End => break,
                Where::Elsewhere => {}
                Where::InSheet if kind == DIMENSIONS && !are_dimensions_of_a_sheet(content) => {
                    return Err(damaged(
                        file,
                        Said::new(
                            "シートの大きさがあり得ない値です",
                            "a sheet is said to be larger than sheets can be",
                        ),
                    ));
                }
                Where::InSheet => bounds.hold_record(kind, content),
            }
            if laid_out + bounds.area() > limits.cells as u64 {
                return Err(beyond("cells", limits.cells));
            }
        }
        laid_out += bounds.area();
    }
    Ok(())
}

/// Kind and length of a record.
const RECORD_HEAD: usize = 4;

/// The records of some bytes up to the first that is not whole: kind and content.
struct Records<'r>(&'r [u8]);

impl<'r> Iterator for Records<'r> {
    type Item = (u16, &'r [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let (head, rest) = self.0.split_first_chunk::<RECORD_HEAD>()?;
        let (content, rest) = rest.split_at_checked(usize::from(two(head, 2)))?;
        self.0 = rest;
        Some((two(head, 0), content))
    }
}

/// Where one is in a sheet, which may hold parts of their own (charts).
#[derive(Default)]
struct Part {
    has_begun: bool,
    depth: usize,
}

enum Where {
    InSheet,
    /// At a border, or within a part of the sheet.
    Elsewhere,
    End,
}

impl Part {
    fn place_of(&mut self, kind: u16) -> Where {
        match kind {
            BEGIN_OF_PART if self.has_begun => self.depth += 1,
            BEGIN_OF_PART => self.has_begun = true,
            END_OF_PART if self.depth == 0 => return Where::End,
            END_OF_PART => self.depth -= 1,
            _ if self.depth == 0 => return Where::InSheet,
            _ => {}
        }
        Where::Elsewhere
    }
}

/// A sheet has 65,536 rows and 256 columns at most. Older files say their rows in two bytes instead of four.
fn are_dimensions_of_a_sheet(content: &[u8]) -> bool {
    let four = |place: usize| u32::from(two(content, place)) | u32::from(two(content, place + 2)) << 16;
    let (first, end, columns) = match content.len() {
        12.. => (four(0), four(4), two(content, 10)),
        8.. => (two(content, 0).into(), two(content, 2).into(), two(content, 6)),
        _ => return true,
    };
    first <= end && end <= 1 << 16 && columns <= 1 << 8
}

/// The corners of the cells of a sheet.
#[derive(Default)]
struct Bounds {
    /// Top, left, bottom, right.
    held: Option<(u32, u32, u32, u32)>,
}

impl Bounds {
    fn hold_record(&mut self, kind: u16, content: &[u8]) {
        if !CELLS.contains(&kind) || content.len() < 4 {
            return;
        }
        let (row, column) = (two(content, 0).into(), two(content, 2).into());
        self.hold(row, column);
        if kind == MANY_NUMBERS {
            let more = content.len().saturating_sub(6) / 6;
            self.hold(row, column + u32::try_from(more.saturating_sub(1)).unwrap_or(u32::MAX));
        }
    }

    fn hold(&mut self, row: u32, column: u32) {
        let (top, left, bottom, right) = self.held.unwrap_or((row, column, row, column));
        self.held = Some((top.min(row), left.min(column), bottom.max(row), right.max(column)));
    }

    fn area(&self) -> u64 {
        self.held.map_or(0, |(top, left, bottom, right)| (u64::from(bottom - top) + 1) * (u64::from(right - left) + 1))
    }
}

/// The number in the two bytes at a place, which must be there.
fn two(bytes: &[u8], place: usize) -> u16 {
    u16::from_le_bytes([bytes[place], bytes[place + 1]])
}
