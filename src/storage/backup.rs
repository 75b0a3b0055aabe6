//! A backup: all frames up to a revision in one stream that proves itself.
//!
//! ```text
//! offset  bytes
//!      0      4  magic "EZB" and the format version (1)
//!      4      8  revision
//!     12     32  hash of its frame
//!     44      8  time of its frame
//!     52      4  CRC-32C of the 52 bytes before
//!     56      …  the frames 1 to revision
//!      …     32  SHA-256 of everything before
//! ```

use std::io::{self, Read, Write};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::codec::{HEADER_BYTES, Header};
use super::disk;
use super::error::StorageError;
use super::hash::Hash;
use super::ledger::Ledger;
use super::types::Head;
use super::writer::LedgerWriter;

/// The first bytes of every backup of format version 1.
pub(super) const BACKUP_MAGIC: [u8; 4] = *b"EZB\x01";
const PREFACE_BYTES: usize = 56;

/// A backup that was taken of this ledger, as far as the ledger knows: somebody may have copied or deleted it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackupRecord {
    /// The revision up to which it goes.
    pub revision: u64,
    /// The hash of that revision.
    pub hash: Hash,
    /// The time of that revision, in microseconds since 1970.
    pub time: i64,
    /// Where it was written, in the caller's words; absent when that is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub written_to: Option<String>,
}

/// Passes bytes on and digests them.
struct Digesting<T> {
    inner: T,
    digest: Sha256,
}

impl<T: Write> Digesting<T> {
    fn put(&mut self, bytes: &[u8]) -> Result<(), StorageError> {
        self.digest.update(bytes);
        self.inner.write_all(bytes).map_err(|source| stream("write", source))
    }
}

impl<T: Read> Digesting<T> {
    fn take(&mut self, bytes: &mut [u8]) -> Result<(), StorageError> {
        self.inner.read_exact(bytes).map_err(|source| stream("read", source))?;
        self.digest.update(bytes);
        Ok(())
    }
}

fn stream(action: &'static str, source: io::Error) -> StorageError {
    StorageError::Io { action, path: "the backup".into(), source }
}

fn wrong(reason: &str) -> StorageError {
    StorageError::Format { what: "the backup".to_owned(), reason: reason.to_owned() }
}

/// Writes the frames up to `head` as `read` gives them, each checked against the chain. O(bytes).
pub(super) fn write(
    out: &mut dyn Write,
    head: Head,
    read: impl Fn(u64) -> Result<(Header, Vec<u8>), StorageError>,
) -> Result<(), StorageError> {
    let mut out = Digesting { inner: out, digest: Sha256::new() };
    out.put(&preface(head))?;
    let mut previous = Hash::genesis();
    for revision in 1..=head.revision {
        let (header, payload) = read(revision)?;
        if header.previous != previous {
            return Err(StorageError::Damaged { revision, reason: "it is not linked to the frame before".to_owned() });
        }
        refuse_later_redaction(&header, head)?;
        previous = header.hash();
        out.put(&header.encode())?;
        out.put(&payload)?;
    }
    if previous != head.hash {
        return Err(StorageError::Damaged { revision: head.revision, reason: "its hash is another".to_owned() });
    }
    let digest = out.digest.clone().finalize();
    out.put(&digest)?;
    out.inner.flush().map_err(|source| stream("write", source))
}

/// Whether a backup at a head is possible: no payload before it was removed after it. O(bytes).
pub(super) fn check(
    head: Head,
    read: impl Fn(u64) -> Result<(Header, Vec<u8>), StorageError>,
) -> Result<(), StorageError> {
    (1..=head.revision).try_for_each(|revision| refuse_later_redaction(&read(revision)?.0, head))
}

fn refuse_later_redaction(header: &Header, head: Head) -> Result<(), StorageError> {
    if header.redacted_by <= head.revision {
        return Ok(());
    }
    let reason = format!("revision {} was redacted by revision {}", header.revision, header.redacted_by);
    Err(StorageError::Request(format!("a backup at revision {} is impossible: {reason}", head.revision)))
}

/// Reads a backup whole, gives its frames up to `last` to the writer, and checks digest and head.
/// The magic has been read already.
pub(super) fn read(
    input: &mut dyn Read,
    writer: &mut LedgerWriter<'_>,
    last: u64,
    limit: u64,
) -> Result<Head, StorageError> {
    let mut input = Digesting { inner: input, digest: Sha256::new() };
    input.digest.update(BACKUP_MAGIC);
    let mut rest = [0; PREFACE_BYTES - 4];
    input.take(&mut rest)?;
    let head = head_of(&rest).ok_or_else(|| wrong("its beginning is damaged"))?;
    let mut chain = Hash::genesis();
    for revision in 1..=head.revision {
        let mut bytes = [0; HEADER_BYTES];
        input.take(&mut bytes)?;
        let damaged = |reason: String| StorageError::Damaged { revision, reason };
        let header = Header::decode(&bytes).map_err(|fault| damaged(fault.to_string()))?;
        if u64::from(header.payload_bytes) > limit {
            return Err(damaged(format!("its payload is larger than the limit of {limit} bytes")));
        }
        let mut payload = vec![0; header.payload_bytes as usize];
        input.take(&mut payload)?;
        if revision <= last {
            writer.push(&header, &payload)?;
        }
        chain = header.hash();
    }
    let digest: [u8; 32] = input.digest.clone().finalize().into();
    let mut stored = [0; 32];
    input.take(&mut stored)?;
    if digest != stored {
        return Err(wrong("it was changed after it was taken, or damaged"));
    }
    if chain != head.hash {
        return Err(wrong("its last frame is not the one that it promises"));
    }
    if input.inner.read(&mut [0]).map_err(|source| stream("read", source))? != 0 {
        return Err(wrong("something follows its end"));
    }
    Ok(head)
}

fn preface(head: Head) -> [u8; PREFACE_BYTES] {
    let mut bytes = [0; PREFACE_BYTES];
    bytes[..4].copy_from_slice(&BACKUP_MAGIC);
    bytes[4..12].copy_from_slice(&head.revision.to_le_bytes());
    bytes[12..44].copy_from_slice(head.hash.as_bytes());
    bytes[44..52].copy_from_slice(&head.time.to_le_bytes());
    let crc = crc32c::crc32c(&bytes[..52]);
    bytes[52..].copy_from_slice(&crc.to_le_bytes());
    bytes
}

fn head_of(rest: &[u8; PREFACE_BYTES - 4]) -> Option<Head> {
    let mut bytes = BACKUP_MAGIC.to_vec();
    bytes.extend_from_slice(rest);
    let crc = u32::from_le_bytes(*bytes[52..].first_chunk()?);
    (crc32c::crc32c(&bytes[..52]) == crc).then_some(())?;
    Some(Head {
        revision: u64::from_le_bytes(*bytes[4..].first_chunk()?),
        hash: Hash::from_bytes(*bytes[12..].first_chunk()?),
        time: i64::from_le_bytes(*bytes[44..].first_chunk()?),
    })
}

impl Ledger {
    /// Writes a backup while the ledger goes on, and notes that it was taken.
    pub(super) fn backup(&self, out: &mut dyn Write, head: Head, to: Option<&str>) -> Result<(), StorageError> {
        write(out, head, |revision| self.raw_frame(revision))?;
        if let Err(error) = self.note_backup(head, to) {
            tracing::warn!(%error, "the backup was taken but could not be noted");
        }
        Ok(())
    }

    pub(super) fn note_backup(&self, head: Head, to: Option<&str>) -> io::Result<()> {
        let _maintenance = self.maintain();
        let path = self.layout.backups();
        let before = disk::read_file(&self.options.disk, &path).unwrap_or_default();
        let written_to = to.map(str::to_owned);
        let record = BackupRecord { revision: head.revision, hash: head.hash, time: head.time, written_to };
        let line = serde_json::to_string(&record).map_err(io::Error::other)? + "\n";
        disk::replace_file(&self.options.disk, &path, &[&before, line.as_bytes()])
    }

    /// The backups that were noted, oldest first.
    pub(super) fn backups(&self) -> Vec<BackupRecord> {
        let bytes = disk::read_file(&self.options.disk, &self.layout.backups()).unwrap_or_default();
        String::from_utf8_lossy(&bytes).lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
    }
}
