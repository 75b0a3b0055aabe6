//! Results as files that people hand on.

mod csv;

pub use csv::to_csv;
