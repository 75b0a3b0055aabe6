//! `ArchiMate` files in and out.

mod answers;
mod canonical;
mod city;
mod corpus;
mod hostile;
mod large;
mod random;
mod support;
mod through;
mod versions;
