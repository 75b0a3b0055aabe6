//! D04: processes of one type that consist of the same functions, each with a tool of its own that staff made.

use std::collections::BTreeMap;

use crate::analyses::findings::{Code, Draft, FactValue, Reader, Rule};
use crate::domain::Value;
use crate::graph::Place;

pub(super) const CODE: Code = Code::together(judge);

fn judge(reader: &Reader<'_>, rule: &Rule, processes: &[Place], drafts: &mut Vec<Draft>) {
    let mut groups: BTreeMap<(&str, String), Vec<Place>> = BTreeMap::new();
    for process in processes {
        let (kind, functions) = (reader.text(*process, "type"), reader.value(*process, "functions"));
        if let (Some(kind), Some(Value::List(functions))) = (kind, functions) {
            let functions: Vec<&str> = functions.iter().filter_map(Value::as_text).collect();
            groups.entry((kind, functions.join("\u{1f}"))).or_default().push(*process);
        }
    }
    for ((kind, functions), group) in groups.iter().filter(|(_, group)| group.len() > 1) {
        let (members, tools) = with_own_tools(reader, rule, group);
        if members.len() < 2 {
            continue;
        }
        let pattern = &Draft::digest_of(functions)[..8];
        let listed: Vec<Value> = functions.split('\u{1f}').map(|function| Value::Text(function.into())).collect();
        let draft = Draft::about(reader, rule, &members).keyed(rule, &[kind, pattern]);
        let draft = draft.recorded(reader, "type", members[0], "type").count("count", members.len());
        let draft = draft.with("functions", FactValue::Value(Value::List(listed.into()), None));
        drafts.push(draft.items(reader, "tools", &tools));
    }
}

/// The processes of a group that use a tool made by staff which no other of them uses, and these tools.
fn with_own_tools(reader: &Reader<'_>, rule: &Rule, group: &[Place]) -> (Vec<Place>, Vec<Place>) {
    let types = rule.words("tool_types");
    let tools: Vec<(Place, Vec<Place>)> = group
        .iter()
        .map(|process| {
            let systems = reader.targets(*process, "uses");
            (*process, systems.into_iter().filter(|system| is_made_by_staff(reader, *system, &types)).collect())
        })
        .collect();
    let (mut members, mut own_tools) = (Vec::new(), Vec::new());
    for (process, used) in &tools {
        let is_own = |tool: &Place| !tools.iter().any(|(other, used)| other != process && used.contains(tool));
        let own: Vec<Place> = used.iter().copied().filter(is_own).collect();
        if !own.is_empty() {
            members.push(*process);
            own_tools.extend(own);
        }
    }
    (reader.sorted(members), own_tools)
}

/// Whether a system is a spreadsheet or a database that staff made.
fn is_made_by_staff(reader: &Reader<'_>, system: Place, types: &[&str]) -> bool {
    reader.text(system, "type").is_some_and(|held| types.contains(&held))
}
