//! What was said of the fields of an item, as hashes.

use std::sync::Arc;

use serde_json::Value as Json;
use sha2::{Digest, Sha256};

/// The hash of a value that somebody said: six bytes of its SHA-256, or that it was said to be absent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Hash(u64);

/// By field, the hash of what was said; sorted by field.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Kept(Vec<(Arc<str>, Hash)>);

impl Hash {
    /// "Said to be absent".
    pub const ABSENT: Self = Self(u64::MAX);

    /// Of a value.
    pub fn of(value: &Json) -> Self {
        let digest = Sha256::digest(value.to_string().as_bytes());
        Self(digest.iter().take(6).fold(0, |number, byte| number << 8 | u64::from(*byte)))
    }

    /// From the word by which it is kept: twelve hexadecimal digits, or `-`.
    pub fn from_word(word: &str) -> Option<Self> {
        if word == "-" {
            return Some(Self::ABSENT);
        }
        (word.len() == 12).then(|| u64::from_str_radix(word, 16).ok().map(Self))?
    }
}

impl std::fmt::Display for Hash {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if *self == Self::ABSENT { formatter.write_str("-") } else { write!(formatter, "{:012x}", self.0) }
    }
}

impl Kept {
    fn place(&self, name: &str) -> Result<usize, usize> {
        self.0.binary_search_by(|(held, _)| (**held).cmp(name))
    }

    /// What was said of a field.
    pub fn get(&self, name: &str) -> Option<Hash> {
        Some(self.0[self.place(name).ok()?].1)
    }

    /// Notes what was said of a field, instead of what was said before.
    pub fn insert(&mut self, name: &Arc<str>, hash: Hash) {
        match self.place(name) {
            Ok(place) => self.0[place].1 = hash,
            Err(place) => self.0.insert(place, (Arc::clone(name), hash)),
        }
    }

    /// Forgets what was said of a field.
    pub fn remove(&mut self, name: &str) {
        if let Ok(place) = self.place(name) {
            self.0.remove(place);
        }
    }

    /// All fields with what was said of them.
    pub fn iter(&self) -> impl Iterator<Item = (&Arc<str>, Hash)> {
        self.0.iter().map(|(name, hash)| (name, *hash))
    }

    /// Lets go of memory that is not used.
    pub fn shrink(&mut self) {
        self.0.shrink_to_fit();
    }
}
