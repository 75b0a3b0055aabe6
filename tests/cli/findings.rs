//! Rules, findings, questions about structure, candidates and suppositions on the command line.

use calamine::{Data, Reader as _, Xlsx, open_workbook};

use crate::support::Folder;

/// The last row of a workbook.
fn last_row(folder: &Folder, file: &str) -> Vec<Data> {
    let mut book: Xlsx<_> = open_workbook(folder.path(file)).expect("a workbook");
    let sheet = book.worksheet_range_at(0).expect("a sheet").expect("readable");
    sheet.rows().next_back().expect("a row").to_vec()
}

#[test]
fn a_file_is_no_data_folder() {
    let folder = Folder::new();
    folder.write("model", "text");
    let error = folder.fails(3, &["findings", "--data", "model"]);
    assert!(error.contains("model cannot be read as a data folder"), "{error}");
    assert!(folder.fails(3, &["findings", "--data", "nowhere"]).contains("there is no model in nowhere"));
}

#[test]
fn workbooks_name_what_they_are_about() {
    let folder = Folder::with_city();
    folder.succeeds(&["findings", "--rule", "P04", "--format", "xlsx", "--output", "findings.xlsx"]);
    let row = last_row(&folder, "findings.xlsx");
    // As models/hanano names the two projects and the system.
    assert_eq!(row[3].to_string(), "電子申請フォーム統合; 保育入所オンライン申請拡充; 子育て申請フォームSaaS");
    assert_eq!(row[8].to_string(), "prj-form prj-hoiku sys-form-b");
    folder.succeeds(&["structure", "schedule", "--format", "xlsx", "--output", "schedule.xlsx"]);
    assert!(last_row(&folder, "schedule.xlsx").iter().any(|cell| matches!(cell, Data::DateTime(_))), "days");
    folder.succeeds(&["standardization", "--type", "rekey", "--format", "xlsx", "--output", "candidates.xlsx"]);
    assert!(last_row(&folder, "candidates.xlsx").last().is_some_and(|ids| ids.to_string().contains("flw-")));
    folder.succeeds(&["impact", "sys-juki", "--format", "xlsx", "--output", "impact.xlsx"]);
    assert!(last_row(&folder, "impact.xlsx").len() > 3);
    let supposed = folder.succeeds(&["what-if", "remove", "sys-form-b", "--format", "csv", "--language", "en"]);
    let (created, resolved) =
        ["created", "resolved"].map(|word| supposed.matches(&format!("\n{word},")).count()).into();
    assert!(created + resolved == supposed.lines().count() - 1 && resolved > 0, "{supposed}");
}

#[test]
fn rules_findings_and_questions() {
    let folder = Folder::with_city();
    let text = folder.succeeds(&["findings", "--rule", "P04", "--language", "en"]);
    assert!(text.contains("P04") && text.contains("retires") && text.ends_with("1 findings\n"), "{text}");
    let json = folder.succeeds(&["findings", "--rule", "P04", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(json[0]["id"], "P04--prj-form--prj-hoiku--sys-form-b");
    let csv = folder.succeeds(&["findings", "--rule", "P04", "--format", "csv"]);
    assert_eq!(csv.lines().count(), 2);
    assert!(folder.fails(1, &["findings", "--rule", "p4"]).contains("there is no rule"));
    assert!(folder.fails(1, &["findings", "--set", "none"]).contains("security"));
    folder.fails(2, &["findings", "--severity", "grave"]);
    let rules = folder.succeeds(&["rules", "--set", "project", "--language", "en"]);
    assert_eq!(rules.lines().count(), 5, "{rules}");
    let listed = folder.succeeds(&["structure", "--language", "en"]);
    assert!(listed.contains("single-points-of-failure") && listed.contains("lineage"), "{listed}");
    let lineage = folder.succeeds(&["structure", "lineage", "data=dat-juki", "--format", "csv"]);
    assert!(lineage.lines().count() > 5, "{lineage}");
    assert!(folder.fails(1, &["structure", "lineage", "data=dat-jukii"]).contains("dat-juki"));
    assert!(folder.fails(1, &["structure", "linage"]).contains("lineage"));
    folder.fails(2, &["structure", "lineage", "dat-juki"]);
    let candidates = folder.succeeds(&["standardization", "--type", "same_pattern", "--format", "csv"]);
    assert!(candidates.contains("prc-hojo-shoko"), "{candidates}");
    let supposed = folder.succeeds(&["what-if", "remove", "sys-form-b", "--language", "en"]);
    assert!(supposed.contains("flw-form-b-to-kosodate") && supposed.contains("P04"), "{supposed}");
    folder.fails(2, &["what-if", "merge", "sys-form-b"]);
}
