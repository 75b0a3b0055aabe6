//! A model small enough to check on paper.
//!
//! ```text
//! prc-a ─uses→ sys-a ─┐            sys-a ─f1(d, file)→ sys-b ─f2(w, mail, none)→ sys-i (internet)
//! prc-b ─uses→ sys-b ─┴─→ inf-x      sys-b ─f3(e)→ sys-c
//!              sys-c (alone)        sys-c ─f4→ sys-b        (cycle b ⇄ c)
//! ```

use ezu::analyses::structure::Cell;
use ezu::graph::View;
use serde_json::{Value as Json, json};

use crate::asking::{answer, report, rows};
use crate::support::{ARCHIMATE, MUNICIPALITY, model};

pub(crate) const SMALL: &str = "
cities:
- {id: city-a, name: A市, as_of: 2026-11-01}
zones:
- {id: zone-lgwan, name: L}
- {id: zone-internet, name: I}
departments:
- {id: dept-a, name: A課}
- {id: dept-b, name: B課}
persons:
- {id: per-1, code: p1, department: dept-a, years_in_post: 3}
- {id: per-2, code: p2, department: dept-b}
vendors:
- {id: vnd-a, name: V}
- {id: vnd-b, name: W}
infrastructures:
- {id: inf-x, name: X, redundant: false, rto_hours: 48}
function_codes:
- {id: FORM, name: 申請, general_purpose: true}
data_objects:
- {id: dat-a, name: D, personal_class: sensitive, masters: [sys-a]}
- {id: dat-b, name: E, personal_class: none, masters: [sys-c]}
systems:
- {id: sys-a, name: A, zone: zone-lgwan, owner_department: dept-a, vendor: vnd-a, annual_cost_kyen: 300, contract_end: 2027-03-31, function_codes: [FORM], known_by: [per-1], availability: {rto_hours: 24, redundant: false}, depends_on: [{target: inf-x, level: essential}]}
- {id: sys-b, name: B, zone: zone-lgwan, owner_department: dept-b, vendor: vnd-a, annual_cost_kyen: 100, contract_end: 2030-03-31, function_codes: [FORM], known_by: [per-1, per-2], availability: {rto_hours: 72, redundant: true}, depends_on: [{target: inf-x, level: essential}]}
- {id: sys-c, name: C, zone: zone-lgwan, owner_department: dept-b, vendor: vnd-b, annual_cost_kyen: 50}
- {id: sys-i, name: I, zone: zone-internet, owner_department: dept-b}
business_processes:
- {id: prc-a, name: P, owner_department: dept-a, staff_hours_per_year: 100, continuity: {rto_hours: 4}, known_by: [per-2], systems: [{system: sys-a, role: essential}], data: [{data: dat-a, crud: CR}]}
- {id: prc-b, name: Q, owner_department: dept-b, staff_hours_per_year: 50, continuity: {rto_hours: 100}, systems: [{system: sys-b, role: essential}], data: [{data: dat-a, crud: CU}]}
projects:
- {id: prj-a, name: R, start: 2026-01-01, go_live: 2027-01-01, systems: [{system: sys-a, role: retire}]}
- {id: prj-b, name: S, start: 2026-06-01, go_live: 2027-06-01, systems: [{system: sys-a, role: extend}]}
data_flows:
- {id: flw-1, source: sys-a, target: sys-b, method: file, frequency: d, control: intra, data: [dat-a]}
- {id: flw-2, source: sys-b, target: sys-i, method: mail, frequency: w, control: none, data: [dat-a]}
- {id: flw-3, source: sys-b, target: sys-c, method: file, frequency: e, control: intra, data: [dat-a]}
- {id: flw-4, source: sys-c, target: sys-b, method: file, frequency: d, control: intra, data: [dat-b]}
";

pub(crate) fn small() -> View {
    model(&[ARCHIMATE, MUNICIPALITY], SMALL)
}

#[test]
fn what_one_failure_stops() {
    let found = rows(
        &small(),
        "single-points-of-failure",
        &[],
        &["item", "stopped", "processes", "only_way", "staff_hours_per_year", "shortest_rto_hours", "cut_point"],
    );
    // inf-x stops both systems and both processes; sys-a its process; sys-b has a spare and is no single point.
    let expected = [json!(["inf-x", 4, 2, 2, 150, 4, true]), json!(["sys-a", 1, 1, 1, 100, 4, true])];
    assert_eq!(found, expected);
}

#[test]
fn the_order_of_recovery() {
    let found = rows(&small(), "recovery-order", &[], &["step", "item", "rto_hours", "needs", "slower", "cycle"]);
    let expected = [
        json!([1, "inf-x", 48, [], [], false]),
        json!([2, "sys-a", 24, ["inf-x"], ["inf-x"], false]),
        json!([2, "sys-b", 72, ["inf-x"], [], false]),
    ];
    assert_eq!(found, expected);
}

#[test]
fn cycles_islands_and_hubs() {
    let found = rows(&small(), "cycles", &[], &["of", "size", "items"]);
    assert_eq!(found, [json!([{"en": "flows", "ja": "データ連携"}, 2, ["sys-b", "sys-c"]])]);
    let islands = rows(&small(), "islands", &[], &["size", "items"]);
    assert_eq!(islands, [json!([1, ["city-a"]])]);
    let hubs = rows(&small(), "hubs", &[("limit", "1")], &["item"]);
    assert_eq!(
        hubs,
        [json!(["sys-b"])],
        "zone, department, vendor, infrastructure, function, two people, process, a, c, i"
    );
    let found = answer(&small(), "hubs", &[]);
    assert_eq!((&found["figures"]["exact"], &found["figures"]["relative_error"]), (&json!(true), &json!(0.0)));
}

#[test]
fn where_data_get_to() {
    let found = rows(
        &small(),
        "leak-trace",
        &[("data", "dat-a"), ("to", "zone-internet")],
        &["from", "to", "hops", "first_open", "crosses"],
    );
    assert_eq!(found, [json!(["sys-a", "sys-i", 2, "flw-2", true])]);
    let anywhere = rows(&small(), "leak-trace", &[("class", "sensitive")], &["to", "hops", "first_open"]);
    assert_eq!(anywhere, [json!(["sys-b", 1, null]), json!(["sys-c", 2, null]), json!(["sys-i", 2, "flw-2"])]);
    let none = answer(&small(), "leak-trace", &[("class", "specific")]);
    assert_eq!(none["coverage"]["applicable"], false);
}

#[test]
fn how_old_a_copy_is() {
    let found = rows(&small(), "lineage", &[("data", "dat-a")], &["place", "from", "hops", "oldest_hours", "feeds"]);
    let expected = [
        json!(["sys-a", null, 0, 0.0, 1]),
        json!(["sys-b", "sys-a", 1, 24.0, 2]),
        json!(["sys-c", "sys-b", 2, null, 0]),  // 随時: no upper bound
        json!(["sys-i", "sys-b", 2, 192.0, 0]), // a day and a week
    ];
    assert_eq!(found, expected);
    let back = rows(&small(), "lineage", &[("data", "dat-a"), ("place", "sys-i")], &["place"]);
    assert_eq!(back, [json!(["sys-a"]), json!(["sys-b"]), json!(["sys-i"])]);
    let found = answer(&small(), "lineage", &[("data", "dat-a")]);
    assert_eq!(found["figures"]["created_by"], json!(["prc-a", "prc-b"]));
}

#[test]
fn who_creates_and_reads() {
    let found = rows(&small(), "crud", &[], &["row", "data", "crud", "check"]);
    let check = |ja: &str, en: &str| json!({"ja": ja, "en": en});
    let expected = [
        json!(["prc-a", "dat-a", "CR", null]),
        json!(["prc-b", "dat-a", "CU", null]),
        json!([["dept-a", "dept-b"], "dat-a", null, check("複数の課が作る", "several sections create it")]),
        json!([[], "dat-b", null, check("どの業務も扱わない", "no process works with it")]),
    ];
    assert_eq!(found, expected);
    let by_department = rows(&small(), "crud", &[("rows", "department")], &["row", "crud"]);
    assert_eq!(by_department[..2], [json!(["dept-a", "CR"]), json!(["dept-b", "CU"])]);
    let matrix = rows(&small(), "coverage-matrix", &[], &["function", "department", "systems", "processes"]);
    let expected = [json!(["FORM", "dept-a", ["sys-a"], ["prc-a"]]), json!(["FORM", "dept-b", ["sys-b"], ["prc-b"]])];
    assert_eq!(matrix, expected);
}

#[test]
fn projects_vendors_and_people() {
    let found = rows(&small(), "projects", &[], &["project", "system", "collides_with", "contradicts"]);
    let expected = [json!(["prj-a", "sys-a", ["prj-b"], ["prj-b"]]), json!(["prj-b", "sys-a", ["prj-a"], ["prj-a"]])];
    assert_eq!(found, expected);
    let columns = ["project", "system", "contract_end", "overlaps_with", "overlap_start", "overlap_end"];
    let schedule = rows(&small(), "schedule", &[], &columns);
    // prj-a runs to 2027-01-01, prj-b from 2026-06-01 on.
    let expected = [
        json!(["prj-a", "sys-a", "2027-03-31", ["prj-b"], "2026-06-01", "2027-01-01"]),
        json!(["prj-b", "sys-a", "2027-03-31", ["prj-a"], "2026-06-01", "2027-01-01"]),
    ];
    assert_eq!(schedule, expected);
    let vendors = rows(
        &small(),
        "vendors",
        &[],
        &["vendor", "systems", "annual_cost_kyen", "share_of_cost", "essential_processes"],
    );
    assert_eq!(vendors, [json!(["vnd-a", 2, 400.0, 0.889, 2]), json!(["vnd-b", 1, 50.0, 0.111, 0])]);
    let people = rows(&small(), "people", &[], &["person", "only_this_person", "staff_hours_per_year", "one_other"]);
    assert_eq!(people, [json!(["per-2", ["prc-a"], 100, ["sys-b"]]), json!(["per-1", ["sys-a"], 0, ["sys-b"]])]);
}

#[test]
fn what_ends_and_what_it_costs() {
    let found = rows(&small(), "lifecycle", &[], &["date", "item", "successor"]);
    let expected = [
        json!(["2027-01-01", "prj-a", []]),
        json!(["2027-03-31", "sys-a", ["prj-a"]]),
        json!(["2027-06-01", "prj-b", []]),
    ];
    assert_eq!(found, expected);
    let curve = rows(
        &small(),
        "cost-curve",
        &[("years", "3")],
        &["fiscal_year", "contracted_kyen", "unlimited_kyen", "ended_systems"],
    );
    // sys-a (300) until fiscal 2026, sys-b (100) until 2029, sys-c (50) without an end.
    assert_eq!(curve, [json!([2026, 400.0, 50.0, 0]), json!([2027, 100.0, 50.0, 1]), json!([2028, 100.0, 50.0, 1])]);
}

#[test]
fn blocks_are_the_same_for_a_seed() {
    let once = report(&small(), "communities", &[("seed", "7")]);
    assert_eq!(once, report(&small(), "communities", &[("seed", "7")]));
    let sizes: i64 = once.rows.iter().map(|row| if let Cell::Integer(size) = row[1] { size } else { 0 }).sum();
    assert_eq!(sizes, 4, "every system is in one block");
}

/// Two triangles that one flow joins: either triangle is a block, and the modularity is 2·(3/7 − (7/14)²) = 5/14.
#[test]
fn two_triangles_are_two_blocks() {
    let mut text = String::from("systems:\n");
    (1..=6).for_each(|number| text.push_str(&format!("- {{id: sys-{number}, name: S{number}}}\n")));
    text.push_str("data_flows:\n");
    for (number, (from, to)) in [(1, 2), (2, 3), (3, 1), (4, 5), (5, 6), (6, 4), (3, 4)].into_iter().enumerate() {
        text.push_str(&format!(
            "- {{id: flw-{number}, source: sys-{from}, target: sys-{to}, method: file, data: []}}\n"
        ));
    }
    let view = model(&[ARCHIMATE, MUNICIPALITY], &text);
    for seed in ["1", "2", "3", "4", "5"] {
        let found = answer(&view, "communities", &[("seed", seed)]);
        let blocks: std::collections::BTreeSet<String> =
            found["items"].as_array().expect("rows").iter().map(|row| row["items"].to_string()).collect();
        let expected = [json!(["sys-1", "sys-2", "sys-3"]), json!(["sys-4", "sys-5", "sys-6"])];
        assert_eq!(blocks, expected.iter().map(Json::to_string).collect());
        let modularity = found["figures"]["modularity"].as_f64().expect("a number");
        assert!((modularity - 5.0 / 14.0).abs() < 0.001, "{modularity}");
    }
}

/// Two functions, two sections that own or use a tool of one, and one tool without a function.
#[test]
fn functions_by_section() {
    let text = "
departments: [{id: dept-a, name: A}, {id: dept-b, name: B}]
function_codes: [{id: FX, name: F}, {id: GX, name: G}]
systems:
- {id: sys-a, name: A, owner_department: dept-a, function_codes: [FX]}
- {id: sys-b, name: B, owner_department: dept-a, function_codes: [FX, GX]}
- {id: sys-c, name: C, owner_department: dept-b}
business_processes:
- {id: prc-a, name: P, owner_department: dept-b, systems: [{system: sys-a, role: essential}]}
- {id: prc-b, name: Q, owner_department: dept-b, systems: [{system: sys-c, role: essential}]}
";
    let view = model(&[ARCHIMATE, MUNICIPALITY], text);
    let found = rows(&view, "coverage-matrix", &[], &["function", "department", "systems", "processes"]);
    let expected = [
        json!(["FX", "dept-a", ["sys-a", "sys-b"], []]),
        json!(["FX", "dept-b", ["sys-a"], ["prc-a"]]),
        json!(["GX", "dept-a", ["sys-b"], []]),
    ];
    assert_eq!(found, expected);
}

#[test]
fn wrong_parameters_are_refused() {
    use ezu::analyses::structure::{ask, question};
    let view = small();
    let refused = |name: &str, parameters: &[(&str, &str)]| {
        let parameters = parameters.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
        let terms = ezu::analyses::findings::TermDefinitions::default();
        ask(question(name).expect("a question"), &view, &terms, &parameters).expect_err("refused").to_string()
    };
    assert!(refused("hubs", &[("limt", "3")]).contains("did you mean \"limit\"?"));
    assert!(refused("hubs", &[("limit", "many")]).contains("whole number"));
    assert!(refused("lineage", &[]).contains("data"));
    assert!(refused("lineage", &[("data", "dat-aa")]).contains("did you mean \"dat-a\"?"));
    assert!(refused("crud", &[("rows", "person")]).contains("department"));
}
