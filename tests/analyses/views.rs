//! What is not valid on the day, or may not be seen, does not propagate.

use ezu::domain::Item;
use ezu::graph::View;

use crate::support::{ARCHIMATE, MUNICIPALITY, ask, city_day, effects_only, metamodel, snapshot};

const DATED: &str = "
systems:
- {id: sys-a, name: A}
- {id: sys-b, name: B, depends_on: [{target: sys-a, level: essential, valid_to: 2026-10-31}]}
- {id: sys-c, name: C, depends_on: [{target: sys-a, level: essential, valid_from: 2026-11-01}]}
- {id: sys-d, name: D, valid_to: 2026-10-31, depends_on: [{target: sys-a, level: essential}]}
- {id: sys-e, name: E, depends_on: [{target: sys-d, level: essential}]}
";

fn dated(day: &str) -> View {
    let snapshot = snapshot(metamodel(&[ARCHIMATE, MUNICIPALITY]), &[DATED]);
    View::new(snapshot, day.parse().expect("a date"))
}

fn hit(view: &View) -> Vec<String> {
    effects_only(&ask(view, "stop", &["sys-a"])).into_keys().map(str::to_owned).collect()
}

#[test]
fn an_expired_dependency_does_not_propagate() {
    assert_eq!(hit(&dated("2026-10-31")), ["sys-b", "sys-d", "sys-e"]);
    assert_eq!(hit(&dated("2026-11-01")), ["sys-c"]);
    assert_eq!(ask(&dated("2026-11-01"), "stop", &["sys-a"]).basis.date, city_day());
}

#[test]
fn what_may_not_be_seen_neither_shows_nor_carries() {
    let snapshot = snapshot(metamodel(&[ARCHIMATE, MUNICIPALITY]), &[DATED]);
    let day = "2026-10-31".parse().expect("a date");
    let may_see = |item: Item<'_>| item.id().as_str() != "sys-d";
    let view = View::with_visibility(snapshot, day, may_see);
    assert_eq!(hit(&view), ["sys-b"]);
    let json = serde_json::to_string(&ask(&view, "stop", &["sys-a"])).expect("JSON");
    assert!(!json.contains("sys-d") && !json.contains("sys-e"), "{json}");
}

#[test]
fn an_unseen_colleague_does_not_count_as_remaining() {
    let text = "
departments:
- {id: dept-a, name: 課}
persons:
- {id: per-a, code: A, department: dept-a}
- {id: per-b, code: B, department: dept-a, valid_to: 2026-03-31}
systems:
- {id: sys-a, name: A, known_by: [per-a, per-b]}
";
    let snapshot = snapshot(metamodel(&[ARCHIMATE, MUNICIPALITY]), &[text]);
    for (day, effect) in [("2026-03-31", "one_left"), ("2026-04-01", "nobody_left")] {
        let view = View::new(snapshot.clone(), day.parse().expect("a date"));
        assert_eq!(effects_only(&ask(&view, "person_leaves", &["per-a"]))["sys-a"], effect);
    }
}
