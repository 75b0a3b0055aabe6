//! A second model of the rules, as plain as it can be: a map of items, copied whole for every revision.
//!
//! It is written from the rules for change sets, not from the code that it judges: what it shares with
//! that code are the types of the request alone. It knows a part of the municipal profile ([`kinds`]).

pub mod applying;
pub mod history;
pub mod kinds;
pub mod references;

use std::collections::BTreeMap;

use serde_json::Value as Json;

/// All items by id.
pub type State = BTreeMap<String, Item>;

/// An element, or a relationship if it has ends.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    pub kind: String,
    pub name: Option<String>,
    /// Source and target of a relationship.
    pub ends: Option<(String, String)>,
    /// Values by full name; references are relationships.
    pub attributes: BTreeMap<String, Json>,
}

impl Item {
    pub fn is_relationship(&self) -> bool {
        self.ends.is_some()
    }

    pub fn source(&self) -> Option<&str> {
        self.ends.as_ref().map(|(source, _)| source.as_str())
    }

    pub fn target(&self) -> Option<&str> {
        self.ends.as_ref().map(|(_, target)| target.as_str())
    }
}

/// Ids of the relationships that start from an item, of one kind if given, by target and id.
pub fn outgoing<'a>(state: &'a State, id: &str, kind: Option<&str>) -> Vec<&'a str> {
    let mut found: Vec<(&str, &str)> = connected(state, kind)
        .filter(|(_, item)| item.source() == Some(id))
        .filter_map(|(held, item)| Some((item.target()?, held)))
        .collect();
    found.sort_unstable();
    found.into_iter().map(|(_, id)| id).collect()
}

/// Ids of the relationships that point to an item, of one kind if given, by source and id.
pub fn incoming<'a>(state: &'a State, id: &str, kind: Option<&str>) -> Vec<&'a str> {
    let mut found: Vec<(&str, &str)> = connected(state, kind)
        .filter(|(_, item)| item.target() == Some(id))
        .filter_map(|(held, item)| Some((item.source()?, held)))
        .collect();
    found.sort_unstable();
    found.into_iter().map(|(_, id)| id).collect()
}

fn connected<'a>(state: &'a State, kind: Option<&str>) -> impl Iterator<Item = (&'a str, &'a Item)> {
    let wanted = kind.map(str::to_owned);
    let items = state.iter().map(|(id, item)| (id.as_str(), item));
    items.filter(move |(_, item)| item.is_relationship() && wanted.as_ref().is_none_or(|kind| item.kind == *kind))
}
