//! BPMN 2.0 (OMG formal/2013-12-09, ISO/IEC 19510): processes with their steps, in and out.
//!
//! [`read`] takes what the model has a place for (who does which step with which system, from what, to what, in how many
//! minutes) and keeps the whole file beside it; [`write()`] draws a process of the model, layout included, and
//! [`redraw`] writes what the model says today into a drawing that was imported.
//! `docs/bpmn.md` says what becomes of what.
//!
//! Invariant: nothing of a file is lost; what has no place in the model stays in the record of the diagram.

mod collecting;
mod document;
mod drawn;
mod hints;
mod kept;
mod layout;
mod order;
mod reading;
mod steps;
mod to_model;
mod writing;

pub use document::{Document, Lane, MessageFlow, Node, Participant, Process};
pub use kept::{KeptDrawing, Part, Unfit, redraw};
pub use order::steps_in_order;
pub use reading::parse;
pub use to_model::read;
pub use writing::{Written, has_steps, write};

/// The namespace of BPMN 2.0's model elements.
pub const MODEL: &str = "http://www.omg.org/spec/BPMN/20100524/MODEL";
/// The namespace of what ezu writes into BPMN beside the standard: identifiers of the model and attributes of steps.
pub const EZU: &str = "urn:ezu:bpmn:1";
