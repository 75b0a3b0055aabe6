//! Bit sets against ordered sets.

use std::collections::BTreeSet;

use proptest::prelude::*;

use crate::graph::{BitSet, EdgeKind, KindSet};

fn set(values: &[u32]) -> (BitSet, BTreeSet<u32>) {
    (values.iter().copied().collect(), values.iter().copied().collect())
}

proptest! {
    #[test]
    fn a_bit_set_is_an_ordered_set(
        left in prop::collection::vec(0_u32..300, 0..80),
        right in prop::collection::vec(0_u32..400, 0..80),
        removed in prop::collection::vec(0_u32..500, 0..40),
    ) {
        let (mut bits, mut model) = set(&left);
        for value in removed {
            prop_assert_eq!(bits.remove(value), model.remove(&value));
        }
        for value in &right {
            prop_assert_eq!(bits.contains(*value), model.contains(value));
        }
        prop_assert!(bits.iter().eq(model.iter().copied()));
        prop_assert_eq!(bits.count(), model.len());
        prop_assert_eq!(bits.is_empty(), model.is_empty());

        let (other_bits, other_model) = set(&right);
        let mut union = bits.clone();
        union.union_with(&other_bits);
        prop_assert!(union.iter().eq(model.union(&other_model).copied()));
        let mut common = bits.clone();
        common.intersect_with(&other_bits);
        prop_assert!(common.iter().eq(model.intersection(&other_model).copied()));
        let mut rest = bits.clone();
        rest.difference_with(&other_bits);
        prop_assert!(rest.iter().eq(model.difference(&other_model).copied()));
        prop_assert_eq!(bits == other_bits, model == other_model);
    }
}

#[test]
fn a_full_set_ends_where_it_should() {
    for count in [0, 1, 63, 64, 65, 128, 200_u32] {
        let full = BitSet::full(count as usize);
        assert!(full.iter().eq(0..count), "{count}");
        assert!(!full.contains(count));
    }
}

#[test]
fn kinds_beyond_the_first_words_are_kept_apart() {
    let kinds: KindSet = [EdgeKind(0), EdgeKind(64), EdgeKind(u16::MAX)].into_iter().collect();
    assert_eq!(kinds.count(), 3);
    assert!(kinds.contains(EdgeKind(u16::MAX)) && !kinds.contains(EdgeKind(128)));
    assert!(!kinds.contains(EdgeKind(u16::MAX - 1)));
}
