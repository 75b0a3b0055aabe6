//! Durations: made of whole and broken amounts, added, and multiplied.

use super::{Duration, SECOND};

/// Nanoseconds in an average month of the Gregorian calendar (30.436875 days).
const MONTH: f64 = 2_629_746.0 * 1e9;
/// Nanoseconds in a day of 24 hours.
const DAY: f64 = 86_400.0 * 1e9;
const DAY_NANOSECONDS: i128 = 86_400_000_000_000;

/// How much of a unit: the whole part and the rest, with one sign.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Amount {
    pub(crate) whole: i64,
    pub(crate) fraction: f64,
}

impl Amount {
    /// Of a number with a fraction; nothing beyond 64 bits.
    #[expect(clippy::cast_possible_truncation, reason = "checked to be within 64 bits")]
    pub(crate) fn of_float(number: f64) -> Option<Self> {
        // Written so that NaN is refused, too.
        let fits = number.abs() < 9.2e18;
        fits.then(|| Self { whole: number.trunc() as i64, fraction: number.fract() })
    }

    /// So many times as much; nothing beyond 64 bits.
    pub(crate) fn times(self, factor: i64) -> Option<Self> {
        #[expect(clippy::cast_precision_loss, reason = "factors are small")]
        let rest = Self::of_float(self.fraction * factor as f64)?;
        let whole = self.whole.checked_mul(factor)?.checked_add(rest.whole)?;
        Some(Self { whole, fraction: rest.fraction })
    }

    pub(crate) fn plus(self, other: Self) -> Option<Self> {
        let rest = Self::of_float(self.fraction + other.fraction)?;
        let whole = self.whole.checked_add(other.whole)?.checked_add(rest.whole)?;
        Some(Self { whole, fraction: rest.fraction })
    }
}

/// A part of a unit in whole nanoseconds, rounded.
#[expect(clippy::cast_possible_truncation, reason = "a fraction of a month has less than 2^63 nanoseconds")]
fn rounded(fraction: f64, unit: f64) -> i128 {
    (fraction * unit).round() as i128
}

impl Duration {
    /// A duration of months, days and nanoseconds; nothing beyond 64 bits of seconds.
    pub(crate) fn new(months: i64, days: i64, nanoseconds: i128) -> Option<Self> {
        let second = i128::from(SECOND);
        Some(Self {
            months,
            days,
            seconds: i64::try_from(nanoseconds.div_euclid(second)).ok()?,
            nanoseconds: i32::try_from(nanoseconds.rem_euclid(second)).ok()?,
        })
    }

    /// A duration of broken amounts: what is left of a month becomes days, what is left of a day becomes time
    /// (CIP2015-08-06: a month has 30.436875 days on average, a day 24 hours).
    pub(crate) fn of_amounts(months: Amount, days: Amount, seconds: Amount, nanoseconds: i128) -> Option<Self> {
        let broken = rounded(months.fraction, MONTH) + rounded(days.fraction, DAY);
        // Days and what is broken off together, so that both have one sign.
        let in_days = i128::from(days.whole) * DAY_NANOSECONDS + broken;
        let whole_days = i64::try_from(in_days / DAY_NANOSECONDS).ok()?;
        let time = in_days % DAY_NANOSECONDS
            + i128::from(seconds.whole) * i128::from(SECOND)
            + rounded(seconds.fraction, 1e9)
            + nanoseconds;
        Self::new(months.whole, whole_days, time)
    }

    /// Seconds and nanoseconds together, in nanoseconds.
    pub(crate) fn time(&self) -> i128 {
        i128::from(self.seconds) * i128::from(SECOND) + i128::from(self.nanoseconds)
    }

    /// The sum; nothing beyond 64 bits.
    pub(crate) fn plus(&self, other: &Self) -> Option<Self> {
        let months = self.months.checked_add(other.months)?;
        Self::new(months, self.days.checked_add(other.days)?, self.time() + other.time())
    }

    /// The same into the past; nothing beyond 64 bits.
    pub(crate) fn negated(&self) -> Option<Self> {
        Self::new(self.months.checked_neg()?, self.days.checked_neg()?, -self.time())
    }

    /// So many times as long; nothing beyond 64 bits.
    pub(crate) fn times(&self, factor: i64) -> Option<Self> {
        let time = self.time().checked_mul(i128::from(factor))?;
        Self::new(self.months.checked_mul(factor)?, self.days.checked_mul(factor)?, time)
    }

    /// Multiplied by any number; what is left of months and days moves down. Nothing beyond 64 bits.
    #[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "as precise as the factor is")]
    pub(crate) fn scaled(&self, factor: f64) -> Option<Self> {
        let amount = |whole: i64| Amount::of_float(whole as f64 * factor);
        let nanoseconds = (f64::from(self.nanoseconds) * factor) as i128;
        Self::of_amounts(amount(self.months)?, amount(self.days)?, amount(self.seconds)?, nanoseconds)
    }

    /// Divided by any number, as [`Self::scaled`]; nothing by zero.
    #[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "as precise as the divisor is")]
    pub(crate) fn divided(&self, divisor: f64) -> Option<Self> {
        let amount = |whole: i64| Amount::of_float(whole as f64 / divisor);
        let nanoseconds = (f64::from(self.nanoseconds) / divisor) as i128;
        Self::of_amounts(amount(self.months)?, amount(self.days)?, amount(self.seconds)?, nanoseconds)
    }

    /// How long it is on average, in nanoseconds: what durations are ordered by.
    fn average(&self) -> i128 {
        let seconds = i128::from(self.months) * 2_629_746 + i128::from(self.days) * 86_400;
        seconds * i128::from(SECOND) + self.time()
    }
}

impl Ord for Duration {
    /// By the average length, then by months and days.
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        let lengths = self.average().cmp(&other.average());
        lengths.then(self.months.cmp(&other.months)).then(self.days.cmp(&other.days))
    }
}

impl PartialOrd for Duration {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
