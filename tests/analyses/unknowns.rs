//! What is not known is said, and is never shown as "no impact".

use ezu::analyses::impact::{HeadlineAnswer, ImpactRequest, impact};

use crate::city_text::{CityText, entries, text};
use crate::support::{ARCHIMATE, MUNICIPALITY, ask, city, model};

#[test]
fn a_network_on_which_nothing_is_recorded_to_depend_is_unknown() {
    let (report, city) = (ask(&city(), "stop", &["inf-nw-my"]), CityText::read());
    assert_eq!(report.headline.answer, HeadlineAnswer::Unknown);
    assert!(!report.coverage.subject_known);
    assert!(report.affected.is_empty());
    let probable = |kind: &str, same: &str| -> Vec<&str> {
        let items = report.coverage.probable_dependents.iter();
        let items = items.filter(|item| *item.item.kind == *kind && *item.same == *same);
        let mut ids: Vec<&str> = items.map(|item| item.item.id.as_str()).collect();
        ids.sort_unstable();
        ids
    };
    let subject = city.list("infrastructures").iter().find(|record| text(record, "id") == "inf-nw-my").expect("it");
    let like = |list: &str, key: &str| -> Vec<&str> {
        let others = city.list(list).iter().filter(|record| text(record, key) == text(subject, key));
        let mut ids: Vec<&str> = others.map(|record| text(record, "id")).filter(|id| *id != "inf-nw-my").collect();
        ids.sort_unstable();
        ids
    };
    assert_eq!(probable("system", "zone"), like("systems", "zone"));
    assert_eq!(probable("infrastructure", "zone"), like("infrastructures", "zone"));
    assert_eq!(probable("infrastructure", "location"), like("infrastructures", "location"));
    assert!(probable("system", "zone").len() > 40);
}

#[test]
fn of_two_subjects_one_unknown_makes_the_whole_unknown() {
    let report = ask(&city(), "stop", &["inf-vm-old", "inf-nw-my"]);
    assert_eq!(report.headline.answer, HeadlineAnswer::Unknown);
    assert!(report.affected.len() > 100, "what is known is told all the same");
    assert_eq!(report.coverage.unknown.len(), 1);
    assert_eq!(report.coverage.unknown[0].item.id, "inf-nw-my");
}

const SMALL: &str = "
departments:
- {id: dept-a, name: A課}
systems:
- {id: sys-a, name: A}
- id: sys-b
  name: B
  owner_department: dept-a
  availability: {rto_hours: 4}
  depends_on: [{target: sys-a, level: support}]
- {id: sys-c, name: C, depends_on: [{target: sys-d}]}
- {id: sys-d, name: D}
- {id: sys-e, name: E}
business_processes:
- {id: prc-a, name: 業務A, systems: [{system: sys-e, role: essential}]}
";

#[test]
fn a_recorded_inessential_dependency_is_knowledge() {
    let report = ask(&model(&[ARCHIMATE, MUNICIPALITY], SMALL), "stop", &["sys-a"]);
    assert_eq!(report.headline.answer, HeadlineAnswer::None);
    assert!(report.coverage.subject_known && report.coverage.unknown.is_empty());
}

#[test]
fn a_dependency_of_unrecorded_strength_is_unknown() {
    let report = ask(&model(&[ARCHIMATE, MUNICIPALITY], SMALL), "stop", &["sys-d"]);
    assert_eq!(report.headline.answer, HeadlineAnswer::Unknown);
    let step = &report.coverage.undetermined[0];
    assert_eq!((step.relationship.as_str(), &*step.attribute), ("sys-c--depends_on--sys-d", "level"));
    assert_eq!((step.from.as_str(), step.to.as_str(), &*step.effect), ("sys-d", "sys-c", "stopped"));
}

#[test]
fn a_limit_of_depth_is_never_taken_for_the_end() {
    let view = model(&[ARCHIMATE, MUNICIPALITY], SMALL);
    let ask = |max_depth| {
        let request = ImpactRequest {
            subjects: vec!["sys-e".into()],
            change: "stop".into(),
            max_depth: Some(max_depth),
            ..ImpactRequest::default()
        };
        impact(&view, &request).expect("a sound question")
    };
    let nothing = ask(0);
    assert_eq!(nothing.headline.answer, HeadlineAnswer::Unknown);
    assert!(nothing.omitted.beyond_depth && nothing.affected.is_empty());
    let all = ask(1);
    assert_eq!(all.headline.answer, HeadlineAnswer::Affected);
    assert!(!all.omitted.beyond_depth);
}

#[test]
fn missing_facts_are_named() {
    let report = ask(&model(&[ARCHIMATE, MUNICIPALITY], SMALL), "stop", &["sys-e"]);
    let missing = |id: &str| -> Vec<String> {
        let entry = report.coverage.missing.iter().find(|entry| entry.item.id == id);
        entry.map(|entry| entry.attributes.clone()).unwrap_or_default()
    };
    assert_eq!(missing("sys-e"), ["availability.rto_hours", "owner_department"]);
    assert_eq!(
        missing("prc-a"),
        ["continuity.rto_hours", "owner_department", "staff_hours_per_year", "volume_per_year"]
    );
    assert_eq!((report.coverage.items, report.coverage.complete_items), (2, 0));
    let complete = ask(&model(&[ARCHIMATE, MUNICIPALITY], SMALL), "stop", &["sys-b"]);
    assert!(complete.coverage.missing.is_empty());
}

#[test]
fn uses_without_a_role_are_those_of_the_text() {
    let (view, city) = (city(), CityText::read());
    for subject in ["sys-juki", "sys-madoyoyaku", "sys-ninsho", "sys-kakanai"] {
        let report = ask(&view, "stop", &[subject]);
        let is_down =
            |id: &str| id == subject || report.affected.iter().any(|item| item.id == id && *item.effect == *"stopped");
        let mut expected = Vec::new();
        for process in city.list("business_processes") {
            for step in entries(process, "steps") {
                let used = text(step, "system");
                let listed = entries(process, "systems").iter().any(|entry| text(entry, "system") == used);
                if is_down(used) && !listed {
                    let part = format!("{}--step-{}", text(process, "id"), text(step, "no"));
                    expected.push((text(process, "id").to_owned(), used.to_owned(), part));
                }
            }
        }
        let gaps = report.coverage.use_without_role.iter();
        let mut found: Vec<_> = gaps
            .flat_map(|gap| gap.parts.iter().map(|part| (gap.item.id.clone(), gap.uses.clone(), part.clone())))
            .collect();
        expected.sort();
        found.sort();
        assert_eq!(found, expected, "{subject}");
    }
}

#[test]
fn reached_systems_without_dependents_are_named() {
    let text = "
systems:
- {id: sys-a, name: A}
- {id: sys-b, name: B, depends_on: [{target: sys-a, level: essential}]}
";
    let report = ask(&model(&[ARCHIMATE, MUNICIPALITY], text), "stop", &["sys-a"]);
    assert_eq!(report.headline.answer, HeadlineAnswer::Affected);
    let ids: Vec<&str> = report.coverage.without_dependents.iter().map(|item| item.id.as_str()).collect();
    assert_eq!(ids, ["sys-b"]);
}

#[test]
fn a_reached_hub_without_dependents_makes_the_answer_unknown() {
    // Infrastructure that hangs on infrastructure: the profile has no kind for it, a city can add one.
    let own = "
metamodel: own
relationship_kinds:
  fed_by:
    specialises: association
    label: {ja: 給電, en: fed by}
    wording: {forward: {ja: \"「{source}」は「{target}」から給電\", en: \"{source} is fed by {target}\"},
      backward: {ja: \"「{target}」は「{source}」に給電\", en: \"{target} feeds {source}\"}}
    ends: [{source: [infrastructure], target: [infrastructure]}]
    impact:
    - {change: [stop], direction: backward, from: [subject, stopped], gives: stopped}
";
    let text = "
zones:
- {id: zone-a, name: 系}
infrastructures:
- {id: inf-power, name: 電源}
- {id: inf-switch, name: スイッチ, zone: zone-a}
systems:
- {id: sys-a, name: A, zone: zone-a}
relationships:
- {kind: fed_by, source: inf-switch, target: inf-power}
";
    let report = ask(&model(&[ARCHIMATE, MUNICIPALITY, own], text), "stop", &["inf-power"]);
    assert_eq!(report.headline.answer, HeadlineAnswer::Unknown);
    assert_eq!(
        (report.coverage.unknown[0].item.id.as_str(), report.coverage.unknown[0].is_reached),
        ("inf-switch", true)
    );
    assert_eq!(report.coverage.probable_dependents[0].item.id, "sys-a");
}

#[test]
fn that_somebody_is_in_charge_shows_no_dependency() {
    let report = ask(&city(), "stop", &["prc-tennyu"]);
    let hit: Vec<(&str, &str)> = report.affected.iter().map(|item| (item.id.as_str(), &*item.effect)).collect();
    assert_eq!(hit, [("dept-shimin", "affected")]);
    assert_eq!(report.headline.answer, HeadlineAnswer::Unknown, "what else needs the process is not recorded");
}
