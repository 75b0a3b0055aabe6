//! What the rules could judge and what not: no finding is no good news where nothing was judged.

use ezu::analyses::findings::{CoverageState, RuleCoverage};

use crate::rules::run_all;
use crate::support::{ARCHIMATE, MUNICIPALITY, city, model};

fn coverage(found: &[RuleCoverage], rule: &str) -> RuleCoverage {
    found.iter().find(|held| *held.rule == *rule).unwrap_or_else(|| panic!("{rule} was not run")).clone()
}

const PLAIN: &str = "
application_components:
- {id: app-a, name: A}
- {id: app-b, name: B}
- {id: app-c, name: C}
data_objects:
- {id: data, name: Data}
relationships:
- {kind: flow, source: app-a, target: app-b}
- {kind: serving, source: app-b, target: app-c}
";

#[test]
fn a_plain_archimate_model_is_not_applicable_and_never_an_empty_success() {
    for metamodels in [&[ARCHIMATE][..], &[ARCHIMATE, MUNICIPALITY][..]] {
        let view = model(metamodels, PLAIN);
        let (_, found) = run_all(&view);
        for held in found.coverage.iter().filter(|held| held.state != CoverageState::NotEvaluated) {
            // Whether data are in a process can be told of any data object, and of nothing else.
            let can_be_told = &*held.rule == "D09c";
            let is_silent = held.state == CoverageState::NotApplicable;
            assert_ne!(is_silent, can_be_told, "{held:?}");
            assert!(!held.sentence.get("ja").is_empty() && !held.sentence.get("en").is_empty(), "{held:?}");
        }
    }
}

#[test]
fn it_is_told_how_many_elements_lack_what() {
    let (_, found) = run_all(&model(&[ARCHIMATE, MUNICIPALITY], PLAIN));
    let leak = coverage(&found.coverage, "S13");
    assert_eq!((leak.state, leak.judged, leak.unjudged), (CoverageState::NotApplicable, 0, 3));
    assert_eq!(leak.sentence.get("en"), "Not applicable: 3 elements lack zone. That does not mean that all is well.");
    let inversion = coverage(&found.coverage, "B02");
    assert_eq!(
        inversion.sentence.get("en"),
        "Not applicable: 1 elements lack level. That does not mean that all is well."
    );
}

#[test]
fn what_is_not_recorded_is_counted_and_named() {
    let text = "
zones:
- {id: zone-lgwan, name: LGWAN}
systems:
- {id: sys-a, name: A, zone: zone-lgwan, depends_on: [{target: sys-b, level: essential}, {target: sys-c, level: support}], availability: {rto_hours: 4}}
- {id: sys-b, name: B}
- {id: sys-c, name: C, zone: zone-lgwan}
";
    let (_, found) = run_all(&model(&[ARCHIMATE, MUNICIPALITY], text));
    let leak = coverage(&found.coverage, "S13");
    assert_eq!((leak.state, leak.judged, leak.unjudged), (CoverageState::Partly, 2, 1));
    assert_eq!((leak.lacking[0].attribute.as_str(), &leak.lacking[0].examples), ("zone", &vec!["sys-b".to_owned()]));
    let inversion = coverage(&found.coverage, "B02");
    assert_eq!((inversion.judged, inversion.unjudged), (1, 1), "a supporting dependency is in order: {inversion:?}");
    assert_eq!(inversion.lacking[0].attribute, "target.availability.rto_hours|target.rto_hours");
}

#[test]
fn the_city_is_judged_but_for_what_it_does_not_say() {
    let (_, found) = run_all(&city());
    // Worked out by hand from the text: every system has a zone, every assessment all its figures.
    for (rule, state) in
        [("S13", CoverageState::Judged), ("S06", CoverageState::Judged), ("B04", CoverageState::Judged)]
    {
        assert_eq!(coverage(&found.coverage, rule).state, state, "{rule}");
    }
}
