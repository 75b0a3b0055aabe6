//! Which revisions touched which item, and in which fields, up to a revision: the part of history that is
//! kept in memory for good. Everything else of it stands in the ledger.
//!
//! For each place: the touches, newest first, each as the distance to the one before (the first: to the
//! floor), the number of fields, and the fields as numbers in a table of names (0: the whole item).

use std::sync::Arc;

use super::super::ids::{Edge, Node};
use super::Place;

/// A field that was touched; absent when the whole item came or went.
pub type TouchedField = Option<Arc<str>>;

/// The touches up to a revision, some bytes each.
#[derive(Debug, Default)]
pub(super) struct Earlier {
    /// The last revision that is in here; 0 when nothing is.
    pub(super) floor: u64,
    pub(super) names: Vec<Arc<str>>,
    pub(super) nodes: Lists,
    pub(super) edges: Lists,
}

/// One encoded list a place.
#[derive(Debug, Default)]
pub(super) struct Lists {
    /// Where each list ends.
    pub(super) ends: Vec<u32>,
    pub(super) bytes: Vec<u8>,
}

impl Lists {
    /// The bytes of the list of a place; none for a place that is newer than this.
    pub(super) fn get(&self, index: usize) -> &[u8] {
        let end = self.ends.get(index).map_or(0, |end| *end as usize);
        let start = index.checked_sub(1).and_then(|before| self.ends.get(before)).map_or(0, |start| *start as usize);
        self.bytes.get(start..end).unwrap_or_default()
    }
}

impl Earlier {
    /// The touches of a place, newest first.
    pub(super) fn at(&self, place: Place) -> TouchList<'_> {
        let bytes = match place {
            Place::Element(Node(index)) => self.nodes.get(index as usize),
            Place::Relationship(Edge(index)) => self.edges.get(index as usize),
        };
        TouchList { bytes, revision: self.floor, names: &self.names }
    }
}

/// The touches of one place, newest first.
#[derive(Debug, Clone)]
pub(super) struct TouchList<'a> {
    bytes: &'a [u8],
    revision: u64,
    names: &'a [Arc<str>],
}

impl TouchList<'_> {
    fn number(&mut self) -> Option<u64> {
        let (number, rest) = postcard::take_from_bytes::<u64>(self.bytes).ok()?;
        self.bytes = rest;
        Some(number)
    }

    /// The next touch with its fields as numbers.
    pub(super) fn next_numbered(&mut self, fields: &mut Vec<u64>) -> Option<u64> {
        let distance = self.number()?;
        self.revision = self.revision.checked_sub(distance)?;
        fields.clear();
        for _ in 0..self.number()? {
            fields.push(self.number()?);
        }
        Some(self.revision)
    }
}

impl Iterator for TouchList<'_> {
    type Item = (u64, Vec<TouchedField>);

    fn next(&mut self) -> Option<Self::Item> {
        let mut numbers = Vec::new();
        let revision = self.next_numbered(&mut numbers)?;
        let name = |number: u64| self.names.get(usize::try_from(number).ok()?.checked_sub(1)?).cloned();
        Some((revision, numbers.into_iter().map(name).collect()))
    }
}
