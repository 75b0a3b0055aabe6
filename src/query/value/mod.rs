//! What an expression can be worth.

pub mod access;
pub mod arithmetic;
pub mod equality;
pub mod extent;
pub mod json;
pub mod ordering;
pub mod show;
pub mod temporal;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::graph::{Edge, Node};
use temporal::{Date, DateTime, Duration, LocalDateTime, LocalTime, Time};

/// A value of the query language (openCypher 9, chapter "Values and types").
#[derive(Debug, Clone, Default, PartialEq)]
pub enum Value {
    /// Not known, or not there.
    #[default]
    Null,
    /// Yes or no.
    Boolean(bool),
    /// A whole number of 64 bits.
    Integer(i64),
    /// A number of IEEE 754, 64 bits.
    Float(f64),
    /// A text.
    String(Arc<str>),
    /// Values in order.
    List(Arc<[Value]>),
    /// Values by name.
    Map(Arc<Map>),
    /// A node of the graph.
    Node(Node),
    /// A relationship of the graph.
    Relationship(Edge),
    /// Nodes and the relationships between them.
    Path(Arc<Path>),
    /// A day.
    Date(Date),
    /// A time of day without offset.
    LocalTime(LocalTime),
    /// A time of day with offset.
    Time(Time),
    /// A day and a time of day without offset.
    LocalDateTime(LocalDateTime),
    /// An instant, with a time zone.
    DateTime(Arc<DateTime>),
    /// Months, days, seconds and nanoseconds.
    Duration(Arc<Duration>),
}

/// Values by name, in the order of the names.
pub type Map = BTreeMap<Arc<str>, Value>;

/// A path: one node more than relationships.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Path {
    /// The nodes, in the order of the walk.
    pub nodes: Vec<Node>,
    /// The relationships between them.
    pub relationships: Vec<Edge>,
}

impl Value {
    /// A text.
    pub fn string(text: impl AsRef<str>) -> Self {
        Self::String(text.as_ref().into())
    }

    /// A list.
    pub fn list(values: impl IntoIterator<Item = Value>) -> Self {
        Self::List(values.into_iter().collect())
    }

    /// A map.
    pub fn map(entries: impl IntoIterator<Item = (Arc<str>, Value)>) -> Self {
        Self::Map(Arc::new(entries.into_iter().collect()))
    }

    /// Whether it is null.
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// What the type is called in messages.
    pub fn type_name(&self) -> &'static str {
        match self {
            Self::Null => "Null",
            Self::Boolean(_) => "Boolean",
            Self::Integer(_) => "Integer",
            Self::Float(_) => "Float",
            Self::String(_) => "String",
            Self::List(_) => "List",
            Self::Map(_) => "Map",
            Self::Node(_) => "Node",
            Self::Relationship(_) => "Relationship",
            Self::Path(_) => "Path",
            Self::Date(_) => "Date",
            Self::LocalTime(_) => "LocalTime",
            Self::Time(_) => "Time",
            Self::LocalDateTime(_) => "LocalDateTime",
            Self::DateTime(_) => "DateTime",
            Self::Duration(_) => "Duration",
        }
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Boolean(value)
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Integer(value)
    }
}

impl From<Option<bool>> for Value {
    /// Three-valued logic: nothing is null.
    fn from(value: Option<bool>) -> Self {
        value.map_or(Self::Null, Self::Boolean)
    }
}
