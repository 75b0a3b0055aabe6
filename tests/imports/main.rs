//! Ledgers and workbooks into the model and out again.

mod clean_ledgers;
mod counting;
mod dirty_ledgers;
mod formats;
mod hostile;
mod merging;
mod mutated;
mod own_workbook;
mod random_models;
mod support;
mod waiting;
