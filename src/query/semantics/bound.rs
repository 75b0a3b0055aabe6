//! The query with all its names bound: variables are places in a row, labels and types are the catalogue's.

use std::sync::Arc;

use crate::graph::EdgeKind;
use crate::query::functions::Function;
use crate::query::functions::aggregate::Aggregate;
use crate::query::source::{Key, Label, Signature};
use crate::query::syntax::Span;
use crate::query::syntax::tree::{
    BinaryOperator, ComparisonOperator, PathSearch, PatternDirection, Quantifier, UnionKind,
};
use crate::query::types::Type;
use crate::query::value::Value;

/// A variable: its place in the row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Variable(pub u32);

impl Variable {
    /// The place as an index.
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// What is known of a variable.
#[derive(Debug, Clone)]
pub struct VariableInfo {
    /// Its name, for people; empty for those that have none.
    pub name: Arc<str>,
    /// Its type.
    pub value_type: Type,
}

/// A whole query.
#[derive(Debug, Clone)]
pub struct BoundQuery {
    /// The parts of a union, in order.
    pub parts: Vec<BoundPart>,
    /// How each part but the first is joined.
    pub unions: Vec<UnionKind>,
    /// The names of the columns.
    pub columns: Vec<Arc<str>>,
}

/// All that is shared by the parts of a query, its subqueries included.
#[derive(Debug, Clone, Default)]
pub struct Names {
    /// The variables.
    pub variables: Vec<VariableInfo>,
    /// The parameters, in the order of their numbers.
    pub parameters: Vec<Arc<str>>,
}

/// One part of a union.
#[derive(Debug, Clone)]
pub struct BoundPart {
    /// What is done, in order.
    pub stages: Vec<Stage>,
    /// The variables that hold the columns.
    pub outputs: Vec<Variable>,
}

/// One step of a part.
#[derive(Debug, Clone)]
pub enum Stage {
    /// `MATCH`.
    Match(BoundMatch),
    /// `UNWIND`.
    Unwind {
        /// What is taken apart.
        list: Expression,
        /// What holds each piece.
        variable: Variable,
    },
    /// `WITH`, `RETURN`, `LET`.
    Project(Box<BoundProjection>),
    /// `FILTER`.
    Filter(Expression),
    /// `CALL`.
    Call(BoundCall),
}

/// `MATCH` with what it asks.
#[derive(Debug, Clone)]
pub struct BoundMatch {
    /// Whether a row without a match stays.
    pub optional: bool,
    /// The patterns.
    pub patterns: Vec<BoundPattern>,
    /// What must be true: `WHERE`, labels and properties, taken apart at `AND`.
    pub predicates: Vec<Expression>,
    /// The variables that are new here.
    pub introduced: Vec<Variable>,
}

/// A path to look for.
#[derive(Debug, Clone)]
pub struct BoundPattern {
    /// The variable of the path.
    pub path: Option<Variable>,
    /// Which of the paths.
    pub search: PathSearch,
    /// The nodes: one more than relationships.
    pub nodes: Vec<Variable>,
    /// The relationships between them.
    pub relationships: Vec<BoundRelationship>,
}

/// A relationship of a pattern.
#[derive(Debug, Clone)]
pub struct BoundRelationship {
    /// Its variable; with a length, that of the list.
    pub variable: Variable,
    /// Whether the text names it.
    pub named: bool,
    /// Whether it was bound before this `MATCH`.
    pub bound_before: bool,
    /// The kinds; absent: all.
    pub kinds: Option<Arc<[EdgeKind]>>,
    /// Which way.
    pub direction: PatternDirection,
    /// How many in a row.
    pub length: Option<BoundLength>,
    /// Where it stands.
    pub span: Span,
}

/// How many relationships in a row, and what each of them must be.
#[derive(Debug, Clone)]
pub struct BoundLength {
    /// At least.
    pub minimum: u64,
    /// At most.
    pub maximum: Option<u64>,
    /// Holds one relationship while it is looked at.
    pub step: Variable,
    /// What each relationship must be.
    pub predicates: Vec<Expression>,
}

/// `CALL`.
#[derive(Debug, Clone)]
pub struct BoundCall {
    /// The procedure.
    pub name: Arc<str>,
    /// What it takes and gives.
    pub signature: Arc<Signature>,
    /// The arguments.
    pub arguments: Vec<Expression>,
    /// For the columns that are taken: the column's place, and what holds it.
    pub yields: Vec<(usize, Variable)>,
    /// Where it stands.
    pub span: Span,
}

/// `WITH` and `RETURN`.
#[derive(Debug, Clone, Default)]
pub struct BoundProjection {
    /// Grouping and aggregates, where there are any.
    pub aggregation: Option<Aggregation>,
    /// What is computed (after aggregation, if there is one), and what holds it.
    pub items: Vec<(Variable, Expression)>,
    /// `DISTINCT`: the variables that make a row, in order.
    pub distinct: Option<Vec<Variable>>,
    /// `ORDER BY`.
    pub order: Vec<SortKey>,
    /// `SKIP`.
    pub skip: Option<Expression>,
    /// `LIMIT`.
    pub limit: Option<Expression>,
    /// `WHERE`.
    pub predicate: Option<Expression>,
    /// What is in scope behind it.
    pub outputs: Vec<Variable>,
}

/// Grouping and aggregates.
#[derive(Debug, Clone)]
pub struct Aggregation {
    /// The keys, and what holds them.
    pub keys: Vec<(Variable, Expression)>,
    /// The aggregates, and what holds them.
    pub aggregates: Vec<(Variable, AggregateCall)>,
}

/// One aggregate.
#[derive(Debug, Clone, PartialEq)]
pub struct AggregateCall {
    /// Which; absent: `count(*)`.
    pub aggregate: Option<Aggregate>,
    /// `DISTINCT`.
    pub distinct: bool,
    /// Of what, and the percentile where there is one.
    pub arguments: Vec<Expression>,
}

/// One part of `ORDER BY`.
#[derive(Debug, Clone)]
pub struct SortKey {
    /// By what.
    pub expression: Expression,
    /// `DESC`.
    pub descending: bool,
}

/// An expression and its place; two are equal when they say the same, wherever they stand.
#[derive(Debug, Clone)]
pub struct Expression {
    /// What it is.
    pub kind: Kind,
    /// Where it stands.
    pub span: Span,
}

impl PartialEq for Expression {
    fn eq(&self, other: &Self) -> bool {
        self.kind == other.kind
    }
}

/// What an expression is.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    /// Always the same.
    Constant(Value),
    /// By its number in [`Names::parameters`].
    Parameter(usize),
    /// A place in the row.
    Variable(Variable),
    /// `[a, b]`.
    List(Vec<Expression>),
    /// `{key: value}`.
    Map(Vec<(Arc<str>, Expression)>),
    /// `a.name`; the key where the catalogue knows it.
    Property(Box<Expression>, Option<Key>, Arc<str>),
    /// `a[b]`.
    Index(Box<Expression>, Box<Expression>),
    /// `a[b..c]`.
    Slice(Box<Expression>, Option<Box<Expression>>, Option<Box<Expression>>),
    /// `NOT a`.
    Not(Box<Expression>),
    /// `-a`.
    Negate(Box<Expression>),
    /// `+a`.
    Plus(Box<Expression>),
    /// All of these.
    And(Vec<Expression>),
    /// Any of these.
    Or(Vec<Expression>),
    /// Exactly one of both.
    Xor(Box<Expression>, Box<Expression>),
    /// Two operands.
    Binary(BinaryOperator, Box<Expression>, Box<Expression>),
    /// `a =~ 'constant'`, compiled once.
    Matches(Box<Expression>, Arc<Pattern>),
    /// `a < b`.
    Comparison(ComparisonOperator, Box<Expression>, Box<Expression>),
    /// `a IS NULL`.
    IsNull(Box<Expression>, bool),
    /// `a:Label`.
    HasLabels(Box<Expression>, Labels),
    /// A function.
    Function(&'static Function, Vec<Expression>),
    /// `CASE`.
    Case {
        /// What the values are compared with.
        operand: Option<Box<Expression>>,
        /// `WHEN` and `THEN`.
        branches: Vec<(Expression, Expression)>,
        /// `ELSE`.
        otherwise: Option<Box<Expression>>,
    },
    /// `[x IN list WHERE predicate | projection]`.
    ListComprehension {
        /// The variable.
        variable: Variable,
        /// What is gone through.
        list: Box<Expression>,
        /// `WHERE`.
        predicate: Option<Box<Expression>>,
        /// Behind the bar.
        projection: Option<Box<Expression>>,
    },
    /// `all(x IN list WHERE predicate)`.
    Quantifier {
        /// Which.
        quantifier: Quantifier,
        /// The variable.
        variable: Variable,
        /// What is gone through.
        list: Box<Expression>,
        /// What is asked of each.
        predicate: Box<Expression>,
    },
    /// `reduce(…)`.
    Reduce {
        /// The accumulator.
        accumulator: Variable,
        /// Its first value.
        initial: Box<Expression>,
        /// The variable.
        variable: Variable,
        /// What is gone through.
        list: Box<Expression>,
        /// The next value.
        body: Box<Expression>,
    },
    /// Whether a subquery has a row.
    Exists(Box<Subquery>),
    /// How many rows a subquery has.
    Count(Box<Subquery>),
    /// The values of an expression over the rows of a subquery.
    Collect(Box<Subquery>, Box<Expression>),
}

impl PartialEq for Function {
    /// A function equals itself only.
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }
}

/// A regular expression that was compiled once; equal when written alike.
#[derive(Debug, Clone)]
pub struct Pattern {
    /// As it was written.
    pub text: Arc<str>,
    /// Compiled, for the whole text.
    pub regex: regex::Regex,
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

/// A query inside an expression. It is planned once and run for each row.
#[derive(Debug, Clone)]
pub struct Subquery {
    /// The query.
    pub query: BoundQuery,
    /// The variables of the outer row that are bound where it stands.
    pub outer: Vec<Variable>,
    /// Its plan, once there is one.
    pub plan: Option<Arc<crate::query::plan::Plan>>,
    /// Where it stands.
    pub span: Span,
}

impl PartialEq for Subquery {
    /// A subquery equals itself only, by its place in the text.
    fn eq(&self, other: &Self) -> bool {
        self.span == other.span
    }
}

/// What a node or a relationship must be.
#[derive(Debug, Clone, PartialEq)]
pub enum Labels {
    /// Has the label, or is a relationship of one of the kinds that the name stands for.
    One {
        /// The label; absent: one that nothing has.
        label: Option<Label>,
        /// The kinds of the type of the same name.
        kinds: Arc<[EdgeKind]>,
        /// The name.
        name: Arc<str>,
    },
    /// All.
    And(Vec<Labels>),
    /// Any.
    Or(Vec<Labels>),
    /// Not.
    Not(Box<Labels>),
    /// At least one label.
    Any,
}

impl BoundPart {
    /// How many relationships its patterns have.
    pub fn relationships(&self) -> usize {
        let clauses = self.stages.iter().filter_map(|stage| match stage {
            Stage::Match(clause) => Some(clause),
            _ => None,
        });
        clauses.flat_map(|clause| &clause.patterns).map(|pattern| pattern.relationships.len()).sum()
    }
}

impl Expression {
    /// An expression at a place.
    pub fn new(kind: Kind, span: Span) -> Self {
        Self { kind, span }
    }

    /// A variable at a place.
    pub fn variable(variable: Variable, span: Span) -> Self {
        Self::new(Kind::Variable(variable), span)
    }

    /// The variable, where the expression is nothing else.
    pub fn as_variable(&self) -> Option<Variable> {
        match self.kind {
            Kind::Variable(variable) => Some(variable),
            _ => None,
        }
    }

    /// Calls `visit` with each direct part.
    pub fn for_each_part<'a>(&'a self, visit: &mut dyn FnMut(&'a Expression)) {
        match &self.kind {
            Kind::Constant(_) | Kind::Parameter(_) | Kind::Variable(_) | Kind::Exists(_) | Kind::Count(_) => {}
            Kind::List(items) | Kind::And(items) | Kind::Or(items) | Kind::Function(_, items) => {
                items.iter().for_each(visit);
            }
            Kind::Map(entries) => entries.iter().for_each(|(_, value)| visit(value)),
            Kind::Property(part, ..)
            | Kind::Not(part)
            | Kind::Negate(part)
            | Kind::Plus(part)
            | Kind::Matches(part, _)
            | Kind::IsNull(part, _)
            | Kind::HasLabels(part, _)
            | Kind::Collect(_, part) => visit(part),
            Kind::Index(a, b) | Kind::Xor(a, b) | Kind::Binary(_, a, b) | Kind::Comparison(_, a, b) => {
                visit(a);
                visit(b);
            }
            Kind::Slice(list, from, to) => {
                visit(list);
                from.iter().chain(to).for_each(|part| visit(part));
            }
            Kind::Case { operand, branches, otherwise } => {
                operand.iter().for_each(|part| visit(part));
                for (when, then) in branches {
                    visit(when);
                    visit(then);
                }
                otherwise.iter().for_each(|part| visit(part));
            }
            Kind::ListComprehension { list, predicate, projection, .. } => {
                visit(list);
                predicate.iter().chain(projection).for_each(|part| visit(part));
            }
            Kind::Quantifier { list, predicate, .. } => {
                visit(list);
                visit(predicate);
            }
            Kind::Reduce { initial, list, body, .. } => {
                visit(initial);
                visit(list);
                visit(body);
            }
        }
    }

    /// Calls `visit` with each variable that is read, those of subqueries included.
    pub fn for_each_variable(&self, visit: &mut dyn FnMut(Variable)) {
        match &self.kind {
            Kind::Variable(variable) => visit(*variable),
            Kind::Exists(subquery) | Kind::Count(subquery) | Kind::Collect(subquery, _) => {
                subquery.outer.iter().for_each(|variable| visit(*variable));
            }
            _ => {}
        }
        self.for_each_part(&mut |part| part.for_each_variable(visit));
    }

    /// Whether the variable is read.
    pub fn reads(&self, variable: Variable) -> bool {
        let mut found = false;
        self.for_each_variable(&mut |read| found |= read == variable);
        found
    }
}
