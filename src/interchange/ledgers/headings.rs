//! Where in a sheet the table begins, and what its columns are called.

use rustc_hash::FxHashMap;

use super::cells::spelling::heading;
use super::grid::{Cell, Grid, GridRow};
use super::meaning::Meaning;
use super::vocabulary::{HeadingKey, KindVocabulary, Known};

/// How many rows are looked at for a heading.
const ROWS_LOOKED_AT: usize = 40;

/// The most rows that a heading has.
const TALLEST: usize = 3;

/// A table that was found in a sheet.
#[derive(Debug, Clone)]
pub(super) struct Heading {
    /// Places of its rows in the grid.
    pub first: usize,
    pub last: usize,
    /// The place of the kind in the vocabularies.
    pub kind: usize,
    /// The heading of each column, lines joined.
    pub texts: Vec<String>,
    pub score: u32,
}

/// Finds the heading that best fits a kind. `only` limits the kinds, `rows` the place.
pub(super) fn find(
    grid: &Grid,
    titles: &str,
    kinds: &[KindVocabulary],
    only: Option<&str>,
    rows: Option<(u32, u32)>,
) -> Option<Heading> {
    let mut best: Option<Heading> = None;
    for first in 0..grid.rows.len().min(ROWS_LOOKED_AT) {
        for height in 1..=TALLEST.min(grid.rows.len() - first) {
            let last = first + height - 1;
            let numbers = (grid.rows[first].number, grid.rows[last].number);
            if rows.is_some_and(|wanted| wanted != numbers) || !are_neighbours(&grid.rows[first..=last]) {
                continue;
            }
            let texts = texts(&grid.rows[first..=last]);
            let keys = keys(&texts);
            let above = title_above(grid, first);
            for (kind, vocabulary) in kinds.iter().enumerate() {
                if only.is_some_and(|only| only != vocabulary.kind) {
                    continue;
                }
                let score = score(&keys, vocabulary, &[titles, &above]);
                // A chosen place or kind is believed even where few headings are known.
                let least = if only.is_some() || rows.is_some() { 1 } else { 4 };
                if score >= least && best.as_ref().is_none_or(|held| score > held.score) {
                    best = Some(Heading { first, last, kind, texts: texts.clone(), score });
                }
            }
        }
    }
    best
}

/// Every heading once, and over how many columns it stands.
fn keys(texts: &[String]) -> Vec<(HeadingKey, u32)> {
    let mut keys: Vec<(HeadingKey, u32)> = Vec::new();
    let mut places: FxHashMap<&str, usize> = FxHashMap::default();
    for text in texts.iter().filter(|text| !text.is_empty()) {
        let place = *places.entry(text).or_insert_with(|| {
            keys.push((HeadingKey::of(text), 0));
            keys.len() - 1
        });
        keys[place].1 += 1;
    }
    keys
}

fn are_neighbours(rows: &[GridRow]) -> bool {
    rows.windows(2).all(|pair| pair[1].number == pair[0].number + 1)
}

/// What stands above the table, as one word.
fn title_above(grid: &Grid, first: usize) -> String {
    grid.rows[..first].iter().filter_map(|row| row.cells.first()).map(|cell| heading(&cell.text())).collect()
}

/// The heading of each column over several rows. A group's heading stands over its columns: where the row below has
/// texts and the upper row is empty, the group to the left goes on.
pub(super) fn texts(rows: &[GridRow]) -> Vec<String> {
    let width = rows.iter().map(|row| row.cells.len()).max().unwrap_or(0);
    let mut texts = vec![String::new(); width];
    for (depth, row) in rows.iter().enumerate() {
        let mut group = String::new();
        for (column, text) in texts.iter_mut().enumerate() {
            let mut here = one_line(row.cell(column));
            let below = rows[depth + 1..].iter().any(|row| !row.cell(column).is_empty());
            if here.is_empty() && below && depth + 1 < rows.len() {
                here.clone_from(&group);
            }
            group.clone_from(&here);
            if !here.is_empty() && !text.ends_with(&here) {
                text.push_str(&here);
            }
        }
    }
    texts
}

fn one_line(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) => text.split_whitespace().collect::<Vec<_>>().join(" "),
        _ => String::new(),
    }
}

/// How well headings fit a kind; 0 if what identifies a record is not among them.
fn score(keys: &[(HeadingKey, u32)], vocabulary: &KindVocabulary, titles: &[&str]) -> u32 {
    let mut seen: Vec<&Meaning> = Vec::new();
    let (mut score, mut unknown) = (0, 0);
    let mut identified = [false; 3];
    for (key, count) in keys {
        let Some(known) = vocabulary.look_up(key) else {
            unknown += count;
            continue;
        };
        note_identity(known, &mut identified);
        if !seen.contains(&&known.meaning) {
            seen.push(&known.meaning);
            score += known.weight;
        }
    }
    let named = vocabulary.titles.iter().any(|title| titles.iter().any(|text| text.contains(title.as_str())));
    let is_identified = identified[0] || (identified[1] && identified[2]);
    if !is_identified || seen.len() < 2 {
        return 0;
    }
    (score * 2 + if named { 6 } else { 0 }).saturating_sub(unknown)
}

fn note_identity(known: &Known, identified: &mut [bool; 3]) {
    match &known.meaning {
        Meaning::Id | Meaning::Name => identified[0] = true,
        Meaning::Source => identified[1] = true,
        Meaning::Target => identified[2] = true,
        // Kinds that are named by an attribute.
        Meaning::Attribute { .. } if known.weight == 3 => identified[0] = true,
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(number: u32, texts: &[&str]) -> GridRow {
        GridRow { number, is_hidden: false, cells: texts.iter().map(|text| Cell::of(text)).collect() }
    }

    #[test]
    fn a_group_stands_over_its_columns() {
        let rows = [row(1, &["課名", "契約", "", "備考"]), row(2, &["", "開始", "終了", ""])];
        assert_eq!(texts(&rows), ["課名", "契約開始", "契約終了", "備考"]);
        assert_eq!(texts(&rows[..1]), ["課名", "契約", "", "備考"]);
    }

    #[test]
    fn lines_of_a_heading_are_joined() {
        assert_eq!(texts(&[row(1, &["経費\n(千円)"])]), ["経費 (千円)"]);
    }
}
