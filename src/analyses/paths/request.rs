//! What can be asked about paths.

use serde::{Deserialize, Serialize};

/// A question about the paths between items.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PathsRequest {
    /// The ids from any of which a path starts; at least one.
    pub from: Vec<String>,
    /// The ids at any of which it ends; at least one.
    pub to: Vec<String>,
    /// Whether arrows are followed, opposed or ignored.
    pub direction: PathDirection,
    /// The kinds of relationship to walk, with those that specialise them; none for all.
    pub kinds: Vec<String>,
    /// One shortest path, or all.
    pub mode: PathMode,
    /// How many paths to list at most, the shortest first.
    pub max_paths: usize,
    /// How many steps a path may have; without it 8 for all paths, and any number for the shortest.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_hops: Option<usize>,
    /// How many steps to try at most before giving up.
    pub max_expansions: u64,
}

impl Default for PathsRequest {
    fn default() -> Self {
        Self {
            from: Vec::new(),
            to: Vec::new(),
            direction: PathDirection::default(),
            kinds: Vec::new(),
            mode: PathMode::default(),
            max_paths: 20,
            max_hops: None,
            max_expansions: 1_000_000,
        }
    }
}

/// How many steps a path may have when all are asked for and nothing is said.
const DEFAULT_HOPS: usize = 8;

impl PathsRequest {
    /// The most steps that a path may have.
    pub(super) fn hops(&self) -> usize {
        self.max_hops.unwrap_or(match self.mode {
            PathMode::Shortest => usize::MAX,
            PathMode::All => DEFAULT_HOPS,
        })
    }
}

/// How a path goes along arrows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PathDirection {
    /// Along them only.
    Outgoing,
    /// Against them only.
    Incoming,
    /// Either way.
    #[default]
    Both,
}

/// How many paths are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PathMode {
    /// One with the fewest steps.
    #[default]
    Shortest,
    /// All that visit nothing twice, up to the limits.
    All,
}
