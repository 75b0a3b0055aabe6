//! The query language, from outside.

mod parsing;
