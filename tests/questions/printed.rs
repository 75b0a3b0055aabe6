//! The answers printed in docs/questions.md are those that ezu gives.

use std::fmt::Write as _;

use serde_json::{Value as Json, json};

use crate::catalogue::ask;
use crate::support::shared_city;

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/questions.md");
const BEGIN: &str = "<!-- answers -->\n";
const END: &str = "<!-- end of answers -->";

/// The ten questions and what is chosen for each.
fn chosen() -> [(&'static str, Json); 10] {
    [
        ("system-stops", json!({"system": "sys-juki"})),
        ("flood", json!({})),
        ("leak-paths", json!({})),
        ("protective-measures", json!({})),
        ("rekeying", json!({})),
        ("duplicate-tools", json!({})),
        ("department-work", json!({"department": "dept-hoiku"})),
        ("who-knows-department", json!({"department": "dept-shisanzei"})),
        ("projects-collide", json!({})),
        ("contracts-ending", json!({"days": 365})),
    ]
}

fn printed() -> String {
    let mut text = String::new();
    for (number, (id, parameters)) in chosen().into_iter().enumerate() {
        let answer = ask(shared_city(), id, parameters);
        let said = |json: &Json| json["ja"].as_str().expect("a sentence").to_owned();
        let _ = writeln!(text, "### {}. {}\n\n**{}**\n", number + 1, said(&answer["ask"]), said(&answer["headline"]));
        for sentence in answer["supporting"].as_array().expect("a list") {
            let _ = writeln!(text, "- {}", said(sentence));
        }
        let _ = writeln!(text, "\n{}\n", said(&answer["coverage"]["sentence"]));
        let next = answer["next"].as_array().expect("a list").iter().map(|next| said(&next["ask"]));
        let _ = writeln!(text, "次に聞くこと：{}　（`ezu ask {id}`）\n", next.collect::<Vec<_>>().join("／"));
    }
    text
}

#[test]
fn the_page_prints_real_answers() {
    let page = std::fs::read_to_string(PAGE).expect("present");
    let (before, rest) = page.split_once(BEGIN).expect("the answers begin");
    let (held, after) = rest.split_once(END).expect("the answers end");
    let printed = format!("\n{}", printed());
    if std::env::var_os("EZU_UPDATE_DOCS").is_some() {
        std::fs::write(PAGE, format!("{before}{BEGIN}{printed}{END}{after}")).expect("written");
        return;
    }
    assert!(held == printed, "docs/questions.md is out of date; run this test with EZU_UPDATE_DOCS=1 and look at it");
}
