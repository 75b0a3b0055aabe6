//! Days as staff write them: Western and Japanese calendars, in many forms.

use jiff::civil::{Date, date};

use super::spelling::plain;

/// What a text says of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DayRead {
    /// One day.
    Day(Date),
    /// One day, though the era had ended or not begun by then (`H32.3.31`).
    OutsideEra(Date),
    /// A month or a year: it lies between these days.
    Between(Date, Date),
}

impl DayRead {
    /// The day, or of a span the first or the last.
    pub fn choose(self, last: bool) -> Date {
        match self {
            Self::Day(day) | Self::OutsideEra(day) => day,
            Self::Between(first, end) => {
                if last {
                    end
                } else {
                    first
                }
            }
        }
    }
}

/// An era: its names, the Western year before its first, its first and its last day.
struct Era {
    names: [&'static str; 2],
    before: i16,
    first: Date,
    last: Date,
}

/// From the newest, as the law sets them (元号法; 改元の政令).
static ERAS: [Era; 5] = [
    Era { names: ["令和", "r"], before: 2018, first: date(2019, 5, 1), last: date(9999, 12, 31) },
    Era { names: ["平成", "h"], before: 1988, first: date(1989, 1, 8), last: date(2019, 4, 30) },
    Era { names: ["昭和", "s"], before: 1925, first: date(1926, 12, 25), last: date(1989, 1, 7) },
    Era { names: ["大正", "t"], before: 1911, first: date(1912, 7, 30), last: date(1926, 12, 24) },
    Era { names: ["明治", "m"], before: 1867, first: date(1868, 1, 25), last: date(1912, 7, 29) },
];

/// Reads a day: `2026-03-31`, `2026/3/31`, `2026年3月31日`, `20260331`, `R8.3.31`, `令和8年3月31日`, `令和元年5月`.
pub fn day(text: &str) -> Option<DayRead> {
    let lower = plain(text).to_lowercase();
    let text: String = without_time(&lower).chars().filter(|c| !c.is_whitespace()).collect();
    let text = without_weekday(&text);
    let (era, rest) = era_of(text);
    if era.is_none() && text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(DayRead::Day(made(text[..4].parse().ok()?, text[4..6].parse().ok()?, text[6..].parse().ok()?)?));
    }
    let (year, rest) = year_of(rest)?;
    let western = year.checked_add(era.map_or(0, |era| era.before))?;
    if era.is_none() && !(1800..=9999).contains(&western) {
        return None;
    }
    let read = within_year(western, rest)?;
    Some(match (era, read) {
        (Some(era), DayRead::Day(day)) if day < era.first || day > era.last => DayRead::OutsideEra(day),
        (_, read) => read,
    })
}

/// A day of a spreadsheet's calendar, counted from 1899-12-30, where a day may be meant.
pub fn serial_day(number: f64) -> Option<Date> {
    // 1920 to 2119: what lies outside is hardly a day of a ledger.
    let sound = number.fract().abs() < f64::EPSILON && (7_306.0..80_000.0).contains(&number);
    #[expect(clippy::cast_possible_truncation, reason = "between 7,306 and 80,000")]
    let days = number as i64;
    sound.then(|| date(1899, 12, 30).checked_add(jiff::Span::new().days(days)).ok())?
}

/// The two sides of a span: `H27.4.1～R10.3.31`, `R1.6.1〜`, `2026/4/1から2027/3/31まで`.
pub fn span(text: &str) -> Option<(String, String)> {
    let text = plain(text).replace('〜', "~").replace("から", "~").replace("まで", "");
    let text = text.replace(['—', '―', '–', '→'], "~");
    let (from, to) = text.split_once('~')?;
    Some((from.trim().to_owned(), to.trim().to_owned()))
}

/// A day as `令和8年3月31日`; as `2026年3月31日` where no era covers it.
pub fn in_japanese_calendar(day: Date) -> String {
    let era = ERAS.iter().find(|era| day >= era.first && day <= era.last);
    let (name, year) = era.map_or(("", day.year()), |era| (era.names[0], day.year() - era.before));
    let year = if year == 1 && era.is_some() { "元".to_owned() } else { year.to_string() };
    format!("{name}{year}年{}月{}日", day.month(), day.day())
}

fn without_weekday(text: &str) -> &str {
    let cut = text.strip_suffix(')').and_then(|text| text.rsplit_once('('));
    let is_weekday = |inside: &str| inside.chars().next().is_some_and(|c| "月火水木金土日".contains(c));
    cut.filter(|(_, inside)| is_weekday(inside) && inside.chars().count() <= 3).map_or(text, |(before, _)| before)
}

fn era_of(text: &str) -> (Option<&'static Era>, &str) {
    for era in &ERAS {
        for name in era.names {
            if let Some(rest) = text.strip_prefix(name) {
                return (Some(era), rest.trim_start_matches('.'));
            }
        }
    }
    (None, text)
}

fn year_of(text: &str) -> Option<(i16, &str)> {
    if let Some(rest) = text.strip_prefix('元') {
        return Some((1, rest));
    }
    let (digits, rest) = digits_of(text, 4)?;
    Some((digits, rest))
}

fn digits_of(text: &str, most: usize) -> Option<(i16, &str)> {
    let length = text.bytes().take_while(u8::is_ascii_digit).count();
    (length > 0 && length <= most).then(|| Some((text[..length].parse().ok()?, &text[length..])))?
}

/// The rest after the year: a month and a day, a month, `年度`, or nothing.
fn within_year(year: i16, rest: &str) -> Option<DayRead> {
    match rest {
        "" | "年" => return Some(DayRead::Between(made(year, 1, 1)?, made(year, 12, 31)?)),
        "年度" => return Some(DayRead::Between(made(year, 4, 1)?, made(year.checked_add(1)?, 3, 31)?)),
        _ => {}
    }
    let (month, rest) = digits_of(separated(rest)?, 2)?;
    let first = made(year, month, 1)?;
    match rest {
        "" | "月" => return Some(DayRead::Between(first, first.last_of_month())),
        "月末" | "月末日" => return Some(DayRead::Day(first.last_of_month())),
        "月上旬" => return Some(DayRead::Between(first, made(year, month, 10)?)),
        "月中旬" => return Some(DayRead::Between(made(year, month, 11)?, made(year, month, 20)?)),
        "月下旬" => return Some(DayRead::Between(made(year, month, 21)?, first.last_of_month())),
        _ => {}
    }
    let (day, rest) = digits_of(separated(rest)?, 2)?;
    matches!(rest, "" | "日").then(|| made(year, month, day).map(DayRead::Day))?
}

fn separated(text: &str) -> Option<&str> {
    text.strip_prefix(['.', '/', '-', '年', '月', '・', ','])
}

/// A time of day after the day says nothing here: `2026/03/31 00:00:00`, `2026-03-31t00:00:00`.
fn without_time(text: &str) -> &str {
    let is_time = |time: &str| time.contains(':') && time.chars().all(|c| c.is_ascii_digit() || ":.z+".contains(c));
    match text.split_once([' ', 't']) {
        Some((day, time)) if is_time(time) => day,
        _ => text,
    }
}

fn made(year: i16, month: i16, day: i16) -> Option<Date> {
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn all_the_ways_to_write_a_day() {
        let end = Some(DayRead::Day(date(2026, 3, 31)));
        for text in [
            "2026-03-31",
            "2026/3/31",
            "2026.3.31",
            "2026年3月31日",
            "20260331",
            "R8.3.31",
            "Ｒ８．３．３１",
            "令和8年3月31日",
            "令和８年３月末",
            "㋿8年3月31日",
            "r8/3/31",
            "2026/03/31 00:00:00",
            "令和8年3月31日(火)",
            "R 8. 3.31",
        ] {
            assert_eq!(day(text), end, "{text}");
        }
        assert_eq!(day("令和元年5月1日"), Some(DayRead::Day(date(2019, 5, 1))));
        assert_eq!(day("S64.1.7"), Some(DayRead::Day(date(1989, 1, 7))));
        assert_eq!(day("H32.3.31"), Some(DayRead::OutsideEra(date(2020, 3, 31))));
        assert_eq!(day("R8.3"), Some(DayRead::Between(date(2026, 3, 1), date(2026, 3, 31))));
        assert_eq!(day("令和8年度"), Some(DayRead::Between(date(2026, 4, 1), date(2027, 3, 31))));
    }

    #[test]
    fn what_is_no_day_is_none() {
        for text in ["", "未定", "R8.13.1", "2026-02-30", "8.3.31", "12345", "R", "令和", "2026-03-31-1", "R8.3.31以降"]
        {
            assert_eq!(day(text), None, "{text}");
        }
    }

    #[test]
    fn spans_may_be_open() {
        let both = |text: &str| span(text).expect("a span");
        assert_eq!(both("H27.4.1～R10.3.31"), ("H27.4.1".to_owned(), "R10.3.31".to_owned()));
        assert_eq!(both("H19.4.1～"), ("H19.4.1".to_owned(), String::new()));
        assert_eq!(span("R8.3.31"), None);
    }

    #[test]
    fn serial_numbers_are_days_of_a_spreadsheet() {
        assert_eq!(serial_day(46_112.0), Some(date(2026, 3, 31)));
        assert_eq!(serial_day(3.0), None);
        assert_eq!(serial_day(f64::NAN), None);
    }

    proptest! {
        #[test]
        fn no_text_is_too_odd(text in "\\PC{0,20}") {
            let _ = (day(&text), span(&text));
        }

        #[test]
        fn the_japanese_calendar_comes_back(days in 0_i64..60_000) {
            let start = date(1873, 1, 1);
            let held = start.checked_add(jiff::Span::new().days(days)).expect("in range");
            prop_assert_eq!(day(&in_japanese_calendar(held)), Some(DayRead::Day(held)));
        }
    }
}
