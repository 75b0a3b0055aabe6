//! Plans, parts and segments: how rows come together.

use std::ops::ControlFlow;

use super::chain::chained_states;
use super::gather::{Gatherer, RowSet};
use super::operations::State;
use super::{Executor, Flow, Halt, Row};
use crate::query::plan::{PartPlan, Plan, Segment};
use crate::query::semantics::bound::Variable;
use crate::query::source::PropertyGraph;
use crate::query::syntax::tree::UnionKind;

/// Takes rows, and which places are their columns.
pub(super) type PlanSink<'s> = dyn FnMut(&mut Row, &[Variable]) -> Flow + 's;

impl<G: PropertyGraph> Executor<'_, G> {
    /// Runs all parts of a plan.
    pub(super) fn plan(&self, plan: &Plan, row: &mut Row, out: &mut PlanSink<'_>) -> Flow {
        if !plan.unions.contains(&UnionKind::Distinct) {
            for part in &plan.parts {
                self.part(part, row, &mut |row| out(row, &part.outputs))?;
            }
            return ControlFlow::Continue(());
        }
        let mut seen = RowSet::default();
        for part in &plan.parts {
            self.part(part, row, &mut |row| match seen.insert(row, &part.outputs) {
                None => ControlFlow::Continue(()),
                Some(bytes) => {
                    self.allowed(self.budget.hold(bytes, "Union"))?;
                    out(row, &part.outputs)
                }
            })?;
        }
        ControlFlow::Continue(())
    }

    /// Runs the segments of a part, one after the other.
    fn part(&self, part: &PartPlan, row: &mut Row, out: &mut dyn FnMut(&mut Row) -> Flow) -> Flow {
        let Some((last, before)) = part.segments.split_last() else {
            return ControlFlow::Continue(());
        };
        let mut gathered: Option<Gatherer<'_>> = None;
        for segment in before {
            let Some(gathering) = &segment.gathering else { continue };
            let mut next = Gatherer::new(gathering);
            let mut sink = |row: &mut Row| next.add(self, row);
            self.feed(segment, gathered.take(), row, &mut sink)?;
            gathered = Some(next);
        }
        self.feed(last, gathered, row, out)
    }

    /// Sends the gathered rows, or the one row there is at the beginning, through a segment.
    fn feed(
        &self,
        segment: &Segment,
        gathered: Option<Gatherer<'_>>,
        row: &mut Row,
        out: &mut dyn FnMut(&mut Row) -> Flow,
    ) -> Flow {
        let mut states: Vec<State> = if segment.batched {
            chained_states(&segment.operations)
        } else {
            segment.operations.iter().map(|operation| State::of(&operation.kind)).collect()
        };
        let flow = match gathered {
            None => self.operations(&segment.operations, &mut states, row, out),
            Some(gatherer) => {
                gatherer.rows(self, row, &mut |row| self.operations(&segment.operations, &mut states, row, out))
            }
        };
        match flow {
            ControlFlow::Break(Halt::Enough) => ControlFlow::Continue(()),
            flow => flow,
        }
    }
}
