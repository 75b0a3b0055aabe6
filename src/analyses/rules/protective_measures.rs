//! S15: whoever holds a copy of the residents' addresses also learns whose address must be protected.

use crate::analyses::findings::{Case, Code, Reader};
use crate::domain::Value;
use crate::graph::{Edge, Place};

pub(super) const CODE: Code = Code::each(judge);

fn judge(case: &mut Case<'_, '_>) {
    let (reader, system) = (case.reader, case.anchor);
    let excepted = case.rule.words("excepted_types");
    if reader.text(system, "type").is_some_and(|held| excepted.contains(&held)) {
        return;
    }
    let incoming = reader.incoming(system, &reader.kinds("data_flow"));
    let is_protected = incoming.iter().any(|flow| carries(reader, *flow, "protective_data"));
    let masters = reader.sources(system, "mastered_by");
    if is_protected || masters.iter().any(|data| reader.terms().means("protective_data", *data)) {
        return;
    }
    let copies: Vec<Edge> = incoming.into_iter().filter(|flow| copies_addresses(reader, *flow)).collect();
    if copies.is_empty() {
        return;
    }
    let flows: Vec<Place> = copies.iter().map(|flow| Place::Relationship(*flow)).collect();
    let sources: Vec<Place> = copies.iter().filter_map(|flow| reader.source(*flow)).collect();
    let draft = case.about(&[system]).items(reader, "flows", &flows).items(reader, "sources", &sources);
    case.report(draft);
}

/// Whether a flow makes a copy of resident records that stays readable.
fn copies_addresses(reader: &Reader<'_>, flow: Edge) -> bool {
    let place = Place::Relationship(flow);
    let is_looked_up = reader.text(place, "method") == Some("view");
    let is_anonymous = reader.value(place, "anonymized") == Some(&Value::Boolean(true));
    !is_looked_up && !is_anonymous && carries(reader, flow, "resident_data")
}

fn carries(reader: &Reader<'_>, flow: Edge, word: &str) -> bool {
    reader.targets(Place::Relationship(flow), "carries").iter().any(|data| reader.terms().means(word, *data))
}
