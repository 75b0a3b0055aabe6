//! Temporals through the functions that make them. Expected values: ISO 8601, the calendar, CIP2015-08-06.

use super::testing::{are_refused, are_worth, expression};
use crate::query::ErrorDetail;

#[test]
fn days_are_read_in_every_iso_form() {
    are_worth(&[
        ("date('2028-04-01')", "'2028-04-01'"),
        ("date('20280401')", "'2028-04-01'"),
        ("date('2028-04')", "'2028-04-01'"),
        ("date('202804')", "'2028-04-01'"),
        ("date('2028')", "'2028-01-01'"),
        // 2028 begins on a Saturday, so its first week begins on Monday the 3rd.
        ("date('2028-W01')", "'2028-01-03'"),
        ("date('2028W017')", "'2028-01-09'"),
        ("date('2028-W01-7')", "'2028-01-09'"),
        ("date('2028-Q2-01')", "'2028-04-01'"),
        ("date('2028-092')", "'2028-04-01'"),
        ("date('2028092')", "'2028-04-01'"),
        ("date('-0001-12-31')", "'-0001-12-31'"),
        ("date('+12345-06-07')", "'+12345-06-07'"),
    ]);
    are_refused(
        &[
            "date('2027-02-29')",
            "date('2028-13-01')",
            "date('2028-W53')",
            "date('2027-366')",
            "date('28-04-01')",
            "date('2028-4-1')",
            "date('+1000000000-01-01')",
            "date('2028-04-01T00:00')",
            "date('令和10年')",
            "date('')",
        ],
        ErrorDetail::InvalidArgumentValue,
    );
    are_refused(&["date(20280401)", "date(true)", "date(localtime('12:00'))"], ErrorDetail::InvalidArgumentType);
}

#[test]
fn times_are_read_with_their_offsets_and_zones() {
    are_worth(&[
        ("localtime('093015.25')", "'09:30:15.25'"),
        ("localtime('0930')", "'09:30'"),
        ("time('09:30+09:00')", "'09:30+09:00'"),
        ("time('0930-0230')", "'09:30-02:30'"),
        ("time('09:30')", "'09:30Z'"),
        ("localdatetime('2028-092T0930')", "'2028-04-01T09:30'"),
        ("datetime('2028-04-01T09:30[Asia/Tokyo]')", "'2028-04-01T09:30+09:00[Asia/Tokyo]'"),
        ("datetime('2028-04-01T09:30+0900')", "'2028-04-01T09:30+09:00'"),
        ("datetime('2028-04-01')", "'2028-04-01T00:00Z'"),
        // The clocks of Berlin go from 02:00 to 03:00 on 2028-03-26, and back from 03:00 on 2028-10-29.
        ("datetime('2028-03-26T02:30[Europe/Berlin]')", "'2028-03-26T03:30+02:00[Europe/Berlin]'"),
        ("datetime('2028-10-29T02:30[Europe/Berlin]')", "'2028-10-29T02:30+02:00[Europe/Berlin]'"),
        ("datetime('2028-10-29T02:30+01:00[Europe/Berlin]')", "'2028-10-29T02:30+01:00[Europe/Berlin]'"),
    ]);
    are_refused(
        &[
            "localtime('24:00')",
            "localtime('09:60')",
            "localtime('09:30:15.1234567890')",
            "time('09:30+19:00')",
            "datetime('2028-04-01T09:30+05:00[Asia/Tokyo]')",
            "datetime('2028-04-01T09:30[Asia/Edo]')",
        ],
        ErrorDetail::InvalidArgumentValue,
    );
}

#[test]
fn zones_know_years_far_away() {
    // Rules repeat with the calendar: the 400 years from 2028 on end in a year that begins on the same weekday.
    are_worth(&[
        ("datetime('+12028-07-01T00:00[Europe/Berlin]')", "'+12028-07-01T00:00+02:00[Europe/Berlin]'"),
        ("datetime('+999999999-12-31T12:00[Asia/Tokyo]')", "'+999999999-12-31T12:00+09:00[Asia/Tokyo]'"),
        ("datetime('-999999999-01-01T12:00+18:00')", "'-999999999-01-01T12:00+18:00'"),
    ]);
}

#[test]
fn components_make_days_and_times() {
    are_worth(&[
        ("date({year: 2028, month: 4})", "'2028-04-01'"),
        ("date({year: 2028, quarter: 2, dayOfQuarter: 91})", "'2028-06-30'"),
        ("date({year: 2028, ordinalDay: 366})", "'2028-12-31'"),
        ("date({date: date('2028-02-29'), year: 2027})", "'2027-02-28'"),
        ("date({date: date('2028-05-31'), quarter: 1})", "'2028-02-29'"),
        ("date({year: null})", "null"),
        ("localtime({hour: 9, minute: 30, second: 0, millisecond: 1, nanosecond: 2})", "'09:30:00.001000002'"),
        ("time({time: time('09:30+09:00'), timezone: 'Z'})", "'00:30Z'"),
    ]);
    are_refused(
        &[
            "date({})",
            "date({month: 4})",
            "date({year: 2028, day: 1})",
            "date({year: 2028, month: 2, day: 30})",
            "date({year: 2028, week: 1, month: 2})",
            "date({year: 2028, hour: 1})",
            "localtime({minute: 1})",
            "localtime({hour: 1, second: 1})",
            "localtime({hour: 1, minute: 1, second: 1, millisecond: 1000})",
            "time({hour: 1, timezone: 'Nowhere'})",
        ],
        ErrorDetail::InvalidArgumentValue,
    );
    are_refused(&["date({year: '2028'})", "date({date: 1})"], ErrorDetail::InvalidArgumentType);
}

#[test]
fn units_are_cut_at_their_beginning() {
    are_worth(&[
        ("date.truncate('decade', date('2028-04-05'))", "'2020-01-01'"),
        ("date.truncate('week', date('2028-01-01'), {dayOfWeek: 3})", "'2027-12-29'"),
        ("date.truncate('weekYear', date('2028-01-01'))", "'2027-01-04'"),
        ("date.truncate('century', date('-0001-05-05'))", "'-0100-01-01'"),
        ("datetime.truncate('hour', datetime('2028-04-01T09:30+09:00'))", "'2028-04-01T09:00+09:00'"),
        ("localtime.truncate('millisecond', localtime('09:30:15.123456'), {nanosecond: 7})", "'09:30:15.123000007'"),
        ("date.truncate('year', null)", "null"),
    ]);
    are_refused(
        &["date.truncate('hour', date('2028-01-01'))", "date.truncate('eon', date('2028-01-01'))"],
        ErrorDetail::InvalidArgumentValue,
    );
}

#[test]
fn durations_are_read_written_and_broken_down() {
    are_worth(&[
        ("duration('P1Y2M3W4DT5H6M7.5S')", "'P1Y2M25DT5H6M7.5S'"),
        ("duration('-P1D')", "'P-1D'"),
        ("duration('P0D')", "'PT0S'"),
        ("duration('PT-0.5S')", "'PT-0.5S'"),
        // Half an average month: 15.2184375 days.
        ("duration({months: 0.5})", "'P15DT5H14M33S'"),
        // -20 days and 15.2184375 are -4.7815625 days.
        ("duration({months: 0.5, days: -20})", "'P-4DT-18H-45M-27S'"),
        ("duration({hours: 1, minutes: -90})", "'PT-30M'"),
        ("duration({seconds: 0.1, milliseconds: 0.1})", "'PT0.1001S'"),
        ("duration('PT-0.5S').seconds", "-1"),
        ("duration('PT-0.5S').nanosecondsOfSecond", "500000000"),
        ("duration('P1Y').months", "12"),
    ]);
    are_refused(
        &[
            "duration('P')",
            "duration('PT')",
            "duration('1D')",
            "duration('P1S')",
            "duration('P1D1Y')",
            "duration({days: 1e300})",
            "duration({weeks: 9223372036854775807})",
            "duration({eons: 1})",
        ],
        ErrorDetail::InvalidArgumentValue,
    );
}

#[test]
fn durations_move_temporals_and_are_measured_between_them() {
    are_worth(&[
        ("date('2028-01-31') + duration('P1M')", "'2028-02-29'"),
        ("date('2028-03-01') - duration('P1D')", "'2028-02-29'"),
        ("date('2028-01-01') + duration('PT47H')", "'2028-01-02'"),
        ("localtime('23:30') + duration('PT1H')", "'00:30'"),
        // A day on the calendar is 23 hours long where the clocks go forward.
        ("datetime('2028-03-25T12:00[Europe/Berlin]') + duration('P1D')", "'2028-03-26T12:00+02:00[Europe/Berlin]'"),
        ("datetime('2028-03-25T12:00[Europe/Berlin]') + duration('PT24H')", "'2028-03-26T13:00+02:00[Europe/Berlin]'"),
        ("duration('P1M') * 2 = duration('P2M')", "true"),
        ("duration('P1M') / 2", "'P15DT5H14M33S'"),
        ("duration.between(date('2028-01-31'), date('2028-02-29'))", "'P29D'"),
        ("duration.between(date('2028-02-29'), date('2027-02-28'))", "'P-1Y'"),
        ("duration.inDays(date('2028-01-01'), date('2029-01-01'))", "'P366D'"),
        ("duration.inMonths(date('2028-01-31'), date('2028-03-30'))", "'P1M'"),
        // 1,999,999,999 years with 484,999,999 leap days are 730,484,999,634 days; from first to last is one less.
        ("duration.inDays(date('-999999999-01-01'), date('+999999999-12-31'))", "'P730484999633D'"),
        ("duration.inSeconds(time('09:00+09:00'), time('00:00Z'))", "'PT0S'"),
    ]);
    are_refused(&["date('+999999999-12-31') + duration('P1D')", "duration('P1D') / 0"], ErrorDetail::NumberOverflow);
    are_refused(
        &["duration.between(1, date('2028-01-01'))", "date('2028-01-01') + 1"],
        ErrorDetail::InvalidArgumentType,
    );
}

#[test]
fn temporals_compare_within_their_kind() {
    are_worth(&[
        ("date('2028-01-01') < date('2028-01-02')", "true"),
        ("time('09:00+09:00') < time('00:30Z')", "true"),
        ("datetime('2028-01-01T09:00+09:00') <= datetime('2028-01-01T01:00Z')", "true"),
        ("date('2028-01-01') < localtime('12:00')", "null"),
        ("duration('P1D') < duration('P2D')", "null"),
        ("duration('PT24H') = duration('P1D')", "false"),
    ]);
}

#[test]
fn the_clock_stands_still_in_a_statement() {
    are_worth(&[
        ("date()", "'2023-11-14'"),
        ("datetime()", "'2023-11-14T22:13:20.000000005Z'"),
        ("date({timezone: 'Asia/Tokyo'})", "'2023-11-15'"),
        ("localtime.transaction('Asia/Tokyo')", "'07:13:20.000000005'"),
        ("timestamp()", "1700000000000"),
        ("datetime().epochMillis", "1700000000000"),
        ("datetime.fromEpoch(1700000000, 5) = datetime()", "true"),
        ("date.statement(null)", "null"),
    ]);
    assert!(expression("datetime.realtime()").is_ok());
}

#[test]
fn components_are_properties() {
    are_worth(&[
        ("date('2028-01-01').week", "52"),
        ("date('2028-01-01').weekYear", "2027"),
        ("date('2028-12-31').ordinalDay", "366"),
        ("date('2028-05-31').dayOfQuarter", "61"),
        ("datetime('2028-04-01T09:30+09:00').offsetMinutes", "540"),
        ("datetime('2028-04-01T09:30[Asia/Tokyo]').timezone", "'Asia/Tokyo'"),
        ("datetime('1969-12-31T23:59:59.5Z').epochMillis", "-500"),
    ]);
    are_refused(&["date('2028-01-01').hour", "localtime('09:30').year"], ErrorDetail::InvalidArgumentType);
}
