//! Rules that are queries.

use super::draft::Draft;
use super::reader::Reader;
use super::rule::Rule;
use crate::domain::Localized;
use crate::graph::Place;

/// What a query finds, limited to some of what the rule judges.
///
/// # Errors
/// Why the query cannot be run.
pub(super) fn judge(_: &Reader<'_>, _: &Rule, _: &str, _: Option<&[Place]>) -> Result<Vec<Draft>, Localized> {
    Err(Localized::ja_en(
        "問合せ言語がまだないため、この規則は評価していない。",
        "Not evaluated: the query language is not there yet.",
    ))
}
