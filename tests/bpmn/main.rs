//! Processes as BPMN, in and out; workspaces of Structurizr in; the model as text for other programs.

mod corpus;
mod drawing;
mod hostile;
mod kept;
mod reading;
mod structurizr;
mod support;
mod texts;
