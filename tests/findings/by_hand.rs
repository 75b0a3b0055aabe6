//! Every rule of the domain computed a second time, straight over the YAML text of the city: the table of
//! domain knowledge §3.2, §4 and §4.1 in loops, sharing nothing with ezu.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;

use crate::by_hand_code;
use crate::city_text::{CityText, entries, number, text, texts};
use crate::rules::Subjects;

pub(crate) const NOT_ELECTRONIC: [&str; 3] = ["paper", "rekey", "view"];
const EUC: [&str; 2] = ["euc-excel", "euc-access"];
/// The day of the city, and one year later.
pub(crate) const TODAY: &str = "2026-11-01";
const SOON: &str = "2027-11-01";

/// The city with its records by id.
pub(crate) struct City {
    pub(crate) text: CityText,
    pub(crate) by_id: BTreeMap<String, Json>,
}

pub(crate) fn at<'a>(record: &'a Json, path: &[&str]) -> &'a str {
    path.iter().try_fold(record, |held, key| held.get(*key)).and_then(Json::as_str).unwrap_or_default()
}

impl City {
    pub(crate) fn new(text: CityText) -> Self {
        let lists = ["systems", "externals", "data_objects", "technologies", "infrastructures", "projects", "persons"];
        let records = lists.iter().flat_map(|list| text.list(list));
        let by_id = records.map(|record| (at(record, &["id"]).to_owned(), record.clone())).collect();
        Self { text, by_id }
    }

    pub(crate) fn list(&self, name: &str) -> &[Json] {
        self.text.list(name)
    }

    pub(crate) fn get(&self, id: &str) -> &Json {
        self.by_id.get(id).unwrap_or(&Json::Null)
    }

    pub(crate) fn zone(&self, id: &str) -> &str {
        text(self.get(id), "zone")
    }

    fn classes<'a>(&'a self, flow: &'a Json) -> Vec<&'a str> {
        texts(flow, "data").into_iter().map(|data| text(self.get(data), "personal_class")).collect()
    }

    fn is_personal(&self, flow: &Json) -> bool {
        self.classes(flow).iter().any(|class| !class.is_empty() && *class != "none")
    }

    fn is_system(&self, id: &str) -> bool {
        id.starts_with("sys-")
    }
}

fn ids<'a>(records: impl Iterator<Item = &'a Json>) -> BTreeSet<Vec<String>> {
    records.map(|record| vec![text(record, "id").to_owned()]).collect()
}

/// What every rule must find.
pub(crate) fn all(city: &City) -> Subjects {
    let mut all = Subjects::new();
    flows(city, &mut all);
    systems(city, &mut all);
    data(city, &mut all);
    continuity(city, &mut all);
    people_and_work(city, &mut all);
    projects(city, &mut all);
    by_hand_code::add(city, &mut all);
    all
}

fn flows(city: &City, all: &mut Subjects) {
    let mut add = |rule: &str, violates: &dyn Fn(&Json) -> bool| {
        all.insert(rule.to_owned(), ids(city.list("data_flows").iter().filter(|flow| violates(flow))));
    };
    let zones = |flow: &Json| (city.zone(text(flow, "source")).to_owned(), city.zone(text(flow, "target")).to_owned());
    let between = |flow: &Json, a: &str, b: &str| {
        let (from, to) = zones(flow);
        (from == a && to == b) || (from == b && to == a)
    };
    let electronic = |flow: &Json| !NOT_ELECTRONIC.contains(&text(flow, "method"));
    let control = |flow: &Json, accepted: &[&str]| accepted.contains(&text(flow, "control"));
    add("S01", &|flow| {
        let is_excepted =
            zones(flow).0 == "zone-internet" && control(flow, &["media"]) && text(flow, "sanitized") == "true";
        between(flow, "zone-mynumber", "zone-internet") && electronic(flow) && !is_excepted
    });
    add("S02", &|flow| {
        between(flow, "zone-mynumber", "zone-lgwan") && electronic(flow) && !control(flow, &["specific", "media"])
    });
    let runs = |flow: &Json, from: &str, to: &str| zones(flow) == (from.to_owned(), to.to_owned());
    add("S03", &|flow| {
        runs(flow, "zone-internet", "zone-lgwan") && electronic(flow) && !control(flow, &["sanitize", "lbo"])
    });
    add("S03b", &|flow| runs(flow, "zone-lgwan", "zone-internet") && !control(flow, &["outbound", "lbo"]));
    add("S04", &|flow| {
        text(flow, "carries_my_number") == "true"
            && city.is_system(text(flow, "target"))
            && at(city.get(text(flow, "target")), &["personal_data", "my_number_use"]) == "none"
    });
    add("S09", &|flow| {
        let sensitive = city.classes(flow).iter().any(|class| ["sensitive", "specific-sensitive"].contains(class));
        text(flow, "method") == "mail" && sensitive && control(flow, &["none"])
    });
    add("S10", &|flow| {
        text(city.get(text(flow, "target")), "type") == "contractor"
            && city.is_personal(flow)
            && !control(flow, &["contract"])
    });
    add("S11", &|flow| text(flow, "documented") != "true" && city.is_personal(flow));
    add("S12", &|flow| {
        text(flow, "method") == "remote" && zones(flow).1 == "zone-mynumber" && !control(flow, &["approved-ext"])
    });
    add("S14", &|flow| {
        let (from, to) = zones(flow);
        let with_server = [text(flow, "source"), text(flow, "target")].contains(&"sys-cs");
        (from == "zone-juki") != (to == "zone-juki") && electronic(flow) && !with_server
    });
    add("D03", &|flow| text(flow, "method") == "rekey");
    add("D07", &|flow| {
        let is_standard = |end: &str| at(city.get(text(flow, end)), &["standardization", "status"]) == "compliant";
        text(flow, "method") == "dbl" && (is_standard("source") || is_standard("target"))
    });
}

fn systems(city: &City, all: &mut Subjects) {
    let mut add = |rule: &str, violates: &dyn Fn(&Json) -> bool| {
        all.insert(rule.to_owned(), ids(city.list("systems").iter().filter(|system| violates(system))));
    };
    let flows = || city.list("data_flows").iter();
    add("S05", &|system| {
        let id = text(system, "id");
        let receives = flows().any(|flow| text(flow, "target") == id && text(flow, "carries_my_number") == "true");
        let mut data = city.list("data_objects").iter();
        let masters =
            data.any(|data| texts(data, "masters").contains(&id) && text(data, "contains_my_number") == "true");
        !["zone-mynumber", "zone-juki"].contains(&text(system, "zone"))
            && at(system, &["personal_data", "my_number_use"]) != "related"
            && (receives || masters)
    });
    add("S08", &|system| {
        let class = text(system, "confidentiality");
        let approved = at(system, &["cloud", "approved"]) == "true";
        let is_high = ["自治体機密性3A", "自治体機密性3B"].contains(&class);
        text(system, "zone") == "zone-internet"
            && text(system, "type") == "saas"
            && class.starts_with("自治体機密性3")
            && (!approved || (is_high && at(system, &["cloud", "ismap"]) != "true"))
    });
    let is_ranked = |system: &Json| ["S", "A"].contains(&at(system, &["availability", "bcp_rank"]));
    add("B03", &|system| is_ranked(system) && at(system, &["availability", "backup"]) != "offsite");
    add("B07", &|system| {
        let floods = texts(system, "runs_on").into_iter().any(|place| text(city.get(place), "hazard") == "flood-3m");
        is_ranked(system) && floods
    });
    let ends = |system: &Json| -> Vec<String> {
        let technologies = texts(system, "technologies").into_iter();
        let ends = technologies.map(|technology| text(city.get(technology), "end_of_support").to_owned());
        ends.filter(|end| !end.is_empty()).collect()
    };
    add("L01", &|system| ends(system).iter().any(|end| end.as_str() <= TODAY));
    add("L01b", &|system| ends(system).iter().any(|end| TODAY < end.as_str() && end.as_str() <= SOON));
    add("L02", &|system| {
        let end = text(system, "contract_end");
        let has_successor =
            roles(city, text(system, "id")).iter().any(|role| ["replace", "renew", "retire"].contains(role));
        text(system, "status") == "active" && !end.is_empty() && end <= SOON && !has_successor
    });
    let status = |system: &Json, wanted: &str| at(system, &["standardization", "status"]) == wanted;
    add("D05", &|system| status(system, "undesignated"));
    add("D05b", &|system| status(system, "special"));
    add("D06", &|system| {
        status(system, "compliant") && number(system, &["standardization", "customizations"]).unwrap_or(0) > 0
    });
    add("D08", &|system| {
        let badly = flows().any(|flow| {
            text(flow, "target") == text(system, "id")
                && text(city.get(text(flow, "source")), "characters") == "mjplus"
                && !NOT_ELECTRONIC.contains(&text(flow, "method"))
                && city.is_personal(flow)
        });
        ["vendor", "none"].contains(&text(system, "characters")) && text(system, "character_map") != "y" && badly
    });
    add("D09a", &|system| {
        let mut processes = city.list("business_processes").iter();
        !processes
            .any(|process| entries(process, "systems").iter().any(|used| text(used, "system") == text(system, "id")))
    });
    add("D09d", &|system| {
        !flows().any(|flow| [text(flow, "source"), text(flow, "target")].contains(&text(system, "id")))
    });
    add("K04", &|system| EUC.contains(&text(system, "type")) && texts(system, "known_by").len() == 1);
}

/// What projects do to a system.
fn roles<'a>(city: &'a City, system: &str) -> Vec<&'a str> {
    let touched = city.list("projects").iter().flat_map(|project| entries(project, "systems"));
    touched.filter(|entry| text(entry, "system") == system).map(|entry| text(entry, "role")).collect()
}

fn data(city: &City, all: &mut Subjects) {
    let mut add = |rule: &str, violates: &dyn Fn(&Json) -> bool| {
        all.insert(rule.to_owned(), ids(city.list("data_objects").iter().filter(|data| violates(data))));
    };
    let accesses = |data: &Json| -> Vec<&Json> {
        let all = city.list("business_processes").iter().flat_map(|process| entries(process, "data"));
        all.filter(|entry| text(entry, "data") == text(data, "id")).collect()
    };
    add("S07", &|data| {
        let is_personal = !["", "none"].contains(&text(data, "personal_class"));
        is_personal
            && number(data, &["subjects"]).unwrap_or(0) >= 1_000
            && text(data, "personal_file_registry") == "missing"
    });
    add("D02", &|data| texts(data, "masters").len() > 1);
    add("D09b", &|data| texts(data, "masters").is_empty());
    add("D09c", &|data| accesses(data).is_empty());
    add("D09e", &|data| !accesses(data).iter().any(|entry| text(entry, "crud").contains('C')));
    let mut tools = BTreeSet::new();
    for code in city.list("function_codes").iter().filter(|code| text(code, "general_purpose") == "true") {
        let has = |system: &&Json| texts(system, "function_codes").contains(&text(code, "id"));
        let systems: Vec<&Json> = city.list("systems").iter().filter(has).collect();
        let sections: BTreeSet<&str> = systems.iter().map(|system| text(system, "owner_department")).collect();
        if sections.len() >= 2 {
            let mut members: Vec<String> = systems.iter().map(|system| text(system, "id").to_owned()).collect();
            members.sort();
            members.insert(0, text(code, "id").to_owned());
            tools.insert(members);
        }
    }
    all.insert("D01".to_owned(), tools);
}

fn continuity(city: &City, all: &mut Subjects) {
    let mut slow = BTreeSet::new();
    for process in city.list("business_processes") {
        for entry in entries(process, "systems").iter().filter(|entry| text(entry, "role") == "essential") {
            let system = city.get(text(entry, "system"));
            let wanted = number(process, &["continuity", "rto_hours"]);
            let given = number(system, &["availability", "rto_hours"]);
            if wanted.zip(given).is_some_and(|(wanted, given)| wanted < given) {
                slow.insert(vec![text(process, "id").to_owned(), text(system, "id").to_owned()]);
            }
        }
    }
    all.insert("B01".to_owned(), slow);
}

fn people_and_work(city: &City, all: &mut Subjects) {
    let mut add = |rule: &str, list: &str, violates: &dyn Fn(&Json) -> bool| {
        all.insert(rule.to_owned(), ids(city.list(list).iter().filter(|record| violates(record))));
    };
    add("K01", "business_processes", &|process| texts(process, "known_by").len() == 1);
    add("K03", "business_processes", &|process| ["none", "stale"].contains(&at(process, &["manual", "status"])));
    let is_open = |issue: &Json| text(issue, "status") != "完了";
    add("I01", "issues", &|issue| {
        let due = text(issue, "due");
        !due.is_empty() && due < TODAY && is_open(issue)
    });
    add("I02", "issues", &|issue| text(issue, "assignee").is_empty() && is_open(issue));
    add("R01", "risks", &|risk| entries(risk, "controls").is_empty());
    add("R02", "risks", &|risk| {
        let controls = entries(risk, "controls");
        !controls.is_empty() && controls.iter().all(|control| text(control, "status") == "未実施")
    });
    add("R03", "risks", &|risk| {
        let due = text(risk, "review_due");
        !due.is_empty() && due < TODAY
    });
    add("A01", "adoptions", &|adoption| text(adoption, "rate").parse::<f64>().is_ok_and(|rate| rate < 0.3));
    add("A02", "adoptions", &|adoption| text(adoption, "champion").is_empty());
}

fn projects(city: &City, all: &mut Subjects) {
    let (mut gaps, mut late) = (BTreeSet::new(), BTreeSet::new());
    for project in city.list("projects") {
        let (id, go_live) = (text(project, "id"), text(project, "go_live"));
        for entry in entries(project, "systems") {
            let system = city.get(text(entry, "system"));
            let end = text(system, "contract_end");
            let is_gap = !end.is_empty() && days(go_live) - days(end) > 1;
            if ["replace", "renew"].contains(&text(entry, "role")) && is_gap {
                gaps.insert(vec![id.to_owned(), text(system, "id").to_owned()]);
            }
        }
        for before in texts(project, "depends_on") {
            if text(city.get(before), "go_live") > go_live {
                late.insert(vec![id.to_owned(), before.to_owned()]);
            }
        }
    }
    all.insert("L03".to_owned(), gaps);
    all.insert("P03".to_owned(), late);
}

/// Days since 1 March of the year 0 in the Gregorian calendar.
pub(crate) fn days(date: &str) -> i64 {
    let parts: Vec<i64> = date.split('-').filter_map(|part| part.parse().ok()).collect();
    let [year, month, day] = parts[..] else { panic!("{date:?} is no date") };
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day
}

#[test]
fn days_are_counted_rightly() {
    assert_eq!(days("2027-11-01") - days("2026-11-01"), 365);
    assert_eq!(days("2028-03-01") - days("2028-02-28"), 2);
    assert_eq!(days("2027-01-01") - days("2026-12-31"), 1);
}
