//! Tables of steps that queries made, kept while they are in use.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use crate::query::steps::{StepTable, StepsWanted};

/// How much memory the tables may take, in bytes, unless it is set.
const USUAL_BYTES: usize = 512 << 20;

/// Revision and day of a view.
type Moment = (u64, jiff::civil::Date);

/// Tables of the views that were queried last; the one that was not asked for longest is forgotten first.
#[derive(Debug)]
pub(super) struct KeptSteps {
    most_bytes: usize,
    held: Mutex<VecDeque<(Moment, StepsWanted, Arc<StepTable>)>>,
}

impl Default for KeptSteps {
    fn default() -> Self {
        Self::of_bytes(USUAL_BYTES)
    }
}

impl KeptSteps {
    pub(super) fn of_bytes(most_bytes: usize) -> Self {
        Self { most_bytes, held: Mutex::default() }
    }

    pub(super) fn find(&self, moment: Moment, wanted: &StepsWanted) -> Option<Arc<StepTable>> {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let place = held.iter().position(|(of, steps, _)| *of == moment && steps == wanted)?;
        let found = held.remove(place)?;
        let table = Arc::clone(&found.2);
        held.push_back(found);
        Some(table)
    }

    pub(super) fn keep(&self, moment: Moment, wanted: StepsWanted, table: &Arc<StepTable>) {
        if table.bytes() > self.most_bytes {
            return;
        }
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if held.iter().any(|(of, steps, _)| *of == moment && *steps == wanted) {
            return;
        }
        held.push_back((moment, wanted, Arc::clone(table)));
        let mut bytes: usize = held.iter().map(|(.., table)| table.bytes()).sum();
        while bytes > self.most_bytes {
            let Some((.., oldest)) = held.pop_front() else { break };
            bytes -= oldest.bytes();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::{Direction, EdgeKind};

    fn wanted(kind: u16) -> StepsWanted {
        StepsWanted { direction: Direction::Outgoing, kinds: Some([EdgeKind(kind)].into()), from: None, to: None }
    }

    #[test]
    fn the_one_not_asked_for_longest_is_forgotten() {
        let day = jiff::civil::date(2026, 11, 1);
        // Eight bytes a node.
        let kept = KeptSteps::of_bytes(200);
        let table = |nodes| Arc::new(StepTable::new(nodes));
        kept.keep((1, day), wanted(1), &table(10));
        kept.keep((1, day), wanted(2), &table(10));
        assert!(kept.find((1, day), &wanted(1)).is_some());
        assert!(kept.find((2, day), &wanted(1)).is_none(), "another revision");
        kept.keep((1, day), wanted(3), &table(10));
        assert!(kept.find((1, day), &wanted(2)).is_none());
        assert!(kept.find((1, day), &wanted(1)).is_some() && kept.find((1, day), &wanted(3)).is_some());
        kept.keep((1, day), wanted(4), &table(26));
        assert!(kept.find((1, day), &wanted(4)).is_none(), "larger than everything together may be");
        assert!(kept.find((1, day), &wanted(1)).is_some());
    }
}
