//! `ArchiMate` files in and out.

mod canonical;
mod corpus;
mod random;
mod support;
mod through;
mod versions;
