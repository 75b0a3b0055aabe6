//! B04: what many depend on does not stand on one leg.

use crate::analyses::findings::{Case, Code, Reader};
use crate::graph::Place;

pub(super) const CODE: Code = Code::each(judge);

fn judge(case: &mut Case<'_, '_>) {
    let (reader, node) = (case.reader, case.anchor);
    let redundant = reader.boolean(node, "availability.redundant").or_else(|| reader.boolean(node, "redundant"));
    let is_terminal = reader.is_a(node, "infrastructure") && reader.text(node, "type") == Some("pc");
    if redundant != Some(false) || is_terminal {
        return;
    }
    let dependents = dependents(reader, node, &case.rule.words("automatic_methods"));
    let limit = usize::try_from(case.rule.number("dependents", 10)).unwrap_or(usize::MAX);
    if dependents.len() >= limit {
        let draft = case.about(&[node]).count("count", dependents.len()).items(reader, "dependents", &dependents);
        case.report(draft);
    }
}

/// What essentially depends on a node or is supplied by it automatically, sorted by id.
fn dependents(reader: &Reader<'_>, node: Place, automatic: &[&str]) -> Vec<Place> {
    let needing = reader.incoming(node, &reader.kinds("depends_on")).into_iter();
    let needing = needing.filter(|edge| reader.text(Place::Relationship(*edge), "level") == Some("essential"));
    let fed = reader.outgoing(node, &reader.kinds("data_flow")).into_iter();
    let fed = fed.filter(|edge| {
        reader.text(Place::Relationship(*edge), "method").is_some_and(|method| automatic.contains(&method))
    });
    let places = needing.filter_map(|edge| reader.source(edge)).chain(fed.filter_map(|edge| reader.target(edge)));
    reader.sorted(places.filter(|place| *place != node).collect())
}
