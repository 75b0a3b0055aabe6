//! All steps of one sort in one place, for a search that takes most of them anyway.
//!
//! The graph keeps all that belongs to a node together. Who asks hundreds of thousands of nodes in no order for one
//! sort of step waits for memory each time; going through the nodes in their order once and noting the steps is
//! several times quicker.

use std::ops::ControlFlow;

use super::{Executor, Halt};
use crate::graph::{Edge, Node, prefetch};
use crate::query::plan::Expand;
use crate::query::source::PropertyGraph;

/// Below so many starts the graph itself is quick enough.
const FEW: f64 = 4096.0;
/// The steps are noted when at least one in so many nodes is expected to be asked.
const SHARE: f64 = 8.0;

/// Where each node's steps lead.
pub(super) struct StepTable {
    /// By node, where its steps begin and end.
    places: Vec<(u32, u32)>,
    ends: Vec<(Node, Edge)>,
}

impl StepTable {
    /// Whether a table is worth making for so many starts.
    #[expect(clippy::cast_precision_loss, reason = "an estimate")]
    pub(super) fn pays(starts: f64, nodes: usize) -> bool {
        starts >= FEW && starts * SHARE >= nodes as f64
    }

    /// Hints that the steps of these nodes are asked for soon.
    pub(super) fn expect(&self, nodes: &[Node]) {
        nodes.iter().for_each(|node| prefetch(&self.places, node.index()));
        for node in nodes {
            let begin = self.places.get(node.index()).map_or(0, |place| place.0);
            prefetch(&self.ends, begin as usize);
        }
    }

    /// Where the steps of a node lead: those that the table was made for.
    pub(super) fn steps(&self, node: Node) -> &[(Node, Edge)] {
        let (begin, end) = self.places.get(node.index()).copied().unwrap_or_default();
        self.ends.get(begin as usize..end as usize).unwrap_or_default()
    }
}

impl<G: PropertyGraph> Executor<'_, G> {
    /// Notes all steps of an operation, but for conditions on other relationships. Time: the nodes of the label that
    /// the starts have, and their steps.
    pub(super) fn step_table(&self, expand: &Expand) -> ControlFlow<Halt, StepTable> {
        let bound = self.graph.node_bound();
        self.allowed(self.budget.hold(bound * size_of::<(u32, u32)>(), "Expand"))?;
        let mut table = StepTable { places: vec![(0, 0); bound], ends: Vec::new() };
        self.graph.for_each_node(expand.from_label, |from| {
            self.allowed(self.budget.step("Expand"))?;
            let begin = table.ends.len();
            self.graph.for_each_step(from, expand.direction, expand.kinds.as_deref(), |step| {
                self.allowed(self.budget.step("Expand"))?;
                if expand.to_label.is_none_or(|label| self.graph.has_label(step.to, label)) {
                    table.ends.push((step.to, step.edge));
                }
                ControlFlow::Continue(())
            })?;
            self.allowed(self.budget.hold((table.ends.len() - begin) * size_of::<(Node, Edge)>(), "Expand"))?;
            if let Some(place) = table.places.get_mut(from.index()) {
                let number = |place: usize| u32::try_from(place).unwrap_or(u32::MAX);
                *place = (number(begin), number(table.ends.len()));
            }
            ControlFlow::Continue(())
        })?;
        ControlFlow::Continue(table)
    }
}
