//! Temporals cut to a unit: the beginning of the decade, the quarter, the hour they lie in.

use super::{Date, LocalTime, SECOND};

/// What can be cut to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// A number of years.
    Years(i64),
    /// The year of ISO weeks.
    WeekYear,
    /// Three months.
    Quarter,
    /// A month.
    Month,
    /// An ISO week, from Monday.
    Week,
    /// A day.
    Day,
    /// A part of a day in nanoseconds.
    Time(i64),
}

impl Unit {
    /// The unit of this name, however it is capitalised.
    pub fn find(name: &str) -> Option<Self> {
        Some(match name.to_ascii_lowercase().as_str() {
            "millennium" => Self::Years(1_000),
            "century" => Self::Years(100),
            "decade" => Self::Years(10),
            "year" => Self::Years(1),
            "weekyear" => Self::WeekYear,
            "quarter" => Self::Quarter,
            "month" => Self::Month,
            "week" => Self::Week,
            "day" => Self::Day,
            "hour" => Self::Time(3_600 * SECOND),
            "minute" => Self::Time(60 * SECOND),
            "second" => Self::Time(SECOND),
            "millisecond" => Self::Time(1_000_000),
            "microsecond" => Self::Time(1_000),
            _ => return None,
        })
    }

    /// Whether it is a part of a day.
    pub(crate) fn is_time(self) -> bool {
        matches!(self, Self::Time(_))
    }

    /// The first day of the unit that the day lies in; nothing outside the calendar.
    pub(crate) fn cut_date(self, date: Date) -> Option<Date> {
        let (year, month, _) = date.parts();
        match self {
            Self::Years(years) => Date::new(year - year.rem_euclid(years), 1, 1),
            Self::WeekYear => Date::from_week(date.week_year(), 1, 1),
            Self::Quarter => Date::new(year, date.quarter() * 3 - 2, 1),
            Self::Month => Date::new(year, month, 1),
            Self::Week => date.plus_days(1 - date.week_day()),
            Self::Day | Self::Time(_) => Some(date),
        }
    }

    /// The beginning of the unit that the time of day lies in.
    pub(crate) fn cut_time(self, time: LocalTime) -> LocalTime {
        match self {
            Self::Time(unit) => LocalTime { nanoseconds: time.nanoseconds - time.nanoseconds % unit },
            _ => LocalTime::MIDNIGHT,
        }
    }
}
