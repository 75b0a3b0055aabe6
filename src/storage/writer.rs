//! Writing a ledger frame by frame into an empty folder, as a restore does.

use std::path::PathBuf;
use std::sync::Arc;

use super::codec::{HEADER_BYTES, Header};
use super::disk::{Disk, DiskFile, OpenMode};
use super::error::StorageError;
use super::layout::Layout;
use super::segment::{self, SEGMENT_HEADER_BYTES, SegmentHeader};
use super::types::Head;

/// Writes checked, linked frames into segments.
pub(super) struct LedgerWriter<'a> {
    disk: &'a Arc<dyn Disk>,
    folder: PathBuf,
    segment_bytes: u64,
    open: Option<Open>,
    /// The end of what was written.
    pub head: Head,
    /// Removed payloads that no act has explained yet, by the revision of the act: (act, subject).
    unexplained: Vec<(u64, u64)>,
}

struct Open {
    file: Box<dyn DiskFile>,
    path: PathBuf,
    first: u64,
    offset: u64,
}

impl<'a> LedgerWriter<'a> {
    pub fn new(disk: &'a Arc<dyn Disk>, layout: &Layout, segment_bytes: u64) -> Result<Self, StorageError> {
        let folder = layout.journal();
        disk.create_folder(&folder).map_err(StorageError::io("create", &folder))?;
        Ok(Self { disk, folder, segment_bytes, open: None, head: Head::empty(), unexplained: Vec::new() })
    }

    /// Adds the next frame. It must be whole and linked to the one before.
    pub fn push(&mut self, header: &Header, payload: &[u8]) -> Result<(), StorageError> {
        let revision = self.head.revision + 1;
        let refused = |reason: &str| StorageError::Refused { revision, reason: reason.to_owned() };
        if header.revision != revision || header.previous != self.head.hash {
            return Err(refused("the frame is not linked to the one before"));
        }
        header.check_payload(payload).map_err(|fault| refused(&fault.to_string()))?;
        if header.redacted_by != 0 {
            self.unexplained.push((header.redacted_by, revision));
        }
        self.unexplained.retain(|(act, subject)| !(*act == revision && header.redacts == *subject));
        // Batches are not known here; each frame is taken for one of its own.
        let header = Header { batch: revision, ..*header };
        self.write(&header, payload)?;
        self.head = Head { revision, hash: header.hash(), time: header.time };
        Ok(())
    }

    fn write(&mut self, header: &Header, payload: &[u8]) -> Result<(), StorageError> {
        let full = self.open.as_ref().is_none_or(|open| {
            open.offset > SEGMENT_HEADER_BYTES && open.offset + header.frame_bytes() > self.segment_bytes
        });
        if full {
            self.begin(header)?;
        }
        if let Some(open) = &mut self.open {
            let failed = |source| StorageError::Io { action: "write", path: open.path.clone(), source };
            open.file.write_at(open.offset, &header.encode()).map_err(failed)?;
            open.file.write_at(open.offset + HEADER_BYTES as u64, payload).map_err(failed)?;
            open.offset += header.frame_bytes();
        }
        Ok(())
    }

    fn begin(&mut self, header: &Header) -> Result<(), StorageError> {
        let previous_first = self.open.as_ref().map_or(0, |open| open.first);
        self.sync()?;
        let path = self.folder.join(segment::file_name(header.revision));
        let start = SegmentHeader { first: header.revision, previous_first, previous: header.previous };
        let file = self.disk.open(&path, OpenMode::CreateNew).map_err(StorageError::io("create", &path))?;
        file.write_at(0, &start.encode()).map_err(StorageError::io("write", &path))?;
        self.open = Some(Open { file, path, first: header.revision, offset: SEGMENT_HEADER_BYTES });
        Ok(())
    }

    fn sync(&self) -> Result<(), StorageError> {
        match &self.open {
            Some(open) => open.file.sync().map_err(StorageError::io("sync", &open.path)),
            None => Ok(()),
        }
    }

    /// Brings everything to stable storage.
    ///
    /// # Errors
    /// `Refused` when a payload is missing whose removal lies beyond the end.
    pub fn finish(self) -> Result<Head, StorageError> {
        if let Some((act, subject)) = self.unexplained.iter().max() {
            let reason = format!(
                "its payload was removed by revision {act}, which this ledger would not contain; restore \
                 revision {act} or later, or use an older backup"
            );
            return Err(StorageError::Refused { revision: *subject, reason });
        }
        self.sync()?;
        self.disk.sync_folder(&self.folder).map_err(StorageError::io("sync", &self.folder))?;
        Ok(self.head)
    }
}
