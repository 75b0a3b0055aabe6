//! A drawing that was imported, with what the model says today.
//!
//! Gateways, events, places and what vendors wrote have no place in the model. A drawing that came from elsewhere is
//! therefore given back as it came, with what the model says otherwise written into it. What cannot be written into a
//! drawing (one step more, another order, a step that moved to another lane) asks for a new one.
//!
//! Invariant: reading what is given back says what the model says. It is read again before it is given.

mod comparing;
mod marking;
mod retagging;

use super::document::Document;
use super::reading::parse;
use crate::domain::element::Model;
use crate::interchange::json_text::escaped;
use crate::interchange::limits::Limits;
use crate::interchange::source::{ReadContext, SourceFile};
use comparing::changes;

/// A drawing as the model keeps it in a `process_diagram` record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptDrawing<'a> {
    /// What it is called.
    pub title: &'a str,
    /// The XML, without a declaration.
    pub content: &'a str,
    /// What in the model stands for what in the drawing.
    pub parts: Vec<Part>,
}

/// An item of the model and what it is in a drawing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// The item's id.
    pub item: String,
    /// The id in the drawing; characters that the model holds in no text as [`escaped`] writes them.
    pub shape: String,
}

/// Why a drawing is not given back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unfit {
    /// Ids of processes and steps of which the model says what cannot be written into it; none if it cannot be read.
    pub items: Vec<String>,
}

impl KeptDrawing<'_> {
    /// Whether it shows an item.
    pub fn shows(&self, item: &str) -> bool {
        self.parts.iter().any(|part| part.item == item)
    }

    fn has_process(&self, document: &Document, item: &str) -> bool {
        let is_there = |shape: &str| document.processes.iter().any(|process| escaped(&process.id) == shape);
        self.parts.iter().any(|part| part.item == item && is_there(&part.shape))
    }
}

/// The drawing of some processes with what the model says of them today; the very text that was imported (behind a
/// declaration) where the model says nothing else. What else is drawn in it is in it, too. A file need not say where things
/// stand; `needs_places` refuses one that does not.
///
/// # Errors
/// [`Unfit`], if one of them is not drawn in it, or the model says something that only a new drawing can show.
pub fn redraw(
    model: &dyn Model,
    kept: &KeptDrawing<'_>,
    processes: &[String],
    needs_places: bool,
    limits: &Limits,
) -> Result<String, Unfit> {
    let document = read(model, kept.content, limits)?;
    let is_lacking = needs_places && !document.has_places;
    unfit(processes.iter().filter(|id| is_lacking || !kept.has_process(&document, id)).cloned())?;
    let found = changes(model, &document, kept);
    unfit(found.iter().filter(|change| change.cannot_be_written()).map(|change| change.item.clone()))?;
    let text = marking::write(kept.content, &found, limits).ok_or(Unfit { items: Vec::new() })?;
    if !found.is_empty() {
        let left = changes(model, &read(model, &text, limits)?, kept);
        unfit(left.into_iter().map(|change| change.item))?;
    }
    Ok(format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{text}"))
}

fn unfit(items: impl Iterator<Item = String>) -> Result<(), Unfit> {
    let mut items: Vec<String> = items.collect();
    items.dedup();
    if items.is_empty() { Ok(()) } else { Err(Unfit { items }) }
}

fn read(model: &dyn Model, text: &str, limits: &Limits) -> Result<Document, Unfit> {
    let file = SourceFile { name: "diagram.bpmn", bytes: text.as_bytes() };
    let context = ReadContext { metamodel: model.metamodel(), limits, progress: &|_| {} };
    parse(&file, context).map(|(document, _)| document).map_err(|_| Unfit { items: Vec::new() })
}
