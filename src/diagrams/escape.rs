//! Texts that mean nothing to DOT, HTML-like labels or XML but themselves.

use std::fmt::Write as _;

/// Stands for a character that cannot be drawn or that would disguise the text around it.
const REPLACEMENT: char = '\u{FFFD}';

/// Invisible; keeps an ampersand or backslash from being read together with what follows.
///
/// Graphviz writes `&amp;` in a label unescaped into its SVG when it looks like an entity already,
/// and puts names in the place of `\N` and the like even in HTML-like labels.
pub const WORD_JOINER: char = '\u{2060}';

/// A text as a quoted DOT string. Backslashes, quotes, line breaks and entities stand for themselves.
pub fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for character in drawable(text) {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '&' => out.extend(['&', WORD_JOINER]),
            other => out.push(other),
        }
    }
    out.push('"');
    out
}

/// A text inside an HTML-like label; a line break becomes a space.
pub fn html(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in drawable(text) {
        match character {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '&' => {
                out.push_str("&amp;");
                out.push(WORD_JOINER);
            }
            '\\' => out.extend(['\\', WORD_JOINER]),
            '\n' => out.push(' '),
            other => out.push(other),
        }
    }
    out
}

/// The address of an item below a base; what an address cannot hold is percent-encoded.
pub fn address(base: &str, id: &str) -> String {
    encoded(base, b"-_.~:/?#[]@!$&'()*+,;=%") + &encoded(id, b"-_.~")
}

fn encoded(text: &str, kept: &[u8]) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || kept.contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

/// An address made by [`address`] as a quoted DOT string; Graphviz copies entities as they are.
pub fn quoted_address(address: &str) -> String {
    format!("\"{}\"", address.replace('&', "&amp;"))
}

/// The characters with those replaced that XML forbids or that reorder their neighbours.
fn drawable(text: &str) -> impl Iterator<Item = char> {
    text.chars().map(|character| match character {
        '\n' => '\n',
        '\t' | '\r' => ' ',
        '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FFFE}' | '\u{FFFF}' => REPLACEMENT,
        other if other.is_control() => REPLACEMENT,
        other => other,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoted_strings_close_where_they_should() {
        assert_eq!(quoted("a\"b\\"), "\"a\\\"b\\\\\"");
        assert_eq!(quoted("a\nb\0"), "\"a\\nb\u{FFFD}\"");
    }

    #[test]
    fn markup_is_text() {
        assert_eq!(html("<b>&amp;\"</b>"), "&lt;b&gt;&amp;\u{2060}amp;&quot;&lt;/b&gt;");
        assert_eq!(html("\\N"), "\\\u{2060}N");
        assert_eq!(html("\u{202E}cba\u{FFFF}"), "\u{FFFD}cba\u{FFFD}");
    }

    #[test]
    fn addresses_hold_any_identifier() {
        assert_eq!(address("/x/", "a:b-1記"), "/x/a%3Ab-1%E8%A8%98");
        assert_eq!(address("/x?q=\"&id=", "a"), "/x?q=%22&id=a");
        assert_eq!(quoted_address("/x?a&b"), "\"/x?a&amp;b\"");
    }
}
