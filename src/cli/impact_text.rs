//! An impact report as text for a terminal.

use super::language::Language;
use super::table;
use crate::analyses::impact::{AffectedItem, Coverage, HeadlineAnswer, ImpactReport};

/// The headline, what is affected, how much of each kind, and what is not known.
pub(super) fn describe(report: &ImpactReport, language: Language) -> String {
    let mut text = format!("{}\n", report.headline.sentence.get(language.tag()));
    text.push_str(&basis(report, language));
    if !report.affected.is_empty() {
        text.push('\n');
        text.push_str(&affected(&report.affected, language));
    }
    let omitted = report.omitted;
    if omitted.by_kind + omitted.by_limit > 0 || omitted.beyond_depth {
        text.push_str(&left_out(report, language));
    }
    if !report.by_kind.is_empty() {
        text.push('\n');
        text.push_str(&by_kind(report, language));
    }
    text.push('\n');
    text.push_str(&coverage(&report.coverage, report.headline.answer, language));
    text
}

fn basis(report: &ImpactReport, language: Language) -> String {
    let (revision, date) = (report.basis.revision, report.basis.date);
    match language {
        Language::Ja => format!("改訂{revision}、{date}現在\n"),
        Language::En => format!("revision {revision}, as of {date}\n"),
    }
}

fn affected(items: &[AffectedItem], language: Language) -> String {
    let heading = match language {
        Language::Ja => ["影響", "距離", "種類", "ID", "名称", "説明"],
        Language::En => ["effect", "distance", "kind", "id", "name", "because"],
    };
    let row = |item: &AffectedItem| {
        let why = item.path.last().map_or("", |step| step.text.get(language.tag()));
        vec![
            item.effect_label.get(language.tag()).to_owned(),
            item.distance.to_string(),
            item.kind.to_string(),
            item.id.clone(),
            item.name.get(language.tag()).to_owned(),
            why.to_owned(),
        ]
    };
    table::render(&heading, &items.iter().map(row).collect::<Vec<_>>())
}

fn left_out(report: &ImpactReport, language: Language) -> String {
    let omitted = report.omitted;
    let count = omitted.by_kind + omitted.by_limit;
    let deeper = match (omitted.beyond_depth, language) {
        (false, _) => "",
        (true, Language::Ja) => "。深さの上限の先にまだある",
        (true, Language::En) => "; there is more beyond the limit of depth",
    };
    match language {
        Language::Ja => format!("（ほかに{count}件は表示していない{deeper}）\n"),
        Language::En => format!("({count} more not listed{deeper})\n"),
    }
}

fn by_kind(report: &ImpactReport, language: Language) -> String {
    let heading = match language {
        Language::Ja => ["種類", "影響", "件数"],
        Language::En => ["kind", "effect", "count"],
    };
    let rows: Vec<Vec<String>> = report
        .by_kind
        .iter()
        .map(|held| {
            let label = |text: &crate::domain::Localized| text.get(language.tag()).to_owned();
            vec![label(&held.kind_label), label(&held.effect_label), held.count.to_string()]
        })
        .collect();
    table::render(&heading, &rows)
}

/// What the answer does not know; never silent, so that nobody takes a gap for safety.
fn coverage(coverage: &Coverage, answer: HeadlineAnswer, language: Language) -> String {
    let mut text = match language {
        Language::Ja => format!("記録の充足: {}件中{}件\n", coverage.items, coverage.complete_items),
        Language::En => format!("facts recorded in full: {} of {} items\n", coverage.complete_items, coverage.items),
    };
    for unknown in &coverage.unknown {
        text.push_str(&format!("- {}\n", unknown.sentence.get(language.tag())));
    }
    for probable in &coverage.probable_dependents {
        text.push_str(&format!(
            "- {} {}: {}\n",
            probable.item.id,
            probable.item.name.get(language.tag()),
            probable.why.get(language.tag())
        ));
    }
    for unrated in &coverage.use_without_role {
        text.push_str(&format!("- {}: {}\n", unrated.item.id, unrated.sentence.get(language.tag())));
    }
    for missing in &coverage.missing {
        text.push_str(&format!(
            "- {}: {} {}\n",
            missing.item.id,
            language.pick("記録なし", "not recorded"),
            missing.attributes.join(", ")
        ));
    }
    if answer == HeadlineAnswer::Unknown {
        text.push_str(
            language.pick("「不明」は「影響なし」ではない。\n", "\"unknown\" does not mean \"no impact\".\n"),
        );
    }
    text
}
