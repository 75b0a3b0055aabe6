//! The reference city, computed a second time from its text.

use serde_json::json;

use crate::asking::{answer, rows};
use crate::city_text::{CityText, number};
use crate::support::city;

#[test]
fn what_one_failure_stops_in_the_city() {
    let found = rows(
        &city(),
        "single-points-of-failure",
        &[("limit", "1000")],
        &["item", "stopped", "processes", "staff_hours_per_year"],
    );
    // Domain knowledge §4: the line to the Government Cloud stops 30 systems and 38 processes.
    let line = found.iter().find(|row| row[0] == "inf-govcloud-line").expect("it has no spare");
    assert_eq!((&line[1], &line[2]), (&json!(68), &json!(38)));
    assert!(found.iter().all(|row| row[0] != "inf-vm-old"), "it has a spare");
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
