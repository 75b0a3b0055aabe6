//! What could be standardised: tools, data, hand-overs and patterns of work that could be one, what that would save,
//! and what stands in the way. Every figure can be worked out by hand from what a candidate shows.
//!
//! Hours are turned into yen only at a rate that a setting gives.

mod candidate;
mod data;
mod flows;
mod functions;
mod neighbourhood;
mod patterns;
mod rollout;
mod similarity;

use serde::Serialize;

pub use candidate::{Blocker, Candidate, CandidateType, Saving};

use super::answer::Basis;
use super::findings::{Reader, TermDefinitions};
use super::table::{Column, Tabular};
use crate::domain::Localized;
use crate::graph::View;
use candidate::Draft;

/// What is asked.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct StandardizationRequest {
    /// Only candidates of these types; none for all.
    pub types: Vec<CandidateType>,
    /// What an hour of work costs, in yen; hours stay hours without it.
    pub yen_per_hour: Option<u64>,
    /// How alike systems or processes must be, from 0 to 1; a half where it is not given.
    pub threshold: Option<f64>,
}

/// What could be standardised, the most money first, then the most hours.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StandardizationReport {
    /// The state of the model.
    #[serde(flatten)]
    pub basis: Basis,
    /// The candidates.
    pub items: Vec<Candidate>,
    /// What each type could look at.
    pub coverage: Vec<TypeCoverage>,
    /// The rate at which hours count as yen, if one is set.
    pub yen_per_hour: Option<u64>,
}

/// What a type of candidate could look at.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TypeCoverage {
    /// The type.
    #[serde(rename = "type")]
    pub kind: CandidateType,
    /// Whether there was anything to look at: no candidate means something only then.
    pub applicable: bool,
    /// How many items were looked at.
    pub considered: usize,
    /// How many of them lack what is needed.
    pub lacking: usize,
    /// The same in words.
    pub sentence: Localized,
}

/// What one type of candidate found.
pub(super) struct Search {
    drafts: Vec<Draft>,
    considered: usize,
    lacking: usize,
    needs: &'static str,
}

/// What could be standardised in a view.
///
/// Takes time proportional to the model, but for `neighbourhood` and `rollout`, which compare what shares something.
pub fn standardization(
    view: &View,
    terms: &TermDefinitions,
    request: &StandardizationRequest,
) -> StandardizationReport {
    let reader = Reader::new(view, terms);
    let threshold = request.threshold.unwrap_or(0.5);
    let (mut drafts, mut coverage) = (Vec::new(), Vec::new());
    for kind in CandidateType::ALL {
        if !request.types.is_empty() && !request.types.contains(&kind) {
            continue;
        }
        let search = search(&reader, kind, threshold);
        coverage.push(search.coverage(kind));
        drafts.extend(search.drafts);
    }
    let items = candidate::ranked(view, &reader, drafts, request.yen_per_hour);
    StandardizationReport { basis: Basis::of(view), items, coverage, yen_per_hour: request.yen_per_hour }
}

fn search(reader: &Reader<'_>, kind: CandidateType, threshold: f64) -> Search {
    match kind {
        CandidateType::SameFunction => functions::search(reader),
        CandidateType::SamePattern => patterns::search(reader),
        CandidateType::DoubleMaster => data::double_masters(reader),
        CandidateType::ParallelMethods => flows::parallel_methods(reader),
        CandidateType::Rekey => flows::rekeyed(reader),
        CandidateType::FileToHub => flows::to_hub(reader),
        CandidateType::Neighbourhood => neighbourhood::search(reader, threshold),
        CandidateType::Rollout => rollout::search(reader, threshold),
    }
}

impl Search {
    fn coverage(&self, kind: CandidateType) -> TypeCoverage {
        let (considered, lacking, needs) = (self.considered, self.lacking, self.needs);
        let applicable = considered > lacking;
        let sentence = if applicable {
            Localized::ja_en(
                &format!("{considered}件を調べた（うち{lacking}件は{needs}の記載がなく比べられない）。"),
                &format!("Looked at {considered}; {lacking} of them lack {needs} and could not be compared."),
            )
        } else {
            Localized::ja_en(
                &format!("適用できない：{considered}件のどれにも{needs}の記載がない。候補がないという意味ではない。"),
                &format!(
                    "Not applicable: none of {considered} elements has {needs}. That does not mean that there is no candidate."
                ),
            )
        };
        TypeCoverage { kind, applicable, considered, lacking, sentence }
    }
}

impl Tabular for StandardizationReport {
    fn title(&self) -> Localized {
        Localized::ja_en("標準化候補", "Standardization candidates")
    }

    fn columns(&self) -> Vec<Column> {
        vec![
            Column::new("order", "着手順", "Order").of_numbers(),
            Column::new("type", "種類", "Type"),
            Column::new("sentence", "内容", "Candidate"),
            Column::new("member_names", "対象", "Members"),
            Column::new("cost_kyen", "削減額（千円/年）", "Saving (thousand yen a year)").of_numbers(),
            Column::new("hours", "削減時間（時間/年）", "Saving (hours a year)").of_numbers(),
            Column::new("blocked_by", "妨げ", "Blocked by"),
            Column::new("assumptions", "前提", "Assumptions"),
            Column::new("id", "候補番号", "Id"),
            Column::new("members", "対象の識別子", "Member ids"),
        ]
    }

    fn rows(&self, language: &str) -> Vec<Vec<String>> {
        self.items.iter().map(|item| item.row(language)).collect()
    }
}
