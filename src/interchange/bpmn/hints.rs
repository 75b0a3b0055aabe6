//! What vendors write beside the standard, as far as it says with what, in what and how long a step is done.

use crate::interchange::tidy;
use crate::interchange::xml::XmlElement;

/// What extensions of an activity say.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Hints {
    /// The system's id in the model, if ezu wrote it; empty for "none".
    pub model_system: Option<String>,
    /// The system that it names.
    pub system: Option<String>,
    /// A technical name (class, topic, endpoint) behind which some system is.
    pub technical: Option<String>,
    /// By hand or by system, as a vendor's property says.
    pub means: Option<String>,
    /// Paper, screen and so on, likewise.
    pub medium: Option<String>,
    /// Minutes a case, likewise.
    pub minutes: Option<u32>,
    /// What ezu wrote of the means, which comes before what the drawing says; empty for "nobody says".
    pub own_means: Option<String>,
    /// The same of the medium.
    pub own_medium: Option<String>,
    /// The same of the minutes.
    pub own_minutes: Option<String>,
    /// A time that is no number of minutes.
    pub unclear_time: Option<String>,
    /// The step's id in the model, if ezu wrote it.
    pub model_id: Option<String>,
    /// Its number, if ezu wrote it.
    pub number: Option<u32>,
    /// Its name with the white space that a drawing does not keep, if ezu wrote it.
    pub own_name: Option<String>,
    /// The id in the model of who does it, if ezu wrote it beside a step that is in no lane.
    pub model_lane: Option<String>,
    /// What it takes, if ezu wrote it beside a step where nothing is drawn.
    pub input: Option<String>,
    /// What it gives, likewise.
    pub output: Option<String>,
    /// Whether the annotations at it are no part of its documentation, as ezu wrote.
    pub annotations_apart: bool,
}

/// Names of extension properties that mean a system; compared without case, spaces, `-` and `_`.
const SYSTEM: [&str; 10] = [
    "system",
    "itsystem",
    "systemname",
    "application",
    "applicationcomponent",
    "システム",
    "使用システム",
    "利用システム",
    "情報システム",
    "対象システム",
];
/// The same for the time that a case takes.
const MINUTES: [&str; 10] = [
    "minutes",
    "minutespercase",
    "minutesacase",
    "duration",
    "processingtime",
    "worktime",
    "所要時間",
    "処理時間",
    "作業時間",
    "標準時間",
];
const MEDIUM: [&str; 2] = ["medium", "媒体"];
const MEANS: [&str; 2] = ["means", "実施方法"];
/// Attributes of activities that name the program behind them (Camunda, Zeebe, Flowable, W4 and others).
const TECHNICAL: [&str; 8] =
    ["topic", "class", "delegateExpression", "expression", "connectorId", "serviceName", "type", "decisionRef"];

/// What ezu writes where the annotations at a step are no part of its documentation.
pub(super) const APART: &str = "apart";

impl Hints {
    /// Whether the texts of annotations belong to the documentation: not where ezu drew them itself.
    pub(super) fn takes_annotations(&self) -> bool {
        self.model_id.is_none() && !self.annotations_apart
    }

    /// The medium: what ezu wrote, else what the drawing says.
    pub(super) fn said_medium(&self) -> Option<String> {
        overlaid(self.own_medium.as_ref(), || self.medium.clone())
    }

    /// The minutes a case, likewise.
    pub(super) fn said_minutes(&self) -> Option<i64> {
        let text = overlaid(self.own_minutes.as_ref(), || self.minutes.map(|minutes| minutes.to_string()));
        text.and_then(|text| text.parse().ok())
    }

    /// Takes what an attribute or property says.
    pub(super) fn say(&mut self, name: &str, value: &str) {
        let value = tidy::one_line(value);
        if value.is_empty() {
            return;
        }
        let key: String = name.to_lowercase().chars().filter(|c| !matches!(c, ' ' | '-' | '_' | '　')).collect();
        let is = |words: &[&str]| words.contains(&key.as_str());
        if is(&SYSTEM) {
            self.system.get_or_insert(value);
        } else if is(&MEDIUM) {
            self.medium.get_or_insert(value);
        } else if is(&MEANS) {
            self.means.get_or_insert(value);
        } else if is(&MINUTES) && self.minutes.is_none() {
            self.minutes = minutes(&value);
            self.unclear_time = self.minutes.is_none().then_some(value);
        } else if TECHNICAL.contains(&name) {
            self.technical.get_or_insert(value);
        }
    }

    /// Takes what ezu wrote.
    pub(super) fn say_own(&mut self, element: &XmlElement) {
        let own = |name: &str| element.attribute(name).map(str::to_owned);
        self.model_id = own("id");
        self.model_system = own("system");
        (self.own_means, self.own_medium) = (own("means"), own("medium"));
        self.own_minutes = own("minutes").filter(|text| text.is_empty() || text.parse::<i64>().is_ok());
        self.number = element.attribute("no").and_then(|text| text.parse().ok());
        self.own_name = own("name");
        let some = |name: &str| own(name).filter(|text| !text.is_empty());
        (self.model_lane, self.input, self.output) = (some("lane"), some("input"), some("output"));
        self.annotations_apart = element.attribute("annotations") == Some(APART);
    }
}

/// What ezu wrote, if it did; an empty text says that there is nothing.
pub(super) fn overlaid(own: Option<&String>, drawn: impl FnOnce() -> Option<String>) -> Option<String> {
    own.map_or_else(drawn, |own| Some(own.clone()).filter(|text| !text.is_empty()))
}

/// Pairs of name and value in whatever way vendors nest them: `name` or `metaKey` beside `value` or `metaValue`, or an
/// element that holds nothing but a text.
pub(super) fn pairs(element: &XmlElement, found: &mut dyn FnMut(&str, &str)) {
    let mut waiting = vec![element];
    while let Some(element) = waiting.pop() {
        let first = |names: &[&str]| names.iter().find_map(|name| element.attribute(name));
        if let (Some(name), Some(value)) =
            (first(&["name", "metaKey", "key", "metaKeyName"]), first(&["value", "metaValue"]))
        {
            found(name, value);
        } else if element.elements().next().is_none() {
            let text = element.text();
            found(first(&["name", "key"]).unwrap_or_else(|| element.local()), &text);
        }
        for attribute in &element.attributes {
            if element.local() == "taskDefinition" || attribute.name.local.as_ref() == "topic" {
                found(&attribute.name.local, &attribute.value);
            }
        }
        waiting.extend(element.elements());
    }
}

/// Minutes from `15`, `15分`, `1.5 h`, `PT1H30M`, `１時間３０分`; rounded. Nothing if it is no time.
pub(super) fn minutes(text: &str) -> Option<u32> {
    let text: String = text.chars().filter(|c| !c.is_whitespace()).map(narrow).collect::<String>().to_lowercase();
    let body = text.strip_prefix("pt").unwrap_or(&text);
    let (mut total, mut number, mut is_seen) = (0.0_f64, String::new(), false);
    let mut rest = body;
    while let Some(character) = rest.chars().next() {
        if character.is_ascii_digit() || character == '.' {
            number.push(character);
            rest = &rest[character.len_utf8()..];
            continue;
        }
        let (unit, factor) = UNITS.iter().find(|(unit, _)| rest.starts_with(unit))?;
        total += number.parse::<f64>().ok()? * factor;
        (is_seen, rest) = (true, &rest[unit.len()..]);
        number.clear();
    }
    if !number.is_empty() {
        // A bare number is minutes, but not behind a unit.
        total += number.parse::<f64>().ok().filter(|_| !is_seen)?;
        is_seen = true;
    }
    let fits = is_seen && total.is_finite() && (0.0..=1e9).contains(&total);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the range was checked")]
    fits.then(|| total.round() as u32)
}

/// Longer words first, since they begin with the shorter ones.
const UNITS: [(&str, f64); 14] = [
    ("minutes", 1.0),
    ("minute", 1.0),
    ("min", 1.0),
    ("分", 1.0),
    ("hours", 60.0),
    ("hour", 60.0),
    ("時間", 60.0),
    ("std", 60.0),
    ("h", 60.0),
    ("sec", 1.0 / 60.0),
    ("秒", 1.0 / 60.0),
    ("s", 1.0 / 60.0),
    ("uur", 60.0),
    ("m", 1.0),
];

fn narrow(character: char) -> char {
    match character {
        '０'..='９' => char::from_digit(u32::from(character) - u32::from('０'), 10).unwrap_or(character),
        '．' => '.',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_in_minutes() {
        let cases = [
            ("15", Some(15)),
            ("15分", Some(15)),
            ("1.5 h", Some(90)),
            ("PT1H30M", Some(90)),
            ("１時間３０分", Some(90)),
            ("90秒", Some(2)),
            ("10 min", Some(10)),
            ("", None),
            ("about 5", None),
            ("1h30", None),
            ("1..2", None),
            ("9999999999999", None),
        ];
        for (text, expected) in cases {
            assert_eq!(minutes(text), expected, "{text}");
        }
    }
}
