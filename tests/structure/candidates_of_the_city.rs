//! The candidates of the city, worked out a second time from its text.

use std::collections::{BTreeMap, BTreeSet};

use ezu::analyses::standardization::{Candidate, CandidateType};
use ezu::graph::View;
use serde_json::{Value as Json, json};

use crate::asking::{candidates, members};
use crate::city_text::{CityText, number, text, texts};
use crate::made_up::Dice;
use crate::second_candidates as second;
use crate::support::{ARCHIMATE, MUNICIPALITY, city, model};

#[test]
fn re_entry_is_that_of_the_text() {
    let read = CityText::read();
    let typed = read.list("data_flows").iter().filter(|flow| text(flow, "method") == "rekey");
    let expected: BTreeMap<String, i64> = typed
        .map(|flow| (format!("rekey--{}", text(flow, "id")), number(flow, &["manual_hours_per_year"]).unwrap_or(0)))
        .collect();
    let found = candidates(&city(), CandidateType::Rekey).items;
    let found: BTreeMap<String, i64> =
        found.iter().map(|item| (item.id.clone(), item.saving.hours.unwrap_or(0))).collect();
    assert_eq!(found, expected);
    // Domain knowledge §5.2: 35 flows of re-entry, 3,823 hours a year.
    assert_eq!((found.len(), found.values().sum::<i64>()), (35, 3_823));
}

#[test]
fn merging_saves_what_the_others_cost() {
    let read = CityText::read();
    let found = candidates(&city(), CandidateType::SameFunction).items;
    assert!(!found.is_empty());
    for item in &found {
        let code = item.id.strip_prefix("same_function--").expect("the function");
        let systems: Vec<_> =
            read.list("systems").iter().filter(|system| texts(system, "function_codes").contains(&code)).collect();
        let sections: BTreeSet<&str> = systems.iter().map(|system| text(system, "owner_department")).collect();
        assert!(sections.len() >= 2, "{code}");
        let mut ids: Vec<&str> = systems.iter().map(|system| text(system, "id")).collect();
        ids.sort_unstable();
        assert_eq!(members(item), ids);
        let kept = item.evidence["keep"].as_str().expect("an id");
        let cost =
            |id: &str| systems.iter().find(|s| text(s, "id") == id).and_then(|s| number(s, &["annual_cost_kyen"]));
        let saved: i64 = ids.iter().filter(|id| **id != kept).filter_map(|id| cost(id)).sum();
        assert_eq!(item.saving.cost_kyen.map(|cost| cost.to_string()), Some(saved.to_string()), "{code}");
    }
    let codes: BTreeSet<&str> = found.iter().filter_map(|item| item.id.strip_prefix("same_function--")).collect();
    for code in read.list("function_codes").iter().filter(|code| text(code, "general_purpose") == "true") {
        let id = text(code, "id");
        let owners: BTreeSet<&str> = read
            .list("systems")
            .iter()
            .filter(|system| texts(system, "function_codes").contains(&id))
            .map(|system| text(system, "owner_department"))
            .collect();
        assert_eq!(codes.contains(id), owners.len() >= 2, "{id}");
    }
}

#[test]
fn the_nine_subsidies_are_one_pattern() {
    let found = candidates(&city(), CandidateType::SamePattern).items;
    let subsidies = found.iter().find(|item| members(item).contains(&"prc-hojo-shoko")).expect("found");
    // Domain knowledge §8.2: nine subsidies align 7/7.
    assert_eq!(subsidies.members.len(), 9);
    let aligned = subsidies.evidence["alignment"].as_array().expect("rows");
    assert!(aligned.iter().all(|row| row["aligned"] == 7 && row["of"] == 7), "{aligned:?}");
}

/// Figures of the candidates of a type, written like those of the second computation.
fn figures(view: &View, kind: CandidateType, of: impl Fn(&Candidate) -> Json) -> BTreeSet<String> {
    candidates(view, kind).items.iter().map(|item| of(item).to_string()).collect()
}

fn ids(list: &Json) -> Vec<&str> {
    list.as_array().expect("a list").iter().map(|item| item["id"].as_str().expect("an id")).collect()
}

/// Compares what is handed over several ways, by hand, or kept twice.
fn check_hand_overs(view: &View, read: &CityText) -> usize {
    let found = figures(view, CandidateType::ParallelMethods, |item| {
        let of = |prefix: &str| members(item).into_iter().find(|id| id.starts_with(prefix)).map(str::to_owned);
        let target = of("sys-").or_else(|| of("ext-"));
        json!([target, of("dat-"), item.evidence["keep"], item.saving.hours])
    });
    assert_eq!(found, second::parallel_methods(read));
    let mut count = found.len();
    let found = figures(view, CandidateType::FileToHub, |item| {
        json!([item.id.strip_prefix("file_to_hub--"), item.saving.hours.unwrap_or(0)])
    });
    assert_eq!(found, second::file_to_hub(read));
    count += found.len();
    let found = figures(view, CandidateType::DoubleMaster, |item| {
        let data = item.id.strip_prefix("double_master--");
        json!([data, ids(&item.evidence["masters"]), item.evidence["keep"], item.saving.hours])
    });
    assert_eq!(found, second::double_masters(read));
    count + found.len()
}

/// Compares what is alike.
fn check_likenesses(view: &View, read: &CityText) -> usize {
    let found =
        figures(view, CandidateType::SamePattern, |item| json!([members(item), item.evidence["staff_hours_per_year"]]));
    assert_eq!(found, second::same_pattern(read));
    let mut count = found.len();
    let found = figures(view, CandidateType::Rollout, |item| {
        json!([item.evidence["tool"]["id"], item.evidence["works_for"]["id"], ids(&item.evidence["elsewhere"])])
    });
    assert_eq!(found, second::rollout(read));
    count += found.len();
    let found = figures(view, CandidateType::Neighbourhood, |item| {
        let thousandths = item.evidence["similarity"].as_f64().map(|share| (share * 1_000.0).round());
        let pair = members(item);
        json!([pair[0], pair[1], thousandths])
    });
    assert_eq!(found, second::neighbourhood(read));
    count + found.len()
}

#[test]
fn hand_overs_are_those_of_the_text() {
    check_hand_overs(&city(), &CityText::read());
}

#[test]
fn likenesses_are_those_of_the_text() {
    check_likenesses(&city(), &CityText::read());
}

/// Models in which many candidates of every type arise: few functions, few data, many flows.
fn crowded(seed: u64) -> String {
    let mut dice = Dice::new(seed);
    let mut text = String::from("cities: [{id: city-a, name: A, as_of: 2026-11-01}]\n");
    text.push_str("departments: [{id: dept-0, name: A}, {id: dept-1, name: B}, {id: dept-2, name: C}]\n");
    text.push_str("zones: [{id: zone-lgwan, name: L}]\n");
    text.push_str("function_codes: [{id: FX-0, name: F, general_purpose: true}]\n");
    text.push_str("systems:\n- {id: sys-renkei, name: H}\n");
    for number in 0..5 {
        let codes = dice.some("FX", 1, 1).join(", ");
        text.push_str(&format!("- {{id: sys-{number}, name: S{number}, function_codes: [{codes}]}}\n"));
    }
    text.push_str("data_objects:\n");
    for number in 0..3 {
        let masters = dice.some("sys", 5, 3).join(", ");
        text.push_str(&format!("- {{id: dat-{number}, name: D{number}, masters: [{masters}]}}\n"));
    }
    text.push_str("business_processes:\n");
    for number in 0..7 {
        let kind = dice.pick(&["窓口業務", "窓口業務", "内部管理業務"]);
        let functions: Vec<&str> = (0..=dice.below(5)).map(|_| dice.pick(&["受付", "審査", "通知"])).collect();
        let used = dice.some("sys", 5, 2);
        let used: Vec<String> = used.iter().map(|id| format!("{{system: {id}, role: support}}")).collect();
        let data: Vec<String> = dice.some("dat", 3, 2).iter().map(|id| format!("{{data: {id}, crud: R}}")).collect();
        let hours = dice.below(100);
        let hours = dice.maybe(&format!("staff_hours_per_year: {hours}"));
        text.push_str(&format!(
            "- {{id: prc-{number}, name: P{number}, type: {kind}, owner_department: dept-{}, functions: [{}], systems: [{}], data: [{}]{hours}}}\n",
            dice.below(3), functions.join(", "), used.join(", "), data.join(", ")
        ));
    }
    text.push_str("data_flows:\n");
    for number in 0..14 {
        let (source, step) = (dice.below(5), 1 + dice.below(4));
        let ends = if dice.below(3) == 0 {
            format!("source: sys-{source}, target: sys-renkei")
        } else {
            format!("source: sys-{source}, target: sys-{}", (source + step) % 5)
        };
        let method = dice.pick(&["file", "api", "usb", "rekey", "paper", "manualcsv"]);
        let data = dice.some("dat", 3, 2).join(", ");
        let hours = dice.below(50);
        let hours = dice.maybe(&format!("manual_hours_per_year: {hours}"));
        text.push_str(&format!("- {{id: flw-{number}, {ends}, data: [{data}], method: {method}{hours}}}\n"));
    }
    text.push_str("adoptions:\n");
    for number in 0..3 {
        let (system, section, stage) = (dice.below(5), dice.below(3), dice.pick(&["定着", "自走", "試行"]));
        text.push_str(&format!(
            "- {{id: adp-{number}, system: sys-{system}, department: dept-{section}, stage: {stage}}}\n"
        ));
    }
    text
}

#[test]
fn candidates_of_any_model_are_those_of_its_text() {
    let mut counts = (0, 0);
    for seed in 1..=60 {
        let written = crowded(seed);
        let (view, read) = (model(&[ARCHIMATE, MUNICIPALITY], &written), CityText::of(&[&written]));
        println!("seed {seed}");
        counts.0 += check_hand_overs(&view, &read);
        counts.1 += check_likenesses(&view, &read);
    }
    // Otherwise nothing was compared.
    assert!(counts.0 > 200 && counts.1 > 200, "{counts:?}");
}

#[test]
fn every_type_finds_something_in_the_city() {
    for kind in CandidateType::ALL {
        let found = candidates(&city(), kind);
        assert!(found.coverage[0].applicable, "{kind:?}");
        assert!(!found.items.is_empty(), "{kind:?}");
        for item in &found.items {
            for text in [item.sentence.get("ja"), item.sentence.get("en")] {
                assert!(!text.is_empty() && !text.contains('{'), "{text}");
            }
        }
    }
}
