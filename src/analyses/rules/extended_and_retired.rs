//! P04: one project retires what another extends.

use crate::analyses::findings::{Case, Code, Reader};
use crate::graph::Place;

pub(super) const CODE: Code = Code::each(judge);

fn judge(case: &mut Case<'_, '_>) {
    let (reader, system) = (case.reader, case.anchor);
    let (retiring, extending) = (projects(reader, system, "retire"), projects(reader, system, "extend"));
    for first in &retiring {
        for second in extending.iter().filter(|second| *second != first) {
            let draft = case.about(&[*first, *second, system]);
            let draft = draft.recorded(reader, "retired", *first, "go_live");
            case.report(draft.recorded(reader, "extended", *second, "go_live"));
        }
    }
}

/// The projects that do something to a system, sorted by id.
fn projects(reader: &Reader<'_>, system: Place, role: &str) -> Vec<Place> {
    let edges = reader.incoming(system, &reader.kinds("changes_system")).into_iter();
    let edges = edges.filter(|edge| reader.text(Place::Relationship(*edge), "role") == Some(role));
    reader.sorted(edges.filter_map(|edge| reader.source(edge)).collect())
}
