//! From JSON to a value of an attribute's type.

use std::sync::Arc;

use jiff::civil::Date;
use serde_json::Value as Json;

use crate::domain::localized::Localized;
use crate::domain::metamodel::{AttributeType, Enumeration, Field};
use crate::domain::nearest;
use crate::domain::sharing;
use crate::domain::value::Value;

/// Reads a value.
///
/// # Errors
/// What is wrong with it and what is expected, for people.
pub fn parse_value(value_type: &AttributeType, json: &Json) -> Result<Value, String> {
    match value_type {
        AttributeType::Text | AttributeType::SourceFragment => text(json).map(|t| Value::Text(sharing::text(t))),
        AttributeType::LocalizedText => localized(json),
        AttributeType::Integer { minimum, maximum } => integer(json, *minimum, *maximum),
        AttributeType::Number { minimum, maximum } => number(json, *minimum, *maximum),
        AttributeType::Money { minimum } => number(json, *minimum, None),
        AttributeType::Boolean => {
            json.as_bool().map(Value::Boolean).ok_or_else(|| format!("true or false is expected, not {}", shown(json)))
        }
        AttributeType::Date => date(json),
        AttributeType::Duration => duration(json),
        AttributeType::Enumeration(enumeration) => code(enumeration, json),
        AttributeType::List(item) => list(item, json),
        AttributeType::Record(fields) => record(fields, json),
        AttributeType::Reference(_) => Err("a reference is not a value".into()),
    }
}

/// The beginning of a value, for a message.
fn shown(json: &Json) -> String {
    let whole = json.to_string();
    if whole.chars().count() <= 60 {
        return whole;
    }
    format!("{}…", whole.chars().take(60).collect::<String>())
}

fn text(json: &Json) -> Result<&str, String> {
    let text = json.as_str().ok_or_else(|| format!("text is expected, not {}", shown(json)))?;
    check_characters(text)?;
    Ok(text)
}

/// Text may hold line breaks and tabs but no other control characters, and nothing
/// that turns the reading direction of what follows it.
pub(super) fn check_characters(text: &str) -> Result<(), String> {
    let is_wrong = |c: &char| {
        (c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
            || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    match text.chars().find(is_wrong) {
        Some(wrong) => Err(format!("the character {wrong:?} is not accepted in text; remove it")),
        None => Ok(()),
    }
}

fn localized(json: &Json) -> Result<Value, String> {
    if let Some(plain) = json.as_str() {
        check_characters(plain)?;
        return Ok(Value::Localized(sharing::localized(Localized::from_iter([("ja", plain)]))));
    }
    let object = json.as_object().ok_or("text, or texts by language such as {\"ja\": …, \"en\": …}, are expected")?;
    let mut texts = Localized::default();
    for (language, value) in object {
        let is_tag = !language.is_empty()
            && language.len() <= 35
            && language.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        if !is_tag {
            return Err(format!("{language:?} is no language tag (BCP 47), such as ja or en"));
        }
        texts.insert(language, text(value)?);
    }
    Ok(Value::Localized(sharing::localized(texts)))
}

fn integer(json: &Json, minimum: Option<i64>, maximum: Option<i64>) -> Result<Value, String> {
    let whole = json.as_i64().ok_or_else(|| format!("a whole number is expected, not {}", shown(json)))?;
    if let Some(least) = minimum.filter(|least| whole < *least) {
        return Err(format!("{whole} is less than {least}"));
    }
    if let Some(most) = maximum.filter(|most| whole > *most) {
        return Err(format!("{whole} is more than {most}"));
    }
    Ok(Value::Integer(whole))
}

fn number(json: &Json, minimum: Option<f64>, maximum: Option<f64>) -> Result<Value, String> {
    let number = json.as_f64().ok_or_else(|| format!("a number is expected, not {}", shown(json)))?;
    if let Some(least) = minimum.filter(|least| number < *least) {
        return Err(format!("{number} is less than {least}"));
    }
    if let Some(most) = maximum.filter(|most| number > *most) {
        return Err(format!("{number} is more than {most}"));
    }
    Ok(json.as_i64().map_or(Value::Number(number), Value::Integer))
}

fn date(json: &Json) -> Result<Value, String> {
    let wrong = || format!("a date such as \"2026-11-01\" is expected, not {}", shown(json));
    let text = json.as_str().ok_or_else(wrong)?;
    let is_plain = text.len() == 10 && text.chars().all(|c| c.is_ascii_digit() || c == '-');
    text.parse::<Date>().ok().filter(|_| is_plain).map(Value::Date).ok_or_else(wrong)
}

fn duration(json: &Json) -> Result<Value, String> {
    let wrong = || format!("a duration such as \"P30D\" or \"PT4H\" (ISO 8601) is expected, not {}", shown(json));
    let text = json.as_str().ok_or_else(wrong)?;
    let is_iso = text.starts_with(['P', '-', '+']) && text.parse::<jiff::Span>().is_ok();
    is_iso.then(|| Value::Text(text.into())).ok_or_else(wrong)
}

fn code(enumeration: &Enumeration, json: &Json) -> Result<Value, String> {
    let word = text(json)?;
    if let Some(shared) = enumeration.code(word) {
        return Ok(Value::Text(Arc::clone(shared)));
    }
    if enumeration.open {
        return Ok(Value::Text(sharing::text(word)));
    }
    let codes: Vec<&str> = enumeration.values.iter().map(|(code, _)| &**code).collect();
    let hint = nearest::hint(word, codes.iter().copied());
    Err(format!("{} is not one of {}{hint}", shown(json), codes.join(", ")))
}

fn list(item: &AttributeType, json: &Json) -> Result<Value, String> {
    let items = json.as_array().ok_or_else(|| format!("a list is expected, not {}", shown(json)))?;
    let read = |(place, entry): (usize, &Json)| {
        parse_value(item, entry).map_err(|message| format!("entry {}: {message}", place + 1))
    };
    items.iter().enumerate().map(read).collect::<Result<Vec<_>, _>>().map(|values| Value::List(values.into()))
}

fn record(fields: &[Field], json: &Json) -> Result<Value, String> {
    let object = json.as_object().ok_or_else(|| format!("named fields are expected, not {}", shown(json)))?;
    if let Some(unknown) = object.keys().find(|key| !fields.iter().any(|field| *field.name == ***key)) {
        let hint = nearest::hint(unknown, fields.iter().map(|field| &*field.name));
        return Err(format!("there is no field {unknown:?}{hint}"));
    }
    let mut values = Vec::new();
    for field in fields {
        match object.get(&*field.name) {
            None | Some(Json::Null) => {}
            Some(value) => {
                let value =
                    parse_value(&field.value_type, value).map_err(|message| format!("{}: {message}", field.name))?;
                values.push((Arc::clone(&field.name), value));
            }
        }
    }
    Ok(Value::Record(values.into()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn each_type_takes_its_own_and_refuses_others() {
        let rto = AttributeType::Integer { minimum: Some(0), maximum: None };
        assert_eq!(parse_value(&rto, &json!(24)), Ok(Value::Integer(24)));
        for wrong in [json!(-1), json!("24"), json!(1.5), json!(null), json!([24]), json!(1e30)] {
            assert!(parse_value(&rto, &wrong).is_err(), "{wrong}");
        }
        let day = AttributeType::Date;
        assert_eq!(parse_value(&day, &json!("2026-11-01")), Ok(Value::Date(jiff::civil::date(2026, 11, 1))));
        for wrong in ["2026-11-31", "2026/11/01", "20261101", "2026-11-01T00:00", "R8.11.1", ""] {
            assert!(parse_value(&day, &json!(wrong)).is_err(), "{wrong}");
        }
        assert!(parse_value(&AttributeType::Duration, &json!("PT4H")).is_ok());
        assert!(parse_value(&AttributeType::Duration, &json!("4 hours")).is_err());
        assert!(parse_value(&AttributeType::Text, &json!("a\u{202e}b")).is_err());
        assert!(parse_value(&AttributeType::Text, &json!("a\nb")).is_ok());
    }

    #[test]
    fn a_misspelt_code_earns_a_hint() {
        let values = vec![("package".into(), Localized::default()), ("saas".into(), Localized::default())];
        let closed = AttributeType::Enumeration(Enumeration { values, open: false });
        let message = parse_value(&closed, &json!("packge")).expect_err("misspelt");
        assert!(message.contains("did you mean \"package\"?"), "{message}");
    }
}
