//! The reference city, computed a second time from its text.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value as Json, json};

use crate::asking::{answer, rows};
use crate::city_text::{CityText, entries, number, text, texts};
use crate::support::city;

/// Everything that stops with an item, by essential dependencies and uses.
fn stopped(text_of: &CityText, start: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::from([start.to_owned()]);
    loop {
        let before = found.len();
        for (list, key, end, level) in
            [("systems", "depends_on", "target", "level"), ("business_processes", "systems", "system", "role")]
        {
            for record in text_of.list(list) {
                let hit = entries(record, key)
                    .iter()
                    .any(|entry| text(entry, level) == "essential" && found.contains(text(entry, end)));
                if hit {
                    found.insert(text(record, "id").to_owned());
                }
            }
        }
        if found.len() == before {
            found.remove(start);
            return found;
        }
    }
}

#[test]
fn what_one_failure_stops_in_the_city() {
    let read = CityText::read();
    let found = rows(
        &city(),
        "single-points-of-failure",
        &[("limit", "1000")],
        &["item", "stopped", "processes", "staff_hours_per_year"],
    );
    assert!(found.len() > 10, "{}", found.len());
    for row in &found {
        let hit = stopped(&read, row[0].as_str().expect("an id"));
        let processes: Vec<&Json> =
            read.list("business_processes").iter().filter(|p| hit.contains(text(p, "id"))).collect();
        let hours: i64 = processes.iter().filter_map(|process| number(process, &["staff_hours_per_year"])).sum();
        assert_eq!(*row, json!([row[0], hit.len(), processes.len(), hours]));
    }
    // Domain knowledge §4: the line to the Government Cloud stops 30 systems and 38 processes.
    let line = found.iter().find(|row| row[0] == "inf-govcloud-line").expect("it has no spare");
    assert_eq!((&line[1], &line[2]), (&json!(68), &json!(38)));
    assert!(found.iter().all(|row| row[0] != "inf-vm-old"), "it has a spare");
}

#[test]
fn shares_of_vendors_and_costs_add_up() {
    let read = CityText::read();
    let mut expected: BTreeMap<&str, (usize, i64)> = BTreeMap::new();
    for system in read.list("systems") {
        let sum = expected.entry(text(system, "vendor")).or_default();
        sum.0 += 1;
        sum.1 += number(system, &["annual_cost_kyen"]).unwrap_or(0);
    }
    let found = rows(&city(), "vendors", &[], &["vendor", "systems", "annual_cost_kyen"]);
    let found: BTreeMap<String, (u64, f64)> = found
        .iter()
        .map(|row| {
            (
                row[0].as_str().expect("an id").to_owned(),
                (row[1].as_u64().expect("a count"), row[2].as_f64().expect("a cost")),
            )
        })
        .collect();
    assert_eq!(found.len(), expected.len());
    for (vendor, (systems, cost)) in expected {
        let (held, kyen) = found[vendor];
        assert_eq!((held, kyen.to_string()), (systems as u64, cost.to_string()), "{vendor}");
    }
}

#[test]
fn the_matrix_holds_every_access() {
    let read = CityText::read();
    let mut expected = BTreeSet::new();
    for process in read.list("business_processes") {
        for entry in entries(process, "data") {
            expected.insert(json!([text(process, "id"), text(entry, "data"), text(entry, "crud")]).to_string());
        }
    }
    let found = rows(&city(), "crud", &[], &["row", "data", "crud"]);
    let found: BTreeSet<String> = found.iter().filter(|row| !row[2].is_null()).map(Json::to_string).collect();
    assert_eq!(found, expected);
}

#[test]
fn the_page_counts_what_the_text_counts() {
    let read = CityText::read();
    let page = answer(&city(), "summary", &[]);
    let value = |ja: &str| {
        let rows = page["items"].as_array().expect("rows");
        rows.iter().find(|row| row["name"]["ja"] == ja).unwrap_or_else(|| panic!("{ja}"))["value"].clone()
    };
    assert_eq!(value("情報システム"), json!(read.list("systems").len()));
    let sum = |list: &str, key: &str| -> f64 {
        let total: i64 = read.list(list).iter().filter_map(|record| number(record, &[key])).sum();
        total.to_string().parse().expect("a number")
    };
    assert_eq!(value("年間経費"), json!(sum("systems", "annual_cost_kyen")));
    assert_eq!(value("業務時間"), json!(sum("business_processes", "staff_hours_per_year")));
    assert_eq!(value("再入力の時間"), json!(sum("data_flows", "manual_hours_per_year")));
    let done = read.list("standard_affairs").iter().filter(|affair| {
        let mut systems = read.list("systems").iter();
        systems.any(|system| {
            system["standardization"]["target_affair"] == affair["id"]
                && system["standardization"]["status"] == "compliant"
        })
    });
    let sentence = page["sentence"]["ja"].as_str().expect("a sentence");
    assert!(sentence.contains(&format!("20のうち{}が", done.count())), "{sentence}");
}

#[test]
fn people_are_those_of_the_text() {
    let read = CityText::read();
    let mut alone: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for record in read.list("systems").iter().chain(read.list("business_processes")) {
        if let [person] = texts(record, "known_by")[..] {
            alone.entry(person).or_default().insert(text(record, "id"));
        }
    }
    let found = rows(&city(), "people", &[], &["person", "only_this_person"]);
    let found: BTreeMap<String, BTreeSet<String>> = found
        .iter()
        .map(|row| {
            let items =
                row[1].as_array().expect("items").iter().map(|id| id.as_str().expect("an id").to_owned()).collect();
            (row[0].as_str().expect("an id").to_owned(), items)
        })
        .filter(|(_, items): &(_, BTreeSet<String>)| !items.is_empty())
        .collect();
    let expected: BTreeMap<String, BTreeSet<String>> = alone
        .into_iter()
        .map(|(person, items)| (person.to_owned(), items.into_iter().map(str::to_owned).collect()))
        .collect();
    assert_eq!(found, expected);
}

#[test]
fn every_question_answers_about_the_city() {
    for question in &ezu::analyses::structure::QUESTIONS {
        let parameters = if question.name == "lineage" { vec![("data", "dat-juki")] } else { Vec::new() };
        let answer = answer(&city(), question.name, &parameters);
        assert_eq!(answer["coverage"]["applicable"], true, "{}", question.name);
        let sound_when_empty = question.name == "islands";
        assert!(
            sound_when_empty || answer["items"].as_array().is_some_and(|rows| !rows.is_empty()),
            "{}",
            question.name
        );
    }
}
