//! What placeholders stand for in an answer.

use super::arguments::Arguments;
use super::calls::Gathered;
use super::variables::{self, Figure};
use crate::analyses::names::LANGUAGES;
use crate::analyses::sheets::SheetCell;
use crate::domain::Localized;
use crate::domain::naming::fill;

/// How many values a sentence names; the rest is counted.
const MOST_NAMED: usize = 5;

/// What the sentences of one answer are filled with.
pub(super) struct Figures<'a> {
    pub(super) chosen: &'a Arguments,
    pub(super) found: &'a Gathered,
    pub(super) date: jiff::civil::Date,
}

impl Figures<'_> {
    /// A sentence with its placeholders filled, in both languages.
    pub(super) fn say(&self, template: &Localized) -> Localized {
        let [ja, en] = LANGUAGES.map(|language| self.filled(template.get(language), |name| self.value(name, language)));
        Localized::ja_en(&ja, &en)
    }

    /// A sentence about one row.
    pub(super) fn say_row(&self, template: &Localized, row: &[SheetCell]) -> Localized {
        let of_row = |name: &str, language: &str| match self.place(name).and_then(|place| row.get(place)) {
            Some(SheetCell::Empty) => nothing(language).to_owned(),
            Some(cell) => shown(cell, language),
            None => self.value(name, language),
        };
        let [ja, en] = LANGUAGES.map(|language| self.filled(template.get(language), |name| of_row(name, language)));
        Localized::ja_en(&ja, &en)
    }

    /// Whether a placeholder stands for something that is neither nothing nor zero.
    pub(super) fn is_something(&self, name: &str) -> bool {
        !matches!(self.value(name, "ja").as_str(), "" | "0")
    }

    #[expect(clippy::unused_self, reason = "reads as a sentence being filled by the figures")]
    fn filled(&self, template: &str, value: impl Fn(&str) -> String) -> String {
        let values: Vec<(&str, String)> = variables::placeholders(template).map(|name| (name, value(name))).collect();
        let values: Vec<(&str, &str)> = values.iter().map(|(name, text)| (*name, text.as_str())).collect();
        fill(template, &values)
    }

    fn value(&self, name: &str, language: &str) -> String {
        if let Some((figure, column)) = variables::figure(name) {
            return self.place(column).map_or_else(String::new, |place| self.figure(figure, place, language));
        }
        match name {
            "count" => grouped(&self.found.rows.len().to_string()),
            "date" => self.date.to_string(),
            name => self.chosen.get(name).map_or_else(String::new, |held| held.words.get(language).to_owned()),
        }
    }

    fn place(&self, column: &str) -> Option<usize> {
        self.found.columns.iter().position(|held| held.key == column)
    }

    fn cells(&self, place: usize) -> impl Iterator<Item = &SheetCell> {
        self.found.rows.iter().filter_map(move |row| row.get(place)).filter(|cell| !cell.is_empty())
    }

    fn figure(&self, figure: Figure, place: usize, language: &str) -> String {
        let numbers = || self.cells(place).filter_map(SheetCell::as_number);
        match figure {
            Figure::Count => grouped(&self.different(place, language).len().to_string()),
            Figure::Known => grouped(&self.cells(place).count().to_string()),
            Figure::Sum => number(numbers().sum::<f64>() + 0.0),
            Figure::Min => self.extreme(place, language, false),
            Figure::Max => self.extreme(place, language, true),
            Figure::First => self.cells(place).next().map_or_else(String::new, |cell| shown(cell, language)),
            Figure::List => listed(&self.different(place, language), language),
        }
    }

    /// The smallest or largest number or day.
    fn extreme(&self, place: usize, language: &str, largest: bool) -> String {
        let rank = |cell: &SheetCell| match cell {
            SheetCell::Date(date) => {
                let parts = (i32::from(date.year()), i32::from(date.month()), i32::from(date.day()));
                Some(f64::from(parts.0 * 10_000 + parts.1 * 100 + parts.2))
            }
            other => other.as_number(),
        };
        let ranked = self.cells(place).filter_map(|cell| Some((rank(cell)?, cell)));
        let better = |(a, _): &(f64, &SheetCell), (b, _): &(f64, &SheetCell)| a.total_cmp(b);
        let found = if largest { ranked.max_by(better) } else { ranked.min_by(better) };
        found.map_or_else(String::new, |(_, cell)| shown(cell, language))
    }

    /// The different values of a column, in the order in which they come; items of a list one by one.
    fn different(&self, place: usize, language: &str) -> Vec<String> {
        let mut seen = rustc_hash::FxHashSet::default();
        let mut found = Vec::new();
        for cell in self.cells(place) {
            let held = cell.held_items();
            if held.is_empty() {
                let text = shown(cell, language);
                if seen.insert(text.clone()) {
                    found.push(text);
                }
            }
            for item in held.iter().filter(|item| seen.insert(item.id.clone())).collect::<Vec<_>>() {
                found.push(item.name.get(language).to_owned());
            }
        }
        found
    }
}

fn nothing(language: &str) -> &'static str {
    if language == "en" { "not recorded" } else { "記載なし" }
}

/// A cell in a sentence: numbers are grouped by thousands.
fn shown(cell: &SheetCell, language: &str) -> String {
    match cell {
        SheetCell::Integer(value) => grouped(&value.to_string()),
        SheetCell::Number(value) => number(*value),
        other => other.to_text(language),
    }
}

/// A number with at most one decimal, grouped by thousands.
fn number(value: f64) -> String {
    let text = format!("{value:.1}");
    grouped(text.strip_suffix(".0").unwrap_or(&text))
}

fn grouped(text: &str) -> String {
    let (sign, digits) = text.strip_prefix('-').map_or(("", text), |rest| ("-", rest));
    let (whole, fraction) = digits.split_once('.').map_or((digits, None), |(whole, rest)| (whole, Some(rest)));
    let mut grouped = String::new();
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place) % 3 == 0 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    fraction.map_or_else(|| format!("{sign}{grouped}"), |rest| format!("{sign}{grouped}.{rest}"))
}

fn listed(names: &[String], language: &str) -> String {
    let shown = &names[..names.len().min(MOST_NAMED)];
    let rest = names.len() - shown.len();
    match (language, rest) {
        ("en", 0) => shown.join(", "),
        ("en", rest) => format!("{} and {rest} more", shown.join(", ")),
        (_, 0) => shown.iter().map(|name| format!("「{name}」")).collect(),
        (_, rest) => format!("{}ほか{rest}件", shown.iter().map(|name| format!("「{name}」")).collect::<String>()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_and_lists_are_cut() {
        assert_eq!(grouped("1234567"), "1,234,567");
        assert_eq!(grouped("-999"), "-999");
        assert_eq!((number(3823.0), number(0.25)), ("3,823".to_owned(), "0.2".to_owned()));
        let names: Vec<String> = (1..=6).map(|number| number.to_string()).collect();
        assert_eq!(listed(&names, "ja"), "「1」「2」「3」「4」「5」ほか1件");
        assert_eq!(listed(&names[..2], "en"), "1, 2");
    }
}
