//! Laying one metamodel file over another: mappings are joined, all else is replaced.

use crate::domain::document::{Content, Node};

/// Lays `upper` over `lower`. A key that only one has is kept; where both have a
/// mapping the two are laid over each other; otherwise the upper value stands.
pub fn lay_over(lower: &mut Node, upper: Node) {
    let (Content::Mapping(below), Content::Mapping(_)) = (&mut lower.content, &upper.content) else {
        *lower = upper;
        return;
    };
    let Content::Mapping(above) = upper.content else {
        return;
    };
    for (key, value) in above {
        match below.iter_mut().find(|(held, _)| held.text == key.text) {
            Some((_, held)) => lay_over(held, value),
            None => below.push((key, value)),
        }
    }
}
