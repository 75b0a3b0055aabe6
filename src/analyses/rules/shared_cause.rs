//! I03: issues of one cause in several sections.

use std::collections::BTreeMap;

use crate::analyses::findings::{Code, Draft, FactValue, Reader, Rule};
use crate::domain::Value;
use crate::graph::Place;

pub(super) const CODE: Code = Code::together(judge);

fn judge(reader: &Reader<'_>, rule: &Rule, issues: &[Place], drafts: &mut Vec<Draft>) {
    let mut causes: BTreeMap<&str, Vec<Place>> = BTreeMap::new();
    for issue in issues {
        if let Some(cause) = reader.text(*issue, "cause") {
            causes.entry(cause).or_default().push(*issue);
        }
    }
    let least = usize::try_from(rule.number("sections", 2)).unwrap_or(usize::MAX);
    for (cause, issues) in causes {
        let sections = issues.iter().flat_map(|issue| reader.targets(*issue, "raised_by")).collect();
        let sections = reader.sorted(sections);
        if sections.len() < least {
            continue;
        }
        let issues = reader.sorted(issues);
        let hours: i64 = issues.iter().filter_map(|issue| reader.integer(*issue, "loss_hours_per_year")).sum();
        let draft = Draft::about(reader, rule, &issues).keyed(rule, &[cause]);
        let draft = draft.recorded(reader, "cause", issues[0], "cause").count("count", issues.len());
        let draft = draft.count("section_count", sections.len()).items(reader, "sections", &sections);
        drafts.push(draft.with("loss_hours_per_year", FactValue::Value(Value::Integer(hours), None)));
    }
}
