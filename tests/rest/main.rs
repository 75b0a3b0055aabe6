//! The service through its front door.

mod exchanging;
mod findings;
mod hostile;
mod imports;
mod ledger;
mod lists;
mod openapi;
mod reading;
mod structure;
mod support;
mod writing;
