//! Mermaid flowcharts (mermaid.js.org, flowchart syntax), for pages and notes that are written as text.

use std::fmt::Write as _;

use super::shown::{Half, Shown, colour};
use crate::domain::element::{Item, Model};

/// Writes items as a flowchart. The same items give the same text.
pub fn write(model: &dyn Model, items: &[Item<'_>], language: &str) -> String {
    let shown = Shown::of(model, items, language);
    let mut out = String::from("flowchart LR\n");
    let mut layers: Vec<(String, &'static str, Vec<usize>)> = Vec::new();
    for (place, node) in shown.nodes.iter().enumerate() {
        let (name, kind) = (escaped(&node.name), escaped(node.kind.label.get(language)));
        // Infallible: writing to a string.
        let _ = match node.item {
            Item::Element(_) => writeln!(out, "  n{place}[\"{name}<br/>«{kind}»\"]"),
            Item::Relationship(_) => writeln!(out, "  n{place}([\"{kind}\"])"),
        };
        let layer = node.kind.layer.as_deref().unwrap_or("other").to_owned();
        match layers.iter_mut().find(|(held, _, _)| *held == layer) {
            Some((_, _, places)) => places.push(place),
            None => layers.push((layer, colour(node.kind), vec![place])),
        }
    }
    for edge in &shown.edges {
        let label = edge.relationship.name.as_deref().unwrap_or_else(|| edge.kind.label.get(language));
        let _ = match edge.half {
            Some(Half::First) => writeln!(out, "  n{} --- n{}", edge.source, edge.target),
            Some(Half::Second) => writeln!(out, "  n{} --> n{}", edge.source, edge.target),
            None => writeln!(out, "  n{} -->|\"{}\"| n{}", edge.source, escaped(label), edge.target),
        };
    }
    for (layer, colour, places) in &layers {
        let names: Vec<String> = places.iter().map(|place| format!("n{place}")).collect();
        let _ = writeln!(out, "  classDef {layer} fill:{colour},stroke:#555,color:#000");
        let _ = writeln!(out, "  class {} {layer}", names.join(","));
    }
    out
}

/// A text inside quotation marks: what Mermaid or a page would take for syntax stands as a reference.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '"' | '<' | '>' | '&' | '#' | '`' | '\\' | ';' | '[' | ']' | '{' | '}' | '|' => {
                let _ = write!(out, "#{};", u32::from(character));
            }
            '\n' | '\r' | '\t' => out.push(' '),
            other if other.is_control() => {}
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_a_name_is_syntax() {
        assert_eq!(escaped("a\"]-->b\n<script>"), "a#34;#93;--#62;b #60;script#62;");
        assert_eq!(escaped("住民記録"), "住民記録");
    }
}
