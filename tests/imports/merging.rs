//! Importing again: the same file, a newer one, and what the city has changed in between.

use std::path::Path;

use ezu::application::imports::{Answer, ImportFile, ImportOptions, Readers, Side, read_files};
use ezu::application::{Workspace, files};
use ezu::domain::clock::Clock;
use ezu::domain::element::Model;
use ezu::interchange::Limits as ReadLimits;
use ezu::settings::Limits;
use ezu::storage::Store;
use serde_json::{Value as Json, json};

use crate::support::{city, empty, import, proposal, text_file, write};

const HEADING: &str = "システム名,課名,ベンダ,経費(千円),利用者数,備考\n";

fn ledger(rows: &str) -> Vec<ImportFile> {
    vec![text_file("台帳.csv", &format!("{HEADING}{rows}"))]
}

fn value(workspace: &Workspace, id: &str, attribute: &str) -> Json {
    let snapshot = workspace.current();
    let name = snapshot.metamodel().attribute_name(attribute).expect("an attribute");
    let element = snapshot.element(id).unwrap_or_else(|| panic!("no {id}"));
    element.attributes.get(name).map_or(Json::Null, ezu::domain::Value::to_json)
}

const FIRST: &str = "甲システム,市民課,㈱山田電算（架空）,\"1,200\",３０,\n乙台帳,税務課,（職員作成）,－,5,古い\n丙管理,税務課,㈱山田電算（架空）,300,,\n";

#[test]
fn the_same_file_again_changes_nothing() {
    let workspace = empty();
    let files = ledger(FIRST);
    let revision = import(&workspace, &files, &ImportOptions::default());
    assert_eq!(value(&workspace, "sys-甲システム", "annual_cost_kyen"), json!(1200));
    assert_eq!(value(&workspace, "sys-甲システム", "users"), json!(30));
    assert_eq!(value(&workspace, "sys-乙台帳", "annual_cost_kyen"), Json::Null);
    assert_eq!(import(&workspace, &files, &ImportOptions::default()), revision);
    // Another name of the file and another encoding are the same ledger.
    let text = format!("{HEADING}{FIRST}").replace('\n', "\r\n");
    let again = vec![ImportFile { name: "copy.csv".to_owned(), bytes: [b"\xEF\xBB\xBF", text.as_bytes()].concat() }];
    let proposal = proposal(&workspace, &again, &ImportOptions::default());
    assert_eq!(proposal.report.changes, []);
}

#[test]
fn a_newer_version_is_the_difference_and_the_citys_edits_survive() {
    let workspace = empty();
    import(&workspace, &ledger(FIRST), &ImportOptions::default());
    // The city renames one, corrects a number, and answers for a field that the ledger leaves open.
    write(
        &workspace,
        &json!([
            {"op": "update_element", "id": "sys-甲システム", "set": {"name": "甲システム（新）", "users": 31}},
            {"op": "update_element", "id": "sys-丙管理", "set": {"users": 7}},
        ]),
    );
    // The newer ledger raises a cost, changes the users of the first (as the city did, to something else), drops 備考.
    let newer = "甲システム,市民課,㈱山田電算（架空）,\"1,500\",40,\n乙台帳,税務課,（職員作成）,－,6,\n丙管理,税務課,㈱ひので情報（架空）,300,,\n丁,税務課,㈱ひので情報（架空）,1,1,\n";
    let proposal = proposal(&workspace, &ledger(newer), &ImportOptions::default());
    let conflicts: Vec<(&str, &str)> =
        proposal.report.conflicts.iter().map(|one| (one.item.as_str(), one.field.as_str())).collect();
    assert_eq!(conflicts, [("sys-甲システム", "users")]);
    let conflict = proposal.report.conflicts[0].id.clone();
    let revision = crate::support::commit(&workspace, proposal);
    assert_eq!(value(&workspace, "sys-甲システム", "annual_cost_kyen"), json!(1500));
    assert_eq!(value(&workspace, "sys-甲システム", "users"), json!(31), "a conflict changes nothing");
    assert_eq!(workspace.current().element("sys-甲システム").expect("there").name.as_deref(), Some("甲システム（新）"));
    assert_eq!(value(&workspace, "sys-乙台帳", "users"), json!(6));
    assert_eq!(value(&workspace, "sys-乙台帳", "remarks"), Json::Null, "what the import gave and no longer gives goes");
    assert_eq!(value(&workspace, "sys-丙管理", "users"), json!(7), "what it never gave stays");
    let snapshot = workspace.current();
    let supplied = snapshot.metamodel().kind_named("supplied_by").expect("a kind").id;
    let vendors: Vec<String> = snapshot
        .outgoing("sys-丙管理", Some(supplied))
        .iter()
        .filter_map(|one| snapshot.element(one.target.as_str())?.name.as_deref().map(str::to_owned))
        .collect();
    assert_eq!(vendors, ["㈱ひので情報（架空）"], "the reference follows the ledger");
    assert!(workspace.current().element("sys-丁").is_some());
    // Somebody decides; the decision is kept.
    let answers = [(conflict, Answer::Take(Side::File))].into_iter().collect();
    let options = ImportOptions { answers, ..ImportOptions::default() };
    let decided = import(&workspace, &ledger(newer), &options);
    assert_eq!(decided, revision + 1);
    assert_eq!(value(&workspace, "sys-甲システム", "users"), json!(40));
    assert_eq!(import(&workspace, &ledger(newer), &ImportOptions::default()), decided);
}

#[test]
fn what_is_missing_now_is_asked_for() {
    let workspace = empty();
    import(&workspace, &ledger(FIRST), &ImportOptions::default());
    let fewer = ledger("甲システム,市民課,㈱山田電算（架空）,\"1,200\",３０,\n乙台帳,税務課,（職員作成）,－,5,古い\n");
    let report = proposal(&workspace, &fewer, &ImportOptions::default()).report;
    assert_eq!((report.changes.len(), report.questions.len()), (0, 1), "{:?}", report.questions);
    assert_eq!(report.questions[0].candidates[0].id, "sys-丙管理");
    let answers = [(report.questions[0].id.clone(), Answer::Delete)].into_iter().collect();
    import(&workspace, &fewer, &ImportOptions { answers, ..ImportOptions::default() });
    assert!(workspace.current().element("sys-丙管理").is_none());
    assert!(workspace.current().element("sys-乙台帳").is_some());
}

#[test]
fn none_unknown_and_nothing_are_not_the_same() {
    let workspace = empty();
    import(
        &workspace,
        &ledger("甲,市民課,㈱あ,1,10,\n乙,市民課,㈱あ,1,10,\n丙,市民課,㈱あ,1,10,\n"),
        &ImportOptions::default(),
    );
    let report = proposal(
        &workspace,
        &ledger("甲,市民課,なし,-,不明,\n乙,市民課,不明,不明,,\n丙,市民課,その他,1,10,\n"),
        &ImportOptions::default(),
    );
    let fields = |id: &str| -> Vec<(String, Option<Json>)> {
        let change = report.report.changes.iter().find(|change| change.id == id);
        change
            .map(|change| change.fields.iter().map(|one| (one.field.clone(), one.after.clone())).collect())
            .unwrap_or_default()
    };
    // なし and - remove; 不明 keeps; an empty cell takes back what the last import gave.
    assert_eq!(fields("sys-甲"), [("vendor".to_owned(), None), ("annual_cost_kyen".to_owned(), None)]);
    assert_eq!(fields("sys-乙"), [("users".to_owned(), None)]);
    assert_eq!(fields("sys-丙"), []);
    let unknown = report.report.problems.iter().filter(|problem| problem.code == "unknown").count();
    assert_eq!(unknown, 3);
}

#[test]
fn names_are_matched_and_what_is_uncertain_is_asked() {
    let workspace = city();
    let rows = "ｼﾞｭｳﾐﾝｷﾛｸｼｽﾃﾑ,市民課,㈱あおば行政システム（架空）,,,\n住民記録,市民課,あおば行政システム（架空）,,,\n戸籍情報管理システム,市民課,,,,\n";
    let proposal = proposal(&workspace, &ledger(rows), &ImportOptions::default());
    let report = &proposal.report;
    // By its reading, with the ending left out (the same system: said twice), and one that is only alike.
    let asked: Vec<(&str, &str)> =
        report.questions.iter().map(|one| (one.text.as_str(), one.candidates[0].id.as_str())).collect();
    assert_eq!(asked, [("戸籍情報管理システム", "sys-koseki")], "{:?}", report.questions);
    let known = report.kinds.iter().find(|kind| kind.kind == "system").expect("systems");
    assert_eq!((known.created, known.unchanged + known.updated), (1, 1), "{known:?}");
}

#[test]
fn a_corrected_column_is_kept_for_the_next_file_like_it() {
    let workspace = empty();
    let text = "システム名,謎の列,課名\n甲,12,市民課\n";
    let first = proposal(&workspace, &[text_file("a.csv", text)], &ImportOptions::default());
    let asked = |report: &ezu::application::imports::ImportReport| {
        report.problems.iter().filter(|problem| problem.code == "unknown_column").count()
    };
    assert_eq!(asked(&first.report), 1);
    let tables = serde_json::from_value(json!([{"columns": {"謎の列": {"attribute": {"name": "users"}}}}]));
    let options = ImportOptions { tables: tables.expect("a choice"), ..ImportOptions::default() };
    import(&workspace, &[text_file("a.csv", text)], &options);
    assert_eq!(value(&workspace, "sys-甲", "users"), json!(12));
    let next = "課名,謎の列,システム名\n市民課,13,乙\n";
    let report = proposal(&workspace, &[text_file("b.csv", next)], &ImportOptions::default()).report;
    assert_eq!(asked(&report), 0);
    import(&workspace, &[text_file("b.csv", next)], &ImportOptions::default());
    assert_eq!(value(&workspace, "sys-乙", "users"), json!(13));
}

#[test]
fn readers_carry_nothing_from_one_model_to_the_next() {
    let readers = Readers::new(ReadLimits::default());
    let (corrected, plain) = (empty(), empty());
    let columns = serde_json::from_value(json!([{"columns": {"謎の列": {"attribute": {"name": "users"}}}}]));
    let options = ImportOptions { tables: columns.expect("a choice"), ..ImportOptions::default() };
    import(&corrected, &[text_file("a.csv", "システム名,謎の列,課名\n甲,12,市民課\n")], &options);
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/our-city-metamodel");
    let ours = files::load_metamodel(Some(&examples)).expect("sound");
    let ours = Workspace::open(ours, Store::memory(), Clock::System, &Limits::default()).expect("opens");

    let unknown = |workspace: &Workspace, column: &str| {
        let file = text_file("b.csv", &format!("課名,{column},システム名\n市民課,13,乙\n"));
        let read = read_files(&readers, &workspace.current(), vec![file], None, &ImportOptions::default(), &|_| {});
        let (models, _) = read.expect("readable");
        models[0].problems.iter().filter(|problem| problem.code == "unknown_column").count()
    };
    // What somebody corrected in one model says nothing of another, and a kind has the attributes of its metamodel.
    for _ in 0..2 {
        assert_eq!([&corrected, &plain, &ours].map(|one| unknown(one, "謎の列")), [0, 1, 1]);
        assert_eq!([&corrected, &plain, &ours].map(|one| unknown(one, "ライセンス数")), [1, 1, 0]);
    }
}

#[test]
fn a_bad_row_is_told_and_the_others_go_in() {
    let workspace = empty();
    let report = proposal(
        &workspace,
        &ledger("甲,市民課,㈱あ,いろいろ,-5,\n,市民課,,,,\n甲,税務課,,,,\n乙,市民課,,10万円,3人,\n"),
        &ImportOptions::default(),
    )
    .report;
    let counts = report.records;
    assert_eq!((counts.read, counts.question, counts.refused, counts.skipped), (1, 1, 2, 1), "{:#?}", report.problems);
    let created: Vec<&str> =
        report.changes.iter().filter(|one| one.kind == "system").map(|one| one.id.as_str()).collect();
    assert_eq!(created, ["sys-甲", "sys-乙"]);
    let cost =
        report.changes[1].fields.iter().find(|one| one.field == "annual_cost_kyen").and_then(|one| one.after.clone());
    assert_eq!(cost, Some(json!(100)), "100,000 yen in thousands");
}
