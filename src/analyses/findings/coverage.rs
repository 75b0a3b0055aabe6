//! What a rule could judge and what it could not, and for want of what.

use std::sync::Arc;

use serde::Serialize;

use super::reader::Reader;
use super::rule::Rule;
use crate::domain::Localized;
use crate::graph::Place;

/// What a rule could judge.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RuleCoverage {
    /// The rule's id.
    pub rule: Arc<str>,
    /// Whether its silence means anything.
    pub state: CoverageState,
    /// How many items it could judge.
    pub judged: usize,
    /// How many it could not.
    pub unjudged: usize,
    /// For want of what.
    pub lacking: Vec<Lacking>,
    /// The same in words.
    pub sentence: Localized,
}

/// Whether a rule's silence means anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CoverageState {
    /// Everything was judged.
    Judged,
    /// Some items could not be judged.
    Partly,
    /// Nothing could be judged: no finding does not mean that all is well.
    NotApplicable,
    /// The rule was not run.
    NotEvaluated,
}

/// Items that cannot be judged for want of something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Lacking {
    /// What is not recorded, as a way from the item: `target.availability.rto_hours`.
    pub attribute: String,
    /// How many items lack it.
    pub count: usize,
    /// Some of them, as ids.
    pub examples: Vec<String>,
}

/// How many examples are kept.
const EXAMPLES: usize = 5;

/// Counts while a rule judges.
#[derive(Debug, Default)]
pub(super) struct Tally {
    judged: usize,
    lacking: Vec<Lacking>,
}

impl Tally {
    pub(super) fn judged_many(&mut self, count: usize) {
        self.judged += count;
    }

    pub(super) fn lacks(&mut self, reader: &Reader<'_>, attribute: &str, place: Place) {
        let held = self.lacking.iter_mut().find(|held| held.attribute == attribute);
        match held {
            Some(lacking) => {
                lacking.count += 1;
                if lacking.examples.len() < EXAMPLES {
                    lacking.examples.push(reader.id(place).to_owned());
                }
            }
            None => self.lacking.push(Lacking {
                attribute: attribute.to_owned(),
                count: 1,
                examples: vec![reader.id(place).to_owned()],
            }),
        }
    }

    /// Items that would be judged if it were recorded what they are and what the rule needs of them.
    pub(super) fn lack_all(&mut self, reader: &Reader<'_>, rule: &Rule, places: &[Place]) {
        for place in places {
            self.lacks(reader, rule.need(0), *place);
        }
    }

    pub(super) fn finish(mut self, rule: &Rule) -> RuleCoverage {
        self.lacking.sort_by(|a, b| (b.count, &a.attribute).cmp(&(a.count, &b.attribute)));
        let unjudged = self.lacking.iter().map(|lacking| lacking.count).sum();
        let state = match (self.judged, unjudged) {
            (0, _) => CoverageState::NotApplicable,
            (_, 0) => CoverageState::Judged,
            _ => CoverageState::Partly,
        };
        let sentence = sentence(rule, state, self.judged, &self.lacking);
        RuleCoverage {
            rule: Arc::clone(&rule.id),
            state,
            judged: self.judged,
            unjudged,
            lacking: self.lacking,
            sentence,
        }
    }
}

/// The coverage of a rule that cannot be run, and why.
pub(super) fn not_run(rule: &Rule, state: CoverageState, why: Localized) -> RuleCoverage {
    RuleCoverage { rule: Arc::clone(&rule.id), state, judged: 0, unjudged: 0, lacking: Vec::new(), sentence: why }
}

fn sentence(rule: &Rule, state: CoverageState, judged: usize, lacking: &[Lacking]) -> Localized {
    let parts = |ja: bool| {
        let said = lacking.iter().map(|held| {
            let (count, attribute) = (held.count, &held.attribute);
            if ja {
                format!("{count}件に{attribute}の記載がない")
            } else {
                format!("{count} elements lack {attribute}")
            }
        });
        said.collect::<Vec<_>>().join(if ja { "、" } else { ", " })
    };
    match state {
        CoverageState::NotApplicable if lacking.is_empty() => Localized::ja_en(
            &format!("適用できない：モデルに{}がない。", rule.judges.join("、")),
            &format!("Not applicable: the model has no {}.", rule.judges.join(", ")),
        ),
        CoverageState::NotApplicable => Localized::ja_en(
            &format!("適用できない：{}。問題がないという意味ではない。", parts(true)),
            &format!("Not applicable: {}. That does not mean that all is well.", parts(false)),
        ),
        CoverageState::Partly => Localized::ja_en(
            &format!("{judged}件を判定した。判定できないもの：{}。", parts(true)),
            &format!("Judged {judged}; not judged: {}.", parts(false)),
        ),
        _ => Localized::ja_en(&format!("{judged}件すべてを判定した。"), &format!("Judged all {judged}.")),
    }
}
