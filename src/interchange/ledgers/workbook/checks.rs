//! What a packed file unpacks to, before anything takes it apart.

use std::io::{self, BufRead, BufReader, Cursor, Read, Write};

use quick_xml::Reader;
use quick_xml::events::Event;
use zip::ZipArchive;

use super::{broken_by, cursor, damaged};
use crate::interchange::limits::Limits;
use crate::interchange::place::Place;
use crate::interchange::problem::Said;
use crate::interchange::source::{SourceFile, Unreadable};

/// The most parts of a packed file.
const MOST_PARTS: usize = 10_000;

/// What is in a packed file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Packed {
    /// Office Open XML.
    Xlsx,
    /// `OpenDocument`.
    OpenDocument,
}

/// Unpacks every part once, keeping nothing, so that what is stated of its size is known to be true.
pub(super) fn unpacked(file: &SourceFile<'_>, limits: &Limits) -> Result<Packed, Unreadable> {
    let broken = |error: &dyn std::fmt::Display| broken_by(file, error);
    let mut archive = ZipArchive::new(cursor(file)).map_err(|error| broken(&error))?;
    if archive.len() > MOST_PARTS {
        return Err(damaged(file, Said::new("部品が多すぎます", "it has too many parts")));
    }
    let mut left = limits.unpacked_bytes;
    for place in 0..archive.len() {
        let mut part = archive.by_index(place).map_err(|error| broken(&error))?;
        let size = io::copy(&mut part.by_ref().take(left.saturating_add(1)), &mut Nowhere).map_err(|e| broken(&e))?;
        if size > left {
            return Err(Unreadable::beyond(Place::file(file.name), "unpacked_bytes", limits.unpacked_bytes));
        }
        left -= size;
    }
    refuse_boasting(file, &mut archive)?;
    let holds = |name: &str| archive.index_for_name(name).is_some();
    if holds("xl/workbook.bin") {
        return Err(Unreadable::new(
            "binary_workbook",
            Place::file(file.name),
            Said::new("バイナリブック（.xlsb）は読めません", "binary workbooks (.xlsb) are not read"),
            Said::new(".xlsxで保存し直してください", "save it as .xlsx"),
        ));
    }
    if holds("content.xml") {
        return Ok(Packed::OpenDocument);
    }
    if holds("[Content_Types].xml") {
        Ok(Packed::Xlsx)
    } else {
        Err(damaged(file, Said::new("中にブックがありません", "it holds no workbook")))
    }
}

/// A workbook may say of so many texts that they come, however few do.
const TEXTS_AT_ONCE: u64 = 1 << 20;
/// The shortest shared text is `<si/>`.
const SHORTEST_TEXT: u64 = 5;

/// The library sets memory aside for as many shared texts as a workbook says it has (ECMA-376 part 1 §18.4.9): refuses one
/// that says more than its bytes can hold. All parts must have been unpacked before.
fn refuse_boasting(file: &SourceFile<'_>, archive: &mut ZipArchive<Cursor<&[u8]>>) -> Result<(), Unreadable> {
    let is_shared = |name: &str| name.to_ascii_lowercase().ends_with("sharedstrings.xml");
    let name_of = |place: usize| archive.name_for_index(place)?.ok();
    let places: Vec<usize> =
        (0..archive.len()).filter(|place| name_of(*place).is_some_and(|name| is_shared(&name))).collect();
    for place in places {
        let part = archive.by_index(place).map_err(|error| broken_by(file, &error))?;
        let most = (part.size() / SHORTEST_TEXT).max(TEXTS_AT_ONCE);
        if stated_texts(BufReader::new(part)).is_some_and(|stated| stated > most) {
            return Err(damaged(
                file,
                Said::new(
                    "収まるはずのない数の文字列があるとしています",
                    "it says that it holds more texts than it can",
                ),
            ));
        }
    }
    Ok(())
}

/// How many shared texts a part says it holds; nothing if it does not say.
fn stated_texts(part: impl BufRead) -> Option<u64> {
    let mut reader = Reader::from_reader(part);
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer).ok()? {
            Event::Start(start) if start.local_name().as_ref() == "sst" => {
                // What cannot be told apart here may be read there.
                let count = start.try_get_attribute("uniqueCount");
                return count.map_or(Some(u64::MAX), |count| count.map(|count| number(&count.value)));
            }
            Event::Eof => return None,
            _ => {}
        }
    }
}

/// The number whose digits stand in a text, or the largest one where it is larger.
fn number(text: &str) -> u64 {
    let digits = text.chars().filter_map(|character| character.to_digit(10));
    digits.fold(0, |number: u64, digit| number.saturating_mul(10).saturating_add(digit.into()))
}

struct Nowhere;

impl Write for Nowhere {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
