//! How alike two sequences or two sets are.

use rustc_hash::FxHashSet;
use std::hash::Hash;

/// Pairs of places that stand for the same in both sequences, in order: a longest common subsequence.
///
/// Takes time proportional to the product of the lengths.
pub(super) fn alignment<T: PartialEq>(a: &[T], b: &[T]) -> Vec<(usize, usize)> {
    let width = b.len() + 1;
    let mut lengths = vec![0_usize; (a.len() + 1) * width];
    for (row, one) in a.iter().enumerate().rev() {
        for (column, other) in b.iter().enumerate().rev() {
            let (down, right) = (lengths[(row + 1) * width + column], lengths[row * width + column + 1]);
            lengths[row * width + column] =
                if one == other { lengths[(row + 1) * width + column + 1] + 1 } else { down.max(right) };
        }
    }
    let (mut row, mut column, mut pairs) = (0, 0, Vec::new());
    while row < a.len() && column < b.len() {
        if a[row] == b[column] {
            pairs.push((row, column));
            (row, column) = (row + 1, column + 1);
        } else if lengths[(row + 1) * width + column] >= lengths[row * width + column + 1] {
            row += 1;
        } else {
            column += 1;
        }
    }
    pairs
}

/// The share of the longer sequence that is aligned, from 0 to 1.
#[expect(clippy::cast_precision_loss, reason = "lengths of lists that people write")]
pub(super) fn aligned_share<T: PartialEq>(a: &[T], b: &[T]) -> f64 {
    let longer = a.len().max(b.len());
    if longer == 0 { 0.0 } else { alignment(a, b).len() as f64 / longer as f64 }
}

/// The share of what is in either that is in both, from 0 to 1 (Jaccard); nothing where both are empty.
#[expect(clippy::cast_precision_loss, reason = "counts of neighbours")]
pub(super) fn overlap<T: Eq + Hash>(a: &FxHashSet<T>, b: &FxHashSet<T>) -> Option<f64> {
    let both = a.intersection(b).count();
    let either = a.len() + b.len() - both;
    (either > 0).then(|| both as f64 / either as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The longest common subsequence by trying everything.
    fn naive(a: &[u8], b: &[u8]) -> usize {
        match (a, b) {
            ([], _) | (_, []) => 0,
            ([one, rest_a @ ..], [other, rest_b @ ..]) if one == other => 1 + naive(rest_a, rest_b),
            ([_, rest_a @ ..], [_, rest_b @ ..]) => naive(rest_a, b).max(naive(a, rest_b)),
        }
    }

    #[test]
    fn alignments_are_longest_and_in_order() {
        let texts: [&[u8]; 6] = [b"", b"a", b"abcbdab", b"bdcaba", b"xaxbxc", b"abc"];
        for a in texts {
            for b in texts {
                let pairs = alignment(a, b);
                assert_eq!(pairs.len(), naive(a, b), "{a:?} {b:?}");
                assert!(pairs.iter().all(|(row, column)| a[*row] == b[*column]));
                assert!(pairs.windows(2).all(|two| two[0].0 < two[1].0 && two[0].1 < two[1].1));
            }
        }
    }

    #[test]
    fn overlap_is_a_share_of_the_union() {
        let set = |items: &[u8]| items.iter().copied().collect::<FxHashSet<u8>>();
        assert_eq!(overlap(&set(&[1, 2, 3]), &set(&[2, 3, 4])), Some(0.5));
        assert_eq!(overlap(&set(&[]), &set(&[])), None);
    }
}
