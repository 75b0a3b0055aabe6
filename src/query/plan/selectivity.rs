//! How much of the rows a condition lets through, as far as the planner can tell.

use super::estimates::Statistics;
use crate::query::semantics::bound::{Expression, Kind, Labels, Variable};
use crate::query::source::Label;
use crate::query::syntax::tree::{BinaryOperator, ComparisonOperator};

/// Where nothing is known.
const UNKNOWN: f64 = 0.3;
/// Between a bound and everything beyond it.
const BEYOND: f64 = 0.35;
/// How many values a list in `IN` is taken to have.
const LISTED: f64 = 3.0;

/// What conditions are judged by.
pub(super) struct Judge<'a> {
    pub(super) statistics: &'a dyn Statistics,
    /// The label that a variable's node is known to have.
    pub(super) label_of: &'a dyn Fn(Variable) -> Option<Label>,
}

impl Judge<'_> {
    /// The share of rows for which a condition is true, above 0 and at most 1.
    pub(super) fn share(&self, condition: &Expression) -> f64 {
        let share = match &condition.kind {
            Kind::And(parts) => parts.iter().map(|part| self.share(part)).product(),
            Kind::Or(parts) => parts.iter().map(|part| self.share(part)).sum(),
            Kind::Not(part) => 1.0 - self.share(part),
            Kind::Comparison(ComparisonOperator::Equal, left, right) => self.equal(left, right),
            Kind::Comparison(ComparisonOperator::NotEqual, left, right) => 1.0 - self.equal(left, right),
            Kind::Comparison(..) => BEYOND,
            Kind::Binary(BinaryOperator::In, left, _) => LISTED * self.equal(left, left),
            Kind::IsNull(_, is_not) => {
                if *is_not {
                    0.8
                } else {
                    0.2
                }
            }
            Kind::HasLabels(_, labels) => self.labelled(labels),
            Kind::Exists(_) => 0.5,
            _ => UNKNOWN,
        };
        share.clamp(0.001, 1.0)
    }

    fn equal(&self, left: &Expression, right: &Expression) -> f64 {
        let share = [left, right].into_iter().find_map(|side| self.share_of_value(side));
        share.unwrap_or(0.1)
    }

    /// The share of a label's nodes that one value of the property picks out.
    fn share_of_value(&self, side: &Expression) -> Option<f64> {
        let Kind::Property(subject, Some(key), _) = &side.kind else { return None };
        let Kind::Variable(variable) = subject.kind else { return None };
        let label = (self.label_of)(variable);
        Some(self.statistics.matches(label, *key) / self.statistics.nodes(label).max(1.0))
    }

    fn labelled(&self, labels: &Labels) -> f64 {
        match labels {
            Labels::One { label: Some(label), .. } => {
                self.statistics.nodes(Some(*label)) / self.statistics.nodes(None).max(1.0)
            }
            _ => UNKNOWN,
        }
    }
}
