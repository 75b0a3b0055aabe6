//! Many values of one type, held so that they take little memory.
//!
//! What an import reads and what it proposes is looked through from the first to the last, some few times. As values in
//! memory a row of a ledger takes twenty times its size in the file; as compressed text it takes less than the file does.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::marker::PhantomData;

use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use serde::de::DeserializeOwned;
use serde::ser::SerializeSeq as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// How many bytes of text are compressed together: enough that what repeats is found, few enough to unpack for one value.
const BLOCK: usize = 128 << 10;

/// A list whose values are kept as compressed JSON, one a line.
///
/// Adding and reading one after the other take time in proportion to the values; [`Packed::get`] unpacks a block.
pub struct Packed<T> {
    blocks: Vec<Block>,
    /// Text that is not compressed yet.
    open: Vec<u8>,
    /// How many values `blocks` hold.
    closed: usize,
    count: usize,
    /// Values that took the place of others.
    replaced: BTreeMap<usize, T>,
    of: PhantomData<T>,
}

#[derive(Clone)]
struct Block {
    /// The number of its first value.
    first: usize,
    /// How long its text is.
    length: usize,
    bytes: Box<[u8]>,
}

impl Block {
    fn text(&self) -> Vec<u8> {
        let mut text = Vec::with_capacity(self.length);
        // It reads what was written into memory a moment ago: it cannot fail but by a fault of memory.
        let read = DeflateDecoder::new(&*self.bytes).read_to_end(&mut text);
        debug_assert!(read.is_ok(), "a block does not unpack");
        text
    }
}

impl<T: Serialize + DeserializeOwned + Clone> Packed<T> {
    /// An empty list.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a value.
    ///
    /// # Panics
    /// Never for types whose keys are text: their JSON is written into memory.
    pub fn push(&mut self, value: &T) {
        serde_json::to_writer(&mut self.open, value).expect("values with text keys have a JSON form");
        self.end_line();
    }

    fn push_line(&mut self, line: &[u8]) {
        self.open.extend_from_slice(line);
        self.end_line();
    }

    fn end_line(&mut self) {
        self.open.push(b'\n');
        self.count += 1;
        if self.open.len() >= BLOCK {
            self.close_block();
        }
    }

    fn close_block(&mut self) {
        let mut encoder = DeflateEncoder::new(Vec::with_capacity(self.open.len() / 6), Compression::fast());
        let written = encoder.write_all(&self.open).and_then(|()| encoder.finish());
        let bytes = written.expect("memory takes what is written into it").into_boxed_slice();
        self.blocks.push(Block { first: self.closed, length: self.open.len(), bytes });
        self.closed = self.count;
        self.open.clear();
    }

    /// The value at a place. Unpacks the block that holds it.
    pub fn get(&self, place: usize) -> Option<T> {
        if let Some(value) = self.replaced.get(&place) {
            return Some(value.clone());
        }
        let block = self.blocks.partition_point(|block| block.first <= place).checked_sub(1);
        match block.map(|number| &self.blocks[number]) {
            Some(block) if place < self.closed => read_line(&block.text(), place - block.first),
            _ => read_line(&self.open, place.checked_sub(self.closed)?),
        }
    }

    /// Puts a value into the place of another.
    pub fn replace(&mut self, place: usize, value: T) {
        if place < self.count {
            self.replaced.insert(place, value);
        }
    }

    /// All values, one after the other; each is made when it is asked for.
    pub fn iter(&self) -> Iter<'_, T> {
        Iter { packed: self, lines: Lines::of(self), number: 0 }
    }

    /// Some values with their numbers; the others are passed over without being made.
    pub fn some(&self, wanted: impl Fn(usize) -> bool) -> impl Iterator<Item = (usize, T)> {
        let mut lines = Lines::of(self);
        (0..self.count).filter_map(move |number| {
            let line = lines.next()?;
            let value = || self.replaced.get(&number).cloned().unwrap_or_else(|| read_value(line));
            wanted(number).then(|| (number, value()))
        })
    }

    /// Keeps those whose numbers are wanted.
    pub fn retain(&mut self, wanted: impl Fn(usize) -> bool) {
        let mut held = std::mem::take(self);
        let mut replaced = std::mem::take(&mut held.replaced);
        let mut lines = Lines::of(&held);
        for number in 0..held.count {
            let Some(line) = lines.next() else { break };
            if wanted(number) {
                self.replaced.extend(replaced.remove(&number).map(|value| (self.count, value)));
                self.push_line(line);
            }
        }
    }

    /// The texts of all values, one after the other: the same if and only if the values are.
    pub fn each_text(&self, mut take: impl FnMut(&[u8])) {
        let mut lines = Lines::of(self);
        for number in 0..self.count {
            let Some(line) = lines.next() else { break };
            match self.replaced.get(&number) {
                Some(value) => take(&text_of(value)),
                None => take(line),
            }
        }
    }

    /// Adds all values of another list.
    pub fn append(&mut self, other: Self) {
        if !self.open.is_empty() {
            self.close_block();
        }
        let before = self.count;
        self.blocks.extend(other.blocks.into_iter().map(|block| Block { first: block.first + before, ..block }));
        self.replaced.extend(other.replaced.into_iter().map(|(number, value)| (number + before, value)));
        self.open = other.open;
        self.closed = before + other.closed;
        self.count = before + other.count;
    }
}

impl<T> Packed<T> {
    /// How many values there are.
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }
}

/// The value of a line; nothing beyond the last.
fn read_line<T: DeserializeOwned>(text: &[u8], line: usize) -> Option<T> {
    text.split(|byte| *byte == b'\n').nth(line).filter(|line| !line.is_empty()).map(read_value)
}

/// A value from its text, however deep it is: how deep a file may be was decided by its reader.
///
/// # Panics
/// Never for types that read what they write: to leave a value out in silence would be worse.
fn read_value<T: DeserializeOwned>(line: &[u8]) -> T {
    let mut deserializer = serde_json::Deserializer::from_slice(line);
    deserializer.disable_recursion_limit();
    T::deserialize(&mut deserializer).expect("what was written is read again")
}

fn text_of<T: Serialize>(value: &T) -> Vec<u8> {
    serde_json::to_vec(value).expect("values with text keys have a JSON form")
}

/// The lines of a list: block by block, then what is not compressed yet.
#[derive(Clone)]
struct Lines<'p> {
    blocks: std::slice::Iter<'p, Block>,
    open: &'p [u8],
    text: Cow<'p, [u8]>,
    at: usize,
}

impl<'p> Lines<'p> {
    fn of<T>(packed: &'p Packed<T>) -> Self {
        Self { blocks: packed.blocks.iter(), open: &packed.open, text: Cow::Borrowed(&[]), at: 0 }
    }

    fn next(&mut self) -> Option<&[u8]> {
        if self.at >= self.text.len() {
            self.text = match self.blocks.next() {
                Some(block) => Cow::Owned(block.text()),
                None => Cow::Borrowed(std::mem::take(&mut self.open)),
            };
            self.at = 0;
        }
        next_line(&self.text, &mut self.at)
    }
}

/// The rest of a text from a place on, up to the end of a line; moves the place behind it.
fn next_line<'t>(text: &'t [u8], at: &mut usize) -> Option<&'t [u8]> {
    let rest = text.get(*at..).filter(|rest| !rest.is_empty())?;
    let length = memchr::memchr(b'\n', rest)?;
    *at += length + 1;
    Some(&rest[..length])
}

/// The values of a [`Packed`] in their order.
pub struct Iter<'p, T> {
    packed: &'p Packed<T>,
    lines: Lines<'p>,
    number: usize,
}

impl<T: DeserializeOwned + Clone> Iterator for Iter<'_, T> {
    type Item = T;

    fn next(&mut self) -> Option<T> {
        let line = self.lines.next()?;
        let replaced = self.packed.replaced.get(&self.number);
        self.number += 1;
        Some(replaced.cloned().unwrap_or_else(|| read_value(line)))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.packed.count - self.number;
        (left, Some(left))
    }
}

impl<T> Clone for Iter<'_, T> {
    fn clone(&self) -> Self {
        Self { packed: self.packed, lines: self.lines.clone(), number: self.number }
    }
}

/// The values of a [`Packed`] that is used up: the memory of a block is given back once it is read.
pub struct IntoIter<T> {
    packed: Packed<T>,
    text: Vec<u8>,
    at: usize,
    number: usize,
    blocks: std::vec::IntoIter<Block>,
}

impl<T: DeserializeOwned> Iterator for IntoIter<T> {
    type Item = T;

    fn next(&mut self) -> Option<T> {
        if self.number >= self.packed.count {
            return None;
        }
        if self.at >= self.text.len() {
            let open = std::mem::take(&mut self.packed.open);
            self.text = match self.blocks.next() {
                Some(block) => {
                    self.packed.open = open;
                    block.text()
                }
                None => open,
            };
            self.at = 0;
        }
        let line = next_line(&self.text, &mut self.at)?;
        let replaced = self.packed.replaced.remove(&self.number);
        self.number += 1;
        replaced.or_else(|| Some(read_value(line)))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.packed.count - self.number;
        (left, Some(left))
    }
}

impl<T: DeserializeOwned> IntoIterator for Packed<T> {
    type Item = T;
    type IntoIter = IntoIter<T>;

    fn into_iter(mut self) -> IntoIter<T> {
        let blocks = std::mem::take(&mut self.blocks).into_iter();
        IntoIter { packed: self, text: Vec::new(), at: 0, number: 0, blocks }
    }
}

impl<'p, T: Serialize + DeserializeOwned + Clone> IntoIterator for &'p Packed<T> {
    type Item = T;
    type IntoIter = Iter<'p, T>;

    fn into_iter(self) -> Iter<'p, T> {
        self.iter()
    }
}

impl<T: Serialize + DeserializeOwned + Clone> Extend<T> for Packed<T> {
    fn extend<I: IntoIterator<Item = T>>(&mut self, values: I) {
        values.into_iter().for_each(|value| self.push(&value));
    }
}

impl<T: Serialize + DeserializeOwned + Clone> FromIterator<T> for Packed<T> {
    fn from_iter<I: IntoIterator<Item = T>>(values: I) -> Self {
        let mut packed = Self::default();
        packed.extend(values);
        packed
    }
}

impl<T> Default for Packed<T> {
    fn default() -> Self {
        Self { blocks: Vec::new(), open: Vec::new(), closed: 0, count: 0, replaced: BTreeMap::new(), of: PhantomData }
    }
}

impl<T: Serialize + DeserializeOwned + Clone + std::fmt::Debug> std::fmt::Debug for Packed<T> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_list().entries(self.iter()).finish()
    }
}

impl<T: Serialize + DeserializeOwned + Clone + PartialEq> PartialEq for Packed<T> {
    fn eq(&self, other: &Self) -> bool {
        self.count == other.count && self.iter().eq(other.iter())
    }
}

impl<T: Clone> Clone for Packed<T> {
    fn clone(&self) -> Self {
        Self {
            blocks: self.blocks.clone(),
            open: self.open.clone(),
            closed: self.closed,
            count: self.count,
            replaced: self.replaced.clone(),
            of: PhantomData,
        }
    }
}

impl<T: Serialize + DeserializeOwned + Clone> Serialize for Packed<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(Some(self.count))?;
        for value in self {
            list.serialize_element(&value)?;
        }
        list.end()
    }
}

impl<'de, T: Serialize + DeserializeOwned + Clone> Deserialize<'de> for Packed<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Vec::<T>::deserialize(deserializer)?.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(number: usize) -> String {
        format!("値\n{number} {}", "x".repeat(number % 700))
    }

    #[test]
    fn values_come_out_as_they_went_in() {
        for count in [0, 1, 5, 2_000] {
            let packed: Packed<String> = (0..count).map(value).collect();
            let plain: Vec<String> = (0..count).map(value).collect();
            assert_eq!(packed.len(), count);
            assert_eq!(packed.iter().collect::<Vec<_>>(), plain);
            assert_eq!(packed.clone().into_iter().collect::<Vec<_>>(), plain);
            for place in [0, 1, 4, 5, 300, 1_999, 2_000] {
                assert_eq!(packed.get(place), plain.get(place).cloned(), "{place} of {count}");
            }
        }
    }

    #[test]
    fn some_take_the_place_of_others_and_some_go() {
        let mut packed: Packed<String> = (0..2_000).map(value).collect();
        let mut plain: Vec<String> = (0..2_000).map(value).collect();
        for place in [0, 700, 1_999] {
            packed.replace(place, "新".to_owned());
            "新".clone_into(&mut plain[place]);
        }
        packed.replace(2_000, "beyond".to_owned());
        assert_eq!((packed.get(700), packed.len()), (Some("新".to_owned()), 2_000));
        assert_eq!(packed.iter().collect::<Vec<_>>(), plain);
        let third: Vec<(usize, String)> =
            plain.iter().cloned().enumerate().filter(|(number, _)| number % 3 == 0).collect();
        assert_eq!(packed.some(|number| number % 3 == 0).collect::<Vec<_>>(), third);
        packed.retain(|number| number % 3 == 0);
        let mut twice: Packed<String> = (0..3).map(value).collect();
        twice.append(packed.clone());
        let third: Vec<String> = third.into_iter().map(|(_, value)| value).collect();
        assert_eq!(twice.iter().collect::<Vec<_>>(), [(0..3).map(value).collect(), third.clone()].concat());
        assert_eq!(twice.get(3), third.first().cloned());
        let mut texts = Vec::new();
        packed.each_text(|text| texts.push(serde_json::from_slice::<String>(text).expect("JSON")));
        assert_eq!(texts, third);
        assert_eq!(packed.into_iter().collect::<Vec<_>>(), third);
    }

    #[test]
    fn what_repeats_takes_little_room() {
        let packed: Packed<String> = (0..50_000).map(|number| format!("窓口で使うシステムの説明 {number}")).collect();
        let held: usize = packed.blocks.iter().map(|block| block.bytes.len()).sum();
        assert!(held * 4 < 50_000 * 40, "{held}");
    }
}
