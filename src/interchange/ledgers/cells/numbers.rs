//! Numbers as staff write them: full-width digits, separators, units, 万 and 億, ▲ for negative ones.

use super::spelling::plain;

/// A number and what stood around it.
#[derive(Debug, Clone, PartialEq)]
pub struct NumberRead {
    /// The number, before any unit is taken into account; 万 and 億 before a unit are part of the unit.
    pub value: f64,
    /// What stands after it.
    pub unit: String,
    /// Whether the text says that it is not exact (約, 程度, およそ).
    pub is_about: bool,
}

/// How much a unit is worth, by what it measures.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Unit {
    /// What it measures: units of different measures cannot be converted.
    pub measure: Measure,
    /// How many of the measure's base units it is.
    pub factor: f64,
}

/// What a unit measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// Money, in yen.
    Money,
    /// Time, in minutes.
    Time,
    /// Things, people or cases, one by one.
    Count,
    /// A share of the whole.
    Share,
}

/// Reads a number with what stands before and after it.
pub fn number(text: &str) -> Option<NumberRead> {
    let text: String = plain(text).chars().filter(|c| !c.is_whitespace()).collect();
    let (text, about_before) = strip_about(&text);
    let (text, negative) = sign(text);
    let text = text.trim_start_matches(['¥', '\\', '￥', '$']);
    let length = text.find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | ','))).unwrap_or(text.len());
    let digits = grouped(&text[..length])?;
    let value: f64 = digits.parse().ok()?;
    let after = text[length..].trim_end_matches(')');
    let about_after = ["程度", "くらい", "ぐらい", "前後", "強", "弱"].iter().find_map(|word| after.strip_suffix(word));
    let is_about = about_before || about_after.is_some();
    let unit = about_after.unwrap_or(after).to_owned();
    let holds_digits = unit.chars().any(|c| c.is_ascii_digit());
    (!holds_digits && value.is_finite()).then_some(NumberRead {
        value: if negative { -value } else { value },
        unit,
        is_about,
    })
}

fn strip_about(text: &str) -> (&str, bool) {
    for word in ["約", "およそ", "概ね", "おおむね", "ca."] {
        if let Some(rest) = text.strip_prefix(word) {
            return (rest, true);
        }
    }
    (text, false)
}

fn sign(text: &str) -> (&str, bool) {
    for mark in ["▲", "△", "-", "−", "ー"] {
        if let Some(rest) = text.strip_prefix(mark) {
            return (rest, true);
        }
    }
    match text.strip_prefix('(') {
        Some(rest) if text.ends_with(')') => (rest, true),
        _ => (text.strip_prefix('+').unwrap_or(text), false),
    }
}

/// Digits without their separators; none if the separators stand where none can (`1,2`).
fn grouped(text: &str) -> Option<String> {
    let (whole, fraction) = text.split_once('.').map_or((text, None), |(whole, fraction)| (whole, Some(fraction)));
    let groups: Vec<&str> = whole.split(',').collect();
    let well_grouped = groups.len() == 1
        || (!groups[0].is_empty() && groups[0].len() <= 3 && groups[1..].iter().all(|group| group.len() == 3));
    let fraction_sound = fraction.is_none_or(|fraction| !fraction.is_empty() && !fraction.contains([',', '.']));
    if whole.is_empty() || !well_grouped || !fraction_sound {
        return None;
    }
    Some(fraction.map_or_else(|| groups.concat(), |fraction| format!("{}.{fraction}", groups.concat())))
}

/// The unit that a word names: `千円`, `時間`, `件/年`, `人`.
pub fn unit(word: &str) -> Option<Unit> {
    let word = plain(word).to_lowercase();
    let word = word.split(['/', '／']).next().unwrap_or("").trim();
    let word = word.strip_prefix('年').filter(|rest| !rest.is_empty()).unwrap_or(word);
    let (multiple, rest) = multiple(word);
    let base = |measure, factor| Some(Unit { measure, factor: factor * multiple });
    match rest {
        "円" | "yen" => base(Measure::Money, 1.0),
        "分" | "min" | "minutes" => base(Measure::Time, 1.0),
        "時間" | "h" | "hr" | "hours" => base(Measure::Time, 60.0),
        "日" | "日間" | "days" => base(Measure::Time, 24.0 * 60.0),
        "週" | "週間" => base(Measure::Time, 7.0 * 24.0 * 60.0),
        "" if multiple > 1.0 => base(Measure::Count, 1.0),
        "件" | "人" | "名" | "台" | "個" | "本" | "回" | "世帯" | "所" | "ケ所" | "箇所" | "枚" | "通" | "棟"
        | "冊" | "people" | "人工" | "人日" | "機能" | "項目" | "records" | "cases" | "items" => {
            base(Measure::Count, 1.0)
        }
        "%" | "パーセント" => base(Measure::Share, 0.01),
        _ => None,
    }
}

fn multiple(word: &str) -> (f64, &str) {
    for (name, factor) in
        [("百万", 1e6), ("千万", 1e7), ("万", 1e4), ("億", 1e8), ("兆", 1e12), ("千", 1e3), ("百", 1e2)]
    {
        if let Some(rest) = word.strip_prefix(name) {
            return (factor, rest);
        }
    }
    match word {
        "kyen" => (1e3, "円"),
        _ => (1.0, word),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str) -> Option<(f64, String)> {
        number(text).map(|read| (read.value, read.unit))
    }

    #[test]
    fn numbers_in_all_their_clothes() {
        for (text, value, unit) in [
            ("12,000千円", 12_000.0, "千円"),
            ("９００", 900.0, ""),
            ("１２，０００", 12_000.0, ""),
            ("▲3.5", -3.5, ""),
            ("(1,200)", -1_200.0, ""),
            ("1.5億円", 1.5, "億円"),
            ("￥3,000", 3_000.0, ""),
            ("72 時間", 72.0, "時間"),
            ("約30人", 30.0, "人"),
        ] {
            assert_eq!(read(text), Some((value, unit.to_owned())), "{text}");
        }
        assert!(number("約30人程度").is_some_and(|read| read.is_about && read.unit == "人"));
    }

    #[test]
    fn what_is_no_number_is_none() {
        for text in ["", "-", "不明", "1,2", "1.2.3", "10~20", "12万3千", ",", "."] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn units_know_what_they_measure() {
        assert_eq!(unit("千円/年"), Some(Unit { measure: Measure::Money, factor: 1_000.0 }));
        assert_eq!(unit("百万円"), Some(Unit { measure: Measure::Money, factor: 1e6 }));
        assert_eq!(unit("日"), Some(Unit { measure: Measure::Time, factor: 1_440.0 }));
        assert_eq!(unit("万人"), Some(Unit { measure: Measure::Count, factor: 1e4 }));
        assert_eq!(unit("架空"), None);
        assert_eq!(unit(""), None);
    }

    proptest! {
        #[test]
        fn no_text_is_too_odd(text in "\\PC{0,20}") {
            let _ = (number(&text), unit(&text));
        }

        #[test]
        fn whole_numbers_come_back(value in -1_000_000_000_i64..1_000_000_000) {
            #[expect(clippy::cast_precision_loss, reason = "below 2^53")]
            let expected = value as f64;
            prop_assert_eq!(number(&value.to_string()).map(|read| read.value), Some(expected));
        }
    }
}
