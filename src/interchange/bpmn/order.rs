//! In which order the steps of a process come.

use rustc_hash::{FxHashMap, FxHashSet};

use super::document::Process;

/// The places of all nodes in the order in which the process runs: before what they lead to, as far as loops permit;
/// of branches, the one that stands first in the file comes first. What is inside a sub-process stands behind it.
///
/// Takes O(n + m) for n nodes and m flows.
pub fn steps_in_order(process: &Process) -> Vec<usize> {
    let ahead = successors(process);
    let mut order = Vec::with_capacity(process.nodes.len());
    let mut inside: FxHashMap<Option<usize>, Vec<usize>> = FxHashMap::default();
    for (place, node) in process.nodes.iter().enumerate() {
        inside.entry(node.parent).or_default().push(place);
    }
    let mut waiting: Vec<usize> = sorted(inside.get(&None), &ahead).into_iter().rev().collect();
    while let Some(place) = waiting.pop() {
        order.push(place);
        waiting.extend(sorted(inside.get(&Some(place)), &ahead).into_iter().rev());
    }
    order
}

/// What each node leads to, by sequence flow or as a boundary event, in the same container.
fn successors(process: &Process) -> Vec<Vec<usize>> {
    let mut places: FxHashMap<&str, usize> = FxHashMap::default();
    for (place, node) in process.nodes.iter().enumerate() {
        places.entry(node.id.as_str()).or_insert(place);
    }
    let mut ahead: Vec<Vec<usize>> = vec![Vec::new(); process.nodes.len()];
    let flows = process.flows.iter().map(|(_, source, target)| (source.as_str(), target.as_str()));
    let attached = process.nodes.iter().filter_map(|node| Some((node.attached.as_deref()?, node.id.as_str())));
    for (source, target) in flows.chain(attached) {
        if let (Some(from), Some(to)) = (places.get(source), places.get(target))
            && process.nodes[*from].parent == process.nodes[*to].parent
        {
            ahead[*from].push(*to);
        }
    }
    ahead
}

/// Reverse postorder of a depth-first search from the nodes that nothing leads to; behind them those that only loops
/// lead to.
fn sorted(places: Option<&Vec<usize>>, ahead: &[Vec<usize>]) -> Vec<usize> {
    let Some(places) = places else { return Vec::new() };
    let mut is_seen: FxHashMap<usize, bool> = places.iter().map(|place| (*place, false)).collect();
    let is_led_to: FxHashSet<usize> = places.iter().flat_map(|place| &ahead[*place]).copied().collect();
    let (starts, others): (Vec<usize>, Vec<usize>) = places.iter().partition(|place| !is_led_to.contains(place));
    let mut search = |roots: Vec<usize>| {
        let mut finished = Vec::new();
        for root in roots.into_iter().rev() {
            visit(root, ahead, &mut is_seen, &mut finished);
        }
        finished.reverse();
        finished
    };
    let mut order = search(starts);
    for other in others {
        order.extend(search(vec![other]));
    }
    order
}

fn visit(root: usize, ahead: &[Vec<usize>], is_seen: &mut FxHashMap<usize, bool>, finished: &mut Vec<usize>) {
    let mut open: Vec<(usize, usize)> = Vec::new();
    let mut enter = |place: usize, open: &mut Vec<(usize, usize)>| {
        if let Some(held) = is_seen.get_mut(&place)
            && !std::mem::replace(held, true)
        {
            open.push((place, ahead[place].len()));
        }
    };
    enter(root, &mut open);
    while let Some((place, left)) = open.last_mut() {
        if *left == 0 {
            finished.push(*place);
            open.pop();
        } else {
            // The last successor first, so that the first one ends up in front.
            *left -= 1;
            let next = ahead[*place][*left];
            enter(next, &mut open);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::document::Node;
    use super::*;

    fn process(nodes: &[(&str, Option<usize>)], flows: &[(&str, &str)]) -> Process {
        let node = |(id, parent): &(&str, Option<usize>)| Node { id: (*id).into(), parent: *parent, ..Node::default() };
        let flow = |(source, target): &(&str, &str)| (String::new(), (*source).into(), (*target).into());
        Process {
            nodes: nodes.iter().map(node).collect(),
            flows: flows.iter().map(flow).collect(),
            ..Process::default()
        }
    }

    fn order(nodes: &[(&str, Option<usize>)], flows: &[(&str, &str)]) -> String {
        let process = process(nodes, flows);
        steps_in_order(&process).iter().map(|place| process.nodes[*place].id.as_str()).collect()
    }

    #[test]
    fn steps_come_as_they_run() {
        let plain =
            |ids: &'static str| ids.split("").filter(|id| !id.is_empty()).map(|id| (id, None)).collect::<Vec<_>>();
        assert_eq!(order(&plain("cba"), &[("a", "b"), ("b", "c")]), "abc");
        assert_eq!(order(&plain("abcd"), &[("a", "b"), ("a", "c"), ("b", "d"), ("c", "d")]), "abcd", "branches");
        assert_eq!(order(&plain("sab"), &[("s", "a"), ("a", "b"), ("b", "a")]), "sab", "a loop");
        assert_eq!(order(&plain("ab"), &[("a", "b"), ("b", "a")]), "ab", "nothing but a loop");
        assert_eq!(order(&plain("satbc"), &[("s", "a"), ("t", "b"), ("a", "c"), ("b", "c")]), "satbc", "two starts");
        assert_eq!(order(&plain("ab"), &[("a", "x"), ("y", "b")]), "ab", "dangling");
        let nested = [("a", None), ("S", None), ("c", None), ("y", Some(1)), ("x", Some(1))];
        assert_eq!(order(&nested, &[("a", "S"), ("S", "c"), ("x", "y")]), "aSxyc", "a sub-process");
    }

    #[test]
    fn long_processes_need_no_deep_stack() {
        let ids: Vec<String> = (0..100_000).map(|number| format!("n{number}")).collect();
        let nodes: Vec<(&str, Option<usize>)> = ids.iter().map(|id| (id.as_str(), None)).collect();
        let flows: Vec<(&str, &str)> = ids.windows(2).map(|pair| (pair[0].as_str(), pair[1].as_str())).collect();
        assert_eq!(steps_in_order(&process(&nodes, &flows)), (0..100_000).collect::<Vec<_>>());
    }
}
