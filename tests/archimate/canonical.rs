//! Two XML files compared as trees, by a reader that is not ezu's.

use roxmltree::{Document, Node};

/// Every element as a line: its path, its attributes sorted, its text. White space between elements does not count,
/// nor does where a schema lies.
pub fn lines(text: &str) -> Vec<String> {
    let document = Document::parse(text).expect("well-formed");
    let mut lines = Vec::new();
    add(document.root_element(), "", &mut lines);
    lines
}

fn add(node: Node<'_, '_>, above: &str, lines: &mut Vec<String>) {
    let path = format!("{above}/{}", node.tag_name().name());
    let mut attributes: Vec<String> = node
        .attributes()
        .filter(|held| held.name() != "schemaLocation")
        .map(|held| format!("{}={:?}", held.name(), held.value()))
        .collect();
    attributes.sort();
    let has_elements = node.children().any(|child| child.is_element());
    let text: String =
        if has_elements { String::new() } else { node.children().filter_map(|child| child.text()).collect() };
    lines.push(format!("{path} {} {text:?}", attributes.join(" ")));
    for child in node.children().filter(Node::is_element) {
        add(child, &path, lines);
    }
}

/// Lines that only one of two lists has, each with a sign; empty if both are the same in the same order.
pub fn differences(before: &[String], after: &[String]) -> Vec<String> {
    if before == after {
        return Vec::new();
    }
    let mut counts = std::collections::BTreeMap::new();
    for line in before {
        *counts.entry(line).or_insert(0) -= 1;
    }
    for line in after {
        *counts.entry(line).or_insert(0) += 1;
    }
    let mut found: Vec<String> = counts
        .into_iter()
        .filter(|(_, count)| *count != 0)
        .map(|(line, count)| format!("{} {line}", if count < 0 { "-" } else { "+" }))
        .collect();
    if found.is_empty() {
        let place = before.iter().zip(after).position(|(before, after)| before != after).unwrap_or_default();
        found.push(format!("the same lines in another order: {} where {} was", after[place], before[place]));
    }
    found
}
