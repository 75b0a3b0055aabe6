//! Three-valued logic: true, false, and nothing where it is not known.

/// Both.
pub fn and(a: Option<bool>, b: Option<bool>) -> Option<bool> {
    match (a, b) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (Some(true), Some(true)) => Some(true),
        _ => None,
    }
}

/// Either, or both.
pub fn or(a: Option<bool>, b: Option<bool>) -> Option<bool> {
    not(and(not(a), not(b)))
}

/// Either, not both.
pub fn xor(a: Option<bool>, b: Option<bool>) -> Option<bool> {
    Some(a? != b?)
}

/// The opposite.
pub fn not(a: Option<bool>) -> Option<bool> {
    a.map(|a| !a)
}

/// All of them; true of none at all.
pub fn all(truths: &[Option<bool>]) -> Option<bool> {
    truths.iter().copied().fold(Some(true), and)
}

/// At least one of them.
pub fn any(truths: &[Option<bool>]) -> Option<bool> {
    truths.iter().copied().fold(Some(false), or)
}

/// Exactly one of them.
pub fn single(truths: &[Option<bool>]) -> Option<bool> {
    let certain = truths.iter().filter(|truth| **truth == Some(true)).count();
    let possible = truths.iter().filter(|truth| **truth != Some(false)).count();
    match (certain, possible) {
        (1, 1) => Some(true),
        (2.., _) | (_, 0) => Some(false),
        _ => None,
    }
}
