//! S06: the privacy impact assessment that was done is at least the one that the rules require.

use crate::analyses::findings::{Case, Code, FactValue};
use crate::domain::Value;

pub(super) const CODE: Code = Code::each(judge);

/// The kinds of assessment, the lightest first.
const LEVELS: [&str; 4] = ["未実施", "基礎項目", "重点項目", "全項目"];

fn judge(case: &mut Case<'_, '_>) {
    let (reader, pia) = (case.reader, case.anchor);
    let (Some(subjects), Some(handlers), Some(incident), Some(done)) = (
        reader.integer(pia, "subjects"),
        reader.integer(pia, "handlers"),
        reader.boolean(pia, "serious_incident_last_year"),
        reader.text(pia, "level_done"),
    ) else {
        return;
    };
    let required = required(subjects, handlers >= 500 || incident);
    let Some(done) = LEVELS.iter().position(|level| *level == done) else { return case.lacks("level_done") };
    if done >= required {
        return;
    }
    let level = Value::Text(LEVELS[required].into());
    let draft = case.about(&[pia]).with("required", FactValue::Value(level, None));
    // In a sentence, `subjects` are the items that a finding is about.
    let draft = draft.recorded(reader, "subject_count", pia, "subjects");
    let facts = ["level_done", "handlers", "serious_incident_last_year"];
    let draft = facts.iter().fold(draft, |draft, fact| draft.recorded(reader, fact, pia, fact));
    case.report(draft);
}

/// The required level for so many subjects; many handlers or a serious incident raise it by one (domain §3.1, PIA).
fn required(subjects: i64, raised: bool) -> usize {
    match subjects {
        ..1_000 => 0,
        1_000..10_000 => 1,
        10_000..100_000 => 1 + usize::from(raised),
        100_000..300_000 => 2 + usize::from(raised),
        _ => 3,
    }
}

#[cfg(test)]
mod tests {
    use super::required;

    #[test]
    fn thresholds_are_those_of_the_table() {
        let plain =
            [(999, 0), (1_000, 1), (9_999, 1), (10_000, 1), (99_999, 1), (100_000, 2), (299_999, 2), (300_000, 3)];
        for (subjects, level) in plain {
            assert_eq!(required(subjects, false), level, "{subjects}");
        }
        for (subjects, level) in [(9_999, 1), (10_000, 2), (99_999, 2), (100_000, 3), (300_000, 3)] {
            assert_eq!(required(subjects, true), level, "{subjects}");
        }
    }
}
