//! The time as a statement sees it.

use crate::query::value::temporal::zone::Zone;
use crate::query::value::temporal::{Date, DateTime};

/// The time as a statement sees it: the same at each place, however long it runs.
#[derive(Debug, Clone)]
pub struct StatementClock {
    /// When it began.
    pub now: jiff::Timestamp,
    /// The zone for temporals that are given without one.
    pub zone: jiff::tz::TimeZone,
    /// What `date()` is, where that is not the day of `now`: the date of the view.
    pub today: Option<jiff::civil::Date>,
}

impl StatementClock {
    /// The zone for temporals that are given without one.
    pub(super) fn default_zone(&self) -> Zone {
        Zone::of(&self.zone)
    }

    /// The present in seconds since 1970-01-01T00:00Z.
    pub(super) fn seconds(&self) -> i64 {
        self.now.as_second()
    }

    /// The present in a zone; nothing is beyond the calendar.
    pub(super) fn in_zone(&self, zone: &Zone) -> Option<DateTime> {
        zone.at_instant(self.now.as_nanosecond())
    }

    /// The date of the view.
    pub(super) fn view_date(&self) -> Option<Date> {
        let today = self.today?;
        Date::new(today.year().into(), today.month().into(), today.day().into())
    }
}
