//! Small random graphs, as the statements that make them.

use std::fmt::Write as _;

use super::dice::Dice;

/// A `CREATE` statement with up to six nodes and up to eight relationships: parallel ones, loops, islands, missing
/// properties and nodes without label among them.
pub fn graph(dice: &mut Dice) -> String {
    let nodes = 1 + dice.below(6);
    let mut parts: Vec<String> = (0..nodes).map(|place| node(dice, place)).collect();
    let relationships = 2 + dice.below(6);
    for _ in 0..relationships {
        let (source, target) = (dice.below(nodes), dice.below(nodes));
        let kind = dice.pick(&["R", "S", "T"]);
        let properties = properties(dice, &[("num", &["0", "1", "2"]), ("name", &["'a'", "'x'"])]);
        parts.push(format!("(n{source})-[:{kind}{properties}]->(n{target})"));
    }
    format!("CREATE {}", parts.join(", "))
}

fn node(dice: &mut Dice, place: usize) -> String {
    let labels = dice.pick(&["", ":A", ":A", ":B", ":A:B", ":C"]);
    let known: [(&str, &[&str]); 4] = [
        ("num", &["0", "1", "2", "3", "1.5", "-1"]),
        ("name", &["'a'", "'b'", "'ab'", "''"]),
        ("ok", &["true", "false"]),
        ("list", &["[]", "[1, 2]", "[2, null, 1]"]),
    ];
    format!("(n{place}{labels}{})", properties(dice, &known))
}

/// A map in which each property is missing in half of the cases.
fn properties(dice: &mut Dice, known: &[(&str, &[&str])]) -> String {
    let mut text = String::new();
    for (name, values) in known {
        if dice.percent(50) {
            let before = if text.is_empty() { " {" } else { ", " };
            let _ = write!(text, "{before}{name}: {}", dice.pick(values));
        }
    }
    if !text.is_empty() {
        text.push('}');
    }
    text
}
