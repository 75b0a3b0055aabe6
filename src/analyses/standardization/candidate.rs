//! One candidate: its members, evidence, saving, assumptions, and what stands in the way.

use jiff::civil::Date;
use serde::Serialize;
use serde_json::{Map, Value as Json};

use crate::analyses::answer::ItemSummary;
use crate::analyses::findings::{Reader, finding_id};
use crate::analyses::names::summary_of;
use crate::domain::Localized;
use crate::graph::{Place, View};

/// What sort of candidate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CandidateType {
    /// One function, tools of several sections.
    SameFunction,
    /// Processes that consist of the same functions.
    SamePattern,
    /// Data with several masters.
    DoubleMaster,
    /// The same data to the same place by several methods.
    ParallelMethods,
    /// What is typed again.
    Rekey,
    /// Hand-overs that the common data link could carry.
    FileToHub,
    /// Systems or processes that serve the same and work with the same data.
    Neighbourhood,
    /// A solution that works somewhere, for work elsewhere that is like it.
    Rollout,
}

impl CandidateType {
    /// All types.
    pub const ALL: [Self; 8] = [
        Self::SameFunction,
        Self::SamePattern,
        Self::DoubleMaster,
        Self::ParallelMethods,
        Self::Rekey,
        Self::FileToHub,
        Self::Neighbourhood,
        Self::Rollout,
    ];

    /// Its name for programs.
    pub fn name(self) -> &'static str {
        match self {
            Self::SameFunction => "same_function",
            Self::SamePattern => "same_pattern",
            Self::DoubleMaster => "double_master",
            Self::ParallelMethods => "parallel_methods",
            Self::Rekey => "rekey",
            Self::FileToHub => "file_to_hub",
            Self::Neighbourhood => "neighbourhood",
            Self::Rollout => "rollout",
        }
    }

    /// The type of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    fn label(self) -> Localized {
        match self {
            Self::SameFunction => Localized::ja_en("同じ機能の道具", "same function"),
            Self::SamePattern => Localized::ja_en("同じ型の業務", "same pattern"),
            Self::DoubleMaster => Localized::ja_en("複数の正本", "several masters"),
            Self::ParallelMethods => Localized::ja_en("方式の重複", "parallel methods"),
            Self::Rekey => Localized::ja_en("再入力", "re-entry"),
            Self::FileToHub => Localized::ja_en("連携基盤への移行", "to the common data link"),
            Self::Neighbourhood => Localized::ja_en("似た位置の要素", "like neighbourhoods"),
            Self::Rollout => Localized::ja_en("横展開", "roll-out"),
        }
    }
}

/// What a candidate would save in a year.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct Saving {
    /// Hours of work; absent where nothing recorded tells.
    pub hours: Option<i64>,
    /// Money, in thousand yen; absent where nothing recorded tells.
    pub cost_kyen: Option<f64>,
    /// The hours in thousand yen, at the rate that is set; absent without one.
    pub hours_as_kyen: Option<f64>,
}

/// What stands in the way.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Blocker {
    /// `contract`, `zone` or `personal_data`.
    pub kind: &'static str,
    /// The item that it is about.
    pub item: String,
    /// Until when, where that is known.
    pub until: Option<Date>,
    /// In words.
    pub text: Localized,
}

/// Something that could be standardised.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Candidate {
    /// Stable: made of the type and of what makes the case.
    pub id: String,
    /// What sort of candidate.
    #[serde(rename = "type")]
    pub kind: CandidateType,
    /// The items that could be one.
    pub members: Vec<ItemSummary>,
    /// What it is in words.
    pub sentence: Localized,
    /// What the figures are worked out from.
    pub evidence: Map<String, Json>,
    /// The saving in thousand yen, hours included at the rate that is set; ranks the candidates.
    pub score: f64,
    /// What it would save.
    pub saving: Saving,
    /// What the saving assumes.
    pub assumptions: Vec<Localized>,
    /// What stands in the way.
    pub blocked_by: Vec<Blocker>,
    /// The place in the suggested order, from 1: what nothing blocks comes first, then by the day it becomes free.
    pub order: usize,
}

/// A candidate before it is ranked.
pub(super) struct Draft {
    pub(super) kind: CandidateType,
    pub(super) key: Vec<String>,
    pub(super) members: Vec<Place>,
    pub(super) sentence: Localized,
    pub(super) evidence: Map<String, Json>,
    pub(super) hours: Option<i64>,
    pub(super) cost_kyen: Option<f64>,
    pub(super) assumptions: Vec<Localized>,
    pub(super) blocked_by: Vec<Blocker>,
}

/// The candidates, the most money first, then the most hours, then by id.
pub(super) fn ranked(view: &View, reader: &Reader<'_>, drafts: Vec<Draft>, rate: Option<u64>) -> Vec<Candidate> {
    let mut items: Vec<Candidate> = drafts.into_iter().map(|draft| candidate(view, reader, draft, rate)).collect();
    items.sort_by(|a, b| {
        let hours = |item: &Candidate| item.saving.hours.unwrap_or(0);
        b.score.total_cmp(&a.score).then(hours(b).cmp(&hours(a))).then(a.id.cmp(&b.id))
    });
    let mut places: Vec<usize> = (0..items.len()).collect();
    places.sort_by_key(|place| {
        let blocked = &items[*place].blocked_by;
        let free = blocked.iter().filter_map(|blocker| blocker.until).max();
        (!blocked.is_empty(), free, *place)
    });
    for (order, place) in places.into_iter().enumerate() {
        items[place].order = order + 1;
    }
    items
}

#[expect(clippy::cast_precision_loss, reason = "hours and yen a year are far below 2^53")]
fn candidate(view: &View, reader: &Reader<'_>, draft: Draft, rate: Option<u64>) -> Candidate {
    let keys: Vec<&str> = draft.key.iter().map(String::as_str).collect();
    let hours_as_kyen = draft.hours.zip(rate).map(|(hours, rate)| hours as f64 * rate as f64 / 1_000.0);
    let members = reader.sorted(draft.members);
    Candidate {
        id: finding_id(draft.kind.name(), &keys),
        kind: draft.kind,
        members: members.iter().filter_map(|place| reader.item(*place)).map(|item| summary_of(view, item)).collect(),
        sentence: draft.sentence,
        evidence: draft.evidence,
        score: draft.cost_kyen.unwrap_or(0.0) + hours_as_kyen.unwrap_or(0.0),
        saving: Saving { hours: draft.hours, cost_kyen: draft.cost_kyen, hours_as_kyen },
        assumptions: draft.assumptions,
        blocked_by: draft.blocked_by,
        order: 0,
    }
}

impl Candidate {
    pub(super) fn row(&self, language: &str) -> Vec<String> {
        let words = |list: &mut dyn Iterator<Item = &Localized>| {
            list.map(|text| text.get(language).to_owned()).collect::<Vec<_>>().join(" ")
        };
        vec![
            self.order.to_string(),
            self.kind.label().get(language).to_owned(),
            self.sentence.get(language).to_owned(),
            self.members.iter().map(|member| member.name.get(language)).collect::<Vec<_>>().join("; "),
            self.saving.cost_kyen.map_or_else(String::new, |cost| cost.to_string()),
            self.saving.hours.map_or_else(String::new, |hours| hours.to_string()),
            words(&mut self.blocked_by.iter().map(|blocker| &blocker.text)),
            words(&mut self.assumptions.iter()),
            self.id.clone(),
            self.members.iter().map(|member| &*member.id).collect::<Vec<_>>().join(" "),
        ]
    }
}

/// What an item is called in both languages, in quotation marks where that is usual.
pub(super) fn called(reader: &Reader<'_>, place: Place) -> (String, String) {
    let Some(item) = reader.item(place) else { return (String::new(), String::new()) };
    let name = crate::analyses::names::name_of(reader.view(), item);
    (format!("「{}」", name.get("ja")), name.get("en").to_owned())
}

/// The days, zones and data that keep `others` from giving way to `kept`.
pub(super) fn blockers(reader: &Reader<'_>, kept: Place, others: &[Place]) -> Vec<Blocker> {
    let mut found = Vec::new();
    let (kept_ja, kept_en) = called(reader, kept);
    for other in others.iter().copied().filter(|other| *other != kept) {
        let (ja, en) = called(reader, other);
        let item = reader.id(other).to_owned();
        if let Some(until) = reader.date_of(other, "contract_end").filter(|end| *end > reader.date()) {
            let text = Localized::ja_en(
                &format!("{ja}の契約は{until}まで続く。"),
                &format!("The contract of {en} runs until {until}."),
            );
            found.push(Blocker { kind: "contract", item: item.clone(), until: Some(until), text });
        }
        let zones = (reader.target_of(kept, "in_zone"), reader.target_of(other, "in_zone"));
        if let (Some(here), Some(there)) = zones
            && here != there
        {
            let text = Localized::ja_en(
                &format!(
                    "{ja}は{}にあり、{kept_ja}の{}とは別の系である。",
                    called(reader, there).0,
                    called(reader, here).0
                ),
                &format!("{en} is in {}, while {kept_en} is in {}.", called(reader, there).1, called(reader, here).1),
            );
            found.push(Blocker { kind: "zone", item: item.clone(), until: None, text });
        }
        if rank_of_class(reader, other) > rank_of_class(reader, kept) {
            let text = Localized::ja_en(
                &format!("{ja}は{kept_ja}より重い個人情報を扱う。"),
                &format!("{en} handles graver personal data than {kept_en}."),
            );
            found.push(Blocker { kind: "personal_data", item, until: None, text });
        }
    }
    found
}

/// How grave the personal data of a system or of data are (domain §5.4: none < personal < sensitive / specific <
/// specific-sensitive).
pub(super) fn rank_of_class(reader: &Reader<'_>, place: Place) -> u8 {
    let class = reader.text(place, "personal_data.class").or_else(|| reader.text(place, "personal_class"));
    match class {
        Some("personal") => 1,
        Some("sensitive" | "specific") => 2,
        Some("specific-sensitive") => 3,
        _ => 0,
    }
}

/// An item for evidence: its id and name.
pub(super) fn shown(reader: &Reader<'_>, place: Place) -> Map<String, Json> {
    let mut shown = Map::new();
    shown.insert("id".into(), reader.id(place).into());
    if let Some(item) = reader.item(place) {
        let name = crate::analyses::names::name_of(reader.view(), item);
        shown.insert("name".into(), serde_json::to_value(name).unwrap_or_default());
    }
    shown
}

/// A recorded value for evidence; null where it is not recorded.
pub(super) fn recorded(reader: &Reader<'_>, place: Place, attribute: &str) -> Json {
    reader.value(place, attribute).map_or(Json::Null, crate::domain::Value::to_json)
}
