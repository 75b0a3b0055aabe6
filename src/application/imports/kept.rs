//! What was said of the fields of an item, as hashes.

use std::sync::Arc;

use rustc_hash::FxHashSet;
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

    /// The same, to be held with many others.
    pub fn shelved(self, shapes: &mut Shapes) -> Shelved {
        let (names, hashes): (Vec<Arc<str>>, Vec<Hash>) = self.0.into_iter().unzip();
        Shelved { names: shapes.shared(&names), hashes: hashes.into() }
    }
}

/// What was said of the fields of one of many items: those of which the same fields are spoken share the names.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Shelved {
    names: Arc<[Arc<str>]>,
    hashes: Box<[Hash]>,
}

impl Shelved {
    /// All fields with what was said of them, sorted by field.
    pub fn iter(&self) -> impl Iterator<Item = (&Arc<str>, Hash)> {
        self.names.iter().zip(self.hashes.iter().copied())
    }

    /// The same, to be changed.
    pub fn kept(&self) -> Kept {
        Kept(self.iter().map(|(name, hash)| (Arc::clone(name), hash)).collect())
    }
}

/// Lists of names of fields, each held once.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Shapes(FxHashSet<Arc<[Arc<str>]>>);

impl Shapes {
    fn shared(&mut self, names: &[Arc<str>]) -> Arc<[Arc<str>]> {
        if let Some(held) = self.0.get(names) {
            return Arc::clone(held);
        }
        let names: Arc<[Arc<str>]> = names.into();
        self.0.insert(Arc::clone(&names));
        names
    }
}
