//! What a change at one end of a relationship means for the other.

use std::sync::Arc;

use super::{AttributeName, KindId};

/// The name of a state that an item can be in: `subject`, or an effect.
pub type StateName = Arc<str>;

/// One sentence of a relationship kind's meaning for impact: when this change
/// reaches an item in one of the states `from`, the item across is in state `gives`.
#[derive(Debug, Clone)]
pub struct ImpactMeaning {
    /// The changes for which it holds.
    pub changes: Vec<Arc<str>>,
    /// It holds only where the relationship's attribute has one of these codes.
    pub when: Vec<(AttributeName, Vec<Arc<str>>)>,
    /// Which way the effect runs.
    pub direction: MeaningDirection,
    /// The states that act.
    pub from: Vec<StateName>,
    /// The effect on the item acted on.
    pub gives: StateName,
    /// Kinds of the item that acts; empty for all.
    pub from_kinds: Vec<KindId>,
    /// Kinds of the item acted on; empty for all.
    pub to_kinds: Vec<KindId>,
    /// It holds only where exactly this many other relationships of the kind, to items
    /// that are no subjects, remain at the item acted on.
    pub remaining: Option<usize>,
}

/// Which way an effect runs over a relationship.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MeaningDirection {
    /// The source acts on the target.
    Forward,
    /// The target acts on the source.
    Backward,
    /// An end acts on the relationship itself.
    ToRelationship {
        /// The source does.
        source: bool,
        /// The target does.
        target: bool,
    },
    /// The relationship itself acts on its ends.
    ToEnds {
        /// On the source.
        source: bool,
        /// On the target.
        target: bool,
    },
}
