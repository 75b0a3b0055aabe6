//! Bringing a ledger back from a backup or an export, into an empty folder.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use super::backup;
use super::disk;
use super::error::StorageError;
use super::export;
use super::layout::Layout;
use super::lock::FolderLock;
use super::options::StorageOptions;
use super::recovery;
use super::types::Head;
use super::writer::LedgerWriter;

/// Restores up to `revision`, or everything. The whole input is read and proven, also beyond `revision`.
/// After a failure the folder refuses to be opened, and may be deleted.
pub(super) fn restore(
    input: &mut dyn Read,
    folder: &Path,
    options: &StorageOptions,
    revision: Option<u64>,
) -> Result<Head, StorageError> {
    let disk = &options.disk;
    let layout = Layout::new(folder);
    disk.create_folder(folder).map_err(StorageError::io("create", folder))?;
    let present = disk.list(folder).map_err(StorageError::io("list", folder))?;
    if present.iter().any(|name| name != "lock" && name != "lost+found") {
        return Err(StorageError::Request(format!("{} is not empty", folder.display())));
    }
    let lock = FolderLock::take(folder)?;
    let note = layout.restoring();
    disk::replace_file(disk, &note, &[b"unfinished\n"]).map_err(StorageError::io("write", &note))?;
    let mut writer = LedgerWriter::new(disk, &layout, options.segment_bytes)?;
    let last = revision.unwrap_or(u64::MAX);
    let promised = read_any(input, &mut writer, last, options.largest_payload)?;
    if revision.is_some_and(|wanted| wanted > promised.revision) {
        return Err(StorageError::Request(format!("it ends at revision {}", promised.revision)));
    }
    let written = writer.finish()?;
    disk.remove(&note).map_err(StorageError::io("remove", &note))?;
    disk.sync_folder(folder).map_err(StorageError::io("sync", folder))?;
    drop(lock);
    // Opening proves the chain once more, from the disk, and builds the second copy.
    let (ledger, report) = recovery::open(folder, options)?;
    drop(ledger);
    if report.head == written {
        Ok(written)
    } else {
        Err(StorageError::Refused {
            revision: report.head.revision,
            reason: "what was read back is not what was restored".to_owned(),
        })
    }
}

fn read_any(input: &mut dyn Read, writer: &mut LedgerWriter<'_>, last: u64, limit: u64) -> Result<Head, StorageError> {
    let mut input = BufReader::with_capacity(1 << 16, input);
    let failed = |source| StorageError::Io { action: "read", path: "the input".into(), source };
    if input.fill_buf().map_err(failed)?.first() == Some(&b'{') {
        return export::read(&mut input, writer, last, limit);
    }
    let mut magic = [0; 4];
    input.read_exact(&mut magic).map_err(failed)?;
    if magic == backup::BACKUP_MAGIC {
        return backup::read(&mut input, writer, last, limit);
    }
    let reason = "it is neither a backup nor an export of a ledger that this program knows".to_owned();
    Err(StorageError::Format { what: "the input".to_owned(), reason })
}
