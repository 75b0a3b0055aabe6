//! The reference city: ezu's answers against the rules written out by hand over the YAML text.

use std::collections::{BTreeMap, BTreeSet};

use ezu::analyses::impact::{HeadlineAnswer, ImpactReport};
use ezu::graph::View;

use crate::city_by_hand::{self, Effects, Sums};
use crate::city_text::CityText;
use crate::support::{ask, city, effects};

/// The text of the city, and what its relationships are.
struct Truth {
    text: CityText,
    relationships: BTreeMap<String, (String, String, String)>,
    stop_carriers: BTreeSet<String>,
}

fn truth() -> Truth {
    let text = CityText::read();
    let relationships = city_by_hand::relationships(&text);
    Truth { stop_carriers: city_by_hand::stop_carriers(&text), relationships, text }
}

/// Every item, effect and distance is as expected, and every explanation is true.
fn check(view: &View, truth: &Truth, change: &str, subjects: &[&str], expected: &Effects) -> ImpactReport {
    let report = ask(view, change, subjects);
    assert_eq!(&effects(&report), expected, "{change} {subjects:?}");
    assert_eq!(report.affected_total, expected.len());
    assert_eq!((report.omitted.by_kind, report.omitted.by_limit, report.omitted.beyond_depth), (0, 0, false));
    check_explanations(truth, subjects, &report);
    check_order(&report);
    report
}

fn check_explanations(truth: &Truth, subjects: &[&str], report: &ImpactReport) {
    for item in &report.affected {
        let context = format!(
            "{} of {subjects:?}: {:?}",
            item.id,
            item.path.iter().map(|step| &step.relationship).collect::<Vec<_>>()
        );
        assert_eq!(item.path.len(), item.distance, "{context}");
        let mut place = item.path[0].from.as_str();
        assert!(subjects.contains(&place), "{context}");
        for (index, step) in item.path.iter().enumerate() {
            assert_eq!(step.from, place, "{context}");
            let known = truth.relationships.get(&step.relationship);
            let (kind, source, target) = known.unwrap_or_else(|| panic!("no such: {context}"));
            assert_eq!(**kind, *step.kind);
            let ends = [source.as_str(), target.as_str(), step.relationship.as_str()];
            assert!(ends.contains(&step.from.as_str()) && ends.contains(&step.to.as_str()), "{context}");
            assert_eq!(step.forward, step.from == *source || step.to == *target, "{context}");
            if *report.change == *"stop" {
                let is_support = index + 1 == item.path.len() && *item.effect == *"impaired";
                assert_eq!(truth.stop_carriers.contains(&step.relationship), !is_support, "{context}");
            }
            place = step.to.as_str();
        }
        assert_eq!(place, item.id, "{context}");
        for language in ["ja", "en"] {
            assert!(item.sentence.get(language).contains(item.name.get(language)), "{context}");
        }
    }
}

/// The strongest effect first, then the nearest, then by kind and id.
fn check_order(report: &ImpactReport) {
    let ranks = ["stopped", "unsupported", "nobody_left", "starved", "changed", "one_left", "impaired", "affected"];
    let place = |effect: &str| ranks.iter().position(|held| *held == effect);
    let keys: Vec<_> =
        report.affected.iter().map(|item| (place(&item.effect), item.distance, &item.kind, &item.id)).collect();
    assert!(keys.is_sorted(), "{keys:?}");
}

fn sums(report: &ImpactReport, effect: &str) -> Sums {
    let rows = report.by_department.iter().filter(|row| *row.effect == *effect);
    let rows = rows.filter_map(|row| {
        let processes = row.figures.counts.get("business_process").copied()?;
        let id = row.department.as_ref().map(|department| department.id.clone()).unwrap_or_default();
        let figures = &row.figures;
        let hours = figures.staff_hours_per_year.unwrap_or(0);
        Some((id, (processes, hours, figures.volume_per_year.unwrap_or(0), figures.shortest_rto_hours)))
    });
    rows.collect()
}

#[test]
fn stopping_systems_lines_and_rooms() {
    let (view, truth) = (city(), truth());
    let text = &truth.text;
    let subjects = [
        "sys-juki",
        "sys-ninsho",
        "sys-renkei",
        "sys-kojin",
        "sys-cs",
        "sys-zaimu",
        "inf-vm-old",
        "inf-vm-lg",
        "inf-govcloud",
        "inf-govcloud-line",
        "inf-serverroom",
        "inf-lgwan",
        "inf-power",
        "inf-dc-ken",
        "inf-juki-line",
    ];
    for subject in subjects {
        let expected = city_by_hand::stop(text, &[subject]);
        let report = check(&view, &truth, "stop", &[subject], &expected);
        assert_eq!(sums(&report, "stopped"), city_by_hand::department_sums(text, &expected, "stopped"), "{subject}");
        assert_eq!(effects(&ask(&view, "retire", &[subject])), expected, "a retirement is a stop for good");
    }
}

#[test]
fn every_system_infrastructure_process_and_flow_stopped() {
    let (view, truth) = (city(), truth());
    let text = &truth.text;
    let mut asked = 0;
    for list in ["systems", "infrastructures", "business_processes", "data_flows"] {
        for record in text.list(list) {
            let subject = [record["id"].as_str().expect("an id")];
            check(&view, &truth, "stop", &subject, &city_by_hand::stop(text, &subject));
            asked += 1;
        }
    }
    assert!(asked > 161 + 145 + 406, "{asked}");
}

#[test]
fn several_stops_at_once() {
    let (view, truth) = (city(), truth());
    let text = &truth.text;
    for subjects in [["sys-juki", "sys-ninsho"], ["inf-vm-old", "inf-govcloud-line"], ["sys-renkei", "prc-tennyu"]] {
        check(&view, &truth, "stop", &subjects, &city_by_hand::stop(text, &subjects));
    }
}

#[test]
fn changing_data() {
    let (view, truth) = (city(), truth());
    let text = &truth.text;
    for subject in ["dat-juki", "dat-juki-ido", "dat-shien", "dat-jusho", "dat-mado"] {
        let expected = city_by_hand::change(text, subject);
        assert!(expected.len() > 2, "{subject} is worth asking about");
        check(&view, &truth, "change_data", &[subject], &expected);
    }
}

#[test]
fn replacing_systems_infrastructure_and_flows() {
    let (view, truth) = (city(), truth());
    let text = &truth.text;
    for subject in ["sys-juki", "sys-renkei", "sys-zaimu", "inf-vm-old", "flw-juki-to-renkei"] {
        check(&view, &truth, "replace", &[subject], &city_by_hand::change(text, subject));
    }
}

#[test]
fn people_leaving() {
    let (view, truth) = (city(), truth());
    let text = &truth.text;
    for leavers in [
        &["per-joho-02"][..],
        &["per-joho-03"],
        &["per-shimin-02"],
        &["per-dx-01"],
        &["per-shimin-02", "per-shimin-03"],
        &["per-joho-01", "per-joho-02", "per-joho-03"],
    ] {
        check(&view, &truth, "person_leaves", leavers, &city_by_hand::leave(text, leavers));
    }
    let everybody: Vec<&str> = text.list("persons").iter().filter_map(|person| person["id"].as_str()).collect();
    for person in &everybody {
        check(&view, &truth, "person_leaves", &[person], &city_by_hand::leave(text, &[person]));
    }
}

#[test]
fn vendors_leaving() {
    let (view, truth) = (city(), truth());
    let text = &truth.text;
    let vendors: Vec<&str> = text.list("vendors").iter().filter_map(|vendor| vendor["id"].as_str()).collect();
    assert!(vendors.len() >= 4);
    for vendor in vendors {
        let expected = city_by_hand::vendor_exit(text, vendor);
        let report = check(&view, &truth, "vendor_exit", &[vendor], &expected);
        let systems = || text.list("systems").iter().filter(|system| system["vendor"] == *vendor);
        let cost: i64 = systems().filter_map(|system| system["annual_cost_kyen"].as_str()?.parse::<i64>().ok()).sum();
        let affair = |record: &serde_json::Value| {
            Some(record.get("standardization")?.get("target_affair")?.as_str()?.to_owned())
        };
        let process_affairs = text.list("business_processes").iter();
        let process_affairs =
            process_affairs.filter(|process| expected.contains_key(process["id"].as_str().unwrap_or("")));
        let process_affairs =
            process_affairs.filter_map(|process| Some(process.get("standard_affair")?.as_str()?.to_owned()));
        let affairs: BTreeSet<String> = systems().filter_map(affair).chain(process_affairs).collect();
        let total = report.totals.iter().find(|total| *total.effect == *"unsupported");
        let figures = total.map(|total| total.figures.clone()).unwrap_or_default();
        assert_eq!(figures.annual_cost_kyen.unwrap_or(0), cost, "{vendor}");
        assert_eq!(figures.standard_affairs, affairs.into_iter().collect::<Vec<_>>(), "{vendor}");
    }
}

#[test]
fn the_known_figures_of_the_city() {
    let view = city();
    for (subject, systems, processes) in [("inf-vm-old", 47, 54), ("inf-govcloud-line", 30, 38)] {
        let report = ask(&view, "stop", &[subject]);
        let count = |kind: &str| {
            report.by_kind.iter().find(|row| *row.kind == *kind && *row.effect == *"stopped").map_or(0, |row| row.count)
        };
        assert_eq!((count("system"), count("business_process")), (systems, processes), "{subject}");
        assert_eq!(report.headline.answer, HeadlineAnswer::Affected);
        assert!(report.headline.sentence.get("en").contains(&report.affected_total.to_string()));
    }
}

#[test]
fn decisions_are_shown_with_what_they_explain() {
    let report = ask(&city(), "stop", &["inf-vm-old"]);
    let ids: Vec<&str> = report.decisions.iter().map(|decision| decision.id.as_str()).collect();
    assert!(ids.contains(&"dec-02"), "{ids:?}");
    let decision = report.decisions.iter().find(|decision| decision.id == "dec-02").expect("it explains the subject");
    assert!(decision.explains.contains(&"inf-vm-old".to_owned()), "the subject");
    assert!(decision.explains.contains(&"sys-koseki".to_owned()), "an affected system");
    assert!(decision.explains.contains(&"sys-koseki--depends_on--inf-vm-old".to_owned()), "a relationship of a path");
}

#[test]
fn the_same_question_has_the_same_answer_whatever_the_order_of_recording() {
    let mut reversed = crate::support::CITY;
    reversed.reverse();
    let metamodel = crate::support::metamodel(&[crate::support::ARCHIMATE, crate::support::MUNICIPALITY]);
    let other = View::new(crate::support::snapshot(metamodel, &reversed), crate::support::city_day());
    let json = |view: &View| serde_json::to_string(&ask(view, "stop", &["inf-vm-old"])).expect("JSON");
    assert_eq!(json(&city()), json(&other));
}
