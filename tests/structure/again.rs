//! Every question about structure held against its second computation: on the reference city, and on models made up
//! at random, small enough to have every odd case.

use std::collections::BTreeSet;

use ezu::graph::View;
use proptest::prelude::*;
use serde_json::{Value as Json, json};

use crate::asking::rows;
use crate::city_text::{CityText, text};
use crate::made_up::made_up;
use crate::second::{self, carrying, distances, ends};
use crate::second_tables as tables;
use crate::support::{ARCHIMATE, MUNICIPALITY, city, model};

/// A view and the text that it was read from.
struct Both {
    view: View,
    text: CityText,
}

impl Both {
    fn rows(&self, name: &str, parameters: &[(&str, &str)], columns: &[&str]) -> Vec<Json> {
        rows(&self.view, name, parameters, columns)
    }

    fn set(&self, name: &str, parameters: &[(&str, &str)], columns: &[&str]) -> BTreeSet<String> {
        self.rows(name, parameters, columns).iter().map(Json::to_string).collect()
    }

    fn data(&self) -> Vec<&str> {
        self.text.list("data_objects").iter().map(|data| text(data, "id")).collect()
    }

    fn continuity(&self) {
        let columns = ["item", "stopped", "processes", "staff_hours_per_year", "shortest_rto_hours"];
        let found = self.set("single-points-of-failure", &[("limit", "1000")], &columns);
        assert_eq!(found, second::points_of_failure(&self.text));
        let found = self.rows("recovery-order", &[], &["step", "item", "rto_hours", "needs", "slower", "cycle"]);
        assert_eq!(found, second::recovery_order(&self.text));
    }

    fn cycles(&self) {
        let found = self.rows("cycles", &[], &["of", "items"]);
        for (of, links) in [("依存", second::dependencies(&self.text)), ("データ連携", second::flows(&self.text))]
        {
            let mine: BTreeSet<String> =
                found.iter().filter(|row| row[0]["ja"] == of).map(|row| row[1].to_string()).collect();
            let expected = second::cycles(&links).into_iter().map(|set| json!(set).to_string()).collect();
            assert_eq!(mine, expected, "{of}");
        }
    }

    fn leaks(&self, data: &str) {
        let found = self.rows("leak-trace", &[("data", data)], &["data", "from", "to", "hops", "first_open"]);
        let places = found.iter().map(|row| json!([row[0], row[1], row[2], row[3]]).to_string()).collect();
        assert_eq!(second::leak_trace(&self.text, data), places, "{data}");
        let flows = carrying(&self.text, data);
        for row in found {
            let is_open = |flow: &Json| ["", "none", "manual"].contains(&text(flow, "control"));
            let [from, to] = [1, 2].map(|place| row[place].as_str().expect("an id"));
            let hops = row[3].as_u64().and_then(|hops| usize::try_from(hops).ok());
            let between = |from: &str, to: &str, links: &second::Links<'_>| {
                if from == to { Some(0) } else { distances(links, to).get(from).copied() }
            };
            if let Some(open) = row[4].as_str() {
                // An open flow on a shortest way.
                let flow = flows.iter().find(|flow| text(flow, "id") == open).expect("it carries the data");
                assert!(is_open(flow), "{open}");
                let links = ends(&flows);
                let before = between(text(flow, "source"), from, &links);
                let after = between(to, text(flow, "target"), &links);
                assert_eq!(before.zip(after).map(|(before, after)| before + 1 + after), hops, "{open}");
            } else {
                let closed: Vec<&Json> = flows.iter().copied().filter(|flow| !is_open(flow)).collect();
                assert_eq!(between(to, from, &ends(&closed)), hops, "a shortest way without an open flow");
            }
        }
    }

    fn lineage(&self, data: &str) {
        let found = self.set("lineage", &[("data", data)], &["place", "oldest_hours", "hops", "feeds"]);
        assert_eq!(found, second::lineage(&self.text, data), "{data}");
    }

    fn matrices(&self) {
        for by_department in [false, true] {
            let rows = if by_department { "department" } else { "process" };
            let found = self.rows("crud", &[("rows", rows)], &["row", "data", "crud"]);
            let found: BTreeSet<String> = found.iter().filter(|row| !row[2].is_null()).map(Json::to_string).collect();
            assert_eq!(found, tables::crud(&self.text, by_department));
        }
        let found = self.rows("crud", &[], &["row", "data", "check"]);
        let checks = found.iter().filter(|row| !row[2].is_null());
        let checks: BTreeSet<String> = checks.map(|row| json!([row[0], row[1], row[2]["ja"]]).to_string()).collect();
        assert_eq!(checks, tables::crud_checks(&self.text));
        let found = self.rows("coverage-matrix", &[], &["function", "department", "systems", "processes"]);
        assert_eq!(found, tables::coverage_matrix(&self.text));
    }

    fn time(&self) {
        let columns = ["project", "system", "collides_with", "contradicts", "waits_for"];
        assert_eq!(self.rows("projects", &[], &columns), tables::projects(&self.text));
        let columns =
            ["project", "system", "start", "go_live", "contract_end", "overlaps_with", "overlap_start", "overlap_end"];
        assert_eq!(self.rows("schedule", &[], &columns), tables::schedule(&self.text));
        let found = self.rows("lifecycle", &[], &["date", "item", "past", "successor"]);
        assert_eq!(found, tables::lifecycle(&self.text));
        let columns = ["fiscal_year", "contracted_kyen", "unlimited_kyen", "ended_systems"];
        assert_eq!(self.rows("cost-curve", &[], &columns), tables::cost_curve(&self.text));
    }

    fn people(&self) {
        let found = self.set("vendors", &[], &["vendor", "systems", "annual_cost_kyen"]);
        assert_eq!(found, tables::vendors(&self.text));
        let columns = ["person", "only_this_person", "staff_hours_per_year", "one_other"];
        assert_eq!(self.set("people", &[], &columns), tables::people(&self.text));
    }

    fn all(&self, most_data: usize) {
        self.continuity();
        self.cycles();
        self.matrices();
        self.time();
        self.people();
        for data in self.data().into_iter().take(most_data) {
            self.leaks(data);
            self.lineage(data);
        }
    }
}

#[test]
fn of_the_reference_city() {
    Both { view: city(), text: CityText::read() }.all(12);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, ..ProptestConfig::default() })]

    #[test]
    fn of_any_model(seed in any::<u64>()) {
        let written = made_up(seed);
        Both { view: model(&[ARCHIMATE, MUNICIPALITY], &written), text: CityText::of(&[&written]) }.all(3);
    }
}
