//! B02: what a system essentially depends on is restored at least as soon as the system must be.

use crate::analyses::findings::{Case, Code, FactValue, Reader};
use crate::domain::Value;
use crate::graph::Place;

pub(super) const CODE: Code = Code::each(judge);

fn judge(case: &mut Case<'_, '_>) {
    let reader = case.reader;
    let Place::Relationship(edge) = case.anchor else { return };
    let (Some(dependent), Some(dependency)) = (reader.source(edge), reader.target(edge)) else { return };
    let (Some(wanted), Some(given)) = (recovery_hours(reader, dependent), recovery_hours(reader, dependency)) else {
        return;
    };
    if wanted < given {
        let hours = |hours| FactValue::Value(Value::Integer(hours), None);
        let draft = case.about(&[dependent, dependency]).with("rto_hours", hours(wanted));
        case.report(draft.with("dependency_rto_hours", hours(given)).item(reader, "dependency", case.anchor));
    }
}

/// The recovery time objective of a system or a piece of infrastructure.
fn recovery_hours(reader: &Reader<'_>, place: Place) -> Option<i64> {
    reader.integer(place, "availability.rto_hours").or_else(|| reader.integer(place, "rto_hours"))
}
