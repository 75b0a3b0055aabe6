//! `rollout` (横展開): for a tool that has settled in one section, the processes elsewhere most like those it serves.

use serde_json::{Map, Value as Json, json};

use super::Search;
use super::candidate::{CandidateType, Draft, blockers, called, rank_of_class, shown};
use super::patterns::functions;
use super::similarity::{aligned_share, alignment};
use crate::analyses::findings::Reader;
use crate::domain::Localized;
use crate::graph::Place;

/// Stages at which a tool has proved itself.
const SETTLED: [&str; 2] = ["定着", "自走"];
/// How many processes are proposed for each.
const MOST: usize = 5;

pub(super) fn search(reader: &Reader<'_>, threshold: f64) -> Search {
    let adoptions = reader.all("adoption");
    let known: Vec<Place> = adoptions.iter().copied().filter(|held| reader.text(*held, "stage").is_some()).collect();
    let settled =
        known.iter().filter(|held| reader.text(**held, "stage").is_some_and(|stage| SETTLED.contains(&stage)));
    let processes: Vec<Place> =
        reader.all("business_process").into_iter().filter(|process| !functions(reader, *process).is_empty()).collect();
    let drafts = settled.flat_map(|adoption| candidates(reader, *adoption, &processes, threshold)).collect();
    let (considered, lacking) = if adoptions.is_empty() {
        let all = reader.all("application_component").len();
        (all, all)
    } else {
        (adoptions.len(), adoptions.len() - known.len())
    };
    Search { drafts, considered, lacking, needs: "adoptions.stage" }
}

/// One candidate for each process that the tool serves where it has settled.
fn candidates(reader: &Reader<'_>, adoption: Place, processes: &[Place], threshold: f64) -> Vec<Draft> {
    let (Some(tool), Some(section)) = (reader.target_of(adoption, "adopts"), reader.target_of(adoption, "adopted_by"))
    else {
        return Vec::new();
    };
    let served = reader.sources(tool, "uses").into_iter();
    let served = served.filter(|process| reader.target_of(*process, "owned_by") == Some(section));
    served.filter_map(|process| candidate(reader, (adoption, tool), process, processes, threshold)).collect()
}

/// A process elsewhere and how like it is.
struct Alike {
    process: Place,
    likeness: f64,
    hours: i64,
}

fn candidate(
    reader: &Reader<'_>,
    (adoption, tool): (Place, Place),
    model: Place,
    processes: &[Place],
    threshold: f64,
) -> Option<Draft> {
    let (section, mine) = (reader.target_of(model, "owned_by"), functions(reader, model));
    let elsewhere = processes.iter().copied().filter(|process| {
        reader.target_of(*process, "owned_by") != section && !reader.targets(*process, "uses").contains(&tool)
    });
    let mut alike: Vec<Alike> = elsewhere
        .map(|process| Alike {
            process,
            likeness: aligned_share(&mine, &functions(reader, process)),
            hours: reader.integer(process, "staff_hours_per_year").unwrap_or(0),
        })
        .filter(|alike| alike.likeness >= threshold)
        .collect();
    alike.sort_by(|a, b| {
        b.likeness
            .total_cmp(&a.likeness)
            .then(b.hours.cmp(&a.hours))
            .then(reader.id(a.process).cmp(reader.id(b.process)))
    });
    alike.truncate(MOST);
    if alike.is_empty() {
        return None;
    }
    let ((tool_ja, tool_en), (model_ja, model_en)) = (called(reader, tool), called(reader, model));
    let mut evidence = Map::new();
    evidence.insert("adoption".into(), reader.id(adoption).into());
    evidence.insert("tool".into(), Json::Object(shown(reader, tool)));
    evidence.insert("works_for".into(), Json::Object(shown(reader, model)));
    evidence.insert("threshold".into(), json!(threshold));
    evidence.insert("elsewhere".into(), alike.iter().map(|alike| compared(reader, model, alike)).collect());
    let others: Vec<Place> = alike.iter().flat_map(|alike| reader.targets(alike.process, "uses")).collect();
    Some(Draft {
        kind: CandidateType::Rollout,
        key: vec![reader.id(tool).to_owned(), reader.id(model).to_owned()],
        sentence: Localized::ja_en(
            &format!("{model_ja}で定着した{tool_ja}を、進め方の似た{}の業務に広げる。", alike.len()),
            &format!("{tool_en} has settled in {model_en}; {} processes elsewhere are like it.", alike.len()),
        ),
        evidence,
        hours: None,
        cost_kyen: None,
        assumptions: vec![Localized::ja_en(
            "機能の並びの近さで選んだ。違いとして挙げた点を確かめる。削減時間は見込まない。",
            "Chosen by likeness of their functions; the listed differences have to be checked. No saved hours are claimed.",
        )],
        blocked_by: blockers(reader, tool, &reader.sorted(others))
            .into_iter()
            .filter(|one| one.kind != "contract")
            .collect(),
        members: std::iter::once(tool).chain([model]).chain(alike.iter().map(|alike| alike.process)).collect(),
    })
}

/// A process beside the one that the tool serves: how like they are, and what differs.
fn compared(reader: &Reader<'_>, model: Place, alike: &Alike) -> Json {
    let (mine, theirs) = (functions(reader, model), functions(reader, alike.process));
    let pairs = alignment(&mine, &theirs);
    let only = |list: &[&str], taken: Vec<usize>| {
        let rest = list.iter().enumerate().filter(|(place, _)| !taken.contains(place));
        rest.map(|(_, function)| (*function).to_owned()).collect::<Vec<_>>()
    };
    let graver = |process: Place| {
        let data = reader.targets(process, "accesses").into_iter();
        data.map(|data| rank_of_class(reader, data)).max().unwrap_or(0)
    };
    let mut shown = shown(reader, alike.process);
    shown.insert("similarity".into(), json!((alike.likeness * 1_000.0).round() / 1_000.0));
    shown.insert("staff_hours_per_year".into(), alike.hours.into());
    shown.insert("only_here".into(), json!(only(&mine, pairs.iter().map(|pair| pair.0).collect())));
    shown.insert("only_there".into(), json!(only(&theirs, pairs.iter().map(|pair| pair.1).collect())));
    shown.insert("graver_personal_data".into(), (graver(alike.process) > graver(model)).into());
    Json::Object(shown)
}
