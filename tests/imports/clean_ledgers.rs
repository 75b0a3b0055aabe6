//! The six clean ledgers of the reference city.

use ezu::application::imports::ImportOptions;

use crate::support::{city, proposal, shared_ledgers};

const CLEAN: [&str; 6] = ["01_", "02_", "03_", "04_", "05_", "06_"];

#[test]
fn they_say_what_the_reference_city_says() {
    let Some(files) = shared_ledgers(&CLEAN) else { return };
    let workspace = city();
    let proposal = proposal(&workspace, &files, &ImportOptions::default());
    let report = &proposal.report;
    println!("{:?} {:?}", report.records, report.kinds);
    for conflict in report.conflicts.iter().take(20) {
        println!("C {conflict:?}");
    }
    for question in report.questions.iter().take(20) {
        println!("Q {question:?}");
    }
    for change in report.changes.iter().take(20) {
        println!("U {change:?}");
    }
    for problem in report.problems.iter().take(20) {
        println!("P {problem:?}");
    }
    assert!(report.changes.is_empty() && report.conflicts.is_empty() && report.questions.is_empty());
}
