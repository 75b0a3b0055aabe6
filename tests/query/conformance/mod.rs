//! The openCypher conformance suite, run on the engine.
//!
//! The suite itself is not part of the project: `../shared/tck` beside it, or the folder that `EZU_TCK` names, holds
//! `read-only.jsonl` and `graphs/`. Without it only the scenarios of this folder run, which test the harness.
//! `EZU_TCK_SCENARIO` prints everything about the scenarios whose title contains its text
//! (`EZU_TCK_SCENARIO='Match4 [3]' cargo test --test query conformance -- --nocapture`).

mod comparing;
mod notation;
mod report;
mod running;
mod scenario;
mod shape;
mod steps;

use std::path::Path;

use crate::engine::{self, Engine};
use report::{Run, details, report, tally};
use running::{Verdict, run};
use scenario::{Scenario, folder, read, read_file};

/// How many scenarios of the suite may fail, of 2,623.
const SUITE_FAILURES: usize = 0;

/// The scenarios of this folder.
fn own(lines: &str) -> (Vec<Scenario>, &'static Path) {
    (read(lines), Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/query/conformance/graphs")))
}

fn run_all<'s>(scenarios: &'s [Scenario], engine: Engine, graphs: &Path) -> Run<'s> {
    let wanted = std::env::var("EZU_TCK_SCENARIO").ok();
    let run: Run<'s> = scenarios.iter().map(|scenario| (scenario, run(scenario, engine, graphs))).collect();
    for (scenario, verdict) in &run {
        if wanted.as_ref().is_some_and(|wanted| scenario.title().contains(wanted)) {
            println!("{}", details(scenario, verdict));
        }
    }
    run
}

/// Runs those scenarios of the suite that are wanted, if the suite is there; `allowed` of them may fail.
fn run_suite(engine: Engine, wanted: fn(&Scenario) -> bool, allowed: usize) {
    let Some(folder) = folder() else {
        println!("the conformance suite is not there: only the scenarios of this folder were run");
        return;
    };
    let mut scenarios = read_file(&folder.join("read-only.jsonl"));
    scenarios.retain(wanted);
    let run = run_all(&scenarios, engine, &folder.join("graphs"));
    println!("{}", report(&run));
    let failed = tally(&run).failed;
    assert!(failed <= allowed, "{failed} of {} scenarios failed, {allowed} may\n{}", run.len(), report(&run));
}

/// The naive evaluator checks no scopes and types before it starts, and is not made for a million rows.
fn is_for_the_naive(scenario: &Scenario) -> bool {
    let early = scenario.steps.iter().any(|step| step.text.contains("compile time"));
    !early && scenario.name != "[2] No overflow during summation"
}

/// Scenarios that must pass, and scenarios with a wrong expectation, which must fail.
fn run_own(engine: Engine) {
    let (scenarios, graphs) = own(include_str!("right.jsonl"));
    let run = run_all(&scenarios, engine, graphs);
    assert_eq!((tally(&run).failed, tally(&run).skipped), (0, 1), "{}", report(&run));
    let (scenarios, graphs) = own(include_str!("wrong.jsonl"));
    for (scenario, verdict) in run_all(&scenarios, engine, graphs) {
        assert!(matches!(verdict, Verdict::Failed(_)), "{}", details(scenario, &verdict));
    }
}

#[test]
fn the_suite_runs_on_the_engine() {
    run_suite(engine::ezu, |_| true, SUITE_FAILURES);
}

#[test]
fn the_suite_runs_on_the_naive_evaluator() {
    run_suite(engine::naive, is_for_the_naive, 0);
}

#[test]
fn the_harness_knows_right_from_wrong() {
    run_own(engine::ezu);
}

#[test]
fn the_harness_knows_right_from_wrong_on_the_naive_evaluator() {
    run_own(engine::naive);
}
