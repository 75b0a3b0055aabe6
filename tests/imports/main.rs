//! Ledgers and workbooks into the model and out again.

mod peek;
