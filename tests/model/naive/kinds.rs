//! The part of the municipal profile that random change sets use, written down by hand.

use serde_json::Value as Json;

/// What an attribute holds.
#[derive(Debug, Clone, Copy)]
pub enum Holds {
    Text,
    /// A whole number of at least this.
    Whole(i64),
    /// Any number of at least 0.
    Number,
    Truth,
    Day,
    Code(&'static [&'static str]),
    Texts,
    Reference(Reference),
}

/// What a reference attribute stands for.
#[derive(Debug, Clone, Copy)]
pub struct Reference {
    pub relationship: &'static str,
    pub many: bool,
    /// Where an entry holds the id referred to.
    pub key: &'static str,
    /// Whether what is referred to is a part of the owner.
    pub owned: bool,
}

/// Where an item's name comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Naming {
    Own,
    Elsewhere,
    Optional,
}

pub const ELEMENT_KINDS: [&str; 8] =
    ["department", "person", "system", "data_object", "business_process", "process_step", "decision", "infrastructure"];

pub const RELATIONSHIP_KINDS: [&str; 14] = [
    "part_of",
    "works_in",
    "owned_by",
    "known_by",
    "depends_on",
    "runs_on",
    "mastered_by",
    "data_flow",
    "carries",
    "uses",
    "has_step",
    "performed_by",
    "decided_by",
    "explains",
];

/// Kinds that nothing can be an item of.
pub const ABSTRACT_KINDS: [&str; 1] = ["motivation_element"];

const COMMON: [(&str, Holds); 4] =
    [("valid_from", Holds::Day), ("valid_to", Holds::Day), ("aliases", Holds::Texts), ("source_note", Holds::Text)];

const fn one(relationship: &'static str) -> Holds {
    Holds::Reference(Reference { relationship, many: false, key: "target", owned: false })
}

const fn several(relationship: &'static str, key: &'static str) -> Holds {
    Holds::Reference(Reference { relationship, many: true, key, owned: false })
}

const STEPS: Holds = Holds::Reference(Reference { relationship: "has_step", many: true, key: "target", owned: true });

/// The attributes of a kind that the naive model knows.
pub fn attributes(kind: &str) -> Vec<(&'static str, Holds)> {
    let own: &[(&str, Holds)] = match kind {
        "department" => &[
            ("kana", Holds::Text),
            ("type", Holds::Code(&["division", "section"])),
            ("staff", Holds::Whole(0)),
            ("parent", one("part_of")),
        ],
        "person" => &[("code", Holds::Text), ("external", Holds::Truth), ("department", one("works_in"))],
        "system" => &[
            ("kana", Holds::Text),
            ("users", Holds::Whole(0)),
            ("installed", Holds::Day),
            ("availability.rto_hours", Holds::Whole(0)),
            ("availability.redundant", Holds::Truth),
            ("owner_department", one("owned_by")),
            ("known_by", several("known_by", "target")),
            ("runs_on", several("runs_on", "target")),
            ("depends_on", several("depends_on", "target")),
        ],
        "data_object" => &[
            ("subjects", Holds::Whole(0)),
            ("owner_department", one("owned_by")),
            ("masters", several("mastered_by", "target")),
        ],
        "business_process" => &[
            ("staff_fte", Holds::Number),
            ("continuity.rto_hours", Holds::Whole(0)),
            ("owner_department", one("owned_by")),
            ("systems", several("uses", "system")),
            ("known_by", several("known_by", "target")),
            ("steps", STEPS),
        ],
        "process_step" => &[("no", Holds::Whole(1)), ("function", Holds::Text), ("lane", one("performed_by"))],
        "decision" => &[
            ("date", Holds::Day),
            ("reason", Holds::Text),
            ("decided_by", several("decided_by", "target")),
            ("explains", several("explains", "target")),
        ],
        "infrastructure" => &[("rto_hours", Holds::Whole(0))],
        "data_flow" => &[
            ("method", Holds::Code(&["api", "file", "usb", "rekey"])),
            ("documented", Holds::Truth),
            ("data", several("carries", "target")),
        ],
        "depends_on" => &[("level", Holds::Code(&["essential", "support"]))],
        "uses" => &[("role", Holds::Code(&["essential", "support"]))],
        _ => &[],
    };
    COMMON.iter().chain(own).copied().collect()
}

/// What an attribute of a kind holds.
pub fn attribute(kind: &str, name: &str) -> Option<Holds> {
    attributes(kind).into_iter().find(|(held, _)| *held == name).map(|(_, holds)| holds)
}

/// The reference attribute of a kind that stands for a kind of relationship.
pub fn reference_by(kind: &str, relationship: &str) -> Option<(&'static str, Reference)> {
    attributes(kind).into_iter().find_map(|(name, holds)| match holds {
        Holds::Reference(reference) if reference.relationship == relationship => Some((name, reference)),
        _ => None,
    })
}

/// Where items of a kind have their name from.
pub fn naming(kind: &str) -> Naming {
    match kind {
        "person" | "process_step" => Naming::Elsewhere,
        _ if RELATIONSHIP_KINDS.contains(&kind) => Naming::Optional,
        _ => Naming::Own,
    }
}

/// The attributes by which an item of a kind is found, besides id and name.
pub fn searched(kind: &str) -> &'static [&'static str] {
    match kind {
        "person" => &["aliases", "code"],
        "department" | "system" => &["aliases", "kana"],
        "process_step" => &["aliases", "function"],
        "decision" => &["aliases", "reason"],
        _ => &["aliases"],
    }
}

/// Whether a relationship may run between items of these kinds.
pub fn permits(relationship: &str, source: &str, target: &str) -> bool {
    match relationship {
        "part_of" => source == "department" && target == "department",
        "works_in" => source == "person" && target == "department",
        "owned_by" => ["system", "business_process", "data_object"].contains(&source) && target == "department",
        "known_by" => ["system", "business_process"].contains(&source) && target == "person",
        "depends_on" => source == "system" && ["system", "infrastructure"].contains(&target),
        "runs_on" => source == "system" && target == "infrastructure",
        "mastered_by" => source == "data_object" && target == "system",
        "data_flow" => source == "system" && target == "system",
        "carries" => source == "data_flow" && target == "data_object",
        "uses" => source == "business_process" && target == "system",
        "has_step" => source == "business_process" && target == "process_step",
        "performed_by" => source == "process_step" && target == "department",
        "decided_by" => source == "decision" && ["person", "department"].contains(&target),
        "explains" => source == "decision",
        _ => false,
    }
}

/// Whether a value fits.
pub fn fits(holds: Holds, value: &Json) -> bool {
    match holds {
        Holds::Text => value.is_string(),
        Holds::Whole(least) => value.as_i64().is_some_and(|number| number >= least),
        Holds::Number => value.as_f64().is_some_and(|number| number >= 0.0),
        Holds::Truth => value.is_boolean(),
        Holds::Day => value.as_str().is_some_and(is_day),
        Holds::Code(codes) => value.as_str().is_some_and(|code| codes.contains(&code)),
        Holds::Texts => value.as_array().is_some_and(|entries| entries.iter().all(Json::is_string)),
        Holds::Reference(_) => false,
    }
}

fn is_day(text: &str) -> bool {
    let parts: Vec<u32> = text.split('-').filter_map(|part| part.parse().ok()).collect();
    let [year, month, day] = parts[..] else {
        return false;
    };
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let length = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return false,
    };
    text.len() == 10 && (1..=length).contains(&day)
}
