//! The second copy in sled. No type of sled leaves this file.
//!
//! Frames that arrive together are stored together, as a group: their bytes back to back, cut into parts
//! of at most [`Form::part_bytes`]. A key is
//! `first revision of the group ‖ part`, both big-endian, so that sled's order is the ledger's. Fewer and
//! fuller values cost sled about half of what a value a frame does.

use std::fs::{File, OpenOptions};
use std::path::Path;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use super::codec;
use super::platform;
use super::second_copy::{SecondCopy, SecondCopyError};
use super::segment;

/// How sled is laid out, which cannot be changed afterwards.
#[derive(Debug, Clone, Copy)]
struct Form {
    segment_bytes: usize,
    /// The largest value given to sled. A leaf of sled's holds at most 20 of them for a moment, and beyond a quarter of
    /// a segment sled puts a leaf into a file of its own, which it never syncs.
    part_bytes: usize,
}

/// The newest form first. The older one has sled's own segments: parts must be a quarter as large, and cost five times
/// the time.
const FORMS: [Form; 2] =
    [Form { segment_bytes: 2 << 20, part_bytes: 8 << 10 }, Form { segment_bytes: 512 << 10, part_bytes: 2 << 10 }];
/// A group is closed when it has this many bytes, so that one frame can be read without many others.
const GROUP_BYTES: usize = 64 << 10;
/// How much sled is given before it has to hand it on to the kernel.
const HELD_BYTES: usize = 4 << 20;
/// How many parts are removed in one of sled's batches.
const BATCH_PARTS: usize = 1024;

/// How long a lock of sled's is waited for; no other process can hold it.
const LOCK_PATIENCE: Duration = Duration::from_secs(2);

/// May be cloned: all clones are the same copy, and sled can be used from several threads.
#[derive(Clone)]
pub(super) struct SledCopy {
    frames: sled::Db,
    form: Form,
    /// sled's own file: its `flush` asks the kernel to write, but not the device to keep.
    file: Arc<File>,
}

impl SledCopy {
    pub fn open(folder: &Path, cache_bytes: u64) -> Result<Self, SecondCopyError> {
        platform::create_private_folder(folder).map_err(|error| failed("create the folder", &error))?;
        let (frames, form) = open_in_its_form(folder, cache_bytes)?;
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .open(folder.join("db"))
            .map_err(|error| failed("open its file", &error))?;
        file.sync_all().map_err(|error| failed("sync its file", &error))?;
        platform::make_private(folder).map_err(|error| failed("close to others", &error))?;
        platform::sync_folder(folder).map_err(|error| failed("sync its folder", &error))?;
        Ok(Self { frames, form, file: Arc::new(file) })
    }

    /// Where what is stored ends.
    pub fn end(&self) -> Result<End, SecondCopyError> {
        let Some((key, _)) = self.frames.last().map_err(|error| failed("read", &error))? else {
            return Ok(End { whole: 0, newest: 0 });
        };
        let (first, _) = split_key(&key)?;
        let mut end = End { whole: first.saturating_sub(1), newest: first };
        for (revision, bytes) in self.groups(first, 1)?.iter().flat_map(Group::frames) {
            if end.whole + 1 == revision && codec::whole(&bytes, revision).is_ok() {
                end.whole = revision;
            }
            end.newest = revision;
        }
        Ok(end)
    }

    fn apply(&self, batch: sled::Batch) -> Result<(), SecondCopyError> {
        self.frames.apply_batch(batch).map_err(|error| failed("write", &error))
    }

    /// Stores frames under the revision of the first. Part by part: a frame need not be atomic here, its checksums tell,
    /// and for a batch sled would write and sync a note of its own. A large group is handed on to the kernel now and
    /// then: until then sled holds in memory what it was given, and what it replaced.
    fn write_group(&self, first: u64, bytes: &[u8]) -> Result<(), SecondCopyError> {
        let parts_at_once = HELD_BYTES / self.form.part_bytes;
        for (part, piece) in (0_u32..).zip(bytes.chunks(self.form.part_bytes)) {
            self.frames.insert(key(first, part), piece).map_err(|error| failed("write", &error))?;
            if (part as usize + 1).is_multiple_of(parts_at_once) {
                self.frames.flush().map_err(|error| failed("flush", &error))?;
            }
        }
        Ok(())
    }

    /// The first revision of the group in which a revision lies, if it is stored.
    fn group_of(&self, revision: u64) -> Result<u64, SecondCopyError> {
        match self.frames.range(..=key(revision, u32::MAX)).next_back() {
            None => Ok(revision),
            Some(item) => Ok(split_key(&item.map_err(|error| failed("read", &error))?.0)?.0),
        }
    }

    /// The groups from the one that begins with `first` on, until about `budget` bytes are reached.
    fn groups(&self, first: u64, budget: usize) -> Result<Vec<Group>, SecondCopyError> {
        let mut groups: Vec<Group> = Vec::new();
        let mut size = 0;
        for item in self.frames.range(key(first, 0)..) {
            let (key, value) = item.map_err(|error| failed("read", &error))?;
            let (first, part) = split_key(&key)?;
            match groups.last_mut() {
                // A part that is missing leaves bytes that no checksum accepts.
                Some(group) if group.first == first => group.bytes.extend_from_slice(&value),
                Some(_) if size >= budget => break,
                _ if part == 0 => groups.push(Group { first, bytes: value.to_vec() }),
                _ => groups.push(Group { first, bytes: Vec::new() }),
            }
            size += value.len();
        }
        Ok(groups)
    }
}

/// Where what is stored ends. Whoever is killed while sled takes over leaves the beginning of a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct End {
    /// Everything in the last group up to this revision is whole.
    pub whole: u64,
    /// The newest revision of which anything is stored; 0 when there is none.
    pub newest: u64,
}

/// Frames that were stored together.
struct Group {
    first: u64,
    bytes: Vec<u8>,
}

impl Group {
    /// The frames; damaged bytes stand under the revision that should be at their place.
    fn frames(&self) -> Vec<(u64, Vec<u8>)> {
        let mut frames = Vec::new();
        let mut next = self.first;
        let mut at = 0;
        while at < self.bytes.len() {
            let rest = &self.bytes[at..];
            let length = match codec::decode(rest) {
                Ok((header, _)) => {
                    next = header.revision;
                    codec::HEADER_BYTES + header.payload_bytes as usize
                }
                Err(_) => segment::next_frame(rest, 0),
            };
            frames.push((next, rest[..length].to_vec()));
            next = next.saturating_add(1);
            at += length;
        }
        frames
    }
}

impl SecondCopy for SledCopy {
    fn write(&mut self, frames: &[(u64, &[u8])]) -> Result<(), SecondCopyError> {
        let mut group: Vec<u8> = Vec::new();
        let mut first = None;
        for (revision, bytes) in frames {
            if group.len() + bytes.len() > GROUP_BYTES
                && let Some(first) = first.take()
            {
                self.write_group(first, &group)?;
                group.clear();
            }
            if bytes.len() > GROUP_BYTES {
                // Alone in its group, as it is: a copy of a large one would be large, too.
                self.write_group(*revision, bytes)?;
                continue;
            }
            first.get_or_insert(*revision);
            group.extend_from_slice(bytes);
        }
        first.map_or(Ok(()), |first| self.write_group(first, &group))
    }

    fn sync(&mut self) -> Result<(), SecondCopyError> {
        self.frames.flush().map_err(|error| failed("flush", &error))?;
        platform::sync_data(&self.file).map_err(|error| failed("sync", &error))
    }

    fn scan(&mut self, from: u64, budget: usize) -> Result<Vec<(u64, Vec<u8>)>, SecondCopyError> {
        let mut start = self.group_of(from)?;
        loop {
            let groups = self.groups(start, budget)?;
            let Some(last) = groups.last() else {
                return Ok(Vec::new());
            };
            let frames: Vec<_> =
                groups.iter().flat_map(Group::frames).filter(|(revision, _)| *revision >= from).collect();
            if !frames.is_empty() {
                return Ok(frames);
            }
            // The group ends before the revision that was asked for.
            start = last.first + 1;
        }
    }

    fn cut(&mut self, last: u64) -> Result<(), SecondCopyError> {
        let start = self.group_of(last)?;
        let kept: Vec<(u64, Vec<u8>)> =
            self.groups(start, 1)?.iter().flat_map(Group::frames).filter(|(revision, _)| *revision <= last).collect();
        loop {
            let mut batch = sled::Batch::default();
            let mut count = 0;
            for item in self.frames.range(key(start, 0)..).keys().take(BATCH_PARTS) {
                batch.remove(item.map_err(|error| failed("read", &error))?);
                count += 1;
            }
            if count == 0 {
                break;
            }
            self.apply(batch)?;
        }
        let kept: Vec<_> = kept.iter().map(|(revision, bytes)| (*revision, bytes.as_slice())).collect();
        self.write(&kept)
    }
}

/// Opens sled in the form that it has; in the newest where there is nothing yet.
fn open_in_its_form(folder: &Path, cache_bytes: u64) -> Result<(sled::Db, Form), SecondCopyError> {
    let mut opened = open_patiently(folder, cache_bytes, FORMS[0]);
    for older in &FORMS[1..] {
        if !matches!(opened, Err(sled::Error::Unsupported(_))) {
            break;
        }
        opened = open_patiently(folder, cache_bytes, *older);
    }
    opened.map_err(|error| failed("open", &error))
}

/// Opens sled. Its threads let go of the lock a little after a handle was dropped, so that is waited for.
fn open_patiently(folder: &Path, cache_bytes: u64, form: Form) -> sled::Result<(sled::Db, Form)> {
    let began = Instant::now();
    loop {
        let opened = sled::Config::new()
            .path(folder)
            .cache_capacity(cache_bytes)
            .segment_size(form.segment_bytes)
            .flush_every_ms(None)
            .mode(sled::Mode::HighThroughput)
            .open();
        match opened {
            Err(sled::Error::Io(error))
                if error.to_string().contains("could not acquire lock") && began.elapsed() < LOCK_PATIENCE =>
            {
                thread::sleep(Duration::from_millis(5));
            }
            result => return result.map(|frames| (frames, form)),
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

pub(super) fn failed(action: &str, error: &dyn std::error::Error) -> SecondCopyError {
    SecondCopyError(format!("cannot {action}: {error}"))
}

#[cfg(test)]
impl SledCopy {
    /// Takes the last part of the last group away, as if the process had been killed before it was written.
    pub fn tear_last_group(&self) {
        let (key, _) = self.frames.pop_max().expect("read").expect("there is one");
        assert!(split_key(&key).expect("a key").1 > 0, "the group has several parts");
        self.frames.flush().expect("flushed");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_in_the_older_form_is_used_as_it_is() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("second");
        std::fs::create_dir(&path).expect("created");
        drop(open_patiently(&path, 1 << 20, FORMS[1]).expect("a new one in the older form"));
        let mut copy = SledCopy::open(&path, 1 << 20).expect("opens");
        assert_eq!(copy.form.part_bytes, FORMS[1].part_bytes);
        let frame = vec![7; 5_000];
        copy.write(&[(1, &frame)]).and_then(|()| copy.sync()).expect("written");
        assert_eq!(copy.groups(1, 1).expect("read")[0].bytes, frame);
        drop(copy);
        let new = SledCopy::open(&folder.path().join("third"), 1 << 20).expect("opens");
        assert_eq!(new.form.part_bytes, FORMS[0].part_bytes);
    }

    #[test]
    fn the_parts_of_a_leaf_stay_below_what_sled_puts_into_files_of_their_own() {
        for form in FORMS {
            assert!(20 * (form.part_bytes + 64) < form.segment_bytes / 4, "{form:?}");
        }
    }
}
