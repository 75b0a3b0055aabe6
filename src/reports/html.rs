//! A document as a page to be printed: A4 or A3 landscape, a universal-design font, title, date, revision and stamp on
//! every sheet of paper. One file, no scripts, nothing fetched from anywhere.

use std::fmt::Write as _;

use jiff::civil::Date;

use crate::analyses::sheets::{Sheet, SheetCell, SheetTable};
use crate::analyses::{ColumnContent, Tabular};

const STYLE: &str = include_str!("print.css");

/// The size of the paper, in landscape.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Paper {
    /// 297 × 210 mm.
    #[default]
    A4,
    /// 420 × 297 mm.
    A3,
}

impl Paper {
    /// The paper of this name.
    pub fn named(name: &str) -> Option<Self> {
        match name.to_ascii_lowercase().as_str() {
            "a4" => Some(Self::A4),
            "a3" => Some(Self::A3),
            _ => None,
        }
    }

    fn css(self) -> &'static str {
        match self {
            Self::A4 => "A4 landscape",
            Self::A3 => "A3 landscape",
        }
    }
}

/// A document as a page, in a language. Takes time proportional to the document.
pub fn to_html(sheet: &Sheet, language: &str, paper: Paper) -> String {
    let (title, stamp) = (sheet.title.get(language), sheet.stamp.text.get(language));
    let basis = basis(sheet, language);
    let mut page = String::with_capacity(64 << 10);
    let _ = write!(
        page,
        "<!DOCTYPE html>\n<html lang=\"{language}\">\n<head>\n<meta charset=\"utf-8\">\n<title>{}</title>\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<style>\n@page {{ size: {};\n\
         @top-left {{ content: \"{}\"; }}\n@top-right {{ content: \"{}\"; }}\n@bottom-left {{ content: \"{}\"; }}\n\
         @bottom-right {{ content: counter(page) \" / \" counter(pages); }} }}\n{STYLE}</style>\n</head>\n<body>\n",
        escaped(title),
        paper.css(),
        in_css(title),
        in_css(stamp),
        in_css(&basis),
    );
    let _ = writeln!(
        page,
        "<header><h1>{}</h1><p class=\"stamp\">{}</p><p class=\"basis\">{}</p></header>",
        escaped(title),
        escaped(stamp),
        escaped(&basis)
    );
    for sentence in &sheet.summary {
        let _ = writeln!(page, "<p>{}</p>", escaped(sentence.get(language)));
    }
    for table in &sheet.tables {
        write_table(&mut page, table, language);
    }
    page.push_str("</body>\n</html>\n");
    page
}

/// Date and revision: 和暦 in Japanese.
fn basis(sheet: &Sheet, language: &str) -> String {
    let (date, revision) = (sheet.basis.date, sheet.basis.revision);
    if language == "en" {
        format!("As of {date}, revision {revision}")
    } else {
        format!("{}現在　版{revision}", wareki(date))
    }
}

/// A day in the Japanese calendar; the western one before the era Showa.
fn wareki(date: Date) -> String {
    let eras = [("令和", (2019, 5, 1), 2018), ("平成", (1989, 1, 8), 1988), ("昭和", (1926, 12, 25), 1925)];
    let day = (date.year(), date.month(), date.day());
    let Some((era, _, before)) = eras.into_iter().find(|(_, first, _)| day >= *first) else {
        return format!("{}年{}月{}日", date.year(), date.month(), date.day());
    };
    let year = match date.year() - before {
        1 => "元".to_owned(),
        year => year.to_string(),
    };
    format!("{era}{year}年{}月{}日", date.month(), date.day())
}

fn write_table(page: &mut String, table: &SheetTable, language: &str) {
    let form = if table.is_form { " class=\"form\"" } else { "" };
    let _ = write!(page, "<section id=\"{}\"><h2>{}", escaped(&table.key), escaped(table.heading.get(language)));
    let _ = writeln!(page, " <small>{}</small></h2>", counted(table.rows.len(), language));
    for note in &table.notes {
        let _ = writeln!(page, "<p class=\"note\">{}</p>", escaped(note.get(language)));
    }
    if table.rows.is_empty() {
        let nothing = if language == "en" { "Nothing on record." } else { "記録されているものはない。" };
        let _ = writeln!(page, "<p class=\"note\">{nothing}</p></section>");
        return;
    }
    let contents: Vec<ColumnContent> = table.columns().iter().map(|column| column.content).collect();
    let _ = write!(page, "<table{form}><thead><tr>");
    for column in &table.columns {
        let _ = write!(page, "<th class=\"{}\">{}</th>", escaped(&column.key), escaped(column.label.get(language)));
    }
    page.push_str("</tr></thead><tbody>\n");
    for row in &table.rows {
        page.push_str("<tr>");
        for (place, cell) in row.iter().enumerate() {
            let is_month = table.columns.get(place).is_some_and(|column| column.key.starts_with("month_"));
            let content = contents.get(place).copied().unwrap_or_default();
            write_cell(page, cell, (content, is_month), language);
        }
        page.push_str("</tr>\n");
    }
    page.push_str("</tbody></table></section>\n");
}

fn counted(rows: usize, language: &str) -> String {
    if language == "en" { format!("({rows})") } else { format!("（{rows}件）") }
}

fn write_cell(page: &mut String, cell: &SheetCell, (content, is_mark): (ColumnContent, bool), language: &str) {
    if cell.is_empty() {
        page.push_str("<td class=\"blank\"></td>");
        return;
    }
    let text = match cell {
        SheetCell::Date(date) if language != "en" => wareki(*date),
        SheetCell::Integer(number) => grouped(*number),
        other => other.to_text(language),
    };
    let class = match content {
        ColumnContent::Number => " class=\"number\"",
        ColumnContent::Date => " class=\"date\"",
        ColumnContent::Text if is_mark => " class=\"mark\"",
        ColumnContent::Text => "",
    };
    let _ = write!(page, "<td{class}>{}</td>", escaped(&text));
}

/// A whole number in groups of three digits.
fn grouped(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let groups: Vec<&str> = digits.as_bytes().rchunks(3).rev().filter_map(|group| str::from_utf8(group).ok()).collect();
    format!("{}{}", if number < 0 { "-" } else { "" }, groups.join(","))
}

/// Text that a page shows as it is.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            // Line breaks stay; other control characters and those that turn text around are left out.
            '\n' => safe.push('\n'),
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {}
            held if held.is_control() => {}
            held => safe.push(held),
        }
    }
    safe
}

/// Text inside a string of a style sheet (CSS Syntax 3 §4.3.7): everything but letters and digits as its code point,
/// so that nothing can end the string or the style.
fn in_css(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars().filter(|held| !held.is_control()) {
        if character.is_alphanumeric() {
            safe.push(character);
        } else {
            let _ = write!(safe, "\\{:06x}", u32::from(character));
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn days_are_written_in_their_era() {
        assert_eq!(wareki(date(2026, 11, 1)), "令和8年11月1日");
        assert_eq!(wareki(date(2019, 5, 1)), "令和元年5月1日");
        assert_eq!(wareki(date(2019, 4, 30)), "平成31年4月30日");
        assert_eq!(wareki(date(1989, 1, 7)), "昭和64年1月7日");
        assert_eq!(wareki(date(1900, 1, 1)), "1900年1月1日");
    }

    #[test]
    fn numbers_are_grouped() {
        assert_eq!(
            ["-1234567", "999", "1000"].map(|text| grouped(text.parse().expect("a number"))),
            ["-1,234,567", "999", "1,000"]
        );
    }

    #[test]
    fn nothing_ends_a_tag_or_a_string() {
        assert_eq!(escaped("<b a='\"'>&\u{202e}\u{7}"), "&lt;b a=&#39;&quot;&#39;&gt;&amp;");
        assert_eq!(in_css("課\"</style>"), "課\\000022\\00003c\\00002fstyle\\00003e");
    }
}
