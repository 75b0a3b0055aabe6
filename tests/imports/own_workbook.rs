//! A model as a workbook, edited, and back.

use ezu::application::imports::{Change, ChangeKind, ImportFile, ImportOptions};
use ezu::application::tables::{TableRequest, to_csv, to_workbook};
use ezu::application::{Workspace, whole};
use ezu::domain::element::Model;
use ezu::interchange::ledgers::writing::{OutCell, Role, Sheet, WorkbookOptions, sheets, write};
use ezu::interchange::native::ItemsByKind;
use serde_json::json;

use crate::support::{city, commit, proposal};

fn file(bytes: Vec<u8>) -> Vec<ImportFile> {
    vec![ImportFile { name: "ezu.xlsx".to_owned(), bytes }]
}

/// The sheets of a model, to be edited as a person would edit the visible cells.
fn opened(workspace: &Workspace) -> Vec<Sheet> {
    let view = workspace.current_view();
    let metamodel = view.metamodel();
    let record = metamodel.kind_named("record").expect("a kind").id;
    let kinds = metamodel.kinds().iter().filter(|kind| !metamodel.is_a(kind.id, record));
    let items = kinds.map(|kind| (kind.id, view.items_of_kinds(&[kind.id], None).collect()));
    sheets(&**view.snapshot(), &ItemsByKind(items.collect()))
}

fn saved(workspace: &Workspace, sheets: &[Sheet]) -> Vec<ImportFile> {
    let snapshot = workspace.current();
    let options = WorkbookOptions {
        japanese_calendar: true,
        revision: snapshot.revision(),
        hash: snapshot.hash().to_owned(),
        ids: opened(workspace).iter().flat_map(|sheet| &sheet.rows).map(|row| row[0].text(false)).collect(),
    };
    file(write(sheets, &options).expect("written"))
}

fn cell<'a>(sheets: &'a mut [Sheet], kind: &str, id: &str, role: &Role) -> &'a mut OutCell {
    let sheet = sheets.iter_mut().find(|sheet| sheet.kind == kind).expect("a sheet");
    let column = sheet.columns.iter().position(|column| column.role == *role).expect("a column");
    let row = sheet.rows.iter_mut().find(|row| row[0] == OutCell::Text(id.to_owned())).expect("a row");
    &mut row[column]
}

fn attribute(name: &str) -> Role {
    Role::Attribute(name.to_owned())
}

#[test]
fn what_nobody_edits_changes_nothing() {
    let workspace = city();
    for japanese_calendar in [false, true] {
        let request = TableRequest { japanese_calendar, ..TableRequest::default() };
        let bytes = to_workbook(&workspace.current_view(), &request).expect("written");
        let proposal = proposal(&workspace, &file(bytes), &ImportOptions::default());
        assert_eq!(proposal.report.changes, []);
        assert_eq!(proposal.report.problems, []);
        assert!(proposal.operations.is_empty());
    }
}

#[test]
fn an_edited_workbook_is_exactly_its_edits() {
    let workspace = city();
    let mut book = opened(&workspace);
    *cell(&mut book, "system", "sys-juki", &attribute("users")) = OutCell::Number(95.0);
    *cell(&mut book, "system", "sys-juki", &attribute("remarks")) = OutCell::Text("=1+1".to_owned());
    *cell(&mut book, "system", "sys-inkan", &attribute("owner_department")) = OutCell::Text("収税課".to_owned());
    *cell(&mut book, "system", "sys-koseki", &attribute("contract_end")) = OutCell::Text("令和10年3月31日".to_owned());
    *cell(&mut book, "system", "sys-koseki", &attribute("installed")) = OutCell::Empty;
    *cell(&mut book, "department", "dept-shimin", &Role::Name) = OutCell::Text("市民窓口課".to_owned());
    let systems = cell(&mut book, "business_process", "prc-tennyu", &attribute("systems"));
    let OutCell::Text(names) = &*systems else { panic!("names") };
    let kept: Vec<&str> = names.lines().skip(1).collect();
    *systems = OutCell::Text(format!("{}\n統合型GIS（補助）", kept.join("\n")));
    let issues = book.iter_mut().find(|sheet| sheet.kind == "issue").expect("issues");
    issues.rows.retain(|row| row[0] != OutCell::Text("iss-001".to_owned()));
    let title = issues.columns.iter().position(|column| column.role == attribute("title")).expect("a column");
    let mut added = vec![OutCell::Empty; issues.columns.len()];
    added[title] = OutCell::Text("新しい課題".to_owned());
    issues.rows.push(added);
    let files = saved(&workspace, &book);
    // In the meantime somebody else edits another field of the same system.
    crate::support::write(
        &workspace,
        &json!([{"op": "update_element", "id": "sys-juki", "set": {"annual_cost_kyen": 1}}]),
    );

    let proposal = proposal(&workspace, &files, &ImportOptions::default());
    println!("{:#?}", proposal.report.problems);
    assert_eq!(proposal.report.conflicts, []);
    let edits: Vec<(&str, ChangeKind, Vec<&str>)> = proposal.report.changes.iter().map(edit).collect();
    let expected = [
        ("dept-shimin", ChangeKind::Update, vec!["name"]),
        ("prc-tennyu", ChangeKind::Update, vec!["systems"]),
        ("sys-inkan", ChangeKind::Update, vec!["owner_department"]),
        ("sys-juki", ChangeKind::Update, vec!["users", "remarks"]),
        ("sys-koseki", ChangeKind::Update, vec!["installed", "contract_end"]),
        ("iss-新しい課題", ChangeKind::Create, vec!["title"]),
        ("iss-001", ChangeKind::Delete, vec![]),
    ];
    let sorted = |mut edits: Vec<(&'static str, ChangeKind, Vec<&'static str>)>| {
        edits.sort();
        edits
    };
    let mut found: Vec<(String, ChangeKind, Vec<String>)> = edits
        .into_iter()
        .map(|(id, change, fields)| (id.to_owned(), change, fields.into_iter().map(str::to_owned).collect()))
        .collect();
    found.sort();
    let expected: Vec<(String, ChangeKind, Vec<String>)> = sorted(expected.to_vec())
        .into_iter()
        .map(|(id, change, fields)| (id.to_owned(), change, fields.into_iter().map(str::to_owned).collect()))
        .collect();
    assert_eq!(found, expected);
    assert_eq!(proposal.operations.len(), 7, "and nothing else is written");
    commit(&workspace, proposal);
    let snapshot = workspace.current();
    let uses = snapshot.metamodel().kind_named("uses").expect("a kind").id;
    let used: Vec<String> =
        snapshot.outgoing("prc-tennyu", Some(uses)).iter().map(|one| one.target.to_string()).collect();
    assert!(used.contains(&"sys-gis".to_owned()) || used.iter().any(|id| id.contains("gis")), "{used:?}");
    let again = crate::support::proposal(&workspace, &files, &ImportOptions::default());
    assert_eq!(again.report.changes, [], "the same workbook again changes nothing");
}

fn edit(change: &Change) -> (&str, ChangeKind, Vec<&str>) {
    (&change.id, change.change, change.fields.iter().map(|field| field.field.as_str()).collect())
}

#[test]
fn a_csv_runs_no_formula_and_opens_in_a_spreadsheet() {
    let workspace = city();
    crate::support::write(
        &workspace,
        &json!([{"op": "update_element", "id": "sys-juki", "set": {"remarks": "=cmd|'/c calc'!A1"}}]),
    );
    let request = TableRequest { kinds: vec!["system".to_owned()], japanese_calendar: true };
    let csv = to_csv(&workspace.current_view(), &request).expect("written");
    assert!(csv.starts_with("\u{feff}ID,名称,"), "{}", &csv[..60]);
    assert!(csv.contains("'=cmd|"), "marked as text");
    assert!(csv.contains("令和8年1月5日"));
    // As a ledger it comes back as what it was.
    let files = vec![ImportFile { name: "systems.csv".to_owned(), bytes: csv.into_bytes() }];
    let report = proposal(&workspace, &files, &ImportOptions::default()).report;
    assert_eq!(report.records.read + report.records.question + report.records.assumed, 161);
    let changed: Vec<&str> = report.changes.iter().map(|change| change.id.as_str()).collect();
    assert_eq!(changed, Vec::<&str>::new(), "{:?}", report.changes.first());
}

#[test]
fn of_another_ledger_nothing_is_deleted() {
    let bytes = to_workbook(&city().current_view(), &TableRequest::default()).expect("written");
    let workspace = crate::support::empty();
    let proposal = proposal(&workspace, &file(bytes), &ImportOptions::default());
    assert!(proposal.report.changes.iter().all(|change| change.change == ChangeKind::Create));
    println!("{:?}", proposal.report.problems);
    commit(&workspace, proposal);
    let (found, expected) = (whole::to_yaml(&workspace.current()), whole::to_yaml(&city().current()));
    let differences: Vec<(&str, &str)> = expected.lines().zip(found.lines()).filter(|(a, b)| a != b).take(5).collect();
    assert!(found == expected, "{differences:?}");
}
