//! Rules, findings, questions about structure, candidates and suppositions on the command line.

use crate::support::Folder;

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
    let listed = folder.succeeds(&["ask", "--language", "en"]);
    assert!(listed.contains("single-points-of-failure") && listed.contains("lineage"), "{listed}");
    let lineage = folder.succeeds(&["ask", "lineage", "data=dat-juki", "--format", "csv"]);
    assert!(lineage.lines().count() > 5, "{lineage}");
    assert!(folder.fails(1, &["ask", "lineage", "data=dat-jukii"]).contains("dat-juki"));
    assert!(folder.fails(1, &["ask", "linage"]).contains("lineage"));
    folder.fails(2, &["ask", "lineage", "dat-juki"]);
    let candidates = folder.succeeds(&["standardization", "--type", "same_pattern", "--format", "csv"]);
    assert!(candidates.contains("prc-hojo-shoko"), "{candidates}");
    let supposed = folder.succeeds(&["what-if", "remove", "sys-form-b", "--language", "en"]);
    assert!(supposed.contains("flw-form-b-to-kosodate") && supposed.contains("P04"), "{supposed}");
    folder.fails(2, &["what-if", "merge", "sys-form-b"]);
}
