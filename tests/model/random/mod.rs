//! Random change sets on the workspace and on the naive model, compared after every step.

mod comparing;
mod drawing;
mod generating;
mod sequences;
