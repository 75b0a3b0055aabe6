//! The answer in a word and a sentence.

use crate::analyses::names::{LANGUAGES, name_of};
use crate::domain::metamodel::Change;
use crate::domain::naming::fill;
use crate::domain::{Item, Localized};
use crate::graph::View;

use super::coverage::Coverage;
use super::findings::Findings;
use super::report::{Headline, HeadlineAnswer, KindCount};
use super::request::{ImpactDirection, ImpactRequest};

/// What can be said in the end.
#[derive(Debug, Clone, Copy)]
enum Case {
    /// No dependency is recorded for a subject or a hub.
    Unrecorded,
    /// An attribute or the limit of depth hides what would follow.
    Undecided,
    Affected,
    Nothing,
}

/// The answer; "unknown" goes before everything, for silence is not safety.
pub(super) fn headline(
    view: &View,
    request: &ImpactRequest,
    change: &Change,
    subjects: &[Item<'_>],
    by_kind: &[KindCount],
    found: &Findings<'_>,
    coverage: &Coverage,
) -> Headline {
    let is_undecided = found.is_cut || !coverage.undetermined.is_empty();
    let case = match (coverage.subject_known, found.items.is_empty()) {
        (false, _) => Case::Unrecorded,
        (true, false) => Case::Affected,
        (true, true) if is_undecided => Case::Undecided,
        (true, true) => Case::Nothing,
    };
    let answer = match case {
        Case::Unrecorded | Case::Undecided => HeadlineAnswer::Unknown,
        Case::Affected => HeadlineAnswer::Affected,
        Case::Nothing => HeadlineAnswer::None,
    };
    let subject = joined(subjects.iter().map(|item| name_of(view, *item)));
    let unknown = joined(coverage.unknown.iter().map(|unknown| unknown.item.name.clone()));
    let counts = joined(by_kind.iter().map(counted));
    let template = template(request.direction, case, !found.items.is_empty());
    let total = found.items.len().to_string();
    let [ja, en] = LANGUAGES.map(|language| {
        fill(
            template.get(language),
            &[
                ("change", change.label.get(language)),
                ("subject", subject.get(language)),
                ("unknown", unknown.get(language)),
                ("total", &total),
                ("counts", counts.get(language)),
            ],
        )
    });
    Headline { answer, sentence: Localized::ja_en(&ja, &en) }
}

fn template(direction: ImpactDirection, case: Case, some_known: bool) -> Localized {
    use ImpactDirection::{Inward, Outward};
    let (ja, en) = match (direction, case, some_known) {
        (Outward, Case::Unrecorded, false) => (
            "{unknown}に依存するものが記録されていないため、{subject}の{change}の影響は不明である。影響がないという意味ではない。",
            "Nothing is recorded to depend on {unknown}, so what a {change} of {subject} affects is unknown. That does not mean that there is no impact.",
        ),
        (Outward, Case::Unrecorded, true) => (
            "{unknown}に依存するものが記録されていないため、{subject}の{change}の影響の全体は不明である。分かっているだけで{total}件（{counts}）に影響する。",
            "Nothing is recorded to depend on {unknown}, so the whole impact of a {change} of {subject} is unknown. At least {total} items are affected ({counts}).",
        ),
        (Inward, Case::Unrecorded, false) => (
            "{unknown}が何に依存するかが記録されていないため、何の{change}が影響するかは不明である。影響を受けないという意味ではない。",
            "Nothing is recorded on which {unknown} depends, so whose {change} would affect {subject} is unknown. That does not mean that nothing would.",
        ),
        (Inward, Case::Unrecorded, true) => (
            "{unknown}が何に依存するかが記録されていないため、全体は不明である。分かっているだけで{total}件（{counts}）の{change}が{subject}に影響する。",
            "Nothing is recorded on which {unknown} depends, so the whole is unknown. A {change} of at least {total} items would affect {subject} ({counts}).",
        ),
        (_, Case::Undecided, _) => (
            "記録のない属性又は深さの制限があるため、{subject}について{change}の影響の有無は不明である。影響がないという意味ではない。",
            "An attribute that is not recorded, or the limit of depth, leaves it unknown whether a {change} matters for {subject}. That does not mean that there is no impact.",
        ),
        (Outward, Case::Affected, _) => (
            "{subject}の{change}は、{total}件（{counts}）に影響する。",
            "A {change} of {subject} affects {total} items ({counts}).",
        ),
        (Inward, Case::Affected, _) => (
            "{total}件（{counts}）のいずれの{change}も、{subject}に影響する。",
            "A {change} of any of {total} items affects {subject} ({counts}).",
        ),
        (Outward, Case::Nothing, _) => (
            "記録された依存関係をたどる限り、{subject}の{change}の影響を受けるものはない。",
            "By the dependencies that are recorded, a {change} of {subject} affects nothing.",
        ),
        (Inward, Case::Nothing, _) => (
            "記録された依存関係をたどる限り、{change}により{subject}に影響するものはない。",
            "By the dependencies that are recorded, there is nothing whose {change} would affect {subject}.",
        ),
    };
    Localized::ja_en(ja, en)
}

fn counted(count: &KindCount) -> Localized {
    let text = |language, between| {
        format!("{}{between}{} {}", count.kind_label.get(language), count.effect_label.get(language), count.count)
    };
    Localized::ja_en(&text("ja", "・"), &text("en", " "))
}

fn joined(texts: impl Iterator<Item = Localized>) -> Localized {
    let texts: Vec<Localized> = texts.collect();
    let joined =
        |language, between: &str| texts.iter().map(|text| text.get(language)).collect::<Vec<_>>().join(between);
    Localized::ja_en(&joined("ja", "、"), &joined("en", ", "))
}
