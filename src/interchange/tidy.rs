//! Texts of other tools as the model keeps them.

use super::json_text::is_unwelcome;

/// A name on one line. A line break of a drawing is a space, or nothing between characters that are written without
/// spaces; spaces stay.
pub fn one_line(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut gap = None;
    for character in text.trim().chars() {
        if character.is_whitespace() {
            gap = Some(if matches!(character, '\n' | '\r') { '\n' } else { gap.unwrap_or(character) });
            continue;
        }
        if is_unwelcome(character) {
            continue;
        }
        let is_joined = || out.chars().next_back().is_some_and(is_written_without_spaces);
        match gap.take() {
            Some('\n') if is_joined() && is_written_without_spaces(character) => {}
            Some('\u{3000}') => out.push('\u{3000}'),
            Some(_) => out.push(' '),
            None => {}
        }
        out.push(character);
    }
    out
}

/// A text with its white space, without characters that a text of the model may not hold.
pub fn welcome(text: &str) -> String {
    text.chars().filter(|c| !is_unwelcome(*c)).collect()
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
        assert_eq!(one_line("Excelで\r\n集計する"), "Excelで集計する");
        assert_eq!(one_line("児童手当 認定　現況"), "児童手当 認定　現況", "spaces that somebody wrote");
        assert_eq!(one_line("a\u{202e}b"), "ab");
        assert_eq!(one_line(" \n "), "");
    }

    #[test]
    fn lines_stay_where_they_mean_something() {
        assert_eq!(lines("a\r\nb\u{1}\u{202e}\rc\n"), "a\nb\nc");
    }
}
