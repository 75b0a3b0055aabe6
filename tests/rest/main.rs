//! The service through its front door.

mod findings;
mod hostile;
mod imports;
mod lists;
mod openapi;
mod reading;
mod support;
mod writing;
