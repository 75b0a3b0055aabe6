//! Which arrows point against the reading direction when there are circles.

use std::collections::{BTreeMap, BTreeSet};

use super::scene::Arrow;

/// For each arrow whether it runs backwards in an order of the figures in which few do.
///
/// The heuristic of Eades, Lin and Smyth: what nothing points to comes first, what points to nothing
/// last, and in a circle the figure that most leave and fewest reach. The square of the figures at most.
pub fn backward(arrows: &[Arrow]) -> Vec<bool> {
    let places = places(arrows);
    arrows.iter().map(|arrow| places[arrow.source.as_str()] > places[arrow.target.as_str()]).collect()
}

fn places(arrows: &[Arrow]) -> BTreeMap<&str, usize> {
    let mut left: BTreeSet<&str> =
        arrows.iter().flat_map(|arrow| [arrow.source.as_str(), arrow.target.as_str()]).collect();
    let (mut first, mut last) = (Vec::new(), Vec::new());
    while !left.is_empty() {
        let degrees = degrees(arrows, &left);
        let sink = left.iter().find(|figure| degrees[*figure].0 == 0).copied();
        let lead = |figure: &&str| {
            let (leaving, reaching) = degrees[*figure];
            // What nothing reaches goes before everything else.
            (reaching == 0, leaving - reaching)
        };
        // Of equals the first by id, therefore the search from the end.
        let best = left.iter().rev().max_by_key(|figure| lead(figure)).copied();
        let chosen = sink.or(best).expect("something is left");
        left.remove(chosen);
        if sink.is_some() { last.push(chosen) } else { first.push(chosen) }
    }
    first.into_iter().chain(last.into_iter().rev()).zip(0..).collect()
}

/// How many arrows leave and reach each figure that is left, others not counted.
fn degrees<'a>(arrows: &'a [Arrow], left: &BTreeSet<&'a str>) -> BTreeMap<&'a str, (isize, isize)> {
    let mut degrees: BTreeMap<&str, (isize, isize)> = left.iter().map(|figure| (*figure, (0, 0))).collect();
    for arrow in arrows.iter().filter(|arrow| arrow.source != arrow.target) {
        let (source, target) = (arrow.source.as_str(), arrow.target.as_str());
        if left.contains(source) && left.contains(target) {
            degrees.entry(source).or_default().0 += 1;
            degrees.entry(target).or_default().1 += 1;
        }
    }
    degrees
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagrams::scene::Stroke;

    fn arrow((source, target): (&str, &str)) -> Arrow {
        let (source, target) = (source.to_owned(), target.to_owned());
        Arrow { source, target, label: Vec::new(), stroke: Stroke::Solid, tooltip: String::new(), count: 1 }
    }

    #[test]
    fn a_tree_has_no_backward_arrow_and_a_circle_one() {
        let tree = [("a", "b"), ("b", "c"), ("a", "c"), ("d", "b")].map(arrow);
        assert_eq!(backward(&tree), [false; 4]);
        let circle = [("a", "b"), ("b", "c"), ("c", "a"), ("a", "a")].map(arrow);
        assert_eq!(backward(&circle), [false, false, true, false]);
        let mutual = [("x", "y"), ("y", "x")].map(arrow);
        assert_eq!(backward(&mutual).iter().filter(|found| **found).count(), 1);
    }
}
