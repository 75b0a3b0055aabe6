//! Sheets as a workbook.

use rust_xlsxwriter::{
    DataValidation, ExcelDateTime, Format, FormatAlign, FormatBorder, Formula, Workbook, Worksheet, XlsxError,
};
use rustc_hash::FxHashMap;

use super::cells::LONGEST_CELL;
use super::{ABOUT, IDS, LISTS, MARK, OutCell, Sheet, SheetColumn, TEXTS, WorkbookOptions};

/// The most rows of a sheet, the heading line included.
const MOST_ROWS: usize = 1_048_576;

/// How wide a column may be made, in characters.
const WIDEST: usize = 50;

/// The height of a line, in points.
const LINE_HEIGHT: f64 = 15.0;

/// The most lines of a cell that are shown without opening it.
const MOST_LINES: usize = 12;

/// The widest sheet that is printed on one page across, in characters.
const WIDEST_PAGE: u32 = 300;

/// How many empty rows below the last one have drop-downs, too.
const SPARE_ROWS: u32 = 200;

/// Why sheets cannot be a workbook.
#[derive(Debug, thiserror::Error)]
pub enum WorkbookRefused {
    /// A sheet has more rows than a workbook can hold.
    #[error("the sheet {0} would have more than {MOST_ROWS} rows; export fewer kinds, or another form")]
    TooManyRows(String),
    /// The library refuses.
    #[error("the workbook cannot be written: {0}")]
    Refused(#[from] XlsxError),
}

/// Writes sheets, and the hidden ones that let ezu read them again.
///
/// # Errors
/// [`WorkbookRefused`].
pub fn write(sheets: &[Sheet], options: &WorkbookOptions) -> Result<Vec<u8>, WorkbookRefused> {
    let mut workbook = Workbook::new();
    let mut writer =
        Writer { styles: Styles::new(options), names: Vec::new(), lists: Lists::default(), texts: Vec::new() };
    for sheet in sheets {
        if sheet.rows.len() >= MOST_ROWS {
            return Err(WorkbookRefused::TooManyRows(sheet.title.clone()));
        }
        let name = sheet_name(&sheet.title, &writer.names);
        writer.names.push(name.clone());
        let worksheet = workbook.add_worksheet();
        worksheet.set_name(&name)?;
        writer.sheet(worksheet, sheet)?;
    }
    if sheets.is_empty() {
        workbook.add_worksheet().set_name("空")?;
    }
    writer.hidden(&mut workbook, sheets, options)?;
    Ok(workbook.save_to_buffer()?)
}

struct Styles {
    heading: Format,
    hidden: Format,
    text: Format,
    date: Format,
}

impl Styles {
    fn new(options: &WorkbookOptions) -> Self {
        // A font of every Windows that is easy to read; elsewhere the program takes its own.
        let plain = || Format::new().set_font_name("BIZ UDゴシック").set_font_size(10);
        let top = || plain().set_align(FormatAlign::Top);
        let heading = plain().set_bold().set_text_wrap().set_border_bottom(FormatBorder::Thin);
        let calendar = if options.japanese_calendar { "[$-411]ggge\"年\"m\"月\"d\"日\"" } else { "yyyy-mm-dd" };
        Self {
            heading: heading.set_background_color(0x00DC_E6F1).set_align(FormatAlign::VerticalCenter),
            hidden: Format::new().set_font_color(0x0080_8080),
            text: top().set_text_wrap(),
            date: top().set_num_format(calendar).set_align(FormatAlign::Left),
        }
    }
}

/// The choices of drop-downs, each list once, in columns of a hidden sheet.
#[derive(Default)]
struct Lists {
    places: FxHashMap<Vec<String>, u16>,
    all: Vec<Vec<String>>,
}

impl Lists {
    /// The range of a list, made if it is new.
    fn range(&mut self, choices: &[String]) -> String {
        let place = *self.places.entry(choices.to_vec()).or_insert_with(|| {
            self.all.push(choices.to_vec());
            u16::try_from(self.all.len() - 1).unwrap_or(u16::MAX)
        });
        let column = crate::interchange::place::column_name(usize::from(place));
        format!("='{LISTS}'!${column}$1:${column}${}", choices.len())
    }
}

struct Writer {
    styles: Styles,
    names: Vec<String>,
    lists: Lists,
    texts: Vec<String>,
}

impl Writer {
    fn sheet(&mut self, worksheet: &mut Worksheet, sheet: &Sheet) -> Result<(), WorkbookRefused> {
        let last = u32::try_from(sheet.rows.len()).unwrap_or(u32::MAX);
        for (place, column) in sheet.columns.iter().enumerate() {
            let at = number(place);
            worksheet.write_string_with_format(0, at, &column.heading, &self.styles.heading)?;
            worksheet.set_column_width(at, width(sheet, place, column))?;
            if column.is_hidden {
                worksheet.set_column_hidden(at)?;
            }
            if !column.choices.is_empty() {
                let validation = self.choices(column);
                worksheet.add_data_validation(
                    1,
                    at,
                    last.saturating_add(SPARE_ROWS).min(1_048_575),
                    at,
                    &validation,
                )?;
            }
        }
        for (place, row) in sheet.rows.iter().enumerate() {
            let at = u32::try_from(place + 1).unwrap_or(u32::MAX);
            let lines = lines(sheet, row);
            if lines > 1 {
                worksheet.set_row_height(at, LINE_HEIGHT * f64::from(lines))?;
            }
            for (column, cell) in row.iter().enumerate() {
                self.cell(worksheet, at, number(column), cell)?;
            }
        }
        worksheet.set_row_height(0, 32)?;
        worksheet.set_freeze_panes(1, frozen_columns(sheet))?;
        worksheet.autofilter(0, 0, last, number(sheet.columns.len().saturating_sub(1)))?;
        self.print(worksheet, sheet)
    }

    /// A3, across the page; a sheet that would be too small to read goes over several pages with its names repeated.
    fn print(&self, worksheet: &mut Worksheet, sheet: &Sheet) -> Result<(), WorkbookRefused> {
        let seen = sheet.columns.iter().enumerate().filter(|(_, column)| !column.is_hidden);
        let width: u32 = seen.map(|(place, column)| u32::from(width(sheet, place, column))).sum();
        worksheet.set_landscape().set_paper_size(8).set_repeat_rows(0, 0)?;
        if width <= WIDEST_PAGE {
            worksheet.set_print_fit_to_pages(1, 0);
        } else {
            worksheet.set_print_scale(70);
            if let Some(last) = frozen_columns(sheet).checked_sub(1) {
                worksheet.set_repeat_columns(0, last)?;
            }
        }
        worksheet.set_footer("&C&P / &N");
        Ok(())
    }

    fn choices(&mut self, column: &SheetColumn) -> DataValidation {
        let range = self.lists.range(&column.choices);
        let validation = DataValidation::new().allow_list_formula(Formula::new(range));
        validation.show_error_message(column.is_strict)
    }

    fn cell(&mut self, worksheet: &mut Worksheet, row: u32, column: u16, cell: &OutCell) -> Result<(), XlsxError> {
        let styles = &self.styles;
        match cell {
            OutCell::Empty => return Ok(()),
            // Always as a string: nothing is taken for a formula or a link.
            OutCell::Text(text) if text.encode_utf16().count() > LONGEST_CELL => {
                self.texts.push(text.clone());
                let stands_for = format!("\"long:{}", self.texts.len() - 1);
                worksheet.write_string_with_format(row, column, stands_for, &styles.text)?
            }
            OutCell::Text(text) => worksheet.write_string_with_format(row, column, text, &styles.text)?,
            OutCell::Number(number) => worksheet.write_number_with_format(row, column, *number, &styles.text)?,
            OutCell::Date(date) => {
                let part = |value: i8| u8::try_from(value).unwrap_or(1);
                let year = u16::try_from(date.year()).unwrap_or(1900);
                let day = ExcelDateTime::from_ymd(year, part(date.month()), part(date.day()))?;
                worksheet.write_datetime_with_format(row, column, &day, &styles.date)?
            }
        };
        Ok(())
    }

    /// The sheets that nobody sees: what the columns are, the ids, long texts, choices.
    fn hidden(
        &self,
        workbook: &mut Workbook,
        sheets: &[Sheet],
        options: &WorkbookOptions,
    ) -> Result<(), WorkbookRefused> {
        let about = workbook.add_worksheet();
        about.set_name(ABOUT)?.set_hidden(true);
        let lines = [MARK.to_owned(), options.revision.to_string(), options.hash.clone()];
        for (row, line) in (0_u32..).zip(&lines) {
            about.write_string_with_format(row, 0, line, &self.styles.hidden)?;
        }
        let mut row = 4;
        for (sheet, name) in sheets.iter().zip(&self.names) {
            for (place, column) in sheet.columns.iter().enumerate() {
                let role = serde_json::to_string(&column.role).unwrap_or_default();
                for (at, text) in [name.as_str(), &sheet.kind, &place.to_string(), &role].into_iter().enumerate() {
                    about.write_string(row, number(at), text)?;
                }
                row += 1;
            }
        }
        let ids = sheets.iter().flat_map(|sheet| &sheet.rows).filter_map(|row| match row.first() {
            Some(OutCell::Text(id)) => Some(id.clone()),
            _ => None,
        });
        let ids: Vec<String> = if options.ids.is_empty() { ids.collect() } else { options.ids.clone() };
        column_sheet(workbook, IDS, &[ids])?;
        let texts: Vec<Vec<String>> = self.texts.iter().map(|text| chunks(text)).collect();
        column_sheet(workbook, TEXTS, &texts)?;
        column_sheet(workbook, LISTS, &self.lists.all)
    }
}

/// A hidden sheet with a list in each column.
fn column_sheet(workbook: &mut Workbook, name: &str, columns: &[Vec<String>]) -> Result<(), WorkbookRefused> {
    let sheet = workbook.add_worksheet();
    sheet.set_name(name)?.set_hidden(true);
    for (column, texts) in columns.iter().enumerate() {
        for (row, text) in (0_u32..).zip(texts) {
            sheet.write_string(row, number(column), text)?;
        }
    }
    Ok(())
}

/// A text in pieces that a cell holds, each in JSON's quotes.
fn chunks(text: &str) -> Vec<String> {
    let characters: Vec<char> = text.chars().collect();
    // A character can take six in quotes.
    let piece = |part: &[char]| serde_json::Value::String(part.iter().collect()).to_string().replace("_x", "\\u005fx");
    characters.chunks(LONGEST_CELL / 8).map(piece).collect()
}

/// How many lines the tallest visible cell of a row has.
fn lines(sheet: &Sheet, row: &[OutCell]) -> u8 {
    let seen = row.iter().zip(&sheet.columns).filter(|(_, column)| !column.is_hidden);
    let lines = seen.map(|(cell, _)| match cell {
        OutCell::Text(text) => text.lines().take(MOST_LINES).count(),
        _ => 1,
    });
    u8::try_from(lines.max().unwrap_or(1)).unwrap_or(1)
}

/// The columns that stay in sight: up to the first that is seen.
fn frozen_columns(sheet: &Sheet) -> u16 {
    sheet.columns.iter().position(|column| !column.is_hidden).map_or(0, |place| number(place + 1))
}

fn number(place: usize) -> u16 {
    u16::try_from(place).unwrap_or(u16::MAX)
}

fn width(sheet: &Sheet, place: usize, column: &SheetColumn) -> u16 {
    let room = |text: &str| {
        let line = |line: &str| line.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum::<usize>();
        text.lines().map(line).max().unwrap_or(0)
    };
    let cells = sheet.rows.iter().take(500).filter_map(|row| row.get(place)).map(|cell| match cell {
        OutCell::Date(_) => 18,
        other => room(&other.text(false)),
    });
    let widest = cells.max().unwrap_or(0).max(room(&column.heading).div_ceil(2) + 4).max(8);
    u16::try_from(widest.min(WIDEST) + 2).unwrap_or(12)
}

/// A name that a sheet may have and no other sheet has.
fn sheet_name(title: &str, taken: &[String]) -> String {
    let permitted = |character: char| !"[]:*?/\\".contains(character) && !character.is_control();
    let filtered: String = title.chars().filter(|character| permitted(*character)).take(25).collect();
    let trimmed = filtered.trim_matches(['\'', ' ']);
    let name = if trimmed.is_empty() { "Sheet" } else { trimmed };
    let is_taken = |name: &str| taken.iter().any(|held| held.to_lowercase() == name.to_lowercase());
    let candidates = std::iter::once(name.to_owned()).chain((2..taken.len() + 3).map(|n| format!("{name} ({n})")));
    candidates.into_iter().find(|name| !is_taken(name)).unwrap_or_default()
}
