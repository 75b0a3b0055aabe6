//! Identifiers as the exchange format wants them: `xs:ID`, which is a name without a colon (XML Schema part 2 §3.3.8).

use std::borrow::Cow;

/// What stands for no identifier at all, which a damaged file may give to something.
const NONE: &str = "_x_";

/// The `xs:ID` of an identifier: itself where it is one, else with each other character as `_xHEX_`.
pub(in crate::interchange) fn encoded(id: &str) -> Cow<'_, str> {
    if is_plain(id) {
        return Cow::Borrowed(id);
    }
    if id.is_empty() {
        return Cow::Borrowed(NONE);
    }
    let mut out = String::with_capacity(id.len() + 8);
    for (place, character) in id.char_indices() {
        let first = place == 0;
        let escape = character == '_' && (escaped_at(&id[place..]).is_some() || (first && id == NONE));
        if !escape && may_stand(character, first) {
            out.push(character);
        } else {
            out.push_str(&format!("_x{:X}_", u32::from(character)));
        }
    }
    Cow::Owned(out)
}

/// The identifier that an `xs:ID` stands for. An id of another program that only looks escaped stays as it is.
pub(super) fn decoded(written: &str) -> String {
    if written == NONE {
        return String::new();
    }
    if !written.contains("_x") {
        return written.to_owned();
    }
    let mut out = String::with_capacity(written.len());
    let mut rest = written;
    while let Some(character) = rest.chars().next() {
        let (decoded, length) = escaped_at(rest).unwrap_or((character, character.len_utf8()));
        out.push(decoded);
        rest = &rest[length..];
    }
    if encoded(&out) == written { out } else { written.to_owned() }
}

/// The character that stands escaped at the beginning, and how many bytes that takes.
fn escaped_at(text: &str) -> Option<(char, usize)> {
    let (hex, _) = text.strip_prefix("_x")?.split_once('_')?;
    let is_hex =
        !hex.is_empty() && hex.len() <= 6 && hex.chars().all(|c| c.is_ascii_digit() || ('A'..='F').contains(&c));
    let code = u32::from_str_radix(hex, 16).ok().filter(|_| is_hex)?;
    Some((char::from_u32(code)?, hex.len() + 3))
}

fn is_plain(id: &str) -> bool {
    let permitted = id.char_indices().all(|(place, character)| may_stand(character, place == 0));
    permitted
        && !id.is_empty()
        && id != NONE
        && !id.char_indices().any(|(place, c)| c == '_' && escaped_at(&id[place..]).is_some())
}

/// Letters of XML 1.0, fourth edition, so that older parsers agree; digits, points and hyphens not in front.
fn may_stand(character: char, first: bool) -> bool {
    match character {
        'A'..='Z' | 'a'..='z' | '_' | '\u{4e00}'..='\u{9fa5}' | '\u{ac00}'..='\u{d7a3}' => true,
        '0'..='9' | '.' | '-' => !first,
        '\u{c0}'..='\u{17e}' => character.is_alphabetic(),
        '\u{391}'..='\u{3c9}' | '\u{410}'..='\u{44f}' | '\u{3041}'..='\u{3094}' | '\u{30a1}'..='\u{30fa}' => {
            character.is_alphabetic()
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_stay_and_others_are_escaped() {
        assert_eq!(encoded("id-1"), "id-1");
        assert_eq!(encoded("住民記録"), "住民記録");
        assert_eq!(encoded("3f2c"), "_x33_f2c");
        assert_eq!(encoded("a:b c"), "a_x3A_b_x20_c");
        assert_eq!(encoded("_x41_"), "_x5F_x41_");
        assert_eq!(decoded("_x41_"), "_x41_", "nobody needs A escaped, so somebody else wrote this");
        assert_eq!(decoded("_x33_f2c"), "3f2c");
        for (id, written) in [("", "_x_"), ("_x_", "_x5F_x_")] {
            assert_eq!((&*encoded(id), &*decoded(written)), (written, id));
        }
    }

    proptest! {
        #[test]
        fn every_identifier_comes_back(id in "\\PC{0,20}|[_x0-9A-F]{0,20}") {
            let written = encoded(&id);
            prop_assert!(written.char_indices().all(|(place, c)| may_stand(c, place == 0)));
            prop_assert_eq!(decoded(&written), id);
        }

        #[test]
        fn what_others_wrote_keeps_its_meaning(written in "[_x0-9A-F]{1,20}") {
            let id = decoded(&written);
            prop_assert_eq!(decoded(&encoded(&id)), id);
        }
    }
}
