//! What a packed file unpacks to, before anything takes it apart.

use std::io::{self, Read, Write};

use zip::ZipArchive;

use super::{cursor, damaged};
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
    let broken = |error: &dyn std::fmt::Display| damaged(file, &error.to_string());
    let mut archive = ZipArchive::new(cursor(file)).map_err(|error| broken(&error))?;
    if archive.len() > MOST_PARTS {
        return Err(damaged(file, "too many parts"));
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
    if holds("[Content_Types].xml") { Ok(Packed::Xlsx) } else { Err(damaged(file, "it holds no workbook")) }
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
