//! Snapshots against a naive model.
