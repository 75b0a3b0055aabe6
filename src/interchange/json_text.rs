//! JSON as a text of the model, which may not hold every character.

use serde_json::Value as Json;

/// Whether a text of the model may not hold a character: controls, and what turns the reading direction
/// (`domain::validation` refuses them).
pub fn is_unwelcome(character: char) -> bool {
    (character.is_control() && !matches!(character, '\n' | '\r' | '\t'))
        || matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// JSON text that says the same and holds welcome characters only: the others are written as `\uXXXX`.
pub fn json_text(json: &Json) -> String {
    escaped(&json.to_string())
}

/// The same for JSON that is text already.
pub fn escaped(json: &str) -> String {
    if !json.chars().any(is_unwelcome) {
        return json.to_owned();
    }
    let mut out = String::with_capacity(json.len() + 16);
    for character in json.chars() {
        if is_unwelcome(character) {
            // All of them are below U+10000.
            out.push_str(&format!("\\u{:04x}", u32::from(character)));
        } else {
            out.push(character);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unwelcome_characters_come_back_from_the_text() {
        let json = serde_json::json!({"a": "b\u{202e}c\u{85}\n\u{7f}"});
        let text = json_text(&json);
        assert!(!text.chars().any(is_unwelcome), "{text}");
        assert_eq!(serde_json::from_str::<Json>(&text).expect("JSON"), json);
    }
}
