//! Running rules over a view.

use std::num::NonZero;
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use rustc_hash::FxHashSet;

use super::catalogue::Catalogue;
use super::coverage::{CoverageState, RuleCoverage, Tally, not_run};
use super::draft::Draft;
use super::querying;
use super::reader::Reader;
use super::rule::{Case, Code, Judge, Readiness, Rule, RuleForm};
use crate::analyses::Basis;
use crate::domain::Localized;
use crate::graph::{Place, View};

/// What the rules found in a view.
#[derive(Debug)]
pub struct FindingsRun {
    /// Which state of the model was read.
    pub basis: Basis,
    /// A rule's place in the catalogue and a finding, by rule, then by id.
    pub findings: Vec<(usize, Draft)>,
    /// What each rule that was run could judge, in the order of the catalogue.
    pub coverage: Vec<RuleCoverage>,
}

/// One thread more for so many elements: starting one costs as much as judging a few hundred.
const ELEMENTS_A_THREAD: usize = 2_000;
/// More threads than this would wait for each other's memory.
const MOST_THREADS: usize = 8;

/// Runs the rules that `wanted` takes, in the threads that the machine and the size of the model allow.
///
/// Takes time proportional to what the rules judge and to what lies around it.
pub fn run(view: &View, catalogue: &Catalogue, wanted: impl Fn(&Rule) -> bool) -> FindingsRun {
    let rules: Vec<(usize, &Rule)> = catalogue.rules().iter().enumerate().filter(|(_, rule)| wanted(rule)).collect();
    let threads = thread::available_parallelism().map_or(1, NonZero::get).min(MOST_THREADS);
    let threads = threads.min(rules.len()).min(1 + view.snapshot().counts().elements / ELEMENTS_A_THREAD);
    let next = AtomicUsize::new(0);
    let work = || judge_next(view, catalogue, &rules, &next);
    let mut judged = thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(work)).collect();
        let mut judged = work();
        for other in others {
            judged.extend(other.join().unwrap_or_else(|panic| resume_unwind(panic)));
        }
        judged
    });
    judged.sort_by_key(|held| held.number);
    let mut run = FindingsRun { basis: Basis::of(view), findings: Vec::new(), coverage: Vec::new() };
    for Judged { number, drafts, coverage } in judged {
        run.findings.extend(drafts.into_iter().map(|draft| (number, draft)));
        run.coverage.push(coverage);
    }
    run
}

/// What one rule said.
struct Judged {
    /// Its place in the catalogue.
    number: usize,
    /// By id, each once.
    drafts: Vec<Draft>,
    coverage: RuleCoverage,
}

/// Takes one rule after another from those that are left, until none is.
fn judge_next(view: &View, catalogue: &Catalogue, rules: &[(usize, &Rule)], next: &AtomicUsize) -> Vec<Judged> {
    let reader = Reader::new(view, catalogue.terms());
    let left = std::iter::from_fn(|| rules.get(next.fetch_add(1, Ordering::Relaxed)));
    left.map(|(number, rule)| {
        let (mut drafts, coverage) = judge_all(&reader, rule);
        drafts.sort_by(|a, b| a.id.cmp(&b.id));
        drafts.dedup_by(|a, b| a.id == b.id);
        Judged { number: *number, drafts, coverage }
    })
    .collect()
}

/// All that a rule says of a view.
pub(super) fn judge_all(reader: &Reader<'_>, rule: &Rule) -> (Vec<Draft>, RuleCoverage) {
    if let Some(why) = &rule.unusable {
        return (Vec::new(), not_run(rule, CoverageState::NotApplicable, why.clone()));
    }
    let anchors: Vec<Place> = rule.kinds.iter().flat_map(|kind| reader.members(*kind).to_vec()).collect();
    let mut tally = Tally::default();
    let ready = ready(reader, rule, &anchors, &mut tally);
    for kind in rule.ancestors(reader.metamodel()) {
        tally.lack_all(reader, rule, &reader.members(kind));
    }
    match judge(reader, rule, &ready, None, &mut tally) {
        Ok(drafts) => (drafts, tally.finish(rule)),
        Err(why) => (Vec::new(), not_run(rule, CoverageState::NotEvaluated, why)),
    }
}

/// What a rule says of some items; of all, where it compares them. Nothing of items that it cannot judge.
pub(super) fn judge_some(reader: &Reader<'_>, rule: &Rule, anchors: &FxHashSet<Place>) -> Vec<Draft> {
    if anchors.is_empty() || rule.unusable.is_some() {
        return Vec::new();
    }
    let together = matches!(&rule.form, RuleForm::Code(code) if matches!(code.judge, Judge::Together(_)));
    let anchors: Vec<Place> = if together {
        rule.kinds.iter().flat_map(|kind| reader.members(*kind).to_vec()).collect()
    } else {
        reader.sorted(anchors.iter().copied().filter(|place| reader.sees(*place)).collect())
    };
    let mut tally = Tally::default();
    let ready = ready(reader, rule, &anchors, &mut tally);
    judge(reader, rule, &ready, Some(&ready), &mut tally).unwrap_or_default()
}

/// The items that are recorded well enough to be judged and that the rule concerns.
fn ready(reader: &Reader<'_>, rule: &Rule, anchors: &[Place], tally: &mut Tally) -> Vec<Place> {
    let mut ready = Vec::new();
    if let Some(unrecorded) = rule.unrecorded(reader) {
        anchors.iter().for_each(|anchor| tally.lacks(reader, unrecorded, *anchor));
        return ready;
    }
    for anchor in anchors {
        match rule.readiness(reader, *anchor) {
            Readiness::Outside => tally.judged_many(1),
            Readiness::Ready => ready.push(*anchor),
            Readiness::Lacks(number) => tally.lacks(reader, rule.need(number), *anchor),
        }
    }
    ready
}

/// Judges items that are ready; `only` limits a query to them.
fn judge(
    reader: &Reader<'_>,
    rule: &Rule,
    ready: &[Place],
    only: Option<&[Place]>,
    tally: &mut Tally,
) -> Result<Vec<Draft>, Localized> {
    let mut drafts = Vec::new();
    if rule.unrecorded(reader).is_some() {
        return Ok(drafts);
    }
    match &rule.form {
        RuleForm::Code(Code { judge: Judge::Each(judge), .. }) => {
            for anchor in ready {
                let mut case = Case { reader, rule, anchor: *anchor, drafts: &mut drafts, lacking: None };
                judge(&mut case);
                match case.lacking {
                    Some(lacking) => tally.lacks(reader, lacking, *anchor),
                    None => tally.judged_many(1),
                }
            }
            return Ok(drafts);
        }
        RuleForm::Code(Code { judge: Judge::Together(judge), .. }) => judge(reader, rule, ready, &mut drafts),
        RuleForm::Query(query) => drafts = querying::judge(reader, rule, query, only)?,
    }
    tally.judged_many(ready.len());
    Ok(drafts)
}

/// How much some rules found and could not judge.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RuleSums {
    /// Findings.
    pub findings: usize,
    /// Items that could not be judged; one for a rule that was not run or does not exist.
    pub unjudged: usize,
}

impl FindingsRun {
    /// How much some rules found and could not judge. Needs a run of the whole catalogue.
    pub fn of_rules(&self, catalogue: &Catalogue, rules: &[String]) -> RuleSums {
        let mut sums = RuleSums::default();
        for id in rules {
            let Some(coverage) = self.coverage.iter().find(|held| *held.rule == **id) else {
                sums.unjudged += 1;
                continue;
            };
            let is_silent = matches!(coverage.state, CoverageState::NotEvaluated | CoverageState::NotApplicable);
            sums.unjudged += coverage.unjudged.max(usize::from(is_silent));
            sums.findings += self.findings.iter().filter(|(rule, _)| *catalogue.rules()[*rule].id == **id).count();
        }
        sums
    }

    /// The finding with this id.
    pub fn find(&self, id: &str) -> Option<&(usize, Draft)> {
        self.findings.iter().find(|(_, draft)| draft.id == id)
    }

    /// The ids of all findings.
    pub fn ids(&self) -> FxHashSet<&str> {
        self.findings.iter().map(|(_, draft)| draft.id.as_str()).collect()
    }
}
