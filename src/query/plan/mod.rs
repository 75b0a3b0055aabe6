//! From bound query to plan: where to start, which way to walk, when to filter.
//!
//! A plan is a list of segments. Within a segment every row runs through all operations before the next row is
//! made, so nothing is kept; between segments rows are gathered (groups, order). `MATCH` is planned by cost: the
//! cheapest start, then again and again the cheapest step, with each condition as early as its variables allow.

mod estimates;
mod explain;
mod matching;
mod multiplicity;
mod operation;
mod selectivity;
mod steps;
mod subqueries;

pub use estimates::{Statistics, UnknownStatistics};
pub use explain::{Node, describe, tree_text};
pub use operation::{
    Call, Expand, ExpandMany, Gathering, Operation, OperationKind, PartPlan, Plan, Seek, Segment, Shortest,
};

use super::semantics::bound::{BoundPart, BoundProjection, BoundQuery, Expression, Kind, Names, Stage, Variable};
use super::types::Type;
use matching::MatchPlanner;
use selectivity::Judge;

/// Plans a query.
pub fn plan(query: &BoundQuery, names: &Names, statistics: &dyn Statistics) -> Plan {
    let mut planner = Planner { names, statistics, reads: vec![0; names.variables.len()], numbers: 0 };
    planner.count_reads(query);
    let mut plan = planner.query(query, &[], Wanted::Rows);
    // Subqueries run for each row, and often want one row only: batches would cost them more than they bring.
    for segment in plan.parts.iter_mut().flat_map(|part| &mut part.segments) {
        segment.batched = !segment.operations.iter().any(|operation| matches!(operation.kind, OperationKind::Limit(_)));
    }
    plan
}

/// What is asked of the rows of a query.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wanted {
    /// All, as often as they come.
    Rows,
    /// Whether there is one.
    Existence,
}

/// The state of planning.
struct Planner<'a> {
    names: &'a Names,
    statistics: &'a dyn Statistics,
    /// How often each variable is read anywhere.
    reads: Vec<u32>,
    numbers: usize,
}

/// A part of a plan under construction.
struct Draft {
    segments: Vec<Segment>,
    operations: Vec<Operation>,
    known: Known,
    rows: f64,
}

/// Which variables have a value.
#[derive(Debug, Clone)]
struct Known(Vec<bool>);

impl Known {
    fn has(&self, variable: Variable) -> bool {
        self.0[variable.index()]
    }

    fn add(&mut self, variable: Variable) {
        self.0[variable.index()] = true;
    }
}

impl Planner<'_> {
    fn count_reads(&mut self, query: &BoundQuery) {
        let reads = &mut self.reads;
        query.for_each_read(&mut |variable| reads[variable.index()] += 1);
    }

    fn number(&mut self) -> usize {
        self.numbers += 1;
        self.numbers - 1
    }

    fn operation(&mut self, kind: OperationKind, estimate: f64) -> Operation {
        Operation { kind, number: self.number(), estimate }
    }

    fn query(&mut self, query: &BoundQuery, outer: &[Variable], wanted: Wanted) -> Plan {
        let parts = query.parts.iter().map(|part| self.part(part, query, outer, wanted)).collect();
        Plan { parts, unions: query.unions.clone(), operations: self.numbers }
    }

    fn part(&mut self, part: &BoundPart, query: &BoundQuery, outer: &[Variable], wanted: Wanted) -> PartPlan {
        let before = self.numbers;
        let mut known = Known(vec![false; self.names.variables.len()]);
        outer.iter().for_each(|variable| known.add(*variable));
        let mut draft = Draft { segments: Vec::new(), operations: Vec::new(), known, rows: 1.0 };
        for place in 0..part.stages.len() {
            let often = wanted == Wanted::Rows && multiplicity::matters(part, place, &query.unions);
            self.stage(&part.stages[place], often, &mut draft);
        }
        draft.segments.push(Segment { operations: draft.operations, gathering: None, batched: false });
        PartPlan { segments: draft.segments, outputs: part.outputs.clone(), operations: self.numbers - before }
    }

    /// Plans a stage. `often`: whether it matters how often a row comes.
    fn stage(&mut self, stage: &Stage, often: bool, draft: &mut Draft) {
        match stage {
            Stage::Match(clause) => MatchPlanner::plan(self, clause, often, draft),
            Stage::Unwind { list, variable } => {
                draft.rows *= GUESSED_ITEMS;
                let list = self.ready(list.clone());
                draft.known.add(*variable);
                let operation = self.operation(OperationKind::Unwind { list, variable: *variable }, draft.rows);
                draft.operations.push(operation);
            }
            Stage::Filter(predicate) => self.filter(predicate, draft),
            Stage::Call(call) => {
                draft.rows *= GUESSED_ITEMS;
                call.yields.iter().for_each(|(_, variable)| draft.known.add(*variable));
                let arguments = call.arguments.iter().map(|argument| self.ready(argument.clone())).collect();
                let passes = call.signature.columns.is_empty();
                let kind = Call { name: call.name.clone(), arguments, yields: call.yields.clone(), passes };
                let operation = self.operation(OperationKind::Call(Box::new(kind)), draft.rows);
                draft.operations.push(operation);
            }
            Stage::Project(projection) => self.project(projection, draft),
        }
    }

    fn filter(&mut self, predicate: &Expression, draft: &mut Draft) {
        draft.rows *= Judge { statistics: self.statistics, label_of: &|_| None }.share(predicate);
        let predicate = self.ready(predicate.clone());
        let operation = self.operation(OperationKind::Filter(predicate), draft.rows);
        draft.operations.push(operation);
    }

    fn project(&mut self, projection: &BoundProjection, draft: &mut Draft) {
        if projection.aggregation.is_some() {
            self.group(projection, draft);
        }
        if !projection.items.is_empty() {
            let items = projection.items.iter().map(|(held, item)| (*held, self.ready(item.clone()))).collect();
            projection.items.iter().for_each(|(held, _)| draft.known.add(*held));
            let operation = self.operation(OperationKind::Compute(items), draft.rows);
            draft.operations.push(operation);
        }
        if let Some(distinct) = &projection.distinct {
            let operation = self.operation(OperationKind::Distinct(distinct.clone()), draft.rows);
            draft.operations.push(operation);
        }
        self.page(projection, draft);
        if let Some(predicate) = &projection.predicate {
            self.filter(predicate, draft);
        }
    }

    fn group(&mut self, projection: &BoundProjection, draft: &mut Draft) {
        let Some(aggregation) = &projection.aggregation else { return };
        // Later segments get many rows, and scan again for each.
        let outermost = if draft.segments.is_empty() { self.outermost(&draft.operations) } else { None };
        let keys: Vec<(Variable, Expression)> =
            aggregation.keys.iter().map(|(held, key)| (*held, self.ready(key.clone()))).collect();
        let mut aggregates = aggregation.aggregates.clone();
        for (_, call) in &mut aggregates {
            call.arguments = std::mem::take(&mut call.arguments).into_iter().map(|part| self.ready(part)).collect();
        }
        let arguments = aggregates.iter().flat_map(|(_, call)| &call.arguments);
        let variables = arguments.filter_map(|argument| match argument.kind {
            Kind::Variable(variable) => Some(variable),
            _ => None,
        });
        let nodes = variables.filter(|variable| *self.names.type_of(*variable) == Type::Node).collect();
        keys.iter().for_each(|(held, _)| draft.known.add(*held));
        aggregates.iter().for_each(|(held, _)| draft.known.add(*held));
        draft.rows = if keys.is_empty() { 1.0 } else { draft.rows.sqrt().max(1.0) };
        let gathering =
            Gathering::Groups { keys, aggregates, outermost, nodes, number: self.number(), estimate: draft.rows };
        draft.close(gathering);
    }

    fn page(&mut self, projection: &BoundProjection, draft: &mut Draft) {
        let (skip, limit) = (projection.skip.clone(), projection.limit.clone());
        if let Some(count) = limit.as_ref().and_then(constant_count) {
            draft.rows = draft.rows.min(count);
        }
        if !projection.order.is_empty() {
            let keys = projection.order.iter().map(|key| {
                let expression = self.ready(key.expression.clone());
                super::semantics::bound::SortKey { expression, descending: key.descending }
            });
            let keys = keys.collect();
            let kept = kept_behind(projection, &draft.known);
            let number = self.number();
            draft.close(Gathering::Sorted { keys, kept, skip, limit, number, estimate: draft.rows });
            return;
        }
        if let Some(skip) = skip {
            let operation = self.operation(OperationKind::Skip(skip), draft.rows);
            draft.operations.push(operation);
        }
        if let Some(limit) = limit {
            let operation = self.operation(OperationKind::Limit(limit), draft.rows);
            draft.operations.push(operation);
        }
    }
}

impl Planner<'_> {
    /// The variable whose rows come one after the other: that of the scan that a plan begins with, or of a search
    /// from the one node that it begins with, which gives each node once.
    fn outermost(&self, operations: &[Operation]) -> Option<Variable> {
        match operations {
            [Operation { kind: OperationKind::Nodes { variable, .. }, .. }, ..] => Some(*variable),
            [
                Operation { kind: OperationKind::Seek(seek), .. },
                Operation { kind: OperationKind::Reach(reach), .. },
                ..,
            ] if !seek.any && self.statistics.unique(seek.key) && !reach.step.to_known => Some(reach.step.to),
            _ => None,
        }
    }
}

impl Draft {
    /// Ends the segment.
    fn close(&mut self, gathering: Gathering) {
        let operations = std::mem::take(&mut self.operations);
        self.segments.push(Segment { operations, gathering: Some(gathering), batched: false });
    }
}

/// How many items a list is taken to have.
const GUESSED_ITEMS: f64 = 10.0;

/// The variables that a sorted row must keep: the columns, and what the condition behind reads.
fn kept_behind(projection: &BoundProjection, known: &Known) -> Vec<Variable> {
    let mut kept = projection.outputs.clone();
    if let Some(predicate) = &projection.predicate {
        predicate.for_each_variable(&mut |variable| {
            if known.has(variable) && !kept.contains(&variable) {
                kept.push(variable);
            }
        });
    }
    kept
}

#[expect(clippy::cast_precision_loss, reason = "an estimate")]
fn constant_count(expression: &Expression) -> Option<f64> {
    match expression.kind {
        Kind::Constant(super::value::Value::Integer(count)) => Some(count as f64),
        _ => None,
    }
}
