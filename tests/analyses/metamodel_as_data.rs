//! Editing the metamodel's text alone changes the answer.

use crate::support::{ask, city, city_with, effects_only};

#[test]
fn without_starved_nothing_starves() {
    let before = ask(&city(), "stop", &["sys-juki"]);
    assert!(before.affected.iter().any(|item| *item.effect == *"starved"));
    let own = "metamodel: own\nrelationship_kinds:\n  data_flow:\n    impact: []\n";
    let after = ask(&city_with(own), "stop", &["sys-juki"]);
    let mut expected = effects_only(&before);
    // What starved and is not hit in any other way is not hit at all.
    expected.retain(|_, effect| *effect != "starved");
    assert_eq!(effects_only(&after), expected);
}

#[test]
fn support_can_be_made_to_stop() {
    let own = "
metamodel: own
relationship_kinds:
  uses:
    impact:
    - {change: [stop], direction: backward, from: [subject, stopped], gives: stopped}
";
    let (before, after) = (ask(&city(), "stop", &["sys-juki"]), ask(&city_with(own), "stop", &["sys-juki"]));
    let impaired = before.affected.iter().filter(|item| *item.effect == *"impaired");
    let impaired: Vec<&str> = impaired.map(|item| item.id.as_str()).collect();
    assert!(!impaired.is_empty());
    let effects = effects_only(&after);
    assert!(impaired.iter().all(|id| effects[id] == "stopped"));
    assert!(!effects.values().any(|effect| *effect == "impaired"));
}

#[test]
fn the_rank_decides_which_effect_is_shown() {
    let own = "
metamodel: own
effects:
  starved: {rank: 99, label: {ja: 途絶, en: starved}, sentence: {ja: \"{subject}→{item}\", en: \"{item} starves\"}}
";
    let report = ask(&city_with(own), "stop", &["inf-vm-old"]);
    assert_eq!(&*report.affected[0].effect, "starved");
    assert!(report.affected[0].sentence.get("en").ends_with(" starves"));
    let before = ask(&city(), "stop", &["inf-vm-old"]);
    let starved = |report: &ezu::analyses::impact::ImpactReport| {
        report.affected.iter().filter(|item| *item.effect == *"starved").count()
    };
    assert!(starved(&report) > starved(&before), "systems that both stop and starve now show that they starve");
}

#[test]
fn a_change_of_ones_own_follows_its_own_meanings() {
    let own = "
metamodel: own
changes:
  flood: {label: {ja: 浸水, en: flood}, help: {ja: \"浸水する。\", en: \"Water comes in.\"}}
relationship_kinds:
  runs_on:
    impact:
    - {change: [flood], direction: backward, from: [subject], gives: stopped}
";
    let report = ask(&city_with(own), "flood", &["inf-vm-old"]);
    assert!(!report.affected.is_empty());
    assert!(report.affected.iter().all(|item| item.distance == 1 && *item.path[0].kind == *"runs_on"));
}
