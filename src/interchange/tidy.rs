//! Texts of other tools as the model keeps them.

use super::json_text::is_unwelcome;

/// A name on one line. A line break of a drawing is a space, or nothing between characters that are written without
/// spaces.
pub fn one_line(text: &str) -> String {
    let text = text.trim();
    let mut out = String::with_capacity(text.len());
    let mut gap = false;
    for character in text.chars() {
        if character.is_whitespace() || character.is_control() {
            gap = true;
            continue;
        }
        if is_unwelcome(character) {
            continue;
        }
        let joined =
            out.chars().next_back().is_some_and(is_written_without_spaces) && is_written_without_spaces(character);
        if std::mem::take(&mut gap) && !joined && !out.is_empty() {
            out.push(' ');
        }
        out.push(character);
    }
    out
}

/// A text of several lines, without characters that a text of the model may not hold.
pub fn lines(text: &str) -> String {
    text.replace("\r\n", "\n")
        .replace('\r', "\n")
        .chars()
        .filter(|c| !is_unwelcome(*c))
        .collect::<String>()
        .trim()
        .to_owned()
}

fn is_written_without_spaces(character: char) -> bool {
    matches!(character, '\u{3000}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{ff00}'..='\u{ff60}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_breaks_of_a_drawing_go() {
        assert_eq!(one_line(" Scan\n Invoice "), "Scan Invoice");
        assert_eq!(one_line("本人を\n確認する"), "本人を確認する");
        assert_eq!(one_line("Excelで\r\n集計 する"), "Excelで集計する");
        assert_eq!(one_line("a\u{202e}b"), "ab");
        assert_eq!(one_line(" \n "), "");
    }

    #[test]
    fn lines_stay_where_they_mean_something() {
        assert_eq!(lines("a\r\nb\u{1}\u{202e}\rc\n"), "a\nb\nc");
    }
}
