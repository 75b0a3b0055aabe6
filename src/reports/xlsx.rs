//! Tables as a workbook: frozen heading, filters, numbers as numbers, nothing that a spreadsheet would calculate.

use rust_xlsxwriter::{ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError};

use super::table::{Cell, CellKind, Table};
use crate::analyses::Tabular;

/// The most rows of a sheet, the heading line included.
const MOST_ROWS: usize = 1_048_576;

/// The most columns of a sheet.
const MOST_COLUMNS: usize = 16_384;

/// The most characters of a cell; the rest is cut and marked with `…`.
const LONGEST_CELL: usize = 32_767;

/// How wide a column may be made, in characters.
const WIDEST: u16 = 60;

/// How many rows are looked at for the widths of columns.
const ROWS_LOOKED_AT: usize = 1_000;

/// Why tables cannot be a workbook.
#[derive(Debug, thiserror::Error)]
pub enum WorkbookError {
    /// More rows or columns than a sheet can have.
    #[error("a sheet of a workbook can have {MOST_ROWS} rows and {MOST_COLUMNS} columns; choose CSV, or ask for less")]
    TooLarge,
    /// The library refuses.
    #[error("the workbook cannot be written: {0}")]
    Refused(#[from] XlsxError),
}

/// A report as a workbook of one sheet, in a language.
///
/// # Errors
/// [`WorkbookError`].
pub fn to_xlsx(report: &dyn Tabular, language: &str) -> Result<Vec<u8>, WorkbookError> {
    tables_to_xlsx(&[Table::of(report, language)])
}

/// Tables as a workbook, a sheet each.
///
/// # Errors
/// [`WorkbookError`].
pub fn tables_to_xlsx(tables: &[Table]) -> Result<Vec<u8>, WorkbookError> {
    let mut workbook = Workbook::new();
    let styles = Styles::new();
    let mut names = Vec::new();
    for table in tables {
        let name = sheet_name(&table.title, &names);
        let sheet = workbook.add_worksheet();
        sheet.set_name(&name)?;
        write(sheet, table, &styles)?;
        names.push(name);
    }
    Ok(workbook.save_to_buffer()?)
}

struct Styles {
    heading: Format,
    text: Format,
    number: Format,
    date: Format,
}

impl Styles {
    fn new() -> Self {
        let top = || Format::new().set_align(FormatAlign::Top);
        let heading = Format::new().set_bold().set_background_color(0x00DC_E6F1).set_border_bottom(FormatBorder::Thin);
        Self {
            heading: heading.set_text_wrap().set_align(FormatAlign::VerticalCenter),
            text: top().set_text_wrap(),
            number: top(),
            date: top().set_num_format("yyyy-mm-dd"),
        }
    }
}

fn write(sheet: &mut Worksheet, table: &Table, styles: &Styles) -> Result<(), WorkbookError> {
    if table.rows.len() >= MOST_ROWS || table.columns.len() > MOST_COLUMNS {
        return Err(WorkbookError::TooLarge);
    }
    for (place, column) in table.columns.iter().enumerate() {
        let at = number(place);
        sheet.write_string_with_format(0, at, cut(&column.label), &styles.heading)?;
        sheet.set_column_width(at, width(table, place))?;
    }
    for (place, row) in table.rows.iter().enumerate() {
        let at = u32::try_from(place + 1).unwrap_or(u32::MAX);
        let lines = row.iter().map(lines).max().unwrap_or(1);
        if lines > 1 {
            sheet.set_row_height(at, 15.0 * f64::from(lines))?;
        }
        for (column, cell) in row.iter().take(table.columns.len()).enumerate() {
            write_cell(sheet, at, number(column), cell, styles)?;
        }
    }
    finish(sheet, table)
}

/// How many lines of a cell are shown.
fn lines(cell: &Cell) -> u8 {
    match cell {
        Cell::Text(text) => u8::try_from(text.lines().take(12).count()).unwrap_or(1),
        _ => 1,
    }
}

fn write_cell(sheet: &mut Worksheet, row: u32, column: u16, cell: &Cell, styles: &Styles) -> Result<(), XlsxError> {
    match cell {
        Cell::Empty => return Ok(()),
        // Written as a string, so that nothing is taken for a formula or a link.
        Cell::Text(text) => sheet.write_string_with_format(row, column, cut(text), &styles.text)?,
        Cell::Number(value) => sheet.write_number_with_format(row, column, *value, &styles.number)?,
        Cell::Boolean(value) => sheet.write_boolean_with_format(row, column, *value, &styles.number)?,
        Cell::Date(date) => match excel_date(*date) {
            Some(value) => sheet.write_datetime_with_format(row, column, &value, &styles.date)?,
            None => sheet.write_string_with_format(row, column, date.to_string(), &styles.text)?,
        },
    };
    Ok(())
}

/// A spreadsheet knows no day before 1900.
fn excel_date(date: jiff::civil::Date) -> Option<ExcelDateTime> {
    let number = |part: i8| u8::try_from(part).ok();
    let year = u16::try_from(date.year()).ok().filter(|year| *year >= 1900)?;
    ExcelDateTime::from_ymd(year, number(date.month())?, number(date.day())?).ok()
}

fn finish(sheet: &mut Worksheet, table: &Table) -> Result<(), WorkbookError> {
    sheet.set_freeze_panes(1, 0)?;
    if let Some(last) = table.columns.len().checked_sub(1) {
        sheet.autofilter(0, 0, u32::try_from(table.rows.len()).unwrap_or(0), number(last))?;
    }
    sheet.set_landscape().set_paper_size(8).set_print_fit_to_pages(1, 0).set_repeat_rows(0, 0)?;
    sheet.set_footer("&C&P / &N");
    Ok(())
}

fn number(place: usize) -> u16 {
    u16::try_from(place).unwrap_or(u16::MAX)
}

fn cut(text: &str) -> String {
    let mut units = 0;
    let end = text.char_indices().find(|(_, character)| {
        units += character.len_utf16();
        units > LONGEST_CELL - 1
    });
    end.map_or_else(|| text.to_owned(), |(end, _)| format!("{}…", &text[..end]))
}

/// Wide enough for the longest line of the rows looked at; a Japanese character takes the room of two.
fn width(table: &Table, column: usize) -> u16 {
    let cells = table.rows.iter().take(ROWS_LOOKED_AT).filter_map(|row| row.get(column));
    let widths = cells.map(|cell| match cell {
        Cell::Text(text) => text.lines().map(room).max().unwrap_or(0),
        Cell::Number(value) => room(&value.to_string()),
        Cell::Date(_) => 10,
        Cell::Boolean(_) => 5,
        Cell::Empty => 0,
    });
    let heading = room(&table.columns[column].label) + 3;
    let least = if table.columns[column].kind == CellKind::Text { 8 } else { 10 };
    u16::try_from(widths.max().unwrap_or(0).max(heading).max(least) + 1).unwrap_or(WIDEST).min(WIDEST)
}

fn room(text: &str) -> usize {
    text.chars().map(|character| if character.is_ascii() { 1 } else { 2 }).sum()
}

/// A name that a sheet may have and no other sheet has.
fn sheet_name(title: &str, taken: &[String]) -> String {
    let permitted = |character: char| !"[]:*?/\\".contains(character) && !character.is_control();
    let filtered: String = title.chars().filter(|character| permitted(*character)).take(31).collect();
    let trimmed = filtered.trim_matches(['\'', ' ']);
    let name = if trimmed.is_empty() { "Sheet" } else { trimmed };
    let is_taken = |name: &str| taken.iter().any(|held| held.to_lowercase() == name.to_lowercase());
    let numbered = |number: usize| format!("{} ({number})", name.chars().take(25).collect::<String>());
    let candidates = std::iter::once(name.to_owned()).chain((2..taken.len() + 3).map(numbered));
    candidates.into_iter().find(|name| !is_taken(name)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use calamine::{Data, Reader, Xlsx};

    use super::*;
    use crate::reports::TableColumn;

    fn read(bytes: Vec<u8>) -> Xlsx<Cursor<Vec<u8>>> {
        Xlsx::new(Cursor::new(bytes)).expect("a workbook")
    }

    #[test]
    fn text_stays_text_and_numbers_are_numbers() {
        let date = jiff::civil::date(2026, 3, 31);
        let table = Table {
            title: "影響: [停止]".into(),
            columns: vec![
                TableColumn::new("名称", CellKind::Text),
                TableColumn::new("時間", CellKind::Number),
                TableColumn::new("日", CellKind::Date),
            ],
            rows: vec![
                vec![Cell::text("=1+1"), Cell::Number(24.0), Cell::Date(date)],
                vec![Cell::text("http://a.example"), Cell::Empty, Cell::Date(jiff::civil::date(1868, 1, 25))],
            ],
        };
        let mut workbook = read(tables_to_xlsx(&[table.clone(), table]).expect("written"));
        assert_eq!(workbook.sheet_names(), ["影響 停止", "影響 停止 (2)"]);
        let sheet = workbook.worksheet_range("影響 停止").expect("a sheet");
        assert_eq!(sheet.get_value((1, 0)), Some(&Data::String("=1+1".into())));
        assert_eq!(sheet.get_value((1, 1)), Some(&Data::Float(24.0)));
        assert_eq!(sheet.get_value((2, 2)), Some(&Data::String("1868-01-25".into())));
        // 2026-03-31 is day 46112 of a spreadsheet's calendar (1899-12-30 is day 0).
        assert!(matches!(sheet.get_value((1, 2)), Some(Data::DateTime(day)) if (day.as_f64() - 46_112.0).abs() < 0.1));
        let formulas = workbook.worksheet_formula("影響 停止").expect("formulas");
        assert!(formulas.used_cells().next().is_none());
    }

    #[test]
    fn what_does_not_fit_is_refused_or_cut() {
        let columns = vec![TableColumn::new("a", CellKind::Text); MOST_COLUMNS + 1];
        let error = tables_to_xlsx(&[Table { title: String::new(), columns, rows: Vec::new() }]);
        assert!(matches!(error, Err(WorkbookError::TooLarge)));
        let table = Table {
            title: "''".into(),
            columns: vec![TableColumn::new("a", CellKind::Text)],
            rows: vec![vec![Cell::text("𠮷".repeat(20_000))]],
        };
        let mut workbook = read(tables_to_xlsx(&[table]).expect("written"));
        let sheet = workbook.worksheet_range("Sheet").expect("a sheet");
        let Some(Data::String(text)) = sheet.get_value((1, 0)) else { panic!("text") };
        assert!(text.encode_utf16().count() <= LONGEST_CELL && text.ends_with('…'));
    }
}
