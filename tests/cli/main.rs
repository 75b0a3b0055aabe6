//! The binary as people and scripts use it: arguments in, text, files and exit codes out.

mod examples;
mod generating;
mod importing;
mod keeping;
mod queries;
mod questions;
mod serving;
mod support;
