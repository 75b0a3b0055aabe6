//! The query as a tree: what was written, with the place of each part in the text.
//!
//! The shape follows the grammar of openCypher 9; spellings of ISO GQL (ISO/IEC 39075) that say the same
//! become the same tree, so that nothing behind the parser knows which one was written.

use std::sync::Arc;

use super::span::Span;

/// A whole query: one or more single queries joined by `UNION`.
#[derive(Debug, Clone, PartialEq)]
pub struct Query {
    /// Whether to answer, to explain, or to do both.
    pub mode: Mode,
    /// `AT DATE …` or `AT REVISION …`, in front of the query.
    pub at: Vec<At>,
    /// The first single query.
    pub first: SingleQuery,
    /// What follows each `UNION`.
    pub unions: Vec<(UnionKind, SingleQuery)>,
}

/// What is asked of the engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mode {
    /// The answer.
    #[default]
    Answer,
    /// The plan, without running it.
    Explain,
    /// The answer, and the plan with the rows that really came.
    Profile,
}

/// Which view is asked.
#[derive(Debug, Clone, PartialEq)]
pub struct At {
    /// The date or the revision.
    pub point: AtPoint,
    /// A literal or a parameter.
    pub value: Expression,
    /// The whole of it.
    pub span: Span,
}

/// The two times of ezu.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AtPoint {
    /// The day in the world.
    Date,
    /// The revision of the ledger.
    Revision,
}

/// How two results are joined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnionKind {
    /// `UNION` and `UNION DISTINCT`: each row once.
    Distinct,
    /// `UNION ALL`.
    All,
}

/// Clauses in the order in which they are read.
#[derive(Debug, Clone, PartialEq)]
pub struct SingleQuery {
    /// At least one.
    pub clauses: Vec<Clause>,
    /// The whole of it.
    pub span: Span,
}

/// One clause.
#[derive(Debug, Clone, PartialEq)]
pub enum Clause {
    /// `MATCH`, `OPTIONAL MATCH`.
    Match(Match),
    /// `UNWIND list AS x`, and GQL's `FOR x IN list`.
    Unwind(Unwind),
    /// `WITH`.
    With(With),
    /// `RETURN`.
    Return(Projection),
    /// `CALL procedure(…) YIELD …`.
    Call(Call),
    /// GQL's `FILTER`.
    Filter(Filter),
    /// GQL's `LET x = …`: more columns beside those that are there.
    Let(Let),
    /// GQL's `ORDER BY … OFFSET … LIMIT …` as a clause of its own.
    Page(Page),
    /// A clause that would change the graph.
    Write(Write),
}

/// `MATCH` or `OPTIONAL MATCH`.
#[derive(Debug, Clone, PartialEq)]
pub struct Match {
    /// Whether rows without a match stay.
    pub optional: bool,
    /// The patterns, joined by commas.
    pub patterns: Vec<PathPattern>,
    /// `WHERE`.
    pub predicate: Option<Expression>,
    /// The whole of it.
    pub span: Span,
}

/// `UNWIND list AS variable`.
#[derive(Debug, Clone, PartialEq)]
pub struct Unwind {
    /// What is taken apart.
    pub list: Expression,
    /// What each piece is called.
    pub variable: Name,
    /// The whole of it.
    pub span: Span,
}

/// `WITH … WHERE …`.
#[derive(Debug, Clone, PartialEq)]
pub struct With {
    /// What goes on.
    pub projection: Projection,
    /// `WHERE`.
    pub predicate: Option<Expression>,
}

/// What `WITH` and `RETURN` have in common.
#[derive(Debug, Clone, PartialEq)]
pub struct Projection {
    /// `DISTINCT`.
    pub distinct: bool,
    /// `*`: all variables in scope, before the items.
    pub star: bool,
    /// The items.
    pub items: Vec<ProjectionItem>,
    /// `ORDER BY`.
    pub order: Vec<SortItem>,
    /// `SKIP` or `OFFSET`.
    pub skip: Option<Expression>,
    /// `LIMIT`.
    pub limit: Option<Expression>,
    /// The whole of it.
    pub span: Span,
}

/// One column.
#[derive(Debug, Clone, PartialEq)]
pub struct ProjectionItem {
    /// What it holds.
    pub expression: Expression,
    /// `AS name`.
    pub alias: Option<Name>,
    /// The expression as it was written, which names a column of `RETURN` without alias.
    pub text: Arc<str>,
}

/// One part of `ORDER BY`.
#[derive(Debug, Clone, PartialEq)]
pub struct SortItem {
    /// By what.
    pub expression: Expression,
    /// `DESC`.
    pub descending: bool,
}

/// GQL's `ORDER BY … OFFSET … LIMIT …` as a clause of its own.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    /// `ORDER BY`.
    pub order: Vec<SortItem>,
    /// `SKIP` or `OFFSET`.
    pub skip: Option<Expression>,
    /// `LIMIT`.
    pub limit: Option<Expression>,
    /// The whole of it.
    pub span: Span,
}

/// `CALL name(arguments) YIELD …`.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// The procedure's name, with its dots.
    pub name: Name,
    /// The arguments; absent when no parentheses were written (standalone calls only): the
    /// arguments are then parameters of the same names.
    pub arguments: Option<Vec<Expression>>,
    /// What is taken from it.
    pub yields: Yields,
    /// `WHERE` behind `YIELD`.
    pub predicate: Option<Expression>,
    /// The whole of it.
    pub span: Span,
}

/// What is taken from a procedure.
#[derive(Debug, Clone, PartialEq)]
pub enum Yields {
    /// No `YIELD`: everything in a standalone call, nothing inside a query.
    Unsaid,
    /// `YIELD *`, in a standalone call only.
    Star,
    /// `YIELD field AS variable, …`; `YIELD -` takes nothing.
    Items(Vec<YieldItem>),
}

/// A field of a procedure's rows.
#[derive(Debug, Clone, PartialEq)]
pub struct YieldItem {
    /// Its name there.
    pub field: Name,
    /// Its name here.
    pub variable: Name,
}

/// GQL's `FILTER [WHERE] predicate`.
#[derive(Debug, Clone, PartialEq)]
pub struct Filter {
    /// What must be true.
    pub predicate: Expression,
}

/// GQL's `LET variable = expression, …`.
#[derive(Debug, Clone, PartialEq)]
pub struct Let {
    /// The new columns.
    pub items: Vec<(Name, Expression)>,
    /// The whole of it.
    pub span: Span,
}

/// A clause that would change the graph. It is read so that it can be refused with a place, and so that
/// tests can say which graph they start from.
#[derive(Debug, Clone, PartialEq)]
pub struct Write {
    /// The keyword that was written, in capitals: `CREATE`, `MERGE`, `SET`, `DELETE`, …
    pub keyword: &'static str,
    /// The patterns of `CREATE`; empty for the others.
    pub patterns: Vec<PathPattern>,
    /// The keyword's place.
    pub span: Span,
}

/// A name and its place. Backticks are taken off.
#[derive(Debug, Clone, PartialEq)]
pub struct Name {
    /// The name.
    pub text: Arc<str>,
    /// Where it stands.
    pub span: Span,
}

/// A path to look for.
#[derive(Debug, Clone, PartialEq)]
pub struct PathPattern {
    /// `p = …`.
    pub variable: Option<Name>,
    /// Which of the paths that fit.
    pub search: PathSearch,
    /// The first node.
    pub start: NodePattern,
    /// Relationship and node in turn.
    pub steps: Vec<(RelationshipPattern, NodePattern)>,
    /// The whole of it.
    pub span: Span,
}

/// Which of the paths that fit are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PathSearch {
    /// All.
    #[default]
    All,
    /// One for each pair of ends: GQL's `ANY`.
    Any,
    /// One of the shortest for each pair of ends: `shortestPath(…)`, `ANY SHORTEST`, `SHORTEST 1`.
    AnyShortest,
    /// All of the shortest for each pair of ends: `allShortestPaths(…)`, `ALL SHORTEST`.
    AllShortest,
}

/// `(variable:Label {key: value} WHERE …)`.
#[derive(Debug, Clone, PartialEq)]
pub struct NodePattern {
    /// Its name.
    pub variable: Option<Name>,
    /// What it must be.
    pub labels: Option<LabelExpression>,
    /// A map, or a parameter.
    pub properties: Option<Expression>,
    /// GQL's `WHERE` inside the parentheses.
    pub predicate: Option<Expression>,
    /// The whole of it.
    pub span: Span,
}

/// `-[variable:TYPE|TYPE *1..3 {key: value} WHERE …]->`.
#[derive(Debug, Clone, PartialEq)]
pub struct RelationshipPattern {
    /// Its name; with a length, that of the list of relationships.
    pub variable: Option<Name>,
    /// Any of these; empty: all.
    pub types: Vec<Name>,
    /// Which way it points, seen from left to right.
    pub direction: PatternDirection,
    /// `*1..3`, `{1,3}`, `+`, `*`.
    pub length: Option<Length>,
    /// A map, or a parameter; of each relationship where there is a length.
    pub properties: Option<Expression>,
    /// GQL's `WHERE` inside the brackets.
    pub predicate: Option<Expression>,
    /// The whole of it.
    pub span: Span,
}

/// Which way a relationship points in a pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PatternDirection {
    /// `-->`.
    Right,
    /// `<--`.
    Left,
    /// `--` and `<-->`.
    Either,
}

/// How many relationships in a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Length {
    /// At least; absent means 1.
    pub minimum: Option<u64>,
    /// At most; absent means without limit.
    pub maximum: Option<u64>,
    /// Where it stands.
    pub span: Span,
}

/// What a node, or a relationship, must be.
#[derive(Debug, Clone, PartialEq)]
pub enum LabelExpression {
    /// Has the label.
    Label(Name),
    /// Both; `:A:B`, `:A&B`.
    And(Box<LabelExpression>, Box<LabelExpression>),
    /// Either; `:A|B`.
    Or(Box<LabelExpression>, Box<LabelExpression>),
    /// `:!A`.
    Not(Box<LabelExpression>),
    /// `:%`, at least one label.
    Any(Span),
}

/// An expression and its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Expression {
    /// What it is.
    pub kind: ExpressionKind,
    /// Where it stands.
    pub span: Span,
}

/// What an expression is.
#[derive(Debug, Clone, PartialEq)]
pub enum ExpressionKind {
    /// `null`.
    Null,
    /// `true`, `false`.
    Boolean(bool),
    /// A whole number; the sign belongs to it where it stands directly before the digits.
    Integer(i64),
    /// A number with a point or an exponent.
    Float(f64),
    /// A text.
    String(Arc<str>),
    /// `$name`.
    Parameter(Arc<str>),
    /// A variable.
    Variable(Arc<str>),
    /// `[a, b]`.
    List(Vec<Expression>),
    /// `{key: value}`.
    Map(Vec<(Name, Expression)>),
    /// `a.key`.
    Property(Box<Expression>, Name),
    /// `a[b]`.
    Index(Box<Expression>, Box<Expression>),
    /// `a[b..c]`.
    Slice(Box<Expression>, Option<Box<Expression>>, Option<Box<Expression>>),
    /// `NOT a`, `-a`, `+a`.
    Unary(UnaryOperator, Box<Expression>),
    /// Two operands, but for comparisons.
    Binary(BinaryOperator, Box<Expression>, Box<Expression>),
    /// `a < b <= c`: each neighbouring pair must hold.
    Comparison(Box<Expression>, Vec<(ComparisonOperator, Expression)>),
    /// `a IS NULL`, `a IS NOT NULL` (negated).
    IsNull {
        /// What is looked at.
        operand: Box<Expression>,
        /// `IS NOT NULL`.
        negated: bool,
    },
    /// `a:Label`, `a IS LABELED :Label`.
    HasLabels(Box<Expression>, LabelExpression),
    /// `name(arguments)`; aggregating ones too.
    Function {
        /// As it was written, with its dots.
        name: Name,
        /// `DISTINCT` before the arguments.
        distinct: bool,
        /// The arguments.
        arguments: Vec<Expression>,
    },
    /// `count(*)`.
    CountStar,
    /// `CASE`.
    Case {
        /// `CASE operand WHEN value …`.
        operand: Option<Box<Expression>>,
        /// `WHEN` and `THEN`.
        branches: Vec<(Expression, Expression)>,
        /// `ELSE`.
        otherwise: Option<Box<Expression>>,
    },
    /// `[x IN list WHERE predicate | projection]`.
    ListComprehension {
        /// The variable.
        variable: Name,
        /// What is gone through.
        list: Box<Expression>,
        /// `WHERE`.
        predicate: Option<Box<Expression>>,
        /// Behind the bar.
        projection: Option<Box<Expression>>,
    },
    /// `[p = (a)-->(b) WHERE predicate | projection]`.
    PatternComprehension {
        /// The pattern, with its variable.
        pattern: Box<PathPattern>,
        /// `WHERE`.
        predicate: Option<Box<Expression>>,
        /// Behind the bar.
        projection: Box<Expression>,
    },
    /// `all(x IN list WHERE predicate)` and its sisters.
    Quantifier {
        /// Which.
        quantifier: Quantifier,
        /// The variable.
        variable: Name,
        /// What is gone through.
        list: Box<Expression>,
        /// `WHERE`; without it the variable itself must be true.
        predicate: Option<Box<Expression>>,
    },
    /// `reduce(accumulator = initial, x IN list | body)`.
    Reduce {
        /// The accumulator.
        accumulator: Name,
        /// Its first value.
        initial: Box<Expression>,
        /// The variable.
        variable: Name,
        /// What is gone through.
        list: Box<Expression>,
        /// The accumulator's next value.
        body: Box<Expression>,
    },
    /// A pattern where a truth value is wanted: whether there is such a path.
    Pattern(Box<PathPattern>),
    /// `EXISTS { … }`: a pattern with `WHERE`, or a whole query.
    Exists(Box<Subquery>),
    /// `COUNT { … }`: how many rows there are.
    Count(Box<Subquery>),
}

/// What stands in the braces of `EXISTS` and `COUNT`.
#[derive(Debug, Clone, PartialEq)]
pub enum Subquery {
    /// Patterns and `WHERE`.
    Pattern(Match),
    /// A whole query.
    Query(Query),
}

/// Operators with one operand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnaryOperator {
    /// `NOT`.
    Not,
    /// `-`.
    Minus,
    /// `+`.
    Plus,
}

/// Operators with two operands, but for comparisons.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BinaryOperator {
    /// `OR`.
    Or,
    /// `XOR`.
    Xor,
    /// `AND`.
    And,
    /// `+`.
    Add,
    /// `-`.
    Subtract,
    /// `*`.
    Multiply,
    /// `/`.
    Divide,
    /// `%`.
    Modulo,
    /// `^`.
    Power,
    /// `IN`.
    In,
    /// `STARTS WITH`.
    StartsWith,
    /// `ENDS WITH`.
    EndsWith,
    /// `CONTAINS`.
    Contains,
    /// `=~`.
    Matches,
}

/// Comparisons.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ComparisonOperator {
    /// `=`.
    Equal,
    /// `<>`.
    NotEqual,
    /// `<`.
    Less,
    /// `<=`.
    LessOrEqual,
    /// `>`.
    Greater,
    /// `>=`.
    GreaterOrEqual,
}

/// The four quantifiers over a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quantifier {
    /// `all`.
    All,
    /// `any`.
    Any,
    /// `none`.
    None,
    /// `single`.
    Single,
}
