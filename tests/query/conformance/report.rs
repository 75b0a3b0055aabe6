//! What came of a run, by category.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::running::Verdict;
use super::scenario::Scenario;

/// How many scenarios there were.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// As expected.
    pub passed: usize,
    /// Not as expected.
    pub failed: usize,
    /// Not looked at.
    pub skipped: usize,
}

impl Tally {
    fn add(&mut self, verdict: &Verdict) {
        match verdict {
            Verdict::Passed => self.passed += 1,
            Verdict::Failed(_) => self.failed += 1,
            Verdict::Skipped(_) => self.skipped += 1,
        }
    }

    fn line(&self, name: &str) -> String {
        format!("{name:<40} {:>7} {:>7} {:>8}\n", self.passed, self.failed, self.skipped)
    }
}

/// The verdict over each scenario.
pub type Run<'s> = Vec<(&'s Scenario, Verdict)>;

/// How many passed, failed, were skipped.
pub fn tally(run: &Run<'_>) -> Tally {
    let mut all = Tally::default();
    for (_, verdict) in run {
        all.add(verdict);
    }
    all
}

/// The table by category, the reasons of what was skipped, and what failed.
pub fn report(run: &Run<'_>) -> String {
    let mut categories: BTreeMap<&str, Tally> = BTreeMap::new();
    let mut reasons: BTreeMap<&str, usize> = BTreeMap::new();
    for (scenario, verdict) in run {
        categories.entry(scenario.category()).or_default().add(verdict);
        if let Verdict::Skipped(why) = verdict {
            *reasons.entry(why).or_default() += 1;
        }
    }
    let mut text = format!("{:<40} {:>7} {:>7} {:>8}\n", "category", "passed", "failed", "skipped");
    for (name, tally) in &categories {
        text.push_str(&tally.line(name));
    }
    text.push_str(&tally(run).line("all"));
    for (why, count) in reasons {
        let _ = writeln!(text, "skipped, {why}: {count}");
    }
    text.push_str(&failures(run));
    text
}

fn failures(run: &Run<'_>) -> String {
    let mut text = String::new();
    for (scenario, verdict) in run {
        if let Verdict::Failed(why) = verdict {
            let first = why.lines().next().unwrap_or_default();
            let _ = writeln!(text, "FAILED {}: {first}", scenario.title());
        }
    }
    text
}

/// Everything about one scenario.
pub fn details(scenario: &Scenario, verdict: &Verdict) -> String {
    let mut text = format!("\n{} ({})\n", scenario.title(), scenario.feature);
    for step in &scenario.steps {
        let _ = writeln!(text, "  {}", step.text);
        text.push_str(step.doc.as_deref().unwrap_or_default());
        for row in step.table.iter().flatten() {
            let _ = writeln!(text, "    | {} |", row.join(" | "));
        }
    }
    match verdict {
        Verdict::Passed => text.push_str("  passed\n"),
        Verdict::Failed(why) => text.push_str(&format!("  FAILED: {why}\n")),
        Verdict::Skipped(why) => text.push_str(&format!("  skipped: {why}\n")),
    }
    text
}
