//! The proleptic Gregorian calendar with its months, quarters, ISO weeks and ordinal days.

use super::{DAY, Date, LocalTime, SECOND};

/// The first and the last year.
const YEARS: std::ops::RangeInclusive<i64> = -999_999_999..=999_999_999;
/// Days in 400 years, after which the calendar repeats.
const CYCLE: i64 = 146_097;
/// Days from 0000-03-01 to 1970-01-01.
const EPOCH: i64 = 719_468;

impl Date {
    /// A day by year, month and day of the month; nothing where there is none.
    pub(crate) fn new(year: i64, month: i64, day: i64) -> Option<Self> {
        let valid =
            YEARS.contains(&year) && (1..=12).contains(&month) && (1..=days_in_month(year, month)).contains(&day);
        valid.then(|| Self { days: days_from(year, month, day) })
    }

    /// The same, with the last day of the month where the month is shorter.
    pub(crate) fn clamped(year: i64, month: i64, day: i64) -> Option<Self> {
        if !YEARS.contains(&year) || !(1..=12).contains(&month) {
            return None;
        }
        Self::new(year, month, day.min(days_in_month(year, month)))
    }

    /// A day by its distance from 1970-01-01; nothing outside the calendar.
    pub(crate) fn from_days(days: i64) -> Option<Self> {
        let within = days_from(*YEARS.start(), 1, 1)..=days_from(*YEARS.end(), 12, 31);
        within.contains(&days).then_some(Self { days })
    }

    /// A day by its place in the year, from 1.
    pub(crate) fn from_ordinal(year: i64, ordinal: i64) -> Option<Self> {
        let date = Self::from_days(Self::new(year, 1, 1)?.days.checked_add(ordinal.checked_sub(1)?)?)?;
        (ordinal >= 1 && date.year() == year).then_some(date)
    }

    /// A day by its ISO 8601 week: Monday is 1, and week 1 holds the first Thursday of the year.
    pub(crate) fn from_week(week_year: i64, week: i64, week_day: i64) -> Option<Self> {
        if !(1..=53).contains(&week) || !(1..=7).contains(&week_day) {
            return None;
        }
        let fourth = Self::new(week_year, 1, 4)?;
        let monday = fourth.days - (fourth.week_day() - 1);
        let date = Self::from_days(monday + (week - 1) * 7 + week_day - 1)?;
        (date.week_year() == week_year).then_some(date)
    }

    /// A day by its place in a quarter, from 1.
    pub(crate) fn from_quarter(year: i64, quarter: i64, day: i64) -> Option<Self> {
        if !(1..=4).contains(&quarter) || day < 1 {
            return None;
        }
        let date = Self::from_days(Self::new(year, quarter * 3 - 2, 1)?.days.checked_add(day - 1)?)?;
        (date.year() == year && date.quarter() == quarter).then_some(date)
    }

    /// Year, month and day of the month.
    pub(crate) fn parts(self) -> (i64, i64, i64) {
        let shifted = self.days + EPOCH;
        let (cycle, day_of_cycle) = (shifted.div_euclid(CYCLE), shifted.rem_euclid(CYCLE));
        let year_of_cycle =
            (day_of_cycle - day_of_cycle / 1_460 + day_of_cycle / 36_524 - day_of_cycle / 146_096) / 365;
        // Years start in March here, so that the leap day is the last one.
        let day_of_year = day_of_cycle - (365 * year_of_cycle + year_of_cycle / 4 - year_of_cycle / 100);
        let shifted_month = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
        let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
        (year_of_cycle + cycle * 400 + i64::from(month <= 2), month, day)
    }

    pub(crate) fn year(self) -> i64 {
        self.parts().0
    }

    pub(crate) fn month(self) -> i64 {
        self.parts().1
    }

    pub(crate) fn day(self) -> i64 {
        self.parts().2
    }

    /// The place in the year, from 1.
    pub(crate) fn ordinal_day(self) -> i64 {
        self.days - days_from(self.year(), 1, 1) + 1
    }

    /// Monday is 1, Sunday 7.
    pub(crate) fn week_day(self) -> i64 {
        (self.days + 3).rem_euclid(7) + 1
    }

    /// The year that the ISO week belongs to: that of its Thursday.
    pub(crate) fn week_year(self) -> i64 {
        self.thursday().year()
    }

    pub(crate) fn week(self) -> i64 {
        (self.thursday().ordinal_day() - 1) / 7 + 1
    }

    pub(crate) fn quarter(self) -> i64 {
        (self.month() - 1) / 3 + 1
    }

    /// The place in the quarter, from 1.
    pub(crate) fn day_of_quarter(self) -> i64 {
        self.days - days_from(self.year(), self.quarter() * 3 - 2, 1) + 1
    }

    /// Months later; the last day of the month where it is shorter. Nothing outside the calendar.
    pub(crate) fn plus_months(self, months: i64) -> Option<Self> {
        let (year, month, day) = self.parts();
        let total = (year * 12 + month - 1).checked_add(months)?;
        Self::clamped(total.div_euclid(12), total.rem_euclid(12) + 1, day)
    }

    /// Days later; nothing outside the calendar.
    pub(crate) fn plus_days(self, days: i64) -> Option<Self> {
        Self::from_days(self.days.checked_add(days)?)
    }

    fn thursday(self) -> Self {
        Self { days: self.days - self.week_day() + 4 }
    }
}

impl LocalTime {
    /// A time of day; nothing where there is none.
    pub(crate) fn new(hour: i64, minute: i64, second: i64, nanosecond: i64) -> Option<Self> {
        let valid = (0..24).contains(&hour)
            && (0..60).contains(&minute)
            && (0..60).contains(&second)
            && (0..SECOND).contains(&nanosecond);
        valid.then_some(Self { nanoseconds: ((hour * 60 + minute) * 60 + second) * SECOND + nanosecond })
    }

    /// Midnight.
    pub(crate) const MIDNIGHT: Self = Self { nanoseconds: 0 };

    pub(crate) fn hour(self) -> i64 {
        self.nanoseconds / (3_600 * SECOND)
    }

    pub(crate) fn minute(self) -> i64 {
        self.nanoseconds / (60 * SECOND) % 60
    }

    pub(crate) fn second(self) -> i64 {
        self.nanoseconds / SECOND % 60
    }

    pub(crate) fn nanosecond(self) -> i64 {
        self.nanoseconds % SECOND
    }

    /// Later on the clock, which starts again at midnight.
    pub(crate) fn plus_nanoseconds(self, nanoseconds: i128) -> Self {
        let moved = (i128::from(self.nanoseconds) + nanoseconds % i128::from(DAY)).rem_euclid(i128::from(DAY));
        Self { nanoseconds: i64::try_from(moved).unwrap_or_default() }
    }
}

pub(super) fn days_in_month(year: i64, month: i64) -> i64 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

/// Days from 1970-01-01 to a day that is known to exist.
fn days_from(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let shifted_month = if month > 2 { month - 3 } else { month + 9 };
    let year_of_cycle = year.rem_euclid(400);
    let day_of_year = (153 * shifted_month + 2) / 5 + day - 1;
    let day_of_cycle = year_of_cycle * 365 + year_of_cycle / 4 - year_of_cycle / 100 + day_of_year;
    year.div_euclid(400) * CYCLE + day_of_cycle - EPOCH
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_dates_agree_with_another_calendar() {
        for days in (-700_000..=2_900_000).step_by(97) {
            let date = Date { days };
            let span = jiff::Span::new().days(days);
            let other = jiff::civil::date(1970, 1, 1).checked_add(span).expect("is within the other calendar");
            let parts = (i64::from(other.year()), i64::from(other.month()), i64::from(other.day()));
            assert_eq!(date.parts(), parts);
            assert_eq!(Date::new(parts.0, parts.1, parts.2), Some(date));
            let week = other.iso_week_date();
            assert_eq!((date.week_year(), date.week()), (i64::from(week.year()), i64::from(week.week())));
            assert_eq!(date.ordinal_day(), i64::from(other.day_of_year()));
            assert_eq!(Date::from_week(date.week_year(), date.week(), date.week_day()), Some(date));
            assert_eq!(Date::from_ordinal(date.year(), date.ordinal_day()), Some(date));
            assert_eq!(Date::from_quarter(date.year(), date.quarter(), date.day_of_quarter()), Some(date));
        }
    }

    #[test]
    fn the_calendar_ends_where_it_ends() {
        let last = Date::new(999_999_999, 12, 31).expect("is the last day");
        assert_eq!(last.parts(), (999_999_999, 12, 31));
        assert_eq!(last.plus_days(1), None);
        assert_eq!(last.plus_months(1), None);
        assert_eq!(Date::new(1_000_000_000, 1, 1), None);
        assert_eq!(Date::new(2023, 2, 29), None);
        assert_eq!(Date::from_week(2023, 53, 1), None);
        assert_eq!(Date::from_ordinal(2023, 366), None);
        assert_eq!(Date::from_quarter(2023, 1, 91), None);
    }

    #[test]
    fn a_month_later_is_never_the_month_after() {
        let january = Date::new(2024, 1, 31).expect("is a day");
        assert_eq!(january.plus_months(1), Date::new(2024, 2, 29));
        assert_eq!(january.plus_months(-2), Date::new(2023, 11, 30));
    }
}
