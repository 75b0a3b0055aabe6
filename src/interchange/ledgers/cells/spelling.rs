//! One spelling for words that staff write in many ways.

use unicode_normalization::UnicodeNormalization;

use crate::domain::normalize::search_form;

/// NFKC, with characters that look like a hyphen or a circle made one: the form in which words of a cell are compared.
pub fn plain(text: &str) -> String {
    let text: String = text.nfkc().collect();
    let text: String =
        text.chars().filter(|c| !is_invisible(*c)).map(|c| if c.is_control() { ' ' } else { c }).collect();
    text.trim().to_owned()
}

/// As [`plain`], without white space, middle dots and letter case; kana made one.
pub fn word(text: &str) -> String {
    search_form(&plain(text)).chars().map(alike).collect()
}

/// A heading: as [`word`], without marks that staff put around one (`※`, `*`, `:`).
pub fn heading(text: &str) -> String {
    word(text).trim_matches(['※', '*', ':', '●', '■', '◆', '★', '☆']).to_owned()
}

/// A heading without what stands in brackets, and what that was: `経費(千円)` is `経費` and `千円`.
pub fn heading_and_unit(text: &str) -> (String, Option<String>) {
    let heading = heading(text);
    let Some(start) = heading.find(['(', '[', '【', '〔']) else { return (heading, None) };
    let rest = &heading[start..];
    let inside = rest.trim_start_matches(['(', '[', '【', '〔']);
    let unit = inside.split([')', ']', '】', '〕']).next().unwrap_or("").to_owned();
    let after = inside.split_once([')', ']', '】', '〕']).map_or("", |(_, after)| after);
    (format!("{}{after}", &heading[..start]), Some(unit))
}

/// The key under which names are looked up: as [`word`], with the forms of a company (`株式会社`, `㈱`) left out and
/// brackets of all kinds made round.
pub fn name_key(text: &str) -> String {
    let mut key: String = word(text)
        .chars()
        .map(|c| match c {
            '[' | '【' | '〔' | '〈' | '<' | '{' => '(',
            ']' | '】' | '〕' | '〉' | '>' | '}' => ')',
            other => other,
        })
        .collect();
    for form in
        ["株式会社", "(株)", "有限会社", "(有)", "合同会社", "(同)", "一般社団法人", "(一社)", "一般財団法人", "(一財)"]
    {
        key = key.replace(form, "");
    }
    if key.is_empty() { word(text) } else { key }
}

/// Endings that a name may lack without being another name.
const ENDINGS: [&str; 4] = ["システム", "サービス", "業務", "事務"];

/// A name without an ending that says only what sort of thing it is; absent when there is none to leave out.
pub fn name_stem(key: &str) -> Option<&str> {
    let stem = ENDINGS.iter().find_map(|ending| key.strip_suffix(ending))?;
    (stem.chars().count() >= 2).then_some(stem)
}

fn is_invisible(character: char) -> bool {
    matches!(character, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}' | '\u{feff}' | '\u{ad}')
}

/// Characters that are hard to tell apart on paper.
fn alike(character: char) -> char {
    match character {
        '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' | '─' | '－' | 'ー' => 'ー',
        '〇' | '◯' | '⭕' => '○',
        '✕' | '✖' | '╳' | '☓' => '×',
        '〜' => '~',
        'ヶ' | 'ヵ' => 'ケ',
        other => other,
    }
}

/// Whether a text consists of marks for "not applicable" alone: `-`, `－`, `ー`, `…`.
pub fn is_dash(text: &str) -> bool {
    let text = plain(text);
    !text.is_empty() && text.chars().all(|c| alike(c) == 'ー' || c == '-' || c == '…' || c == '*' || c == '/')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_word_however_it_is_typed() {
        assert_eq!(word("ｼｽﾃﾑ名"), word("システム 名"));
        assert_eq!(word("〇"), word("◯"));
        assert_eq!(heading("※ 所管\n課"), "所管課");
        assert_eq!(heading_and_unit("経費（千円）"), ("経費".to_owned(), Some("千円".to_owned())));
        assert_eq!(heading_and_unit("利用システム（必須）の名称").0, "利用システムノ名称");
        assert_eq!(name_key("㈱みんなのサイト（架空）"), name_key("株式会社みんなのサイト(架空)"));
        assert_eq!(name_key("株式会社"), "株式会社");
        assert_eq!(name_stem("国民健康保険システム"), Some("国民健康保険"));
        assert_eq!(name_stem("システム"), None);
        assert!(is_dash("－") && is_dash("ー") && !is_dash("") && !is_dash("なし"));
    }
}
