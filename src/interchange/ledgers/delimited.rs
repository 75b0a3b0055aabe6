//! Delimited text: UTF-8, UTF-16 and CP932; commas, tabs and semicolons.

use std::borrow::Cow;

use encoding_rs::{EUC_JP, Encoding, SHIFT_JIS, UTF_8, UTF_16BE, UTF_16LE};

use super::grid::{Book, BookNote, Cell, Grid, GridRow, SharedTexts};
use crate::interchange::limits::Limits;
use crate::interchange::place::Place;
use crate::interchange::problem::Said;
use crate::interchange::source::{SourceFile, Unreadable};

/// How many lines are looked at to find the delimiter.
const LINES_LOOKED_AT: usize = 50;

/// Reads delimited text as a book of one sheet.
///
/// # Errors
/// When it is no text, or goes beyond a limit.
pub fn read(file: &SourceFile<'_>, limits: &Limits) -> Result<Book, Unreadable> {
    refuse_binary(file)?;
    let (text, garbled) = decode(file.bytes);
    let mut book = Book::default();
    if garbled > 0 {
        book.notes.push(BookNote::Garbled(garbled));
    }
    let mut grid = Grid::default();
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter(&text))
        .from_reader(text.as_bytes());
    let (mut record, mut texts) = (csv::StringRecord::new(), SharedTexts::default());
    let (mut cells, mut lines) = (0_usize, Lines::new(&text));
    loop {
        match reader.read_record(&mut record) {
            Ok(true) => {}
            Ok(false) => break,
            Err(_) => {
                book.notes.push(BookNote::BrokenLine(line(reader.position().line())));
                continue;
            }
        }
        let number = lines.row_of(&record);
        check(file, limits, number, &record, &mut cells)?;
        let row = row(number, &record, &mut texts);
        if !row.cells.is_empty() {
            grid.rows.push(row);
        }
    }
    book.sheets.push(grid);
    Ok(book)
}

/// Counts rows as a spreadsheet program does: a line within quotation marks is no row; an empty line is, though the
/// reader passes over it.
struct Lines<'a> {
    bytes: &'a [u8],
    counted: usize,
    before: usize,
    within: usize,
}

impl<'a> Lines<'a> {
    fn new(text: &'a str) -> Self {
        Self { bytes: text.as_bytes(), counted: 0, before: 0, within: 0 }
    }

    fn row_of(&mut self, record: &csv::StringRecord) -> u32 {
        let start = record.position().and_then(|position| usize::try_from(position.byte()).ok()).unwrap_or(0);
        let rest = self.bytes.get(start..).unwrap_or_default();
        let empty = rest.iter().take_while(|byte| matches!(byte, b'\n' | b'\r')).count();
        let end = (start + empty).min(self.bytes.len());
        self.before += memchr::memchr_iter(b'\n', self.bytes.get(self.counted..end).unwrap_or_default()).count();
        self.counted = end;
        let row = self.before - self.within + 1;
        self.within += record.iter().map(|field| field.matches('\n').count()).sum::<usize>();
        u32::try_from(row).unwrap_or(u32::MAX)
    }
}

fn row(number: u32, record: &csv::StringRecord, texts: &mut SharedTexts) -> GridRow {
    let held = |place: &usize| !Cell::of(&record[*place]).is_empty();
    let used = (0..record.len()).rev().find(held).map_or(0, |last| last + 1);
    GridRow { number, is_hidden: false, cells: record.iter().take(used).map(|text| texts.cell(text)).collect() }
}

fn check(
    file: &SourceFile<'_>,
    limits: &Limits,
    number: u32,
    record: &csv::StringRecord,
    cells: &mut usize,
) -> Result<(), Unreadable> {
    *cells += record.len();
    let place = || Place::row(file.name, None, number);
    let beyond = |setting, limit: usize| Err(Unreadable::beyond(place(), setting, limit as u64));
    if number as usize > limits.rows {
        return beyond("rows", limits.rows);
    }
    if record.len() > limits.columns {
        return beyond("columns", limits.columns);
    }
    if *cells > limits.cells {
        return beyond("cells", limits.cells);
    }
    if record.iter().any(|field| field.len() > limits.text_bytes) {
        return beyond("text_bytes", limits.text_bytes);
    }
    Ok(())
}

fn line(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// A text holds no zero bytes, unless it is UTF-16.
fn refuse_binary(file: &SourceFile<'_>) -> Result<(), Unreadable> {
    let head = &file.bytes[..file.bytes.len().min(8_192)];
    if encoding(file.bytes) == UTF_16LE || encoding(file.bytes) == UTF_16BE || !head.contains(&0) {
        return Ok(());
    }
    Err(Unreadable::new(
        "not_a_text",
        Place::file(file.name),
        Said::new("文字のファイルではありません", "this is no text"),
        Said::new(
            "CSV、Excel（.xlsx、.xls）又はOpenDocument（.ods）で保存し直してください",
            "save it as CSV, Excel (.xlsx, .xls) or OpenDocument (.ods)",
        ),
    ))
}

/// The text, and how many places of it were not valid in its encoding.
pub fn decode(bytes: &[u8]) -> (Cow<'_, str>, usize) {
    let (text, used, had_errors) = encoding(bytes).decode(bytes);
    let _ = used;
    let garbled = if had_errors { text.matches(char::REPLACEMENT_CHARACTER).count().max(1) } else { 0 };
    (text, garbled)
}

/// A byte order mark decides; else UTF-8 if it is valid; else UTF-16 by its zero bytes; else CP932 or EUC-JP,
/// whichever has fewer faults.
fn encoding(bytes: &[u8]) -> &'static Encoding {
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        return encoding;
    }
    if let Some(wide) = wide(bytes) {
        return wide;
    }
    if std::str::from_utf8(bytes).is_ok() {
        return UTF_8;
    }
    let head = &bytes[..bytes.len().min(64 << 10)];
    let faults = |encoding: &'static Encoding| {
        let text = encoding.decode_without_bom_handling(head).0;
        // Half-width kana between other text is what EUC-JP looks like when it is taken for CP932.
        text.chars().map(|c| usize::from(c == char::REPLACEMENT_CHARACTER) * 4 + usize::from(is_half_width(c))).sum()
    };
    let (shift_jis, euc): (usize, usize) = (faults(SHIFT_JIS), faults(EUC_JP));
    if euc * 2 < shift_jis && EUC_JP.decode_without_bom_handling_and_without_replacement(head).is_some() {
        EUC_JP
    } else {
        SHIFT_JIS
    }
}

fn is_half_width(character: char) -> bool {
    ('\u{ff61}'..='\u{ff9f}').contains(&character)
}

/// UTF-16 without a mark: ASCII characters, of which a ledger has many, have a zero byte each.
fn wide(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = &bytes[..bytes.len().min(4_096) & !1];
    let zeros = |offset: usize| head.iter().skip(offset).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    let enough = |count: usize| head.len() >= 4 && count * 20 > head.len() / 2;
    if enough(odd) && even == 0 {
        return Some(UTF_16LE);
    }
    (enough(even) && odd == 0).then_some(UTF_16BE)
}

/// The delimiter that most evenly takes the first lines apart.
fn delimiter(text: &str) -> u8 {
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).take(LINES_LOOKED_AT).collect();
    let score = |delimiter: u8| {
        let counts: Vec<usize> = lines.iter().map(|line| outside_quotes(line, delimiter)).collect();
        let most = counts.iter().copied().max().unwrap_or(0);
        let even = counts.iter().filter(|count| **count == most).count();
        (most.min(1) * even, most)
    };
    // Of equals the comma wins.
    [b';', b'\t', b','].into_iter().max_by_key(|candidate| score(*candidate)).unwrap_or(b',')
}

fn outside_quotes(line: &str, delimiter: u8) -> usize {
    let mut in_quotes = false;
    line.bytes()
        .filter(|byte| {
            in_quotes ^= *byte == b'"';
            *byte == delimiter && !in_quotes
        })
        .count()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "課名,ｼｽﾃﾑ名,備考\n市民課,\"住民, 記録\",\"二\n行\"\n,,\n\n,戸籍,\n";

    fn rows(bytes: &[u8]) -> Vec<(u32, Vec<String>)> {
        let book = read(&SourceFile { name: "a.csv", bytes }, &Limits::default()).expect("text");
        let cells = |row: &GridRow| row.cells.iter().map(Cell::text).collect();
        book.sheets[0].rows.iter().map(|row| (row.number, cells(row))).collect()
    }

    #[test]
    fn every_encoding_gives_the_same_table() {
        let expected = rows(TEXT.as_bytes());
        assert_eq!(expected[1], (2, vec!["市民課".to_owned(), "住民, 記録".to_owned(), "二\n行".to_owned()]));
        assert_eq!(expected[2].0, 5, "empty rows count and are not listed");
        let with_mark: Vec<u8> = [b"\xEF\xBB\xBF", TEXT.as_bytes()].concat();
        assert_eq!(rows(&with_mark), expected);
        assert_eq!(rows(&SHIFT_JIS.encode(TEXT).0), expected);
        assert_eq!(rows(&EUC_JP.encode(&TEXT.replace("ｼｽﾃﾑ", "システム")).0)[2].1, expected[2].1);
        for (mark, unit) in
            [([0xFF_u8, 0xFE], u16::to_le_bytes as fn(u16) -> [u8; 2]), ([0xFE, 0xFF], u16::to_be_bytes)]
        {
            let body: Vec<u8> = TEXT.encode_utf16().flat_map(unit).collect();
            assert_eq!(rows(&[&mark[..], &body].concat()), expected);
            assert_eq!(rows(&body), expected);
        }
    }

    #[test]
    fn the_delimiter_is_found() {
        for delimiter in ["\t", ";"] {
            let text = TEXT.replace("\"住民, 記録\"", "住民").replace(',', delimiter);
            assert_eq!(rows(text.as_bytes())[1].1[1], "住民", "{delimiter:?}");
        }
        assert_eq!(rows("名前\n甲\n".as_bytes()).len(), 2);
    }

    #[test]
    fn binaries_and_giants_are_refused() {
        let refused = |bytes: &[u8], limits: &Limits| {
            read(&SourceFile { name: "a.csv", bytes }, limits).expect_err("refused").0.code
        };
        assert_eq!(refused(b"\x7fELF\0\0\0\x01\x02\x03", &Limits::default()), "not_a_text");
        let few = Limits { rows: 2, ..Limits::default() };
        assert_eq!(refused(TEXT.as_bytes(), &few), "limit_exceeded");
    }
}
