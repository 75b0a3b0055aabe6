//! One spelling for texts that people write in many ways.

use unicode_normalization::UnicodeNormalization;

/// NFKC, lower case, hiragana as katakana, white space and middle dots dropped:
/// what two texts share when a person would call them the same word.
pub fn search_form(text: &str) -> String {
    text.nfkc().flat_map(char::to_lowercase).filter(|c| !c.is_whitespace() && *c != '・').map(katakana).collect()
}

fn katakana(character: char) -> char {
    match character {
        'ぁ'..='ゖ' => char::from_u32(u32::from(character) + 0x60).unwrap_or(character),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn width_case_and_kana_do_not_matter() {
        assert_eq!(search_form("ＬＧＷＡＮ　ｼﾞｭｳﾐﾝ"), search_form("lgwanじゅうみん"));
        assert_eq!(search_form("Resident Record"), "residentrecord");
    }
}
