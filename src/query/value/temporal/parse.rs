//! Temporals from ISO 8601 text, in basic and extended format.

use super::zone::{Zone, parse_offset};
use super::{Amount, Date, DateTime, Duration, LocalDateTime, LocalTime, Time};

/// A day: `2015-07-21`, `20150721`, `2015-07`, `201507`, `2015-W30-2`, `2015W302`, `2015-W30`, `2015-Q3-21`,
/// `2015-202`, `2015202`, `2015`; years beyond four digits with a sign.
pub fn date(text: &str) -> Option<Date> {
    let signed = text.starts_with(['+', '-']);
    let body = if signed { &text[1..] } else { text };
    let digits = body.bytes().take_while(u8::is_ascii_digit).count();
    let (run, rest) = body.split_at(digits);
    if run.len() > 4 && rest.is_empty() && !signed {
        return compact_date(run);
    }
    let year_digits = if signed { (1..=9).contains(&run.len()) } else { run.len() == 4 };
    if !year_digits {
        return None;
    }
    let year = number(run)?;
    in_year(if text.starts_with('-') { -year } else { year }, rest)
}

/// A time of day: `21:40:32.142`, `214032.142`, `21:40`, `2140`, `21`.
pub fn local_time(text: &str) -> Option<LocalTime> {
    let (clock, fraction) = match text.find(['.', ',']) {
        Some(point) => (&text[..point], nanoseconds(&text[point + 1..])?),
        None => (text, 0),
    };
    let colons = clock.contains(':');
    let parts: Vec<i64> =
        if colons { clock.split(':').map(two_digits).collect::<Option<_>>()? } else { chunks(clock)? };
    match parts[..] {
        [hour, minute, second] => LocalTime::new(hour, minute, second, fraction),
        [hour, minute] if fraction == 0 => LocalTime::new(hour, minute, 0, 0),
        [hour] if fraction == 0 => LocalTime::new(hour, 0, 0, 0),
        _ => None,
    }
}

/// A time of day with an offset, or at the offset of the zone at this moment where none is given.
pub fn time(text: &str, default_offset: i32) -> Option<Time> {
    let (clock, zone) = split_zone(text);
    let offset = if zone.is_empty() { default_offset } else { parse_offset(zone)? };
    Some(Time { local: local_time(clock)?, offset })
}

/// A day and a time of day, joined by `T`; a day alone begins at midnight.
pub fn local_date_time(text: &str) -> Option<LocalDateTime> {
    match text.split_once(['T', 't']) {
        Some((day, clock)) => Some(LocalDateTime { date: date(day)?, time: local_time(clock)? }),
        None => Some(LocalDateTime { date: date(text)?, time: LocalTime::MIDNIGHT }),
    }
}

/// An instant: day, time, an offset, a named zone in brackets, or both, which then must agree.
pub fn date_time(text: &str, default: &Zone) -> Option<DateTime> {
    let (day, clock) = text.split_once(['T', 't']).unwrap_or((text, "00"));
    let (clock, zone) = split_zone(clock);
    let local = LocalDateTime { date: date(day)?, time: local_time(clock)? };
    let (offset, name) = match zone.split_once('[') {
        Some((offset, name)) => (offset, Some(name.strip_suffix(']')?)),
        None => (zone, None),
    };
    let offset = if offset.is_empty() { None } else { Some(parse_offset(offset)?) };
    match (name, offset) {
        (Some(name), offset) => agreeing(Zone::parse(name)?.at_local(local, offset)?, offset),
        (None, Some(offset)) => Zone::Offset(offset).at_local(local, None),
        (None, None) => default.at_local(local, None),
    }
}

/// A duration: `P12Y5M14DT16H12M70S`, `P2.5W`, `PT-1.5S`, or `P2012-02-02T14:37:21.545`.
pub fn duration(text: &str) -> Option<Duration> {
    let (negative, body) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let body = body.strip_prefix('P')?;
    let parsed = date_like_duration(body).or_else(|| unit_duration(body))?;
    if negative { parsed.negated() } else { Some(parsed) }
}

fn agreeing(time: DateTime, offset: Option<i32>) -> Option<DateTime> {
    offset.is_none_or(|offset| offset == time.offset).then_some(time)
}

/// Without any separator: the number of digits tells what is meant.
fn compact_date(digits: &str) -> Option<Date> {
    let year = number(&digits[..4])?;
    match digits.len() {
        6 => Date::new(year, number(&digits[4..])?, 1),
        7 => Date::from_ordinal(year, number(&digits[4..])?),
        8 => Date::new(year, number(&digits[4..6])?, number(&digits[6..])?),
        _ => None,
    }
}

/// What follows the year.
fn in_year(year: i64, rest: &str) -> Option<Date> {
    if rest.is_empty() {
        return Date::new(year, 1, 1);
    }
    let dashed = rest.starts_with('-');
    let rest = rest.strip_prefix('-').unwrap_or(rest);
    if let Some(week) = rest.strip_prefix('W') {
        return in_part(week, 2, dashed, |week, day| Date::from_week(year, week, day));
    }
    if let Some(quarter) = rest.strip_prefix('Q') {
        return in_part(quarter, 1, dashed, |quarter, day| Date::from_quarter(year, quarter, day));
    }
    match rest.len() {
        3 if dashed => Date::from_ordinal(year, number(rest)?),
        2 if dashed => Date::new(year, number(rest)?, 1),
        5 if dashed => {
            rest.split_once('-').and_then(|(month, day)| Date::new(year, two_digits(month)?, two_digits(day)?))
        }
        _ => None,
    }
}

/// A week or a quarter, and a day in it; its first day where none is given.
fn in_part(text: &str, digits: usize, dashed: bool, date: impl Fn(i64, i64) -> Option<Date>) -> Option<Date> {
    let (part, day) = text.split_at_checked(digits)?;
    let day = match (day.is_empty(), dashed) {
        (true, _) => 1,
        (false, true) => number(day.strip_prefix('-')?)?,
        (false, false) => number(day)?,
    };
    date(number(part)?, day)
}

fn split_zone(text: &str) -> (&str, &str) {
    text.split_at(text.find(['Z', 'z', '+', '-', '[']).unwrap_or(text.len()))
}

fn number(text: &str) -> Option<i64> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten()
}

fn two_digits(text: &str) -> Option<i64> {
    (text.len() == 2).then(|| number(text)).flatten()
}

fn chunks(text: &str) -> Option<Vec<i64>> {
    if !text.is_ascii() {
        return None;
    }
    text.as_bytes().chunks(2).map(|pair| two_digits(std::str::from_utf8(pair).ok()?)).collect()
}

/// A fraction of a second of at most nine digits.
fn nanoseconds(digits: &str) -> Option<i64> {
    let missing = 9_usize.checked_sub(digits.len())?;
    Some(number(digits)? * 10_i64.pow(u32::try_from(missing).ok()?))
}

/// `2012-02-02T14:37:21.545`: a duration written like a day and a time.
fn date_like_duration(body: &str) -> Option<Duration> {
    let (day, clock) = body.split_once('T').unwrap_or((body, ""));
    let mut parts = day.split('-').map(number);
    let (years, months, days) = (parts.next()??, parts.next()??, parts.next()??);
    if parts.next().is_some() {
        return None;
    }
    let time = if clock.is_empty() { LocalTime::MIDNIGHT } else { local_time(clock)? };
    Duration::new(years.checked_mul(12)?.checked_add(months)?, days, i128::from(time.nanoseconds))
}

/// What the letters stand for, in the order in which they must come, with what one of them is of the unit kept.
const DATE_UNITS: [(char, i64); 4] = [('Y', 12), ('M', 1), ('W', 7), ('D', 1)];
const TIME_UNITS: [(char, i64); 3] = [('H', 3_600), ('M', 60), ('S', 1)];

fn unit_duration(body: &str) -> Option<Duration> {
    let (day, clock) = match body.split_once('T') {
        Some((_, "")) => return None,
        Some((day, clock)) => (day, clock),
        None if body.is_empty() => return None,
        None => (body, ""),
    };
    let [years, months, weeks, days] = amounts(day, DATE_UNITS)?;
    let [hours, minutes, seconds] = amounts(clock, TIME_UNITS)?;
    let time = hours.plus(minutes)?.plus(seconds)?;
    Duration::of_amounts(years.plus(months)?, weeks.plus(days)?, time, 0)
}

/// The amounts before the letters, each of which may come once and in order.
fn amounts<const N: usize>(mut text: &str, units: [(char, i64); N]) -> Option<[Amount; N]> {
    let mut amounts = [Amount::default(); N];
    for (place, (letter, factor)) in units.into_iter().enumerate() {
        let end = text.find(|character: char| character.is_ascii_alphabetic());
        if let Some(end) = end.filter(|end| text[*end..].starts_with(letter)) {
            amounts[place] = amount(&text[..end])?.times(factor)?;
            text = &text[end + 1..];
        }
    }
    text.is_empty().then_some(amounts)
}

fn amount(text: &str) -> Option<Amount> {
    let (sign, digits) = match text.split_at_checked(1)? {
        ("-", rest) => (-1, rest),
        ("+", rest) => (1, rest),
        _ => (1, text),
    };
    let (whole, fraction) = digits.split_once(['.', ',']).unwrap_or((digits, "0"));
    number(fraction)?;
    let fraction: f64 = format!("0.{fraction}").parse().ok()?;
    Some(Amount { whole: sign * number(whole)?, fraction: if sign < 0 { -fraction } else { fraction } })
}
