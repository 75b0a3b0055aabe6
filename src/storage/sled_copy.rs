//! The second copy in sled. No type of sled leaves this file.
//!
//! Keys are `revision ‖ part` (both big-endian, so that sled's order is the ledger's), values are pieces
//! of at most [`PART_BYTES`], because sled puts larger values into files that it never syncs.

use std::fs::{File, OpenOptions};
use std::path::Path;

use super::platform;
use super::second_copy::{SecondCopy, SecondCopyError};

/// The largest value given to sled.
const PART_BYTES: usize = 2048;
/// How many parts go into one of sled's batches; a frame need not be atomic here, its checksums tell.
const BATCH_PARTS: usize = 1024;

pub(super) struct SledCopy {
    frames: sled::Db,
    /// sled's own file: its `flush` asks the kernel to write, but not the device to keep.
    file: File,
}

impl SledCopy {
    pub fn open(folder: &Path, cache_bytes: u64) -> Result<Self, SecondCopyError> {
        platform::create_private_folder(folder).map_err(|error| failed("create the folder", &error))?;
        let frames = sled::Config::new()
            .path(folder)
            .cache_capacity(cache_bytes)
            .flush_every_ms(None)
            .mode(sled::Mode::HighThroughput)
            .open()
            .map_err(|error| failed("open", &error))?;
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .open(folder.join("db"))
            .map_err(|error| failed("open its file", &error))?;
        file.sync_all().map_err(|error| failed("sync its file", &error))?;
        platform::make_private(folder).map_err(|error| failed("close to others", &error))?;
        platform::sync_folder(folder).map_err(|error| failed("sync its folder", &error))?;
        Ok(Self { frames, file })
    }

    fn apply(&self, batch: sled::Batch) -> Result<(), SecondCopyError> {
        self.frames.apply_batch(batch).map_err(|error| failed("write", &error))
    }
}

impl SecondCopy for SledCopy {
    fn write(&mut self, frames: &[(u64, &[u8])]) -> Result<(), SecondCopyError> {
        let mut batch = sled::Batch::default();
        let mut parts = 0;
        for (revision, bytes) in frames {
            for (part, piece) in (0_u32..).zip(bytes.chunks(PART_BYTES)) {
                batch.insert(&key(*revision, part), piece);
                parts += 1;
                if parts == BATCH_PARTS {
                    self.apply(std::mem::take(&mut batch))?;
                    parts = 0;
                }
            }
        }
        self.apply(batch)
    }

    fn sync(&mut self) -> Result<(), SecondCopyError> {
        self.frames.flush().map_err(|error| failed("flush", &error))?;
        platform::sync_data(&self.file).map_err(|error| failed("sync", &error))
    }

    fn scan(&mut self, from: u64, budget: usize) -> Result<Vec<(u64, Vec<u8>)>, SecondCopyError> {
        let mut found: Vec<(u64, Vec<u8>)> = Vec::new();
        let mut size = 0;
        let mut expected_part = 0;
        for item in self.frames.range(key(from, 0)..) {
            let (key, value) = item.map_err(|error| failed("read", &error))?;
            let (revision, part) = split_key(&key)?;
            match found.last_mut() {
                Some((last, bytes)) if *last == revision => {
                    // A missing part leaves bytes that no checksum accepts.
                    if part == expected_part {
                        bytes.extend_from_slice(&value);
                    }
                }
                _ if size >= budget => break,
                _ => found.push((revision, if part == 0 { value.to_vec() } else { Vec::new() })),
            }
            size += value.len();
            expected_part = part.saturating_add(1);
        }
        Ok(found)
    }

    fn remove(&mut self, from: u64, to: u64) -> Result<(), SecondCopyError> {
        loop {
            let mut batch = sled::Batch::default();
            let mut count = 0;
            for item in self.frames.range(key(from, 0)..=key(to, u32::MAX)).keys().take(BATCH_PARTS) {
                batch.remove(item.map_err(|error| failed("read", &error))?);
                count += 1;
            }
            if count == 0 {
                return Ok(());
            }
            self.apply(batch)?;
        }
    }
}

fn key(revision: u64, part: u32) -> [u8; 12] {
    let mut key = [0; 12];
    key[..8].copy_from_slice(&revision.to_be_bytes());
    key[8..].copy_from_slice(&part.to_be_bytes());
    key
}

fn split_key(key: &[u8]) -> Result<(u64, u32), SecondCopyError> {
    let (Some(revision), Some(part)) = (key.first_chunk::<8>(), key.last_chunk::<4>()) else {
        return Err(SecondCopyError("it holds a key that was never written".to_owned()));
    };
    Ok((u64::from_be_bytes(*revision), u32::from_be_bytes(*part)))
}

fn failed(action: &str, error: &dyn std::error::Error) -> SecondCopyError {
    SecondCopyError(format!("cannot {action}: {error}"))
}
