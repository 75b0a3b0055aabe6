//! Several values in one cell.

/// Splits a cell at newlines, `;`, `；`, `、`, `，` and `,` that stand outside brackets; white space around a value goes.
pub fn split(text: &str) -> Vec<&str> {
    split_at(text, |character| matches!(character, '\n' | '\r' | ';' | '；' | '、' | '，' | ',' | '､'))
}

/// Splits further at `・`, `/` and `／`, which also stand within names.
pub fn split_weakly(text: &str) -> Vec<&str> {
    split_at(text, |character| matches!(character, '・' | '･' | '/' | '／'))
}

fn split_at(text: &str, separates: impl Fn(char) -> bool) -> Vec<&str> {
    let mut depth = 0_usize;
    let mut pieces = Vec::new();
    let mut start = 0;
    for (place, character) in text.char_indices() {
        match character {
            '(' | '（' | '「' | '『' | '【' => depth += 1,
            ')' | '）' | '」' | '』' | '】' => depth = depth.saturating_sub(1),
            _ if separates(character) && (depth == 0 || character == '\n') => {
                pieces.push(&text[start..place]);
                start = place + character.len_utf8();
            }
            _ => {}
        }
    }
    pieces.push(&text[start..]);
    pieces.into_iter().map(str::trim).filter(|piece| !piece.is_empty()).collect()
}

/// What stands in the last brackets of a text, and what stands before: `障害者福祉システム(replace)`.
pub fn suffix(text: &str) -> Option<(&str, &str)> {
    let text = text.trim();
    let inner = text.strip_suffix([')', '）'])?;
    let (start, opening) = inner.char_indices().rev().find(|(_, character)| matches!(character, '(' | '（'))?;
    Some((text[..start].trim(), inner[start + opening.len_utf8()..].trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_with_brackets_stay_whole() {
        assert_eq!(
            split("住民基本台帳（住民票、除票）、住民異動情報;  宛名\n税"),
            ["住民基本台帳（住民票、除票）", "住民異動情報", "宛名", "税"]
        );
        assert_eq!(split(" 、; "), Vec::<&str>::new());
        assert_eq!(split_weakly("窓口・電子/郵送"), ["窓口", "電子", "郵送"]);
        assert_eq!(suffix("台帳（住民票）(CRU)"), Some(("台帳（住民票）", "CRU")));
        assert_eq!(suffix("台帳"), None);
        // A bracket that is never closed does not swallow the rest of the lines.
        assert_eq!(split("甲（乙\n丙"), ["甲（乙", "丙"]);
    }
}
