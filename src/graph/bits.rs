//! A set of small integers, 64 to a word.

use super::ids::Node;

/// Bits in a word.
pub(super) const WORD: usize = 64;

/// A set of `u32`, one bit each up to the largest that was ever inserted.
///
/// Every question about an integer beyond the capacity is answered "not in".
#[derive(Clone, Debug, Default)]
pub struct BitSet {
    words: Vec<u64>,
}

impl BitSet {
    /// An empty set with room for `0..capacity`.
    #[must_use]
    pub fn with_capacity(capacity: usize) -> Self {
        Self { words: vec![0; capacity.div_ceil(WORD)] }
    }

    /// The set of all integers in `0..count`.
    #[must_use]
    pub fn full(count: usize) -> Self {
        let mut words = vec![u64::MAX; count.div_ceil(WORD)];
        if let Some(last) = words.last_mut()
            && !count.is_multiple_of(WORD)
        {
            *last = (1 << (count % WORD)) - 1;
        }
        Self { words }
    }

    pub(super) fn from_words(words: Vec<u64>) -> Self {
        Self { words }
    }

    /// Adds `value`, growing when necessary. True when it was not yet in.
    pub fn insert(&mut self, value: u32) -> bool {
        let (word, bit) = place(value);
        if word >= self.words.len() {
            self.words.resize(word + 1, 0);
        }
        let fresh = self.words[word] & bit == 0;
        self.words[word] |= bit;
        fresh
    }

    /// Takes `value` out. True when it was in.
    pub fn remove(&mut self, value: u32) -> bool {
        let (word, bit) = place(value);
        let Some(word) = self.words.get_mut(word) else {
            return false;
        };
        let was_in = *word & bit != 0;
        *word &= !bit;
        was_in
    }

    /// Whether `value` is in.
    #[must_use]
    pub fn contains(&self, value: u32) -> bool {
        let (word, bit) = place(value);
        self.words.get(word).is_some_and(|word| word & bit != 0)
    }

    /// Whether the node is in.
    #[must_use]
    pub fn contains_node(&self, node: Node) -> bool {
        self.contains(node.0)
    }

    /// How many are in; one pass over the words.
    #[must_use]
    pub fn count(&self) -> usize {
        self.words.iter().map(|word| word.count_ones() as usize).sum()
    }

    /// Whether nothing is in.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.words.iter().all(|&word| word == 0)
    }

    /// Takes everything out and keeps the room.
    pub fn clear(&mut self) {
        self.words.fill(0);
    }

    /// All that are in, ascending.
    #[must_use]
    pub fn iter(&self) -> Ones<'_> {
        Ones { words: &self.words, word: 0, rest: self.words.first().copied().unwrap_or(0) }
    }

    /// The nodes that are in, ascending.
    pub fn nodes(&self) -> impl Iterator<Item = Node> + '_ {
        self.iter().map(Node)
    }

    /// Word `index`: bit `b` is the integer `64 * index + b`. Zero beyond the capacity.
    #[must_use]
    pub fn word(&self, index: usize) -> u64 {
        self.words.get(index).copied().unwrap_or(0)
    }

    /// All words; see [`BitSet::word`].
    #[must_use]
    pub fn words(&self) -> &[u64] {
        &self.words
    }

    /// Adds all of `other`.
    pub fn union_with(&mut self, other: &Self) {
        if self.words.len() < other.words.len() {
            self.words.resize(other.words.len(), 0);
        }
        for (mine, theirs) in self.words.iter_mut().zip(&other.words) {
            *mine |= theirs;
        }
    }

    /// Keeps only what is in `other` too.
    pub fn intersect_with(&mut self, other: &Self) {
        for (index, mine) in self.words.iter_mut().enumerate() {
            *mine &= other.word(index);
        }
    }

    /// Takes out all of `other`.
    pub fn difference_with(&mut self, other: &Self) {
        for (mine, theirs) in self.words.iter_mut().zip(&other.words) {
            *mine &= !theirs;
        }
    }
}

/// Sets are equal when they hold the same integers, whatever their capacity.
impl PartialEq for BitSet {
    fn eq(&self, other: &Self) -> bool {
        let longest = self.words.len().max(other.words.len());
        (0..longest).all(|index| self.word(index) == other.word(index))
    }
}

impl Eq for BitSet {}

impl Extend<u32> for BitSet {
    fn extend<I: IntoIterator<Item = u32>>(&mut self, values: I) {
        for value in values {
            self.insert(value);
        }
    }
}

impl FromIterator<u32> for BitSet {
    fn from_iter<I: IntoIterator<Item = u32>>(values: I) -> Self {
        let mut set = Self::default();
        set.extend(values);
        set
    }
}

impl FromIterator<Node> for BitSet {
    fn from_iter<I: IntoIterator<Item = Node>>(nodes: I) -> Self {
        nodes.into_iter().map(|node| node.0).collect()
    }
}

impl<'a> IntoIterator for &'a BitSet {
    type Item = u32;
    type IntoIter = Ones<'a>;

    fn into_iter(self) -> Ones<'a> {
        self.iter()
    }
}

/// The integers of a [`BitSet`], ascending.
#[derive(Clone, Debug)]
pub struct Ones<'a> {
    words: &'a [u64],
    word: usize,
    rest: u64,
}

impl Iterator for Ones<'_> {
    type Item = u32;

    fn next(&mut self) -> Option<u32> {
        while self.rest == 0 {
            self.word += 1;
            self.rest = *self.words.get(self.word)?;
        }
        let bit = self.rest.trailing_zeros();
        self.rest &= self.rest - 1;
        u32::try_from(self.word * WORD).ok().map(|base| base + bit)
    }
}

/// The word that holds `value`, and its bit there.
pub(super) const fn place(value: u32) -> (usize, u64) {
    (value as usize / WORD, 1 << (value as usize % WORD))
}
