//! Characters that look like the language's own: those of Japanese keyboards, of word processors, of other languages.

/// What a character from outside ASCII probably stands for.
fn meant(character: char) -> Option<char> {
    Some(match character {
        '\u{FF01}'..='\u{FF5E}' => char::from(u8::try_from(u32::from(character) - 0xFEE0).ok()?),
        '‘' | '’' | '‚' | '‛' | '´' | '「' | '」' | '『' | '』' | '′' => '\'',
        '“' | '”' | '„' | '‟' | '«' | '»' | '″' | '〝' | '〟' => '"',
        '\u{2010}'..='\u{2015}' | '−' | '─' | '━' | '〜' => '-',
        '、' | '､' => ',',
        '。' | '｡' | '・' => '.',
        '【' | '〔' | '〈' => '[',
        '】' | '〕' | '〉' => ']',
        '×' => '*',
        '÷' => '/',
        '¦' => '|',
        '￥' | '¥' => '\\',
        _ => return None,
    })
}

/// What to say about a character that is not part of the language.
pub(super) fn advice(character: char) -> String {
    let spelled = match character {
        '→' => Some("->"),
        '←' => Some("<-"),
        '≠' => Some("<>"),
        '≤' | '≦' => Some("<="),
        '≥' | '≧' => Some(">="),
        '…' | '‥' => Some(".."),
        '∧' => Some("AND"),
        '∨' => Some("OR"),
        '¬' => Some("NOT"),
        '∈' => Some("IN"),
        _ => None,
    };
    let found = format!("The character `{}` (U+{:04X})", shown(character), u32::from(character));
    match (spelled, meant(character)) {
        (Some(spelled), _) => format!("{found} is not part of the language: write `{spelled}`."),
        (None, Some(meant)) => format!("{found} only looks like `{meant}`: write `{meant}`."),
        (None, None) => format!(
            "{found} is not part of the language. Put texts in quotation marks, and names that hold such a character in backticks."
        ),
    }
}

/// What to say about an ASCII character that is not part of the language.
pub(super) fn ascii_advice(byte: u8) -> String {
    let what = match byte {
        b'#' => "Comments start with //.",
        b'@' => "Parameters start with $.",
        b'?' => "Parameters have names: write $name.",
        b'~' => "Regular expressions are compared with =~.",
        b'\\' => "A backslash stands only inside a text.",
        _ => "Put texts in quotation marks.",
    };
    format!("The character `{}` cannot stand here. {what}", shown(char::from(byte)))
}

fn shown(character: char) -> String {
    if character.is_control() { character.escape_unicode().to_string() } else { character.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_width_punctuation_is_named_with_its_ascii_twin() {
        for (character, twin) in
            [('（', '('), ('：', ':'), ('＝', '='), ('１', '1'), ('“', '"'), ('—', '-'), ('、', ',')]
        {
            assert!(advice(character).contains(&format!("write `{twin}`")), "{}", advice(character));
        }
        assert!(advice('→').contains("write `->`"));
        assert!(advice('\u{202E}').contains("U+202E"));
    }
}
