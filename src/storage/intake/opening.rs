//! What the files of the intake hold when they are opened.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use super::super::platform;
use super::super::segment;
use super::{Basin, FILE_PREFIX};

/// The valid frames that were found, in the order of their revisions.
pub(in crate::storage) struct Remains {
    files: Vec<File>,
    places: Vec<Place>,
}

/// Where a frame lies.
struct Place {
    revision: u64,
    file: usize,
    offset: u64,
    length: usize,
}

impl Remains {
    /// Whether all revisions from `from` to `to` are there.
    pub fn hold_all(&self, from: u64, to: u64) -> bool {
        let place_of = |revision: u64| self.places.partition_point(|place| place.revision < revision);
        (place_of(to + 1) - place_of(from)) as u64 == to + 1 - from
    }

    /// The frames after a revision, about `budget` bytes of them, and no more once none are left.
    pub fn after(&self, revision: u64, budget: usize) -> io::Result<Vec<(u64, Vec<u8>)>> {
        let start = self.places.partition_point(|place| place.revision <= revision);
        let mut frames = Vec::new();
        let mut size = 0;
        for place in &self.places[start..] {
            if size >= budget {
                break;
            }
            let mut bytes = vec![0; place.length];
            platform::read_exact_at(&self.files[place.file], place.offset, &mut bytes)?;
            size += bytes.len();
            frames.push((place.revision, bytes));
        }
        Ok(frames)
    }
}

/// Reads all files of the intake in a folder: what is in them, the files themselves, and the first number that none
/// of them has. O(bytes of the files).
pub(super) fn look(folder: &Path) -> io::Result<(Remains, Vec<Basin>, u64)> {
    let mut remains = Remains { files: Vec::new(), places: Vec::new() };
    let mut basins = Vec::new();
    let mut next_number = 0;
    for (number, path) in numbered(folder)? {
        next_number = next_number.max(number + 1);
        let mut options = File::options();
        let file = platform::private(options.read(true).write(true)).open(&path)?;
        let length = file.metadata()?.len();
        remains.look_into(&file, length)?;
        remains.files.push(file.try_clone()?);
        basins.push(Basin::new(file, path, length));
    }
    remains.places.sort_by_key(|place| place.revision);
    // The same frame may be left in two files, as old as it is; one of them is enough.
    remains.places.dedup_by_key(|place| place.revision);
    Ok((remains, basins, next_number))
}

/// The files of the intake by their number.
fn numbered(folder: &Path) -> io::Result<Vec<(u64, PathBuf)>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let number = entry.file_name().to_str().and_then(|name| name.strip_prefix(FILE_PREFIX)?.parse().ok());
        found.extend(number.map(|number| (number, entry.path())));
    }
    Ok(found)
}

impl Remains {
    /// Notes the valid frames of a file. What is no frame was partly overwritten, or is damaged, which the revisions
    /// tell.
    fn look_into(&mut self, file: &File, length: u64) -> io::Result<()> {
        let length = usize::try_from(length).map_err(|_| io::Error::from(io::ErrorKind::FileTooLarge))?;
        let mut bytes = vec![0; length];
        platform::read_exact_at(file, 0, &mut bytes)?;
        let number = self.files.len();
        let places = segment::scan_frames(&bytes, 0).frames.into_iter().map(|frame| Place {
            revision: frame.link.revision,
            file: number,
            offset: frame.offset,
            length: usize::try_from(frame.length).unwrap_or(0),
        });
        self.places.extend(places);
        Ok(())
    }
}
