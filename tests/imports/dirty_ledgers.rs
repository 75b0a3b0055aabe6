//! The two ledgers as staff hand them over: every row is accounted for.

use ezu::application::imports::{ImportOptions, ImportReport, Place, RecordOutcome};

use crate::support::{city, commit, empty, proposal, shared_ledgers};

/// Every row once, with its place; every row that is not simply read says why.
fn account(report: &ImportReport, file: &str, rows: std::ops::RangeInclusive<u32>) {
    let of_file =
        report.rows.iter().filter(|row| *row.place.file == *file && row.place.sheet.as_deref() != Some("記入要領"));
    let numbers: Vec<u32> = of_file.clone().map(|row| row.place.row.expect("a row")).collect();
    assert_eq!(numbers, rows.collect::<Vec<u32>>(), "{file}");
    let same_row = |a: &Place, b: &Place| (&a.file, &a.sheet, a.row) == (&b.file, &b.sheet, b.row);
    for row in of_file {
        println!("{} {:?} {}", row.place, row.outcome, row.text);
        let mut reasons: Vec<String> = report
            .problems
            .iter()
            .filter(|problem| same_row(&problem.place, &row.place))
            .map(|problem| format!("{} {}", problem.code, problem.wrong.ja))
            .collect();
        let asked =
            report.questions.iter().filter(|question| question.places.iter().any(|place| same_row(place, &row.place)));
        reasons.extend(asked.map(|question| question.sentence.ja.clone()));
        let disputed = report.conflicts.iter().filter(|conflict| same_row(&conflict.place, &row.place));
        reasons.extend(disputed.map(|conflict| format!("{} ≠", conflict.field)));
        reasons.iter().for_each(|reason| println!("    {reason}"));
        if matches!(row.outcome, RecordOutcome::Assumed | RecordOutcome::Question | RecordOutcome::Refused) {
            assert!(!reasons.is_empty(), "{} has no reason", row.place);
        }
    }
}

#[test]
fn every_row_of_both_is_accounted_for() {
    for (prefix, rows) in [("90_", 1..=49), ("91_", 1..=49)] {
        let Some(files) = shared_ledgers(&[prefix]) else { return };
        for workspace in [city(), empty()] {
            let report = proposal(&workspace, &files, &ImportOptions::default()).report;
            println!("== {} {:?} {:?}", files[0].name, report.records, report.kinds);
            account(&report, &files[0].name, rows.clone());
            assert_eq!(report.records.refused, 0);
            // The title, the note, the heading and the row of sums hold no system; the other 45 rows do.
            let systems = report.records.read + report.records.assumed + report.records.question;
            assert_eq!(systems, 45);
        }
    }
}

#[test]
fn in_the_city_they_are_recognised_and_overwrite_nothing() {
    let Some(files) = shared_ledgers(&["90_", "91_"]) else { return };
    let workspace = city();
    let proposal = proposal(&workspace, &files, &ImportOptions::default());
    let report = &proposal.report;
    let created = report.kinds.iter().map(|kind| kind.created).sum::<usize>();
    assert_eq!(created, 0, "every system, section and vendor is known");
    assert_eq!(report.changes, []);
    // Six tools made by staff cost nothing in the model and 「－」 in the ledgers, which is not the same: 6 × 2 files.
    assert!(report.conflicts.iter().all(|conflict| conflict.field == "annual_cost_kyen" && conflict.file.is_none()));
    assert_eq!(report.conflicts.len(), 12);
    // 国保総合端末 is 国保総合システム端末 in the model: alike, and not for a program to decide.
    let asked: Vec<&str> = report.questions.iter().map(|question| question.text.as_str()).collect();
    assert_eq!(asked, ["国保総合端末", "特定健診等データ管理端末"]);
    let before = workspace.current().revision();
    commit(&workspace, proposal);
    let changed = workspace.current().difference(before, workspace.current().revision());
    assert!(!changed.is_empty(), "what was said is kept");
}
