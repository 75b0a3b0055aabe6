//! P02: a project relies on a system whose contract ends before the project goes live, and nobody replaces it.

use crate::analyses::findings::{Case, Code};
use crate::graph::Place;

pub(super) const CODE: Code = Code::each(judge);

fn judge(case: &mut Case<'_, '_>) {
    let (reader, anchor) = (case.reader, case.anchor);
    let Place::Relationship(edge) = anchor else { return };
    let (Some(project), Some(system)) = (reader.source(edge), reader.target(edge)) else { return };
    let ends_first = reader.date_of(system, "contract_end") < reader.date_of(project, "go_live");
    let successors = case.rule.words("successor_roles");
    let is_replaced = reader
        .incoming(system, &reader.kinds("changes_system"))
        .into_iter()
        .filter_map(|edge| reader.text(Place::Relationship(edge), "role"))
        .any(|role| successors.contains(&role));
    if ends_first && !is_replaced {
        let draft = case.about(&[project, system]).recorded(reader, "role", anchor, "role");
        let draft = draft.recorded(reader, "contract_end", system, "contract_end");
        case.report(draft.recorded(reader, "go_live", project, "go_live"));
    }
}
