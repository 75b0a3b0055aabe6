//! What a plan is made of.

use std::sync::Arc;

use crate::graph::{Direction, EdgeKind};
use crate::query::semantics::bound::{AggregateCall, Expression, SortKey, Variable};
use crate::query::source::{Key, Label};
use crate::query::syntax::tree::UnionKind;

/// How a query is answered.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The parts of a union.
    pub parts: Vec<PartPlan>,
    /// How each part but the first is joined.
    pub unions: Vec<UnionKind>,
    /// How many operations there are, those of subqueries included.
    pub operations: usize,
}

/// How one part of a union is answered: segments one after the other, each reading all the rows of the one before.
#[derive(Debug, Clone)]
pub struct PartPlan {
    /// At least one.
    pub segments: Vec<Segment>,
    /// The variables that hold the columns.
    pub outputs: Vec<Variable>,
    /// How many operations there are, those of subqueries included.
    pub operations: usize,
}

/// Operations through which each row runs at once, and what gathers the rows at their end.
#[derive(Debug, Clone)]
pub struct Segment {
    /// In order.
    pub operations: Vec<Operation>,
    /// What gathers the rows; absent in the last segment.
    pub gathering: Option<Gathering>,
    /// Whether steps may run ahead of the rows, a batch at a time: not where the first row may be enough.
    pub batched: bool,
}

/// One operation.
#[derive(Debug, Clone)]
pub struct Operation {
    /// What it does.
    pub kind: OperationKind,
    /// Its place among the counters of `PROFILE`.
    pub number: usize,
    /// How many rows are expected behind it, for one run of its part.
    pub estimate: f64,
}

/// What an operation does with each row.
#[derive(Debug, Clone)]
pub enum OperationKind {
    /// Each node, of a label if one is given.
    Nodes {
        /// Holds the node.
        variable: Variable,
        /// The label.
        label: Option<Label>,
    },
    /// The nodes whose property equals a value, or one of several.
    Seek(Box<Seek>),
    /// Each step from a node.
    Expand(Box<Expand>),
    /// Each path of some length from a node.
    ExpandMany(Box<ExpandMany>),
    /// Each node that can be reached, once.
    Reach(Box<ExpandMany>),
    /// Shortest paths.
    Shortest(Box<Shortest>),
    /// The ends of a relationship that is known already.
    Ends(Box<Expand>),
    /// Puts a path together.
    Path {
        /// Holds it.
        variable: Variable,
        /// Its nodes, as far as the pattern names them.
        nodes: Vec<Variable>,
        /// What is between them: a relationship or a list of them.
        relationships: Vec<Variable>,
    },
    /// Lets through what is true.
    Filter(Expression),
    /// Each item of a list.
    Unwind {
        /// The list.
        list: Expression,
        /// Holds the item.
        variable: Variable,
    },
    /// All rows of some operations; one row with nulls if there are none.
    Optional {
        /// The operations.
        operations: Vec<Operation>,
        /// What is null then.
        nulls: Vec<Variable>,
    },
    /// The rows of a procedure.
    Call(Box<Call>),
    /// Computes values.
    Compute(Vec<(Variable, Expression)>),
    /// Lets each combination through once.
    Distinct(Vec<Variable>),
    /// Leaves the first rows out.
    Skip(Expression),
    /// Lets only so many rows through.
    Limit(Expression),
}

/// The nodes whose property equals a value.
#[derive(Debug, Clone)]
pub struct Seek {
    /// Holds the node.
    pub variable: Variable,
    /// The label.
    pub label: Option<Label>,
    /// The property.
    pub key: Key,
    /// The property's name.
    pub name: Arc<str>,
    /// The value, or the list of values.
    pub value: Expression,
    /// Whether `value` is a list of values.
    pub any: bool,
    /// The condition itself, where the graph knows no quicker way.
    pub condition: Expression,
}

/// Steps from a node.
#[derive(Debug, Clone)]
pub struct Expand {
    /// The node the step starts from.
    pub from: Variable,
    /// Holds the relationship.
    pub relationship: Variable,
    /// The node it leads to.
    pub to: Variable,
    /// A label that every `from` has, if one is known.
    pub from_label: Option<Label>,
    /// Which way, seen from `from`.
    pub direction: Direction,
    /// The kinds; absent: all.
    pub kinds: Option<Arc<[EdgeKind]>>,
    /// Whether `from` is known already (only of `Ends` it may not be).
    pub from_known: bool,
    /// Whether `to` is known already.
    pub to_known: bool,
    /// A label that `to` must have; looked at before anything else.
    pub to_label: Option<Label>,
    /// Relationships, or lists of them, that must be others.
    pub unlike: Vec<Variable>,
    /// Whether anything reads the relationship, or must be another one.
    pub relationship_wanted: bool,
}

/// Paths of some length from a node.
#[derive(Debug, Clone)]
pub struct ExpandMany {
    /// As of one step; `relationship` holds the list.
    pub step: Expand,
    /// Holds one relationship while it is looked at.
    pub each: Variable,
    /// What each relationship must be.
    pub predicates: Vec<Expression>,
    /// At least so many steps.
    pub minimum: u64,
    /// At most so many.
    pub maximum: Option<u64>,
    /// Whether the list is read by anybody.
    pub list_wanted: bool,
    /// Whether the walk goes against the reading order of the pattern.
    pub backward: bool,
    /// Whether the list is known already and only has to fit.
    pub given: bool,
}

/// Shortest paths between two nodes, or from a node to all others.
#[derive(Debug, Clone)]
pub struct Shortest {
    /// The paths.
    pub paths: ExpandMany,
    /// All of the shortest, or one.
    pub all: bool,
    /// Holds the path, where anything reads it.
    pub path: Option<Variable>,
}

/// The rows of a procedure.
#[derive(Debug, Clone)]
pub struct Call {
    /// Its name.
    pub name: Arc<str>,
    /// The arguments.
    pub arguments: Vec<Expression>,
    /// For the columns that are taken: the column's place, and what holds it.
    pub yields: Vec<(usize, Variable)>,
    /// Whether the procedure has no columns at all: each row then goes on as it is.
    pub passes: bool,
}

/// What gathers rows.
#[derive(Debug, Clone)]
pub enum Gathering {
    /// Grouping and aggregates.
    Groups {
        /// The keys.
        keys: Vec<(Variable, Expression)>,
        /// The aggregates.
        aggregates: Vec<(Variable, AggregateCall)>,
        /// The variable that stays the same over long runs of rows, if the rows come from a scan of it.
        outermost: Option<Variable>,
        /// Variables among the arguments that hold nodes, or null, and nothing else.
        nodes: Vec<Variable>,
        /// Its place among the counters of `PROFILE`.
        number: usize,
        /// How many groups are expected.
        estimate: f64,
    },
    /// Order, and perhaps only the first rows.
    Sorted {
        /// By what.
        keys: Vec<SortKey>,
        /// What a row must keep.
        kept: Vec<Variable>,
        /// `SKIP` and `LIMIT` where both are numbers that are known: only so many rows are kept.
        skip: Option<Expression>,
        /// `LIMIT`.
        limit: Option<Expression>,
        /// Its place among the counters of `PROFILE`.
        number: usize,
        /// How many rows are expected.
        estimate: f64,
    },
}
