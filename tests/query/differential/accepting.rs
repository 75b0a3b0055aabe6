//! What is a query and what is not: our parser against one of the ecosystem, over generated queries and the same
//! queries with words lost, doubled, swapped and replaced.

use ezu::query::error::ErrorDetail;
use ezu::query::syntax::parse;

use super::dice::Dice;
use super::scope::Writer;
use super::variable;

/// How many texts are read.
const TEXTS: u64 = 4000;

/// What the other parser stumbles over: `collect` as a function, which it takes for a subquery, and, in some places,
/// patterns in `EXISTS` and what stands behind the bar of a comprehension. All three are openCypher 9.
const STUMBLES: [&str; 3] = ["collect(", "EXISTS {", "| "];

/// Whether our parser takes a text; nothing where it is not about its shape.
fn ours(text: &str) -> Option<bool> {
    match parse(text) {
        Ok(_) => Some(true),
        Err(error) if error.detail == ErrorDetail::UnexpectedSyntax => Some(false),
        Err(_) => None,
    }
}

fn theirs(text: &str) -> bool {
    open_cypher::parse(text).is_ok()
}

/// `()->()` is a spelling of ISO GQL.
fn has_short_arrow(text: &str) -> bool {
    let text: String = text.split_whitespace().collect();
    [")->(", ")-(", ")<-("].iter().any(|arrow| text.contains(arrow))
}

/// What the two say of a text.
fn disagreement(text: &str) -> String {
    let ours = parse(text).map_or_else(|error| error.with_excerpt(text), |_| "takes it".to_owned());
    let theirs = open_cypher::parse(text).map_or_else(|errors| errors.render(text), |_| "takes it".to_owned());
    format!("{text}\nezu: {ours}\nthe other: {theirs}\n")
}

/// A generated query of openCypher, in most cases damaged, and whether it is.
fn text(number: u64) -> (String, bool) {
    let query = Writer::of_open_cypher(number).query();
    let mut dice = Dice::new(number);
    let mut words: Vec<String> = words(&query);
    for _ in 0..dice.below(3) {
        let (place, other) = (dice.below(words.len()), dice.below(words.len()));
        match dice.below(4) {
            0 => drop(words.remove(place)),
            1 => words.insert(place, words[other].clone()),
            2 => words.swap(place, other),
            _ => words.splice(place..=place, [words[other].clone()]).for_each(drop),
        }
        if words.is_empty() {
            break;
        }
    }
    let text = words.concat();
    let damaged = text != query;
    (text, damaged)
}

/// Words, numbers, signs, each with the white space behind it.
fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut before = ' ';
    for character in text.chars() {
        let joined = character.is_alphanumeric() && before.is_alphanumeric() || character.is_whitespace();
        match words.last_mut() {
            Some(word) if joined => word.push(character),
            _ => words.push(character.to_string()),
        }
        before = character;
    }
    words
}

#[test]
fn a_parser_of_the_ecosystem_takes_the_same_texts() {
    let (mut taken, mut refused, mut differing) = (0, 0, Vec::new());
    for number in 0..variable("EZU_QUERY_CASES").unwrap_or(TEXTS) {
        let (text, damaged) = text(number);
        if STUMBLES.iter().any(|part| text.contains(part)) {
            continue;
        }
        match (ours(&text), theirs(&text)) {
            (Some(true), true) => taken += 1,
            (Some(false), false) => refused += 1,
            (None, _) => {}
            // The other one takes keywords for variables: `RETURN RETURN`.
            (Some(false), true) if damaged => {}
            (Some(true), false) if has_short_arrow(&text) => {}
            (Some(_), _) => differing.push(disagreement(&text)),
        }
    }
    println!("{taken} taken, {refused} refused by both");
    assert!(differing.is_empty(), "{} differ\n{}", differing.len(), differing.join("\n"));
    assert!(taken > 200 && refused > 200, "{taken} taken, {refused} refused");
}
