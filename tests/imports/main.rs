//! Ledgers and workbooks into the model and out again.

mod clean_ledgers;
mod support;
