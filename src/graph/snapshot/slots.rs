//! What stands at a node or an edge, now and before.

use std::sync::Arc;

use super::super::ids::{Edge, Node};
use crate::domain::element::{Element, Relationship};

/// One version of an item; the older ones hang behind it.
#[derive(Debug)]
pub(super) struct Version<T> {
    /// The revision that made it so.
    pub(super) revision: u64,
    /// The item; absent if that revision deleted it.
    pub(super) state: Option<Arc<T>>,
    /// What it was before.
    pub(super) previous: Option<Arc<Version<T>>>,
}

impl<T> Version<T> {
    /// The version that was current at a revision, if there was one.
    pub(super) fn at(self: &Arc<Self>, revision: u64) -> Option<&Arc<Self>> {
        let mut version = self;
        while version.revision > revision {
            version = version.previous.as_ref()?;
        }
        Some(version)
    }

    /// The versions, newest first.
    pub(super) fn chain(self: &Arc<Self>) -> impl Iterator<Item = &Arc<Self>> {
        std::iter::successors(Some(self), |version| version.previous.as_ref())
    }
}

/// A long chain is taken apart in a loop: dropping it link by link would recurse.
impl<T> Drop for Version<T> {
    fn drop(&mut self) {
        let mut next = self.previous.take();
        while let Some(version) = next {
            match Arc::try_unwrap(version) {
                Ok(mut owned) => next = owned.previous.take(),
                Err(_) => break,
            }
        }
    }
}

/// What a node stands for.
#[derive(Debug, Clone)]
pub(super) enum NodeSlot {
    /// An element, and the revisions that touched it or what it refers to.
    Element(Arc<Version<Element>>, Touches),
    /// A relationship that is an end of another.
    Relationship(Edge),
}

/// What an edge stands for.
#[derive(Debug, Clone)]
pub(super) struct EdgeSlot {
    /// The relationship and its past.
    pub(super) version: Arc<Version<Relationship>>,
    /// The node of its source.
    pub(super) source: Node,
    /// The node of its target.
    pub(super) target: Node,
    /// Its own node, once it is an end of another.
    pub(super) node: Option<Node>,
    /// The revisions that touched it or what it refers to.
    pub(super) touches: Touches,
}

/// Revisions that touched an item, newest first.
pub(super) type Touches = Option<Arc<Version<()>>>;
