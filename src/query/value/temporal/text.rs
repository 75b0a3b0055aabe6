//! Temporals as ISO 8601 text. Seconds are left out where they are zero, trailing zeros of fractions always.

use std::fmt::{Display, Formatter, Result};

use super::zone::show_offset;
use super::{Date, DateTime, Duration, LocalDateTime, LocalTime, SECOND, Time};

impl Display for Date {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> Result {
        let (year, month, day) = self.parts();
        match year {
            ..0 => write!(formatter, "-{:04}", -year)?,
            0..10_000 => write!(formatter, "{year:04}")?,
            _ => write!(formatter, "+{year}")?,
        }
        write!(formatter, "-{month:02}-{day:02}")
    }
}

impl Display for LocalTime {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> Result {
        write!(formatter, "{:02}:{:02}", self.hour(), self.minute())?;
        if self.second() != 0 || self.nanosecond() != 0 {
            write!(formatter, ":{:02}{}", self.second(), fraction(self.nanosecond()))?;
        }
        Ok(())
    }
}

impl Display for Time {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> Result {
        write!(formatter, "{}{}", self.local, show_offset(self.offset))
    }
}

impl Display for LocalDateTime {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> Result {
        write!(formatter, "{}T{}", self.date, self.time)
    }
}

impl Display for DateTime {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> Result {
        write!(formatter, "{}{}", self.local, show_offset(self.offset))?;
        self.zone.as_ref().map_or(Ok(()), |zone| write!(formatter, "[{zone}]"))
    }
}

impl Display for Duration {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> Result {
        formatter.write_str("P")?;
        unit(formatter, self.months / 12, 'Y')?;
        unit(formatter, self.months % 12, 'M')?;
        unit(formatter, self.days, 'D')?;
        let nothing = self.months == 0 && self.days == 0;
        let time = self.time();
        if time != 0 {
            write_time(formatter, time)
        } else if nothing {
            formatter.write_str("T0S")
        } else {
            Ok(())
        }
    }
}

fn unit(formatter: &mut Formatter<'_>, amount: i64, name: char) -> Result {
    if amount == 0 { Ok(()) } else { write!(formatter, "{amount}{name}") }
}

/// Hours, minutes and seconds of so many nanoseconds, each with the sign of the whole.
fn write_time(formatter: &mut Formatter<'_>, nanoseconds: i128) -> Result {
    let second = i128::from(SECOND);
    let (seconds, rest) = (nanoseconds / second, nanoseconds % second);
    formatter.write_str("T")?;
    let narrow = |wide: i128| i64::try_from(wide).unwrap_or_default();
    unit(formatter, narrow(seconds / 3_600), 'H')?;
    unit(formatter, narrow(seconds / 60 % 60), 'M')?;
    let last = narrow(seconds % 60);
    if last == 0 && rest == 0 {
        return Ok(());
    }
    let sign = if nanoseconds < 0 { "-" } else { "" };
    write!(formatter, "{sign}{}{}S", last.abs(), fraction(narrow(rest.abs())))
}

/// `.5` for half a second; nothing where there is no fraction.
fn fraction(nanosecond: i64) -> String {
    if nanosecond == 0 {
        return String::new();
    }
    format!(".{nanosecond:09}").trim_end_matches('0').to_owned()
}
