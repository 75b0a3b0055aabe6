//! `ArchiMate` files in and out.

mod canonical;
mod corpus;
mod support;
mod through;
