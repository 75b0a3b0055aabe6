//! What is known of a value's type before a query runs.

/// The type of an expression, as far as its text tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Type {
    /// Nothing is known.
    Any,
    /// Always null.
    Null,
    /// Yes or no.
    Boolean,
    /// A whole number.
    Integer,
    /// A number of IEEE 754.
    Float,
    /// A whole number or another.
    Number,
    /// Text.
    String,
    /// A list of something.
    List(Box<Type>),
    /// Values by name.
    Map,
    /// A node.
    Node,
    /// A relationship.
    Relationship,
    /// A path.
    Path,
    /// A day.
    Date,
    /// A time of day without offset.
    LocalTime,
    /// A time of day with offset.
    Time,
    /// A day and time without offset.
    LocalDateTime,
    /// An instant in a zone.
    DateTime,
    /// A span of time.
    Duration,
    /// One of several, for what a function takes.
    OneOf(&'static [Type]),
}

impl Type {
    /// A list of anything.
    pub fn any_list() -> Self {
        Self::List(Box::new(Self::Any))
    }

    /// A list of something.
    pub fn list_of(item: Self) -> Self {
        Self::List(Box::new(item))
    }

    /// Whether a value of this type may be one of `wanted`. False only where it certainly is not.
    pub fn may_be(&self, wanted: &Self) -> bool {
        match (self, wanted) {
            (Self::Any | Self::Null, _) | (_, Self::Any) => true,
            (held, Self::OneOf(types)) => types.iter().any(|one| held.may_be(one)),
            (Self::OneOf(types), wanted) => types.iter().any(|one| one.may_be(wanted)),
            (Self::List(held), Self::List(wanted)) => held.may_be(wanted),
            (Self::Integer | Self::Float, Self::Number) | (Self::Number, Self::Integer | Self::Float) => true,
            (held, wanted) => held == wanted,
        }
    }

    /// What both have in common: itself where they are the same, a number of two numbers, else anything.
    #[must_use]
    pub fn joined(&self, other: &Self) -> Self {
        match (self, other) {
            (Self::Null, other) => other.clone(),
            (held, Self::Null) => held.clone(),
            (Self::List(a), Self::List(b)) => Self::list_of(a.joined(b)),
            (a, b) if a == b => a.clone(),
            (Self::Integer | Self::Float | Self::Number, Self::Integer | Self::Float | Self::Number) => Self::Number,
            _ => Self::Any,
        }
    }

    /// What it is called in messages.
    pub fn name(&self) -> String {
        match self {
            Self::List(item) if **item == Self::Any => "List".to_owned(),
            Self::List(item) => format!("List of {}", item.name()),
            Self::OneOf(types) => types.iter().map(Self::name).collect::<Vec<_>>().join(" or "),
            other => format!("{other:?}"),
        }
    }
}
