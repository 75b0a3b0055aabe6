//! Whether it matters how often a row comes.
//!
//! Where only distinct values are asked for, a search may give each end once instead of every path to it.

use crate::query::functions::aggregate::Aggregate;
use crate::query::semantics::bound::{AggregateCall, BoundPart, BoundProjection, Stage};
use crate::query::syntax::tree::UnionKind;

/// Whether it matters how often a row comes out of a stage.
pub fn matters(part: &BoundPart, place: usize, unions: &[UnionKind]) -> bool {
    for stage in &part.stages[place + 1..] {
        if let Stage::Project(projection) = stage {
            match effect(projection) {
                Effect::Removes => return false,
                Effect::Depends => return true,
                Effect::Keeps => {}
            }
        }
    }
    unions.is_empty() || unions.contains(&UnionKind::All)
}

/// What a projection does with repeated rows.
enum Effect {
    /// Its result does not depend on them.
    Removes,
    /// It does.
    Depends,
    /// They go on as they are.
    Keeps,
}

fn effect(projection: &BoundProjection) -> Effect {
    if let Some(aggregation) = &projection.aggregation {
        let insensitive = aggregation.aggregates.iter().all(|(_, call)| is_insensitive(call));
        return if insensitive { Effect::Removes } else { Effect::Depends };
    }
    if projection.distinct.is_some() {
        return Effect::Removes;
    }
    if projection.skip.is_some() || projection.limit.is_some() {
        return Effect::Depends;
    }
    Effect::Keeps
}

fn is_insensitive(call: &AggregateCall) -> bool {
    call.distinct || matches!(call.aggregate, Some(Aggregate::Minimum | Aggregate::Maximum))
}
