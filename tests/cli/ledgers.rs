//! Ledgers from the command line.

use crate::support::Folder;

const LEDGER: &str = "課名,ｼｽﾃﾑ名,利用者数\n市民課,住民記録,93\n,番号発券機,３\n計,,96\n";

#[test]
fn a_ledger_is_shown_then_loaded_then_known() {
    let folder = Folder::with_city();
    folder.write("台帳.csv", LEDGER);
    let shown = folder.succeeds(&["import", "台帳.csv", "--dry-run"]);
    assert!(shown.contains("読めた 0, 読めた（推定あり） 1, 質問 1, 読めない 0, 対象外 2"), "{shown}");
    assert!(shown.contains("sys-juki") && shown.contains("92 ≠ 93"), "{shown}");
    assert!(shown.contains("dry run: nothing was changed"), "{shown}");
    let loaded = folder.succeeds(&["import", "台帳.csv", "--yes", "--conflicts", "file", "--report", "report.json"]);
    assert!(loaded.contains("revision 2"), "{loaded}");
    assert!(folder.read("report.json").contains("\"carried_down\""));
    let again = folder.succeeds(&["import", "台帳.csv", "--yes"]);
    assert!(again.contains("nothing to do"), "{again}");
    // A decision file in which something is misspelt is an error of the arguments.
    folder.write("decisions.json", "{\"anwsers\": {}}");
    assert!(folder.fails(2, &["import", "台帳.csv", "--decisions", "decisions.json"]).contains("anwsers"));
}

#[test]
fn the_model_as_a_workbook_and_back() {
    let folder = Folder::with_city();
    folder.fails(2, &["export", "--format", "xlsx"]);
    folder.succeeds(&["export", "--format", "xlsx", "--output", "city.xlsx", "--kinds", "system,department"]);
    let same = folder.succeeds(&["import", "city.xlsx", "--yes"]);
    assert!(same.contains("nothing to do"), "{same}");
    // Into a new folder it is a model.
    let loaded = folder.succeeds(&["import", "city.xlsx", "--yes", "--data", "other"]);
    assert!(loaded.contains("revision 1"), "{loaded}");
}
