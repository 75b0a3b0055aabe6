//! The year of the work, from April to March, with its peaks.

use unicode_normalization::UnicodeNormalization as _;

use crate::analyses::findings::Reader;
use crate::analyses::sections::{cell_of, summary};
use crate::analyses::sheets::{SheetCell, SheetColumn, SheetTable};
use crate::domain::Localized;
use crate::graph::Place;

/// The months of a fiscal year.
const MONTHS: [u8; 12] = [4, 5, 6, 7, 8, 9, 10, 11, 12, 1, 2, 3];

/// When work is busy, as far as it can be read.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Season {
    /// In these months.
    Months(Vec<u8>),
    /// All the year round.
    Always,
    /// As it comes; no months.
    Unplanned,
    /// Not recorded.
    Unknown,
}

/// Work by month: ● where it peaks, ・ where it goes on evenly.
pub(super) fn calendar(reader: &Reader<'_>, processes: &[Place]) -> SheetTable {
    let mut columns = vec![SheetColumn::new("process", "業務", "Work"), SheetColumn::new("peak", "繁忙期", "Peak")];
    let name = |month: &u8| SheetColumn::new(&format!("month_{month}"), &format!("{month}月"), &format!("{month}"));
    columns.extend(MONTHS.iter().map(name));
    let mut rows: Vec<(Season, Vec<SheetCell>)> = processes.iter().map(|place| row(reader, *place)).collect();
    rows.sort_by_key(|(season, _)| match season {
        Season::Months(months) => MONTHS.iter().position(|month| months.contains(month)).unwrap_or(MONTHS.len()),
        Season::Always => 20,
        Season::Unplanned => 21,
        Season::Unknown => 22,
    });
    let unread = rows.iter().filter(|(season, _)| matches!(season, Season::Unplanned | Season::Unknown)).count();
    let mut table = SheetTable::new("calendar", "年間カレンダー", "Calendar", columns);
    table.notes.push(Localized::ja_en("●は繁忙期、・は通年。", "● peak, ・ all the year round."));
    if unread > 0 {
        table.notes.push(Localized::ja_en(
            &format!("{unread}件は月が決まっていないか、記載がない。忙しくないという意味ではない。"),
            &format!("{unread} have no fixed months or none on record. That does not mean that they are never busy."),
        ));
    }
    table.rows = rows.into_iter().map(|(_, row)| row).collect();
    table
}

fn row(reader: &Reader<'_>, place: Place) -> (Season, Vec<SheetCell>) {
    let season = reader.text(place, "peak").map_or(Season::Unknown, read);
    let mark = |month: &u8| match &season {
        Season::Months(months) if months.contains(month) => SheetCell::text("●"),
        Season::Always => SheetCell::text("・"),
        _ => SheetCell::Empty,
    };
    let mut cells =
        vec![summary(reader, place).map_or(SheetCell::Empty, SheetCell::Item), cell_of(reader, place, "peak")];
    cells.extend(MONTHS.iter().map(mark));
    (season, cells)
}

/// Reads `4-6月,2-3月`, `3,6,9,12月`, `通年`. What says no month has none.
fn read(text: &str) -> Season {
    if ["通年", "毎月"].iter().any(|word| text.contains(word)) {
        return Season::Always;
    }
    let plain: String = text.nfkc().collect();
    let mut months = Vec::new();
    for part in plain.split([',', '、', '・']) {
        let part = part.trim().trim_end_matches('月');
        let (from, to) = part.split_once(['-', '~', '～', '〜']).unwrap_or((part, part));
        let ends = (month(from), month(to));
        if let (Some(from), Some(to)) = ends {
            months.extend(span(from, to));
        }
    }
    if months.is_empty() { Season::Unplanned } else { Season::Months(months) }
}

fn month(text: &str) -> Option<u8> {
    text.trim().trim_end_matches('月').parse().ok().filter(|month| (1..=12).contains(month))
}

/// From one month to another, over the turn of the year if need be.
fn span(from: u8, to: u8) -> Vec<u8> {
    let count = (i16::from(to) - i16::from(from)).rem_euclid(12) + 1;
    (0..count).filter_map(|step| u8::try_from((i16::from(from) - 1 + step) % 12 + 1).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn peaks_are_read_over_the_turn_of_the_year() {
        let months = |text: &str| read(text);
        assert_eq!(months("4-6月,2-3月"), Season::Months(vec![4, 5, 6, 2, 3]));
        assert_eq!(months("11-2月"), Season::Months(vec![11, 12, 1, 2]));
        assert_eq!(months("３，６月"), Season::Months(vec![3, 6]));
        assert_eq!(months("12月～1月"), Season::Months(vec![12, 1]));
        assert_eq!(months("5,随時"), Season::Months(vec![5]));
        assert_eq!((months("通年"), months("毎月")), (Season::Always, Season::Always));
        assert_eq!((months("3年ごと"), months("13月")), (Season::Unplanned, Season::Unplanned));
    }
}
