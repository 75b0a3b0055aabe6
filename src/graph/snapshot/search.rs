//! Finding elements by what they are called.
//!
//! The searchable words of each block of nodes stand in one text that is scanned whole: a
//! scan finds parts of words (Japanese has no spaces), a change rewrites one small block, and
//! a million elements take some tens of milliseconds.

use std::sync::Arc;

use imbl::Vector;

use super::super::ids::Node;
use crate::domain::normalize::search_form;

/// How many nodes share one block.
const BLOCK: usize = 64;

/// Separates the words of one node; no normalised text holds it.
const SEPARATOR: char = '\u{1}';

/// The searchable words of all nodes.
#[derive(Debug, Clone, Default)]
pub(super) struct SearchColumn {
    blocks: Vector<Arc<Block>>,
}

/// The words of [`BLOCK`] nodes; one line a node, words between separators.
#[derive(Debug, Clone)]
struct Block {
    text: String,
    /// Where each node's line begins in `text`; one more for the end.
    starts: [u32; BLOCK + 1],
}

impl Default for Block {
    fn default() -> Self {
        Self { text: String::new(), starts: [0; BLOCK + 1] }
    }
}

/// How well a name matches; better ones sort first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SearchRank {
    /// The words are a whole name, id, reading or alias.
    Whole,
    /// One begins with them.
    Beginning,
    /// One holds them.
    Within,
}

/// A node that was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found {
    /// How well it matches.
    pub rank: SearchRank,
    /// The node.
    pub node: Node,
}

impl SearchColumn {
    /// How many blocks there are.
    pub(super) fn block_count(&self) -> usize {
        self.blocks.len()
    }

    /// The words as they are searched, for an image: the text of each block, and where its nodes' words begin in it.
    pub(super) fn parts(&self) -> impl Iterator<Item = (&str, &[u32])> {
        self.blocks.iter().map(|block| (block.text.as_str(), block.starts.as_slice()))
    }

    /// Reads a list of [`SearchColumn::parts`]; absent if it is none.
    pub(super) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let blocks: Vec<(&str, Vec<u32>)> = postcard::from_bytes(bytes).ok()?;
        let blocks = blocks.into_iter().map(|(text, starts)| {
            let starts: [u32; BLOCK + 1] = starts.try_into().ok()?;
            let are_places = starts.is_sorted() && starts.iter().all(|start| text.is_char_boundary(*start as usize));
            are_places.then(|| Arc::new(Block { text: text.to_owned(), starts }))
        });
        Some(Self { blocks: blocks.collect::<Option<Vector<_>>>()? })
    }

    /// Sets the words of a node; none hides it.
    pub(super) fn set(&mut self, node: Node, words: &[&str]) {
        let (block, place) = (node.index() / BLOCK, node.index() % BLOCK);
        while self.blocks.len() <= block {
            self.blocks.push_back(Arc::default());
        }
        let line = line_of(words);
        if let Some(held) = self.blocks.get_mut(block) {
            *held = Arc::new(held.with(place, &line));
        }
    }

    /// Nodes whose words hold the query, best first, then those with fewer words, then by node.
    pub(super) fn find(&self, query: &str, limit: usize, accept: impl Fn(Node) -> bool) -> Vec<Found> {
        let wanted = search_form(query);
        if wanted.is_empty() || wanted.contains(SEPARATOR) {
            return Vec::new();
        }
        let finder = memchr::memmem::Finder::new(wanted.as_bytes());
        let mut found: Vec<(SearchRank, usize, Node)> = Vec::new();
        for (index, block) in self.blocks.iter().enumerate() {
            for (place, rank, length) in block.matches(&finder, &wanted) {
                let node = Node::at(index * BLOCK + place);
                if accept(node) {
                    found.push((rank, length, node));
                }
            }
        }
        found.sort_unstable();
        found.truncate(limit);
        found.into_iter().map(|(rank, _, node)| Found { rank, node }).collect()
    }
}

/// `␁word␁word␁`: a word begins and ends with a separator.
fn line_of(words: &[&str]) -> String {
    let mut line = String::new();
    for word in words.iter().map(|word| search_form(word)).filter(|word| !word.is_empty()) {
        line.push(SEPARATOR);
        line.extend(word.chars().filter(|c| *c != SEPARATOR));
    }
    if !line.is_empty() {
        line.push(SEPARATOR);
    }
    line
}

impl Block {
    fn line(&self, place: usize) -> &str {
        &self.text[self.starts[place] as usize..self.starts[place + 1] as usize]
    }

    fn with(&self, place: usize, line: &str) -> Self {
        let mut next = Self { text: String::with_capacity(self.text.len() + line.len()), starts: [0; BLOCK + 1] };
        for index in 0..BLOCK {
            next.text.push_str(if index == place { line } else { self.line(index) });
            next.starts[index + 1] = u32::try_from(next.text.len()).unwrap_or(u32::MAX);
        }
        next
    }

    fn matches<'a>(
        &'a self,
        finder: &'a memchr::memmem::Finder<'_>,
        wanted: &'a str,
    ) -> impl Iterator<Item = (usize, SearchRank, usize)> + 'a {
        let mut last = None;
        finder.find_iter(self.text.as_bytes()).filter_map(move |at| {
            let place = self.starts[1..].partition_point(|end| (*end as usize) <= at);
            if last == Some(place) {
                return None;
            }
            last = Some(place);
            let line = self.line(place);
            Some((place, rank(line, wanted), line.len()))
        })
    }
}

fn rank(line: &str, wanted: &str) -> SearchRank {
    let begins = |word: &str| word.starts_with(wanted);
    if line.split(SEPARATOR).any(|word| word == wanted) {
        SearchRank::Whole
    } else if line.split(SEPARATOR).any(begins) {
        SearchRank::Beginning
    } else {
        SearchRank::Within
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column() -> SearchColumn {
        let mut column = SearchColumn::default();
        column.set(Node(0), &["sys-juki", "住民記録システム", "ジュウミンキロクシステム"]);
        column.set(Node(70), &["dat-juki", "住民基本台帳", "ジュウミンキホンダイチョウ"]);
        column.set(Node(2), &["sys-koseki", "戸籍", "コセキ"]);
        column
    }

    fn nodes(column: &SearchColumn, query: &str) -> Vec<u32> {
        column.find(query, 10, |_| true).into_iter().map(|found| found.node.0).collect()
    }

    #[test]
    fn width_and_kana_do_not_matter_and_parts_are_found() {
        let column = column();
        assert_eq!(nodes(&column, "じゅうみんき"), [70, 0]);
        assert_eq!(nodes(&column, "ｼﾞｭｳﾐﾝｷﾛｸ"), [0]);
        assert_eq!(nodes(&column, "ＪＵＫＩ"), [70, 0]);
        assert_eq!(nodes(&column, "記録"), [0]);
        assert_eq!(nodes(&column, "戸籍"), [2]);
        assert!(nodes(&column, "").is_empty() && nodes(&column, "ない").is_empty());
    }

    #[test]
    fn a_changed_node_is_found_by_its_new_words_only() {
        let mut column = column();
        column.set(Node(0), &["sys-juki", "住基"]);
        assert_eq!(nodes(&column, "住民記録"), Vec::<u32>::new());
        assert_eq!(nodes(&column, "住基"), [0]);
        column.set(Node(0), &[]);
        assert_eq!(nodes(&column, "住基"), Vec::<u32>::new());
    }
}
