//! What the engine needs of a graph. It knows no model: a view is one graph, a test's toy is another.

use std::ops::ControlFlow;
use std::sync::Arc;

use super::steps::{StepTable, StepsWanted};
use super::value::{Map, Value};
use crate::graph::{BitSet, Direction, Edge, EdgeKind, Node, Step};

/// A label, resolved before a query runs; what the number means is the catalogue's own affair.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Label(pub u32);

/// A property's name, resolved before a query runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key(pub u32);

/// A name that the catalogue does not know, and what may have been meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unknown {
    /// A known name that is like it.
    pub suggestion: Option<String>,
}

/// The names that queries use: known before any graph is looked at, and the same for all its revisions.
pub trait Catalog {
    /// The label of this name; nothing where unknown labels are allowed and match nothing.
    ///
    /// # Errors
    /// [`Unknown`] where an unknown name is a mistake.
    fn label(&self, name: &str) -> Result<Option<Label>, Unknown>;

    /// The kinds of relationship that a type's name stands for; none where unknown types are allowed.
    ///
    /// # Errors
    /// [`Unknown`] where an unknown name is a mistake.
    fn relationship_kinds(&self, name: &str) -> Result<Vec<EdgeKind>, Unknown>;

    /// The property of this name; nothing where unknown properties are allowed and always null.
    ///
    /// # Errors
    /// [`Unknown`] where an unknown name is a mistake.
    fn key(&self, name: &str) -> Result<Option<Key>, Unknown>;

    /// What a procedure takes and gives.
    fn procedure(&self, _name: &str) -> Option<Arc<Signature>> {
        None
    }

    /// The procedures that can be called, for "did you mean".
    fn procedure_names(&self) -> Vec<String> {
        Vec::new()
    }
}

/// What a procedure takes and gives.
#[derive(Debug, Clone, PartialEq)]
pub struct Signature {
    /// Its arguments in order.
    pub arguments: Vec<Field>,
    /// The columns of its rows.
    pub columns: Vec<Field>,
    /// What it does, one line.
    pub help: String,
}

/// An argument or a column.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// Its name.
    pub name: Arc<str>,
    /// What it holds.
    pub value_type: FieldType,
    /// Whether null may stand there.
    pub nullable: bool,
}

/// What an argument or a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldType {
    /// Anything.
    Any,
    /// Yes or no.
    Boolean,
    /// A whole number.
    Integer,
    /// Any number that is written with a point.
    Float,
    /// Whole numbers and others.
    Number,
    /// Text.
    String,
    /// Values by name.
    Map,
    /// Values in order.
    List,
    /// A node.
    Node,
    /// A relationship.
    Relationship,
    /// A path.
    Path,
}

/// The facts about single things, for functions and for showing values. Things that are not there have none.
pub trait Facts {
    /// The labels of a node, in the graph's order.
    fn labels(&self, node: Node) -> Vec<Arc<str>>;

    /// The type of a relationship.
    fn relationship_type(&self, edge: Edge) -> Arc<str>;

    /// All properties of a node.
    fn node_properties(&self, node: Node) -> Map;

    /// All properties of a relationship.
    fn relationship_properties(&self, edge: Edge) -> Map;

    /// A property of a node by its name; null where there is none.
    fn node_property_named(&self, node: Node, name: &str) -> Value;

    /// A property of a relationship by its name; null where there is none.
    fn relationship_property_named(&self, edge: Edge, name: &str) -> Value;

    /// Source and target of a relationship.
    fn ends(&self, edge: Edge) -> Option<(Node, Node)>;

    /// The identifier that `id()` gives for a node.
    fn node_id(&self, node: Node) -> Value {
        Value::Integer(i64::from(node.0))
    }

    /// The identifier that `id()` gives for a relationship.
    fn relationship_id(&self, edge: Edge) -> Value {
        Value::Integer(i64::from(edge.0))
    }

    /// The node that stands for a relationship which is itself an end of others.
    fn node_of_relationship(&self, _edge: Edge) -> Option<Node> {
        None
    }

    /// The relationship that a node stands for.
    fn relationship_of_node(&self, _node: Node) -> Option<Edge> {
        None
    }
}

/// A graph that can be searched. All methods see only what the asker may see.
pub trait PropertyGraph: Facts {
    /// Nodes have numbers below this.
    fn node_bound(&self) -> usize;

    /// Whether the node is there.
    fn sees_node(&self, node: Node) -> bool;

    /// Whether the node has the label.
    fn has_label(&self, node: Node, label: Label) -> bool;

    /// Calls `visit` for each node, of a label if one is given, in ascending order of their numbers.
    fn for_each_node<B>(&self, label: Option<Label>, visit: impl FnMut(Node) -> ControlFlow<B>) -> ControlFlow<B>;

    /// Calls `visit` for each step from a node; `kinds`: all where absent. A loop is met once where the
    /// direction is `Both`.
    fn for_each_step<B>(
        &self,
        node: Node,
        direction: Direction,
        kinds: Option<&[EdgeKind]>,
        visit: impl FnMut(Step) -> ControlFlow<B>,
    ) -> ControlFlow<B>;

    /// Hints that the steps from these nodes are asked for soon, and perhaps their edges.
    fn expect_steps(&self, _nodes: &[Node], _direction: Direction, _edges: bool) {}

    /// The table of some steps, if it was kept when an earlier query noted them.
    fn kept_steps(&self, _wanted: &StepsWanted) -> Option<Arc<StepTable>> {
        None
    }

    /// May keep the table of some steps for later queries of the same graph.
    fn keep_steps(&self, _wanted: StepsWanted, _table: &Arc<StepTable>) {}

    /// Calls `visit` for each relationship, of some kinds if given, with its source and target.
    fn for_each_relationship<B>(
        &self,
        kinds: Option<&[EdgeKind]>,
        mut visit: impl FnMut(Step) -> ControlFlow<B>,
    ) -> ControlFlow<B> {
        self.for_each_node(None, |node| self.for_each_step(node, Direction::Outgoing, kinds, &mut visit))
    }

    /// A property of a node; null where there is none.
    fn node_property(&self, node: Node, key: Key) -> Value;

    /// A property of a relationship; null where there is none.
    fn relationship_property(&self, edge: Edge, key: Key) -> Value;

    /// The kind of a relationship.
    fn relationship_kind(&self, edge: Edge) -> EdgeKind;

    /// The nodes, of a label if one is given, whose property equals a value, ascending; nothing where the graph has
    /// no quicker way than to look at each.
    fn seek(&self, _label: Option<Label>, _key: Key, _value: &Value) -> Option<Vec<Node>> {
        None
    }

    /// Everything at most `most` steps (all where absent) from the starts, the starts included; nothing where the
    /// graph has no quicker way than to walk.
    fn reach(
        &self,
        _starts: &[Node],
        _direction: Direction,
        _kinds: Option<&[EdgeKind]>,
        _most: Option<u64>,
    ) -> Option<BitSet> {
        None
    }

    /// Everything at most `depth` steps from a node, which comes first; nothing where the graph has no quicker way than
    /// to walk.
    fn reach_within(
        &self,
        _start: Node,
        _direction: Direction,
        _kinds: Option<&[EdgeKind]>,
        _depth: usize,
    ) -> Option<Vec<Node>> {
        None
    }

    /// The relationships of a shortest path between two different nodes, each with the node that it leads to, in order,
    /// or that there is none; nothing where the graph has no quicker way than to search step by step.
    fn shortest_path(
        &self,
        _from: Node,
        _to: Node,
        _direction: Direction,
        _kinds: Option<&[EdgeKind]>,
    ) -> Option<Option<Vec<(Edge, Node)>>> {
        None
    }

    /// How many nodes there are, of a label if one is given; an estimate.
    fn count_nodes(&self, label: Option<Label>) -> u64;

    /// How many steps of some kinds lead from a node of a label to nodes of another on average; an estimate.
    fn average_degree(
        &self,
        label: Option<Label>,
        direction: Direction,
        kinds: Option<&[EdgeKind]>,
        to: Option<Label>,
    ) -> f64;

    /// How many nodes of a label a value of a property picks out on average; an estimate.
    fn average_matches(&self, label: Option<Label>, _key: Key) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "an estimate")]
        let nodes = self.count_nodes(label) as f64;
        (nodes / 10.0).max(1.0)
    }

    /// Whether no two nodes share a value of a property.
    fn is_unique(&self, _key: Key) -> bool {
        false
    }

    /// The rows of a procedure.
    ///
    /// # Errors
    /// What the procedure says is wrong with its arguments.
    fn call(&self, name: &str, _arguments: &[Value]) -> Result<Vec<Vec<Value>>, super::error::QueryError> {
        Err(super::error::QueryError::runtime(
            super::error::ErrorKind::ProcedureError,
            super::error::ErrorDetail::ProcedureNotFound,
            format!("there is no procedure {name}"),
        ))
    }
}
