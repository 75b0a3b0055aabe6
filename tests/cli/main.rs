//! The binary as people and scripts use it: arguments in, text, files and exit codes out.

mod examples;
mod exchanging;
mod findings;
mod generating;
mod importing;
mod keeping;
mod large_records;
mod ledgers;
mod queries;
mod questions;
mod redacting;
mod serving;
mod support;
