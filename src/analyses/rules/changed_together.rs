//! P01: two projects that change one system at the same time.

use jiff::civil::Date;

use crate::analyses::findings::{Case, Code, Draft, Fact, FactValue, Reader};
use crate::graph::Place;

pub(super) const CODE: Code = Code::each(judge);

/// A project that changes the system, and when.
struct Change {
    project: Place,
    edge: Place,
    period: Option<(Date, Date)>,
}

fn judge(case: &mut Case<'_, '_>) {
    let (reader, system) = (case.reader, case.anchor);
    let changes = changes(reader, system, &case.rule.words("roles"));
    for (number, first) in changes.iter().enumerate() {
        for second in changes.iter().skip(number + 1).filter(|second| second.project != first.project) {
            let (Some(one), Some(other)) = (first.period, second.period) else {
                case.lacks("<changes_system.source.start");
                continue;
            };
            let (from, to) = (one.0.max(other.0), one.1.min(other.1));
            if from <= to {
                let draft = case.about(&[first.project, second.project, system]);
                let day = |day| FactValue::Value(crate::domain::Value::Date(day), None);
                let draft = draft.with("overlap_from", day(from)).with("overlap_to", day(to));
                let roles = [("role1", first), ("role2", second)];
                let roles = roles.iter().filter_map(|(key, change)| Fact::recorded(reader, key, change.edge, "role"));
                case.report(roles.fold(draft, Draft::and));
            }
        }
    }
}

fn changes(reader: &Reader<'_>, system: Place, roles: &[&str]) -> Vec<Change> {
    let edges = reader.incoming(system, &reader.kinds("changes_system")).into_iter();
    let edges =
        edges.filter(|edge| reader.text(Place::Relationship(*edge), "role").is_some_and(|role| roles.contains(&role)));
    let mut changes: Vec<Change> = edges
        .filter_map(|edge| {
            let project = reader.source(edge)?;
            let period = reader.date_of(project, "start").zip(reader.date_of(project, "go_live"));
            Some(Change { project, edge: Place::Relationship(edge), period })
        })
        .collect();
    changes.sort_by_key(|change| (reader.id(change.project), reader.id(change.edge)));
    changes
}
