//! When and how the steps of an operation are noted in a table.

use std::ops::ControlFlow;
use std::sync::Arc;

use super::{Executor, Halt};
use crate::graph::{Edge, Node};
use crate::query::plan::Expand;
use crate::query::source::PropertyGraph;
use crate::query::steps::{StepTable, StepsWanted};

/// Below so many starts the graph itself is quick enough.
const FEW: f64 = 4096.0;
/// The steps are noted when at least one in so many nodes is expected to be asked.
const SHARE: f64 = 8.0;

/// Whether a table is worth making for so many starts.
#[expect(clippy::cast_precision_loss, reason = "an estimate")]
pub(super) fn pays(starts: f64, nodes: usize) -> bool {
    starts >= FEW && starts * SHARE >= nodes as f64
}

impl<G: PropertyGraph> Executor<'_, G> {
    /// All steps of an operation, but for conditions on other relationships: the table that the graph kept, or a new one
    /// that it may keep. Time for a new one: the nodes of the label that the starts have, and their steps.
    pub(super) fn step_table(&self, expand: &Expand) -> ControlFlow<Halt, Arc<StepTable>> {
        let wanted = StepsWanted {
            direction: expand.direction,
            kinds: expand.kinds.as_deref().map(Box::from),
            from: expand.from_label,
            to: expand.to_label,
        };
        if let Some(held) = self.graph.kept_steps(&wanted) {
            return ControlFlow::Continue(held);
        }
        let table = Arc::new(self.noted_steps(&wanted)?);
        self.graph.keep_steps(wanted, &table);
        ControlFlow::Continue(table)
    }

    fn noted_steps(&self, wanted: &StepsWanted) -> ControlFlow<Halt, StepTable> {
        let bound = self.graph.node_bound();
        self.allowed(self.budget.hold(bound * size_of::<(u32, u32)>(), "Expand"))?;
        let mut table = StepTable::new(bound);
        self.graph.for_each_node(wanted.from, |from| {
            self.allowed(self.budget.step("Expand"))?;
            let begin = table.len();
            self.graph.for_each_step(from, wanted.direction, wanted.kinds.as_deref(), |step| {
                self.allowed(self.budget.step("Expand"))?;
                if wanted.to.is_none_or(|label| self.graph.has_label(step.to, label)) {
                    table.add(step.to, step.edge);
                }
                ControlFlow::Continue(())
            })?;
            let added = table.finish(from, begin);
            self.allowed(self.budget.hold(added * size_of::<(Node, Edge)>(), "Expand"))
        })?;
        ControlFlow::Continue(table)
    }
}
