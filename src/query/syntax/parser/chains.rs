//! Long chains of one operator that may be joined in any order.

/// Chains up to this length lean to the left, as they are read.
const LEANING: usize = 8;

/// Joins neighbours so that the tree's height grows with the logarithm of the number of operands; their order stays.
///
/// Only for operators that are associative, as `AND` and `OR` are in three-valued logic.
pub(super) fn balanced<T>(mut first: T, mut rest: Vec<T>, mut join: impl FnMut(T, T) -> T) -> T {
    while rest.len() >= LEANING {
        let mut operands = rest.into_iter();
        if let Some(second) = operands.next() {
            first = join(first, second);
        }
        rest = Vec::with_capacity(operands.len().div_ceil(2));
        while let Some(left) = operands.next() {
            rest.push(match operands.next() {
                Some(right) => join(left, right),
                None => left,
            });
        }
    }
    rest.into_iter().fold(first, join)
}

/// The greatest height that a chain adds.
pub(super) fn height(operands: usize) -> usize {
    if operands <= LEANING { operands } else { operands.ilog2() as usize + LEANING }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_stays_and_long_chains_are_flat() {
        for length in 1..2000_usize {
            let operands: Vec<(String, usize)> = (0..length).map(|place| (format!("{place},"), 0)).collect();
            let mut operands = operands.into_iter();
            let first = operands.next().expect("one");
            let (text, high) =
                balanced(first, operands.collect(), |left, right| (left.0 + &right.0, left.1.max(right.1) + 1));
            assert_eq!(text, (0..length).map(|place| format!("{place},")).collect::<String>());
            assert!(high <= height(length), "{length} operands, {high} high");
        }
        assert_eq!(balanced(1, vec![2, 3], |left, right| left * 10 + right), 123);
    }
}
