//! What a generated query may speak of.

use super::dice::Dice;

/// What a variable holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A node.
    Node,
    /// A relationship.
    Relationship,
    /// The relationships of a part with variable length.
    Relationships,
    /// A path.
    Path,
    /// A number, mostly whole.
    Number,
    /// A text.
    Text,
    /// A truth value.
    Truth,
    /// A list of numbers whose order is known.
    List,
    /// A list of numbers in any order.
    Bag,
}

/// The writer of one query: its chance, its variables, and what it may still spend on size.
#[derive(Debug)]
pub struct Writer {
    /// Where its decisions come from.
    pub dice: Dice,
    /// The variables in scope.
    pub scope: Vec<(String, Kind)>,
    /// Whether it uses spellings that ISO GQL has and openCypher has not.
    pub gql: bool,
    /// How many names were given.
    named: usize,
}

impl Writer {
    /// A writer with a seed.
    pub fn new(seed: u64) -> Self {
        Self { dice: Dice::new(seed), scope: Vec::new(), gql: true, named: 0 }
    }

    /// A writer with a seed that uses nothing but openCypher 9.
    pub fn of_open_cypher(seed: u64) -> Self {
        Self { gql: false, ..Self::new(seed) }
    }

    /// A name that was never given before.
    pub fn fresh(&mut self, prefix: &str) -> String {
        self.named += 1;
        format!("{prefix}{}", self.named)
    }

    /// A variable in scope that holds this.
    pub fn variable(&mut self, kind: Kind) -> Option<String> {
        let fitting: Vec<String> =
            self.scope.iter().filter(|(_, held)| *held == kind).map(|(name, _)| name.clone()).collect();
        if fitting.is_empty() { None } else { Some(self.dice.pick(&fitting)) }
    }

    /// What is written while some more variables are in scope.
    pub fn with<T>(&mut self, more: &[(String, Kind)], write: impl FnOnce(&mut Self) -> T) -> T {
        let before = self.scope.len();
        self.scope.extend_from_slice(more);
        let written = write(self);
        self.scope.truncate(before);
        written
    }
}
