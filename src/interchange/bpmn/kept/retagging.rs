//! The text of a start tag with other attributes.

use std::ops::Range;

use crate::interchange::xml::XmlWriter;

/// The tag (`<task id="a">` or `<task id="a"/>`) with an attribute of this value, in the place of an old one of the same
/// written name.
pub(super) fn with_attribute(tag: &str, name: &str, value: &str) -> String {
    let written = written(name, value);
    if let Some(range) = attribute(tag, name) {
        return format!("{}{written}{}", &tag[..range.start], &tag[range.end..]);
    }
    let end = name_end(tag);
    format!("{} {written}{}", &tag[..end], &tag[end..])
}

/// The tag of an element that holds something: without the slash at its end.
pub(super) fn opened(tag: &str) -> String {
    tag.strip_suffix("/>").map_or_else(|| tag.to_owned(), |bare| format!("{}>", bare.trim_end()))
}

/// The name of the element, as written.
pub(super) fn element_name(tag: &str) -> &str {
    &tag[1..name_end(tag)]
}

fn name_end(tag: &str) -> usize {
    let is_end = |c: char| c.is_ascii_whitespace() || matches!(c, '/' | '>');
    tag.find(is_end).unwrap_or(tag.len())
}

fn written(name: &str, value: &str) -> String {
    let mut writer = XmlWriter::fragment();
    writer.attribute(name, value);
    writer.finish().trim_start().to_owned()
}

/// Where an attribute stands, name and value.
fn attribute(tag: &str, name: &str) -> Option<Range<usize>> {
    let mut at = name_end(tag);
    loop {
        at += tag[at..].find(|c: char| !c.is_ascii_whitespace())?;
        let key = tag[at..].find(|c: char| c.is_ascii_whitespace() || matches!(c, '=' | '/' | '>'))?;
        let quote = at + key + tag[at + key..].find(['"', '\''])?;
        let closing = quote + 1 + tag[quote + 1..].find(&tag[quote..=quote])?;
        if &tag[at..at + key] == name {
            return Some(at..closing + 1);
        }
        at = closing + 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_attribute_is_put_in_the_place_of_the_old_one() {
        let cases = [
            ("<task id=\"a\" name=\"b\">", "<task id=\"a\" name=\"x&quot;&amp;\">"),
            ("<b:task\n  name = 'it\"s name=\"' id='a'/>", "<b:task\n  name=\"x&quot;&amp;\" id='a'/>"),
            ("<task id=\"name='n'\" v:name=\"n\">", "<task name=\"x&quot;&amp;\" id=\"name='n'\" v:name=\"n\">"),
            ("<task/>", "<task name=\"x&quot;&amp;\"/>"),
            ("<業務>", "<業務 name=\"x&quot;&amp;\">"),
        ];
        for (tag, expected) in cases {
            assert_eq!(with_attribute(tag, "name", "x\"&"), expected);
        }
    }

    #[test]
    fn an_element_without_content_is_opened() {
        assert_eq!(opened("<a b=\"/>\" />"), "<a b=\"/>\">");
        assert_eq!(opened("<a>"), "<a>");
        assert_eq!((element_name("<p:a/>"), element_name("<a\tb=''>")), ("p:a", "a"));
    }
}
