//! Queries that were read and planned before.

use std::sync::{Arc, Mutex, PoisonError};

use rustc_hash::FxHashMap;

use crate::query::over_view::{ViewCatalog, ViewGraph};
use crate::query::source::PropertyGraph;
use crate::query::syntax::SyntaxLimits;
use crate::query::{Parsed, Prepared, QueryError};

/// How many texts are kept. When there are more, all are forgotten: the ones in use come back at once.
const MOST: usize = 1_000;
/// Longer texts are not kept.
const LONGEST: usize = 16 << 10;

/// Plans by text. A plan serves every revision; it is made again when the model has become another size.
#[derive(Debug, Default)]
pub(super) struct PlanCache {
    held: Mutex<FxHashMap<Arc<str>, Entry>>,
}

#[derive(Debug, Clone)]
struct Entry {
    parsed: Arc<Parsed>,
    prepared: Option<(Arc<Prepared>, u32)>,
}

impl PlanCache {
    /// The text as a tree.
    pub(super) fn parsed(&self, text: &str, limits: &SyntaxLimits) -> Result<Arc<Parsed>, QueryError> {
        if let Some(entry) = self.find(text) {
            return Ok(entry.parsed);
        }
        let parsed = Arc::new(Parsed::read(text, limits)?);
        self.keep(text, Entry { parsed: Arc::clone(&parsed), prepared: None });
        Ok(parsed)
    }

    /// The plan of a text.
    pub(super) fn prepared(
        &self,
        text: &str,
        parsed: &Arc<Parsed>,
        catalog: &ViewCatalog,
        graph: &ViewGraph<'_>,
    ) -> Result<Arc<Prepared>, QueryError> {
        let size = magnitude(graph);
        if let Some(Entry { prepared: Some((prepared, held)), .. }) = self.find(text)
            && held == size
        {
            return Ok(prepared);
        }
        let prepared = Arc::new(parsed.prepare(catalog, graph)?);
        let entry = Entry { parsed: Arc::clone(parsed), prepared: Some((Arc::clone(&prepared), size)) };
        self.keep(text, entry);
        Ok(prepared)
    }

    fn find(&self, text: &str) -> Option<Entry> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner).get(text).cloned()
    }

    fn keep(&self, text: &str, entry: Entry) {
        if text.len() > LONGEST {
            return;
        }
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if held.len() >= MOST && !held.contains_key(text) {
            held.clear();
        }
        held.insert(text.into(), entry);
    }
}

/// The size of a graph, roughly: doubling it makes another plan worth while.
fn magnitude(graph: &ViewGraph<'_>) -> u32 {
    u64::BITS - graph.count_nodes(None).leading_zeros()
}
