//! `ArchiMate` files in and out.

mod canonical;
mod city;
mod corpus;
mod random;
mod support;
mod through;
mod versions;
