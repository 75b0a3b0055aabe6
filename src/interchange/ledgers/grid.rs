//! A sheet as rows of cells, whatever file it came from.

use jiff::civil::Date;
use rustc_hash::FxHashSet;
use smol_str::SmolStr;

/// All sheets of a file.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Book {
    /// The sheets, in order; delimited text has one without a name.
    pub sheets: Vec<Grid>,
    /// What is to be said of the file as a whole: the encoding that was found, for one.
    pub notes: Vec<BookNote>,
}

/// Something to know about how a file was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BookNote {
    /// The text is not valid in its encoding at so many places; they were replaced.
    Garbled(usize),
    /// A line cannot be taken apart (an open quotation mark); its number.
    BrokenLine(u32),
}

/// One sheet.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Grid {
    /// The sheet's name; none for delimited text.
    pub name: Option<String>,
    /// Whether the sheet is hidden.
    pub is_hidden: bool,
    /// The rows that hold something, in order.
    pub rows: Vec<GridRow>,
    /// Merged ranges.
    pub merges: Vec<Merge>,
    /// Columns that are hidden, counted from 0.
    pub hidden_columns: Vec<u32>,
}

/// A row that holds something.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct GridRow {
    /// Its number as a spreadsheet program shows it.
    pub number: u32,
    /// Whether it is hidden.
    pub is_hidden: bool,
    /// Its cells from column A on, up to the last that holds something.
    pub cells: Vec<Cell>,
}

/// A range of cells that look like one; the first holds the value. Rows and columns count from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Merge {
    /// The first row.
    pub top: u32,
    /// The first column.
    pub left: u32,
    /// The last row.
    pub bottom: u32,
    /// The last column.
    pub right: u32,
}

/// What a cell holds.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Cell {
    /// Nothing.
    #[default]
    Empty,
    /// Text; most cells hold so little that it takes no memory of its own, and copies share what takes some.
    Text(SmolStr),
    /// A number.
    Number(f64),
    /// Yes or no.
    Boolean(bool),
    /// A day.
    Date(Date),
    /// What a formula could not calculate (`#REF!`).
    Error(Box<str>),
}

impl Cell {
    /// The cell for a text; one of white space alone is empty.
    pub fn of(text: &str) -> Self {
        if text.chars().all(|character| character.is_whitespace() || character == '\u{feff}') {
            Self::Empty
        } else {
            Self::Text(text.into())
        }
    }

    /// Whether it holds nothing.
    pub fn is_empty(&self) -> bool {
        *self == Self::Empty
    }

    /// The cell as text.
    pub fn text(&self) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Text(text) => text.to_string(),
            Self::Error(text) => text.to_string(),
            Self::Number(number) => number.to_string(),
            Self::Boolean(value) => value.to_string(),
            Self::Date(date) => date.to_string(),
        }
    }
}

impl GridRow {
    /// The cell in a column; empty beyond the last.
    pub fn cell(&self, column: usize) -> &Cell {
        static EMPTY: Cell = Cell::Empty;
        self.cells.get(column).unwrap_or(&EMPTY)
    }

    /// The first cells that hold something, for people.
    pub fn beginning(&self) -> String {
        let held: Vec<String> = self.cells.iter().filter(|cell| !cell.is_empty()).take(3).map(Cell::text).collect();
        held.join(" / ")
    }
}

impl Grid {
    /// The most columns that a row has.
    pub fn width(&self) -> usize {
        self.rows.iter().map(|row| row.cells.len()).max().unwrap_or(0)
    }

    /// Writes the value of each merged range into all its cells: across for the rows above `first_data_row`, so that a
    /// heading over several columns stands over each; down for all, so that a value stands in each of its rows.
    pub fn fill_merges(&mut self) {
        let mut merges = std::mem::take(&mut self.merges);
        merges.retain(|merge| merge.bottom > merge.top || merge.right > merge.left);
        for merge in &merges {
            self.fill(*merge);
        }
        self.merges = merges;
    }

    fn fill(&mut self, merge: Merge) {
        let Ok(first) = self.rows.binary_search_by_key(&(merge.top + 1), |row| row.number) else { return };
        let value = self.rows[first].cell(merge.left as usize).clone();
        if value.is_empty() {
            return;
        }
        let rows = self.rows[first..].iter_mut().take_while(|row| row.number <= merge.bottom.saturating_add(1));
        for row in rows {
            let width = row.cells.len().max(merge.left as usize + 1).min(merge.right as usize + 1);
            let width = if row.number == merge.top + 1 { merge.right as usize + 1 } else { width };
            if row.cells.len() < width {
                row.cells.resize(width, Cell::Empty);
            }
            for column in merge.left as usize..=(merge.right as usize).min(width - 1) {
                row.cells[column] = value.clone();
            }
        }
    }
}

/// How many texts are shared between cells at most.
const SHARED_TEXTS: usize = 1 << 16;

/// Texts that occur again and again in a table, each held once.
#[derive(Debug, Default)]
pub struct SharedTexts(FxHashSet<SmolStr>);

impl SharedTexts {
    /// The cell for a text, as [`Cell::of`].
    pub fn cell(&mut self, text: &str) -> Cell {
        let cell = match self.0.get(text) {
            Some(held) => return Cell::Text(held.clone()),
            None => Cell::of(text),
        };
        if let Cell::Text(text) = &cell
            && text.is_heap_allocated()
            && self.0.len() < SHARED_TEXTS
        {
            self.0.insert(text.clone());
        }
        cell
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_no_larger_than_a_text_and_repeated_texts_are_held_once() {
        assert_eq!(size_of::<Cell>(), size_of::<SmolStr>());
        let (mut texts, long) = (SharedTexts::default(), "株式会社さくらデータシステムズ");
        let (one, other) = (texts.cell(long), texts.cell(long));
        let (Cell::Text(one), Cell::Text(other)) = (one, other) else { panic!("texts") };
        assert_eq!((&*one, one.as_ptr()), (long, other.as_ptr()));
        assert_eq!([texts.cell(" "), texts.cell("短い")], [Cell::Empty, Cell::of("短い")]);
    }

    fn row(number: u32, texts: &[&str]) -> GridRow {
        GridRow { number, is_hidden: false, cells: texts.iter().map(|text| Cell::of(text)).collect() }
    }

    #[test]
    fn a_merged_value_stands_in_each_of_its_cells() {
        let mut grid = Grid {
            rows: vec![row(1, &["契約", "", "備考"]), row(3, &["市民課", "甲"]), row(4, &["", "乙"])],
            merges: vec![
                Merge { top: 0, left: 0, bottom: 0, right: 1 },
                Merge { top: 2, left: 0, bottom: 9, right: 0 },
                Merge { top: 7, left: 0, bottom: 9, right: 0 },
            ],
            ..Grid::default()
        };
        grid.fill_merges();
        assert_eq!(grid.rows[0].cells[1], Cell::of("契約"));
        assert_eq!(grid.rows[2].cells, [Cell::of("市民課"), Cell::of("乙")]);
    }
}
