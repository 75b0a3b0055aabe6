//! The service through its front door.

mod findings;
mod hostile;
mod imports;
mod leaving;
mod ledger;
mod lists;
mod openapi;
mod reading;
mod structure;
mod support;
mod writing;
