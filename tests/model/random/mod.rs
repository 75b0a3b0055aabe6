//! Random change sets on the workspace and on the naive model, compared after every step.

pub mod comparing;
pub mod drawing;
pub mod generating;
mod sequences;
