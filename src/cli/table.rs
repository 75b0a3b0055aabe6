//! Tables of text whose columns stay aligned when characters are two columns wide.

use crate::diagrams::display_width;

/// Rows under a heading, two spaces between columns, no space at the end of a line.
pub(super) fn render(heading: &[&str], rows: &[Vec<String>]) -> String {
    let heading: Vec<String> = heading.iter().map(|cell| (*cell).to_owned()).collect();
    let lines: Vec<&Vec<String>> = std::iter::once(&heading).chain(rows).collect();
    let widths: Vec<usize> = (0..heading.len())
        .map(|column| lines.iter().filter_map(|line| line.get(column)).map(|cell| width(cell)).max().unwrap_or(0))
        .collect();
    lines.into_iter().map(|line| aligned(line, &widths)).collect()
}

fn aligned(line: &[String], widths: &[usize]) -> String {
    let mut text = String::new();
    for (cell, wide) in line.iter().zip(widths) {
        text.push_str(&one_line(cell));
        text.extend(std::iter::repeat_n(' ', wide.saturating_sub(width(cell)) + 2));
    }
    format!("{}\n", text.trim_end())
}

fn width(cell: &str) -> usize {
    display_width(&one_line(cell))
}

fn one_line(cell: &str) -> String {
    cell.replace(|c: char| c.is_control(), " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_characters_count_twice() {
        let rows = vec![vec!["課".to_owned(), "x".to_owned()], vec!["abc".to_owned(), "二\n行".to_owned()]];
        assert_eq!(render(&["a", "b"], &rows), "a    b\n課   x\nabc  二 行\n");
    }
}
