//! The place of an error, shown under the line it stands in.

use unicode_width::UnicodeWidthStr;

use super::syntax::Span;

/// The longest part of a line that is shown, in characters.
const LONGEST: usize = 160;

/// The line of the text that holds the start of the span, and carets under the span.
pub fn excerpt(query: &str, span: Span) -> String {
    let start = floor_boundary(query, span.start as usize);
    let line_start = query[..start].rfind('\n').map_or(0, |place| place + 1);
    let line_end = query[start..].find('\n').map_or(query.len(), |place| start + place);
    let end = floor_boundary(query, (span.end as usize).clamp(start, line_end));
    let before = tail(&query[line_start..start], LONGEST / 2);
    let marked = &query[start..end];
    let after = head(&query[end..line_end], LONGEST / 2);
    let marked_shown = head(marked, LONGEST);
    let indent = " ".repeat(before.replace('\t', " ").width());
    let carets = "^".repeat(marked_shown.width().max(1));
    let number = query[..start].matches('\n').count() + 1;
    let label = format!("{number} | ");
    let margin = " ".repeat(label.len());
    format!("{label}{}{marked_shown}{after}\n{margin}{indent}{carets}", before.replace('\t', " "))
}

fn floor_boundary(text: &str, place: usize) -> usize {
    let mut place = place.min(text.len());
    while !text.is_char_boundary(place) {
        place -= 1;
    }
    place
}

fn head(text: &str, most: usize) -> &str {
    text.char_indices().nth(most).map_or(text, |(end, _)| &text[..end])
}

fn tail(text: &str, most: usize) -> &str {
    let skipped = text.chars().count().saturating_sub(most);
    text.char_indices().nth(skipped).map_or("", |(start, _)| &text[start..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_caret_stands_under_the_place_also_behind_wide_characters() {
        let query = "MATCH (n)\nRETURN '住民' + m";
        let start = u32::try_from(query.find('m').expect("m is there")).expect("short");
        assert_eq!(excerpt(query, Span::new(start, start + 1)), "2 | RETURN '住民' + m\n                    ^");
    }

    #[test]
    fn a_place_behind_the_end_is_shown_at_the_end() {
        assert_eq!(excerpt("RETURN", Span::new(6, 6)), "1 | RETURN\n          ^");
        assert_eq!(excerpt("", Span::new(90, 99)), "1 | \n    ^");
    }
}
