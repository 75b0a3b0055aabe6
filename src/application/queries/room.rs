//! Writing answers within the memory that a query may hold: a node of four bytes is some thousand bytes when it is
//! written out.

use std::io;

use serde::Serialize;

use crate::query::{ErrorDetail, ErrorKind, QueryError};

/// Adds a value as JSON to the bytes; nothing of it, where it has more than `most` bytes.
///
/// # Errors
/// `BudgetExceeded` where it has more.
pub fn write_within(bytes: &mut Vec<u8>, value: &impl Serialize, most: u64) -> Result<(), QueryError> {
    let before = bytes.len();
    let most = before.saturating_add(usize::try_from(most).unwrap_or(usize::MAX));
    serde_json::to_writer(Room { bytes, most }, value).map_err(|_| {
        bytes.truncate(before);
        too_long(most - before)
    })
}

pub(super) fn too_long(most: usize) -> QueryError {
    let message = format!(
        "the query was stopped in Result: written out, its answer has more than {most} bytes; name the properties that \
         are needed instead of whole nodes, or add LIMIT"
    );
    QueryError::runtime(ErrorKind::BudgetExceeded, ErrorDetail::MemoryLimit, message)
}

/// Bytes with an end.
struct Room<'a> {
    bytes: &'a mut Vec<u8>,
    most: usize,
}

impl io::Write for Room<'_> {
    fn write(&mut self, more: &[u8]) -> io::Result<usize> {
        if self.bytes.len() + more.len() > self.most {
            return Err(io::ErrorKind::StorageFull.into());
        }
        self.bytes.extend_from_slice(more);
        Ok(more.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
