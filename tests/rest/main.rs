//! The service through its front door.

mod exchanging;
mod findings;
mod hostile;
mod imports;
mod leaving;
mod ledger;
mod lists;
mod openapi;
mod queries;
mod query_deaths;
mod query_formats;
mod reading;
mod saved_queries;
mod structure;
mod support;
mod writing;
