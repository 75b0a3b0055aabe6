//! Paths, held against an enumeration of all walks and against answers by hand.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use ezu::analyses::paths::{PathDirection, PathMode, PathsEnded, PathsReport, PathsRequest, paths};
use ezu::graph::View;
use proptest::prelude::*;

use crate::support::{ARCHIMATE, MUNICIPALITY, city, model};

fn ask(view: &View, request: &PathsRequest) -> PathsReport {
    paths(view, request).unwrap_or_else(|error| panic!("{error}"))
}

fn between(from: &[&str], to: &[&str]) -> PathsRequest {
    let owned = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect();
    PathsRequest { from: owned(from), to: owned(to), ..PathsRequest::default() }
}

fn relationships(report: &PathsReport) -> Vec<Vec<&str>> {
    report.paths.iter().map(|path| path.steps.iter().map(|step| step.relationship.as_str()).collect()).collect()
}

const SMALL: &str = "
data_objects:
- {id: dat-a, name: 情報, masters: [sys-a]}
systems:
- {id: sys-a, name: A}
- {id: sys-b, name: B, depends_on: [{target: sys-a, level: essential}]}
- {id: sys-c, name: C, depends_on: [{target: sys-b, level: essential}]}
- {id: sys-d, name: D}
data_flows:
- {id: flw-ab, source: sys-a, target: sys-b, method: api, data: [dat-a]}
- {id: flw-bc, source: sys-b, target: sys-c, method: paper, data: [dat-a]}
";

#[test]
fn all_paths_the_shortest_first_each_step_in_words() {
    let view = model(&[ARCHIMATE, MUNICIPALITY], SMALL);
    let request = PathsRequest {
        mode: PathMode::All,
        kinds: vec!["depends_on".into(), "flow".into()],
        ..between(&["sys-a"], &["sys-c"])
    };
    let report = ask(&view, &request);
    assert_eq!(
        relationships(&report),
        [
            ["flw-ab", "flw-bc"],
            ["flw-ab", "sys-c--depends_on--sys-b"],
            ["sys-b--depends_on--sys-a", "flw-bc"],
            ["sys-b--depends_on--sys-a", "sys-c--depends_on--sys-b"],
        ]
    );
    assert_eq!(report.ended, PathsEnded::Complete);
    let step = &report.paths[3].steps[0];
    assert!(!step.forward && step.text.get("ja") == "「A」に「B」が依存する", "{step:?}");
    let items: Vec<&str> = report.paths[0].items.iter().map(|item| item.id.as_str()).collect();
    assert_eq!(items, ["sys-a", "sys-b", "sys-c"]);
}

#[test]
fn directions_are_kept() {
    let view = model(&[ARCHIMATE, MUNICIPALITY], SMALL);
    let ask = |direction, from: &str, to: &str| {
        let request = PathsRequest { direction, kinds: vec!["data_flow".into()], ..between(&[from], &[to]) };
        relationships(&ask(&view, &request)).into_iter().map(|path| path.join(" ")).collect::<Vec<_>>()
    };
    assert_eq!(ask(PathDirection::Outgoing, "sys-a", "sys-c"), ["flw-ab flw-bc"]);
    assert_eq!(ask(PathDirection::Outgoing, "sys-c", "sys-a"), [""; 0]);
    assert_eq!(ask(PathDirection::Incoming, "sys-c", "sys-a"), ["flw-bc flw-ab"]);
    assert_eq!(ask(PathDirection::Both, "sys-c", "sys-a"), ["flw-bc flw-ab"]);
}

#[test]
fn a_path_steps_onto_a_flow_and_off_it() {
    let view = model(&[ARCHIMATE, MUNICIPALITY], SMALL);
    let request = PathsRequest { kinds: vec!["carries".into(), "data_flow".into()], ..between(&["dat-a"], &["sys-c"]) };
    let report = ask(&view, &request);
    assert_eq!(relationships(&report), [["flw-bc--carries--dat-a", "flw-bc"]]);
    let places: Vec<&str> = report.paths[0].items.iter().map(|item| item.id.as_str()).collect();
    assert_eq!(places, ["dat-a", "flw-bc", "sys-c"]);
    let to_flow = ask(&view, &PathsRequest { kinds: vec!["data_flow".into()], ..between(&["sys-a"], &["flw-bc"]) });
    assert_eq!(relationships(&to_flow), [["flw-ab", "flw-bc"]]);
    // A relationship that is no end of another can be asked about as well.
    let request =
        PathsRequest { kinds: vec!["depends_on".into()], ..between(&["sys-c"], &["sys-b--depends_on--sys-a"]) };
    assert_eq!(relationships(&ask(&view, &request)), [["sys-c--depends_on--sys-b", "sys-b--depends_on--sys-a"]]);
}

#[test]
fn cuts_are_told() {
    let view = model(&[ARCHIMATE, MUNICIPALITY], SMALL);
    let all = || PathsRequest { mode: PathMode::All, ..between(&["sys-a"], &["sys-c"]) };
    let few = ask(&view, &PathsRequest { max_paths: 1, ..all() });
    assert_eq!((few.paths.len(), few.ended), (1, PathsEnded::PathLimit));
    let cheap = ask(&view, &PathsRequest { max_expansions: 1, ..all() });
    assert_eq!(cheap.ended, PathsEnded::ExpansionLimit);
    let short = ask(&view, &PathsRequest { max_hops: Some(1), ..all() });
    assert_eq!((short.paths.len(), short.ended, short.shortest_beyond), (0, PathsEnded::Complete, Some(2)));
    let apart = ask(&view, &between(&["sys-a"], &["sys-d"]));
    assert_eq!((apart.paths.len(), apart.shortest_beyond), (0, None));
    let same = ask(&view, &between(&["sys-a", "sys-d"], &["sys-a"]));
    assert_eq!((same.paths.len(), same.paths[0].length), (1, 0));
}

#[test]
fn a_question_about_the_whole_city_ends() {
    let request = PathsRequest {
        mode: PathMode::All,
        max_hops: Some(30),
        max_expansions: 20_000,
        max_paths: usize::MAX,
        ..between(&["sys-juki"], &["inf-power"])
    };
    let report = ask(&city(), &request);
    assert_eq!(report.ended, PathsEnded::ExpansionLimit);
}

/// All simple paths by trying everything, as lists of relationship ids.
fn everything(links: &[(String, String, String)], from: &str, to: &str, hops: usize) -> BTreeSet<Vec<String>> {
    let mut found = BTreeSet::new();
    let mut open = vec![(vec![from.to_owned()], Vec::<String>::new())];
    while let Some((items, path)) = open.pop() {
        let place = items.last().expect("a start").clone();
        if place == to {
            found.insert(path);
            continue;
        }
        for (id, source, target) in links.iter().filter(|_| path.len() < hops) {
            for (near, far) in [(source, target), (target, source)] {
                if *near == place && !items.contains(far) {
                    let longer =
                        |held: &[String], id: &String| held.iter().cloned().chain([id.clone()]).collect::<Vec<_>>();
                    open.push((longer(&items, far), longer(&path, id)));
                }
            }
        }
    }
    found
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn paths_are_all_simple_paths(drawn in prop::collection::vec((0_usize..6, 0_usize..6), 0..10), hops in 0_usize..6) {
        let mut text = "systems:\n".to_owned();
        for place in 0..6 {
            let _ = writeln!(text, "- {{id: s{place}, name: s{place}}}");
        }
        text.push_str("data_flows:\n");
        let links: Vec<(String, String, String)> = drawn
            .iter()
            .enumerate()
            .map(|(place, (source, target))| (format!("f{place}"), format!("s{source}"), format!("s{target}")))
            .collect();
        for (id, source, target) in &links {
            let _ = writeln!(text, "- {{id: {id}, source: {source}, target: {target}, method: api}}");
        }
        let view = model(&[ARCHIMATE, MUNICIPALITY], &text);
        let request = PathsRequest { mode: PathMode::All, max_hops: Some(hops), max_paths: 10_000, ..between(&["s0"], &["s1"]) };
        let report = ask(&view, &request);
        let found: Vec<Vec<String>> =
            relationships(&report).into_iter().map(|path| path.into_iter().map(str::to_owned).collect()).collect();
        prop_assert!(report.paths.is_sorted_by_key(|path| path.length));
        let expected = everything(&links, "s0", "s1", hops);
        prop_assert_eq!(found.len(), expected.len());
        prop_assert_eq!(found.into_iter().collect::<BTreeSet<_>>(), expected);
        let shortest = ask(&view, &between(&["s0"], &["s1"]));
        let length = everything(&links, "s0", "s1", 6).iter().map(Vec::len).min();
        prop_assert_eq!(shortest.paths.first().map(|path| path.length), length);
    }
}
