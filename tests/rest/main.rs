//! The service through its front door.

mod hostile;
mod imports;
mod lists;
mod openapi;
mod reading;
mod support;
mod writing;
