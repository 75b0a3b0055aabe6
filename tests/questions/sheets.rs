//! Hearing sheets and handover documents, against a second computation.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Cursor;

use calamine::{Data, Reader as _, Xlsx};
use serde_json::{Value as Json, json};

use crate::city::{City, text, texts};
use crate::support::{Service, city, shared_city};

type Ids = BTreeSet<String>;

fn table<'j>(sheet: &'j Json, key: &str) -> &'j [Json] {
    let tables = sheet["tables"].as_array().expect("tables");
    let found = tables.iter().find(|table| table["key"] == key).unwrap_or_else(|| panic!("{key}"));
    found["rows"].as_array().expect("rows")
}

fn id(cell: &Json) -> String {
    cell["id"].as_str().or(cell.as_str()).unwrap_or_default().to_owned()
}

fn column(rows: &[Json], name: &str) -> Ids {
    rows.iter().map(|row| id(&row[name])).collect()
}

fn ids<'j>(entries: impl IntoIterator<Item = &'j Json>) -> Ids {
    entries.into_iter().map(|entry| text(entry, "id").to_owned()).collect()
}

fn handover(department: &str) -> Json {
    shared_city().get(&format!("/api/v1/departments/{department}/handover")).json()
}

#[test]
fn a_handover_holds_what_the_department_has() {
    let city = City::read();
    for department in ["dept-shimin", "dept-hoiku", "dept-joho"] {
        let sheet = handover(department);
        let processes: Vec<&Json> =
            city.list("business_processes").iter().filter(|p| p["owner_department"] == department).collect();
        assert_eq!(column(table(&sheet, "work"), "business_process"), ids(processes.iter().copied()));
        assert_eq!(column(table(&sheet, "calendar"), "process"), ids(processes.iter().copied()));
        let owned = ids(city.list("systems").iter().filter(|s| s["owner_department"] == department));
        let used = processes.iter().flat_map(|p| p["systems"].as_array().into_iter().flatten());
        let used: Ids = used.map(|held| text(held, "system").to_owned()).collect();
        assert_eq!(column(table(&sheet, "systems"), "system"), owned.union(&used).cloned().collect::<Ids>());
        let own = ids(city.list("data_objects").iter().filter(|d| d["owner_department"] == department));
        let worked = processes.iter().flat_map(|p| p["data"].as_array().into_iter().flatten());
        let worked: Ids = worked.map(|held| text(held, "data").to_owned()).collect();
        assert_eq!(column(table(&sheet, "data"), "data"), own.union(&worked).cloned().collect::<Ids>());
        let open = city.list("issues").iter().filter(|i| i["department"] == department && i["status"] != "完了");
        assert_eq!(column(table(&sheet, "issues"), "issue"), ids(open), "{department}");
        let laws: Ids = processes.iter().map(|p| text(p, "legal_basis").to_owned()).collect();
        assert_eq!(column(table(&sheet, "laws"), "law"), laws);
        let findings = shared_city().get(&format!("/api/v1/findings?department={department}&limit=1000")).json();
        let findings = ids(findings["items"].as_array().expect("items"));
        assert_eq!(column(table(&sheet, "findings"), "finding"), findings);
        let hours: i64 = processes.iter().filter_map(|p| p["staff_hours_per_year"].as_i64()).sum();
        let said = sheet["summary"][0]["ja"].as_str().expect("a sentence");
        assert!(said.contains(&format!("業務{}件、年間{hours}時間", processes.len())), "{said}");
        assert_eq!(sheet["stamp"]["text"]["ja"], "架空／案／内部検討用");
    }
}

#[test]
fn people_are_those_who_know_and_what_only_they_know() {
    let city = City::read();
    let known = city.list("business_processes").iter().chain(city.list("systems"));
    let known: Vec<&Json> = known.filter(|held| held["owner_department"] == "dept-hoiku").collect();
    let mut expected: BTreeMap<String, (Ids, Ids)> = BTreeMap::new();
    for held in known {
        let people = texts(held, "known_by");
        for person in &people {
            let entry = expected.entry(person.clone()).or_default();
            entry.0.insert(text(held, "id").to_owned());
            if people.len() == 1 {
                entry.1.insert(text(held, "id").to_owned());
            }
        }
    }
    let sheet = handover("dept-hoiku");
    let list = |cell: &Json| cell.as_array().into_iter().flatten().map(id).collect::<Ids>();
    let rows = table(&sheet, "people").iter();
    let found = rows.map(|row| (id(&row["person"]), (list(&row["knows"]), list(&row["alone"])))).collect();
    assert_eq!(expected, found);
}

#[test]
fn partners_are_at_the_other_end_of_flows() {
    let city = City::read();
    let own = ids(city.list("systems").iter().filter(|s| s["owner_department"] == "dept-shimin"));
    let mut givers = Ids::new();
    for flow in city.list("data_flows") {
        let (source, target) = (text(flow, "source"), text(flow, "target"));
        if own.contains(target) && !own.contains(source) {
            let owner = city.list("systems").iter().find(|system| system["id"] == source);
            givers.insert(owner.map_or(source, |system| text(system, "owner_department")).to_owned());
        }
    }
    givers.remove("dept-shimin");
    let sheet = handover("dept-shimin");
    let rows = table(&sheet, "partners").iter().filter(|row| row["tie"]["en"] == "gives data");
    assert_eq!(rows.map(|row| id(&row["partner"])).collect::<Ids>(), givers);
}

#[test]
fn the_calendar_marks_the_peaks() {
    let sheet = handover("dept-hoiku");
    let city = City::read();
    let mut read = 0;
    for row in table(&sheet, "calendar") {
        let peak = text(city.entry("business_processes", &id(&row["process"])), "peak");
        let marks: Vec<u8> = (1..=12).filter(|month| row[format!("month_{month}").as_str()] == "●").collect();
        let expected: Option<&[u8]> = match peak {
            "4-6月" => Some(&[4, 5, 6]),
            "3-4月" => Some(&[3, 4]),
            "10-2月" => Some(&[1, 2, 10, 11, 12]),
            "9-1月" => Some(&[1, 9, 10, 11, 12]),
            "10-1月" => Some(&[1, 10, 11, 12]),
            "通年" | "随時" | "毎月" => Some(&[]),
            _ => None,
        };
        if let Some(expected) = expected {
            assert_eq!(marks, expected, "{peak}");
            read += 1;
        }
    }
    assert!(read > 0);
}

#[test]
fn a_piece_of_work_is_handed_over_with_its_steps() {
    let city = City::read();
    let with_steps =
        city.list("business_processes").iter().find(|p| p["steps"].as_array().is_some_and(|s| s.len() > 3));
    let process = with_steps.expect("a piece of work with steps");
    let sheet = shared_city().get(&format!("/api/v1/business-processes/{}/handover", text(process, "id"))).json();
    let numbers: Vec<i64> = table(&sheet, "steps").iter().filter_map(|row| row["no"].as_i64()).collect();
    assert_eq!(
        numbers,
        (1..=i64::try_from(process["steps"].as_array().expect("steps").len()).expect("few")).collect::<Vec<_>>()
    );
    let used: Ids =
        process["systems"].as_array().into_iter().flatten().map(|held| text(held, "system").to_owned()).collect();
    assert_eq!(column(table(&sheet, "systems"), "system"), used);
    let about = city.list("issues").iter().filter(|i| i["process"] == process["id"] && i["status"] != "完了");
    assert_eq!(column(table(&sheet, "issues"), "issue"), ids(about));
    for (path, code) in [
        ("/api/v1/business-processes/dept-shimin/handover", "not_found"),
        ("/api/v1/departments/prc-tennyu/handover", "not_found"),
        ("/api/v1/departments/dept-shimi/hearing-sheet", "not_found"),
        ("/api/v1/departments/dept-shimin/hearing-sheet?format=svg", "not_acceptable"),
        ("/api/v1/departments/dept-shimin/hearing-sheet?paper=b5", "invalid_parameter"),
    ] {
        assert_eq!(shared_city().get(path).code(), code, "{path}");
    }
}

/// Blank attributes of what a department is in charge of, of the kinds that are written down in lists of the city.
fn blanks(city: &City, department: &str) -> BTreeSet<(String, String)> {
    let mut found = BTreeSet::new();
    let mut look = |list: &str, attributes: &[&str]| {
        for entry in city.list(list).iter().filter(|entry| entry["owner_department"] == department) {
            for attribute in attributes {
                let value = attribute.split('.').fold(entry, |held, part| &held[part]);
                if value.is_null() || value.as_array().is_some_and(Vec::is_empty) {
                    found.insert((text(entry, "id").to_owned(), (*attribute).to_owned()));
                }
            }
        }
    };
    // What the metamodel requires or recommends of them.
    look(
        "systems",
        &[
            "vendor",
            "runs_on",
            "contract_end",
            "annual_cost_kyen",
            "technologies",
            "known_by",
            "depends_on",
            "function_codes",
            "availability.rpo_hours",
            "availability.backup",
            "confidentiality",
        ],
    );
    look("business_processes", &["legal_basis", "volume_per_year", "systems", "data", "known_by", "manual.status"]);
    look("data_objects", &["masters", "confidentiality"]);
    found
}

#[test]
fn a_hearing_sheet_asks_for_what_is_blank() {
    let city = City::read();
    let labels: BTreeMap<&str, &str> = [
        ("vendor", "Vendor"),
        ("runs_on", "Runs on"),
        ("contract_end", "Contract end"),
        ("annual_cost_kyen", "Annual cost"),
        ("technologies", "Technologies"),
        ("known_by", "Known by"),
        ("depends_on", "Depends on"),
        ("function_codes", "Functions"),
        ("availability.rpo_hours", "Recovery point objective"),
        ("availability.backup", "Backup"),
        ("confidentiality", "Confidentiality"),
        ("legal_basis", "Legal basis"),
        ("volume_per_year", "Volume"),
        ("systems", "Systems"),
        ("data", "Data"),
        ("manual.status", "Manual"),
        ("masters", "Masters"),
    ]
    .into();
    let mut asked = 0;
    let without = city.list("systems").iter().filter(|system| system["contract_end"].is_null());
    let departments: BTreeSet<&str> = without.map(|system| text(system, "owner_department")).collect();
    for department in departments.into_iter().take(8) {
        let sheet = shared_city().get(&format!("/api/v1/departments/{department}/hearing-sheet")).json();
        let rows = table(&sheet, "blanks");
        let found: BTreeSet<(String, String)> =
            rows.iter().map(|row| (id(&row["item"]), text(&row["attribute"], "en").to_owned())).collect();
        for (item, attribute) in blanks(&city, department) {
            asked += 1;
            assert!(found.contains(&(item.clone(), labels[attribute.as_str()].to_owned())), "{item} {attribute}");
        }
        let answers: Vec<i64> = rows.iter().filter_map(|row| row["answers"].as_i64()).collect();
        assert!(answers.is_sorted_by(|a, b| a >= b), "{answers:?}");
        let open = city.list("issues").iter().filter(|i| i["department"] == department && i["status"] != "完了");
        assert_eq!(column(table(&sheet, "issues"), "issue"), ids(open), "{department}");
    }
    assert!(asked > 5, "{asked}");
}

#[test]
fn a_blank_is_worth_the_answers_that_wait_for_it() {
    let service = city();
    let address = "/api/v1/departments/dept-shimin/hearing-sheet";
    let change = json!({"attributes": {"contract_end": null}});
    assert_eq!(service.patch("/api/v1/systems/sys-juki", &change).status, 201);
    let sheet = service.get(address).json();
    let row = table(&sheet, "blanks").iter();
    let row = row.clone().find(|row| id(&row["item"]) == "sys-juki" && row["attribute"]["en"] == "Contract end");
    let row = row.expect("asked for");
    // Questions that read the contract end of every system, and of active ones; sys-juki is active.
    let questions = ["contracts-ending", "contracts-past"];
    let said = text(&row["questions"], "en");
    assert_eq!(said.lines().count(), questions.len(), "{said}");
    // Rules that need it, by their own word.
    let rules = service.get("/api/v1/rules").json();
    let lacking = rules["items"].as_array().expect("rules").iter().filter(|rule| {
        let lacking = rule["coverage"]["lacking"].as_array().into_iter().flatten();
        lacking.clone().any(|held| text(held, "attribute").ends_with("contract_end"))
    });
    let lacking: Vec<&str> = lacking.map(|rule| text(rule, "id")).collect();
    for rule in text(row, "rules").split(", ") {
        assert!(lacking.contains(&rule), "{rule}");
    }
    let rules = text(row, "rules").split(", ").filter(|rule| !rule.is_empty()).count();
    assert_eq!(row["answers"].as_u64(), Some((rules + questions.len()) as u64), "{row}");
    // Filled in again, nobody asks for it.
    assert_eq!(
        service.patch("/api/v1/systems/sys-juki", &json!({"attributes": {"contract_end": "2029-03-31"}})).status,
        201
    );
    let sheet = service.get(address).json();
    let rows = table(&sheet, "blanks").iter();
    assert!(!rows.clone().any(|row| id(&row["item"]) == "sys-juki" && row["attribute"]["en"] == "Contract end"));
}

const HOSTILE: &str = "</style><script>alert('x')</script>\"&課";

fn hostile() -> Service {
    let service = city();
    let change = json!({"name": HOSTILE, "attributes": {"name_en": HOSTILE}});
    let named = service.patch("/api/v1/departments/dept-shimin", &change);
    assert_eq!(named.status, 201, "{}", named.text);
    let formula =
        json!({"name": "=HYPERLINK(\"http://x.example\")", "attributes": {"legal_basis": "@SUM(A1)", "peak": "-1+1"}});
    assert_eq!(service.patch("/api/v1/business-processes/prc-tennyu", &formula).status, 201);
    service
}

#[test]
fn a_hostile_name_is_only_text_on_a_page() {
    let service = hostile();
    for path in ["/api/v1/departments/dept-shimin/handover", "/api/v1/departments/dept-shimin/hearing-sheet"] {
        for language in ["ja", "en"] {
            let page = service.get(&format!("{path}?format=html&paper=a3&language={language}"));
            assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
            assert!(page.header("content-security-policy").starts_with("default-src 'none'"));
            assert!(page.text.contains("size: A3 landscape") && page.text.contains(&format!("lang=\"{language}\"")));
            assert!(!page.text.contains("<script") && !page.text.contains('\u{202e}'));
            assert_eq!(page.text.matches("</style>").count(), 1);
            assert!(page.text.contains("&lt;script&gt;alert(&#39;x&#39;)"), "the name is there, as text");
            let tags = ["<html", "<body", "<header>", "</html>"];
            assert!(tags.iter().all(|tag| page.text.matches(tag).count() == 1));
        }
    }
}

#[test]
fn no_cell_of_a_workbook_calculates() {
    let service = hostile();
    let binary = |path: &str| {
        let mut response = ureq::get(format!("{}{path}", service.base)).call().expect("an answer");
        response.body_mut().read_to_vec().expect("bytes")
    };
    for path in [
        "/api/v1/departments/dept-shimin/handover?format=xlsx",
        "/api/v1/departments/dept-shimin/hearing-sheet?format=xlsx",
        "/api/v1/questions/department-work/answer?format=xlsx&department=dept-shimin",
    ] {
        let mut workbook = Xlsx::new(Cursor::new(binary(path))).expect("a workbook");
        let (mut cells, mut found) = (0, false);
        for name in workbook.sheet_names() {
            let formulas = workbook.worksheet_formula(&name).expect("formulas");
            assert!(formulas.used_cells().next().is_none(), "{path} {name}");
            for (_, _, cell) in workbook.worksheet_range(&name).expect("a sheet").used_cells() {
                cells += 1;
                found |= matches!(cell, Data::String(text) if text.contains("=HYPERLINK"));
            }
        }
        assert!(cells > 20 && found, "{path}: {cells}");
    }
    let csv = service.get("/api/v1/questions/department-work/answer?format=csv&department=dept-shimin");
    assert!(csv.text.contains("'=HYPERLINK") && csv.text.contains(",'@SUM"), "{}", csv.text);
}

#[test]
fn a_workbook_has_a_sheet_for_each_table() {
    let json = shared_city().get("/api/v1/departments/dept-hoiku/handover").json();
    let mut response = ureq::get(format!("{}/api/v1/departments/dept-hoiku/handover?format=xlsx", shared_city().base))
        .call()
        .expect("an answer");
    let bytes = response.body_mut().read_to_vec().expect("bytes");
    let mut workbook = Xlsx::new(Cursor::new(bytes)).expect("a workbook");
    let tables = json["tables"].as_array().expect("tables");
    let names = workbook.sheet_names();
    assert_eq!(names.len(), tables.len() + 1);
    for (table, name) in tables.iter().zip(&names[1..]) {
        assert_eq!(table["heading"]["ja"], name.as_str());
        let range = workbook.worksheet_range(name).expect("a sheet");
        let rows = table["rows"].as_array().expect("rows").len();
        assert_eq!(range.height(), rows + 1, "{name}");
    }
}

#[test]
fn a_city_that_is_not_invented_has_another_stamp() {
    let service = city();
    assert_eq!(service.patch("/api/v1/cities/city-hanano", &json!({"attributes": {"fictional": false}})).status, 201);
    let sheet = service.get("/api/v1/departments/dept-hoiku/handover").json();
    assert_eq!(
        (sheet["stamp"]["fictional"].as_bool(), text(&sheet["stamp"]["text"], "ja")),
        (Some(false), "案／内部検討用")
    );
}
