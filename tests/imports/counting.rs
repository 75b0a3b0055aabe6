//! Every row is accounted for, however many ask the same, and however few problems are listed.

use ezu::application::imports::{ImportOptions, ImportReport, Readers, propose, read_files};
use ezu::interchange::Limits;

use crate::support::{empty, proposal, text_file};

/// A ledger of forty rows: in each the department is one that is not to be made, and the number of users is no number.
fn ledger() -> String {
    let row = |number: u32| format!("システム{number},どこか課,多い,{number}\n");
    format!("システム名,課名,利用者数,経費(千円)\n{}", (1..=40).map(row).collect::<String>())
}

fn report(limit: usize) -> ImportReport {
    let workspace = empty();
    let options = ImportOptions { create_missing: Some(false), ..ImportOptions::default() };
    let readers = Readers::new(Limits { problems: limit, ..Limits::default() });
    let files = vec![text_file("台帳.csv", &ledger())];
    let (models, digests) =
        read_files(&readers, &workspace.current(), files, None, &options, &|_| {}).expect("readable");
    propose(&workspace, models, &digests, &options, limit, &|_, _| {}).report
}

#[test]
fn every_row_that_asks_is_a_question_though_a_question_lists_few_places() {
    let workspace = empty();
    let options = ImportOptions { create_missing: Some(false), ..ImportOptions::default() };
    let rows: String = (1..=40).map(|number| format!("システム{number},どこか課\n")).collect();
    let files = [text_file("台帳.csv", &format!("システム名,課名\n{rows}"))];
    let report = proposal(&workspace, &files, &options).report;
    let [question] = &report.questions[..] else { panic!("{:#?}", report.questions) };
    assert_eq!((question.count, question.places.len()), (40, 20));
    assert_eq!((report.records.question, report.records.read), (40, 0));
}

#[test]
fn problems_that_are_not_listed_are_counted_and_their_rows_are_open() {
    let (all, few) = (report(10_000), report(3));
    assert_eq!((all.problems.len(), all.problems_total), (40, 40), "{:#?}", all.problems);
    assert_eq!((few.problems.len(), few.problems_total), (3, 40));
    assert_eq!((few.records, few.records.question), (all.records, 40));
}

#[test]
fn a_text_that_was_read_before_is_told_at_its_own_place_and_read_anew_in_another_column() {
    let report = report(10_000);
    let rows: Vec<Option<u32>> = report.problems.iter().map(|problem| problem.place.row).collect();
    assert_eq!(rows, (2..=41).map(Some).collect::<Vec<_>>());
    let text = "システム名,利用者数,備考\n甲,2027,2027\n乙,2027,2027\n";
    let proposal = proposal(&empty(), &[text_file("台帳.csv", text)], &ImportOptions::default());
    let systems: Vec<_> = proposal.report.changes.iter().filter(|change| change.kind == "system").collect();
    assert_eq!(systems.len(), 2);
    for change in systems {
        let value = |name: &str| change.fields.iter().find(|field| field.field == name)?.after.clone();
        assert_eq!(
            (value("users"), value("remarks")),
            (Some(2027.into()), Some("2027".into())),
            "{:#?}",
            change.fields
        );
    }
}
