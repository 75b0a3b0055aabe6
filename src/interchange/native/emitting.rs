//! JSON values as YAML that reads well and never changes its meaning.

use serde_json::{Map, Value as Json};

/// Adds an object's entries as block YAML, each line indented by `indent` spaces.
pub(super) fn object(out: &mut String, entries: &Map<String, Json>, indent: usize) {
    for (key, value) in entries {
        pad(out, indent);
        entry(out, key, value, indent);
    }
}

/// Adds a list of records; lists are not indented under their key.
pub(super) fn records(out: &mut String, records: &[Map<String, Json>], indent: usize) {
    for record in records {
        pad(out, indent);
        record_in_list(out, record, indent);
    }
}

fn record_in_list(out: &mut String, record: &Map<String, Json>, indent: usize) {
    out.push_str("- ");
    if record.is_empty() {
        out.push_str("{}\n");
    }
    for (place, (key, value)) in record.iter().enumerate() {
        if place > 0 {
            pad(out, indent + 2);
        }
        entry(out, key, value, indent + 2);
    }
}

fn entry(out: &mut String, key: &str, value: &Json, indent: usize) {
    text(out, key, false);
    match value {
        Json::Object(inner) if !inner.is_empty() => {
            out.push_str(":\n");
            object(out, inner, indent + 2);
        }
        Json::Array(items) if !items.is_empty() => {
            out.push_str(":\n");
            list(out, items, indent);
        }
        scalar_value => {
            out.push_str(": ");
            scalar(out, scalar_value);
            out.push('\n');
        }
    }
}

fn list(out: &mut String, items: &[Json], indent: usize) {
    for item in items {
        pad(out, indent);
        if let Json::Object(record) = item {
            record_in_list(out, record, indent);
        } else {
            out.push_str("- ");
            scalar(out, item);
            out.push('\n');
        }
    }
}

fn pad(out: &mut String, indent: usize) {
    out.extend(std::iter::repeat_n(' ', indent));
}

fn scalar(out: &mut String, value: &Json) {
    match value {
        Json::String(string) => text(out, string, true),
        // Empty lists and objects, numbers, booleans and null read the same in JSON and YAML.
        other => out.push_str(&other.to_string()),
    }
}

/// A text, in double quotes unless it can only be meant as text.
fn text(out: &mut String, string: &str, dates_are_plain: bool) {
    if (dates_are_plain && is_date(string)) || is_plain(string) {
        out.push_str(string);
        return;
    }
    // A JSON string is a YAML double-quoted scalar, but for characters that YAML wants escaped.
    for character in Json::String(string.to_owned()).to_string().chars() {
        match character {
            '\u{7f}'..='\u{9f}' | '\u{2028}' | '\u{2029}' | '\u{feff}' => {
                out.push_str(&format!("\\u{:04x}", u32::from(character)));
            }
            other => out.push(other),
        }
    }
}

fn is_date(string: &str) -> bool {
    string.len() == 10 && string.parse::<jiff::civil::Date>().is_ok()
}

/// Whether YAML 1.1 and 1.2 both read a plain scalar as this very text.
fn is_plain(string: &str) -> bool {
    let words = ["y", "n", "yes", "no", "on", "off", "true", "false", "null", "~"];
    let starts_badly = string.starts_with(|c: char| "-+.?:,[]{}#&*!|>'\"%@`<= ".contains(c) || c.is_whitespace());
    let starts_numeric = string.starts_with(|c: char| c.is_ascii_digit());
    let numeric = |c: char| c.is_ascii_hexdigit() || "_:.+-xoTZ ".contains(c);
    let hidden = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{85}');
    !(string.is_empty()
        || words.contains(&string.to_lowercase().as_str())
        || starts_badly
        || string.ends_with(|c: char| c == ':' || c.is_whitespace())
        || string.contains(": ")
        || string.contains(" #")
        || string.contains(hidden)
        || (starts_numeric && string.chars().all(numeric)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::document;
    use proptest::prelude::*;

    fn emitted(json: &Json) -> String {
        let mut out = String::new();
        let Json::Object(entries) = json else { panic!("an object") };
        object(&mut out, entries, 0);
        out
    }

    #[test]
    fn reads_as_a_person_would_write_it() {
        let json = serde_json::json!({
            "id": "sys-a", "no": 1, "when": "2026-11-01", "rate": 0.5, "group": {"x": "yes", "y": []},
            "list": ["a: b", "c"], "records": [{"system": "s", "role": "5min"}, {}]
        });
        let expected = "id: sys-a\n\"no\": 1\nwhen: 2026-11-01\nrate: 0.5\ngroup:\n  x: \"yes\"\n  \"y\": []\n\
                        list:\n- \"a: b\"\n- c\nrecords:\n- system: s\n  role: 5min\n- {}\n";
        assert_eq!(emitted(&json), expected);
    }

    proptest! {
        #[test]
        fn any_text_comes_back(text in "\\PC*|[ -~\\n\\t]*|[0-9:.-]{1,12}", key in "[a-z]{1,8}|yes|no") {
            let json = serde_json::json!({key: text.clone(), "list": [text.clone()], "deep": {"x": [{"y": text}]}});
            let yaml = emitted(&json);
            let back = document::parse("x", &yaml).map_err(|error| TestCaseError::fail(format!("{error}\n{yaml}")))?;
            prop_assert_eq!(back.to_json(), json, "{}", yaml);
        }
    }
}
