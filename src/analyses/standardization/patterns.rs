//! `same_pattern`: processes that consist of the same functions (抽象化分析, domain §8.2).

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json, json};

use super::Search;
use super::candidate::{CandidateType, Draft, shown};
use super::similarity::{aligned_share, alignment};
use crate::analyses::findings::Reader;
use crate::domain::{Localized, Value};
use crate::graph::Place;

/// How much of the longer list of functions must be aligned.
const THRESHOLD: f64 = 0.8;

pub(super) fn search(reader: &Reader<'_>) -> Search {
    let processes = reader.all("business_process");
    let known: Vec<Place> =
        processes.iter().copied().filter(|process| !functions(reader, *process).is_empty()).collect();
    let mut by_type: BTreeMap<&str, Vec<Place>> = BTreeMap::new();
    for process in &known {
        by_type.entry(reader.text(*process, "type").unwrap_or("")).or_default().push(*process);
    }
    let drafts = by_type.iter().flat_map(|(kind, group)| groups(reader, kind, group)).collect();
    Search { drafts, considered: processes.len(), lacking: processes.len() - known.len(), needs: "functions" }
}

/// The functions of a process, in order.
pub(super) fn functions<'v>(reader: &Reader<'v>, process: Place) -> Vec<&'v str> {
    match reader.value(process, "functions") {
        Some(Value::List(functions)) => functions.iter().filter_map(Value::as_text).collect(),
        _ => Vec::new(),
    }
}

/// Processes of one type, each joined to the first whose functions it shares.
fn groups(reader: &Reader<'_>, kind: &str, processes: &[Place]) -> Vec<Draft> {
    let mut groups: Vec<(Place, Vec<Place>)> = Vec::new();
    for process in reader.sorted(processes.to_vec()) {
        let mine = functions(reader, process);
        let fits =
            |(first, _): &&mut (Place, Vec<Place>)| aligned_share(&functions(reader, *first), &mine) >= THRESHOLD;
        match groups.iter_mut().find(fits) {
            Some((_, members)) => members.push(process),
            None => groups.push((process, vec![process])),
        }
    }
    let several = groups.into_iter().filter(|(_, members)| members.len() > 1);
    several.map(|(first, members)| candidate(reader, kind, first, members)).collect()
}

fn candidate(reader: &Reader<'_>, kind: &str, first: Place, members: Vec<Place>) -> Draft {
    let pattern = functions(reader, first);
    let tools = tools(reader, &members);
    let serving = tools.iter().max_by_key(|(tool, users)| (users.len(), std::cmp::Reverse(reader.id(**tool))));
    let hours: i64 = members.iter().filter_map(|process| reader.integer(*process, "staff_hours_per_year")).sum();
    let (count, steps) = (members.len(), pattern.len());
    let mut evidence = Map::new();
    evidence.insert("type".into(), kind.into());
    evidence.insert("threshold".into(), json!(THRESHOLD));
    evidence.insert("functions".into(), json!(pattern));
    evidence.insert("alignment".into(), members.iter().map(|member| aligned(reader, &pattern, *member)).collect());
    evidence.insert("tools".into(), tools.iter().map(|(tool, users)| used(reader, *tool, users)).collect());
    evidence.insert("serving".into(), serving.map_or(Json::Null, |(tool, _)| reader.id(*tool).into()));
    evidence.insert("staff_hours_per_year".into(), hours.into());
    Draft {
        kind: CandidateType::SamePattern,
        key: vec![reader.id(first).to_owned()],
        sentence: Localized::ja_en(
            &format!(
                "{steps}の機能が並ぶ{count}の業務は同じ進め方で、一つの道具にできる（合わせて年{hours}時間の業務）。"
            ),
            &format!(
                "{count} processes of {steps} functions each are one pattern that one tool could serve ({hours} hours of work a year)."
            ),
        ),
        evidence,
        hours: None,
        cost_kyen: None,
        assumptions: vec![Localized::ja_en(
            "削減時間は見込まない。道具を一つにして減る時間は、業務ごとに確かめる。",
            "No saved hours are claimed: how much one tool saves has to be seen process by process.",
        )],
        blocked_by: Vec::new(),
        members,
    }
}

/// The systems that the processes use, and which of them use each.
fn tools(reader: &Reader<'_>, members: &[Place]) -> BTreeMap<Place, Vec<Place>> {
    let mut tools: BTreeMap<Place, Vec<Place>> = BTreeMap::new();
    for process in members {
        for tool in reader.targets(*process, "uses") {
            tools.entry(tool).or_default().push(*process);
        }
    }
    tools
}

/// Step by step, which function of a process stands for which of the pattern.
fn aligned(reader: &Reader<'_>, pattern: &[&str], process: Place) -> Json {
    let mine = functions(reader, process);
    let pairs = alignment(pattern, &mine);
    let steps: Vec<Json> = pattern
        .iter()
        .enumerate()
        .map(|(place, function)| {
            let same = pairs.iter().find(|(row, _)| *row == place).map(|(_, column)| mine[*column]);
            json!({"function": function, "same": same})
        })
        .collect();
    let mut shown = shown(reader, process);
    shown.insert("aligned".into(), pairs.len().into());
    shown.insert("of".into(), mine.len().into());
    shown.insert("steps".into(), steps.into());
    Json::Object(shown)
}

fn used(reader: &Reader<'_>, tool: Place, users: &[Place]) -> Json {
    let mut shown = shown(reader, tool);
    shown.insert("type".into(), super::candidate::recorded(reader, tool, "type"));
    shown.insert("used_by".into(), users.iter().map(|process| Json::from(reader.id(*process))).collect());
    Json::Object(shown)
}
