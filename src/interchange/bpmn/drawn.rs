//! What the model says of a process, as it is drawn.

use std::sync::Arc;

use crate::domain::element::{Element, Item, Model};
use crate::domain::naming::display_name_of;
use crate::domain::value::Value;

/// The sign between several pieces of information in one text.
const AND: char = '、';

/// A process.
#[derive(Debug)]
pub(super) struct Drawn {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) documentation: Option<String>,
    /// What it uses: id, name, CRUD.
    pub(super) data: Vec<(String, String, Option<String>)>,
    /// Who does something in it, in the order of first appearance.
    pub(super) lanes: Vec<DrawnLane>,
    /// Steps in their order.
    pub(super) steps: Vec<DrawnStep>,
}

/// Who does something; `id` is absent for steps of which nobody says who does them.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct DrawnLane {
    pub(super) id: Option<String>,
    pub(super) name: String,
}

/// A step.
#[derive(Debug)]
pub(super) struct DrawnStep {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) documentation: Option<String>,
    pub(super) number: Option<i64>,
    pub(super) lane: usize,
    pub(super) means: Option<String>,
    pub(super) medium: Option<String>,
    pub(super) minutes: Option<i64>,
    /// The system used: id and name.
    pub(super) system: Option<(String, String)>,
    pub(super) inputs: Vec<String>,
    pub(super) outputs: Vec<String>,
}

/// A process with its steps; nothing if there is no such process or it has no steps.
pub(super) fn drawn(model: &dyn Model, id: &str) -> Option<Drawn> {
    process(model, id).filter(|process| !process.steps.is_empty())
}

/// A process with its steps, if it has any; nothing if there is no such process.
pub(super) fn process(model: &dyn Model, id: &str) -> Option<Drawn> {
    let Some(Item::Element(process)) = model.item(id) else { return None };
    let mut parts = referred(model, process, "steps");
    let number = |id: &String| Some(value(model, element(model, id)?, "no")?.as_integer().unwrap_or(i64::MAX));
    parts.sort_by_cached_key(|id| (number(id).unwrap_or(i64::MAX), id.clone()));
    let mut drawn = Drawn {
        id: id.to_owned(),
        name: display_name_of(model, id, "ja"),
        documentation: text(model, process, "documentation"),
        data: data(model, process),
        lanes: Vec::new(),
        steps: Vec::new(),
    };
    for part in parts {
        if let Some(step) = element(model, &part) {
            let step = drawn.step(model, step);
            drawn.steps.push(step);
        }
    }
    Some(drawn)
}

impl Drawn {
    fn step(&mut self, model: &dyn Model, step: &Arc<Element>) -> DrawnStep {
        let performer = referred(model, step, "lane").into_iter().next();
        let name = performer.as_ref().map(|id| display_name_of(model, id, "ja")).unwrap_or_default();
        let lane = self.lane(DrawnLane { id: performer, name });
        let system = referred(model, step, "system").into_iter().next();
        let information = |name: &str| text(model, step, name).map(|text| pieces(&text)).unwrap_or_default();
        DrawnStep {
            id: step.id.to_string(),
            name: display_name_of(model, step.id.as_str(), "ja"),
            documentation: text(model, step, "documentation"),
            number: value(model, step, "no").and_then(Value::as_integer),
            lane,
            means: text(model, step, "means"),
            medium: text(model, step, "medium"),
            minutes: value(model, step, "minutes_per_case").and_then(Value::as_integer),
            system: system.map(|id| (id.clone(), display_name_of(model, &id, "ja"))),
            inputs: information("input"),
            outputs: information("output"),
        }
    }

    fn lane(&mut self, lane: DrawnLane) -> usize {
        let known = self.lanes.iter().position(|held| *held == lane);
        known.unwrap_or_else(|| {
            self.lanes.push(lane);
            self.lanes.len() - 1
        })
    }
}

fn element<'m>(model: &'m dyn Model, id: &str) -> Option<&'m Arc<Element>> {
    match model.item(id)? {
        Item::Element(element) => Some(element),
        Item::Relationship(_) => None,
    }
}

fn value<'e>(model: &dyn Model, element: &'e Element, name: &str) -> Option<&'e Value> {
    element.attributes.get(model.metamodel().attribute_name(name)?)
}

fn text(model: &dyn Model, element: &Element, name: &str) -> Option<String> {
    value(model, element, name).map(|value| value.to_line("ja")).filter(|text| !text.is_empty())
}

/// What a reference attribute refers to.
fn referred(model: &dyn Model, element: &Element, name: &str) -> Vec<String> {
    let kind = model.metamodel().kind(element.kind);
    let Some(reference) = kind.attribute_named(name).and_then(|held| held.reference()) else { return Vec::new() };
    let held = model.outgoing(element.id.as_str(), Some(reference.relationship));
    held.iter().map(|relationship| relationship.target.to_string()).collect()
}

fn data(model: &dyn Model, process: &Element) -> Vec<(String, String, Option<String>)> {
    let kind = model.metamodel().kind(process.kind);
    let Some(reference) = kind.attribute_named("data").and_then(|held| held.reference()) else { return Vec::new() };
    let crud = model.metamodel().attribute_name("crud");
    let held = model.outgoing(process.id.as_str(), Some(reference.relationship));
    let entry = |relationship: &Arc<crate::domain::element::Relationship>| {
        let id = relationship.target.to_string();
        let crud = crud.and_then(|name| relationship.attributes.get(name)?.as_text()).map(str::to_owned);
        (id.clone(), display_name_of(model, &id, "ja"), crud)
    };
    held.iter().map(entry).collect()
}

/// The pieces of a text that lists several; the whole text where putting them together would not give it back.
fn pieces(text: &str) -> Vec<String> {
    let pieces: Vec<String> = text.split(AND).map(str::to_owned).collect();
    let mut sorted = pieces.clone();
    sorted.sort();
    sorted.dedup();
    let is_list = sorted.len() == pieces.len() && pieces.iter().all(|piece| !piece.is_empty() && piece.trim() == piece);
    if is_list { pieces } else { vec![text.to_owned()] }
}
