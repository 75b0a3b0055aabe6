//! Of texts. Places and lengths are counted in characters (Unicode scalar values).

use unicode_normalization::UnicodeNormalization;

use super::arguments::{at, count, integer, list, out_of_range, text, within};
use super::{Context, Function};
use crate::query::types::Type;
use crate::query::{ErrorDetail, QueryError, Value};

pub(super) fn functions() -> Vec<Function> {
    let one = &[Type::String];
    let two = &[Type::String, Type::String];
    let counted = &[Type::String, Type::Integer];
    let texts = Type::list_of(Type::String);
    let split_by = super::arguments::one_of(&[Type::String, texts.clone()]);
    vec![
        Function::new("toUpper", one, Type::String, to_upper),
        Function::new("upper", one, Type::String, to_upper),
        Function::new("toLower", one, Type::String, to_lower),
        Function::new("lower", one, Type::String, to_lower),
        Function::new("trim", two, Type::String, |a, _| trimmed(a, true, true)).from(1),
        Function::new("btrim", two, Type::String, |a, _| trimmed(a, true, true)).from(1),
        Function::new("ltrim", two, Type::String, |a, _| trimmed(a, true, false)).from(1),
        Function::new("rtrim", two, Type::String, |a, _| trimmed(a, false, true)).from(1),
        Function::new("left", counted, Type::String, left),
        Function::new("right", counted, Type::String, right),
        Function::new("substring", &[Type::String, Type::Integer, Type::Integer], Type::String, substring).from(2),
        Function::new("replace", &[Type::String, Type::String, Type::String], Type::String, replace),
        Function::new("split", &[Type::String, split_by], texts, split),
        Function::new("char_length", one, Type::Integer, length),
        Function::new("character_length", one, Type::Integer, length),
        Function::new("normalize", two, Type::String, normalize).from(1),
    ]
}

fn to_upper(arguments: &[Value], context: &Context<'_>) -> Result<Value, QueryError> {
    let text = text(&arguments[0])?;
    within(text.len(), context.most)?;
    Ok(Value::string(text.to_uppercase()))
}

fn to_lower(arguments: &[Value], context: &Context<'_>) -> Result<Value, QueryError> {
    let text = text(&arguments[0])?;
    within(text.len(), context.most)?;
    Ok(Value::string(text.to_lowercase()))
}

/// Without white space, or without the given characters, at one or both ends.
fn trimmed(arguments: &[Value], start: bool, end: bool) -> Result<Value, QueryError> {
    let mut rest = text(&arguments[0])?;
    let characters = arguments.get(1).map(text).transpose()?;
    let cut = |character: char| characters.map_or(character.is_whitespace(), |cut| cut.contains(character));
    if start {
        rest = rest.trim_start_matches(cut);
    }
    if end {
        rest = rest.trim_end_matches(cut);
    }
    Ok(Value::string(rest))
}

/// A count of characters, which is never negative.
fn characters(value: &Value) -> Result<usize, QueryError> {
    let number = integer(value)?;
    if number < 0 {
        return Err(out_of_range("a place or a number of characters must not be negative"));
    }
    Ok(usize::try_from(number).unwrap_or(usize::MAX))
}

/// The place in bytes of a character; the end where the text is shorter.
fn place(text: &str, character: usize) -> usize {
    text.char_indices().nth(character).map_or(text.len(), |(place, _)| place)
}

fn left(arguments: &[Value], _context: &Context<'_>) -> Result<Value, QueryError> {
    let text = text(&arguments[0])?;
    Ok(Value::string(&text[..place(text, characters(&arguments[1])?)]))
}

fn right(arguments: &[Value], _context: &Context<'_>) -> Result<Value, QueryError> {
    let text = text(&arguments[0])?;
    let skipped = text.chars().count().saturating_sub(characters(&arguments[1])?);
    Ok(Value::string(&text[place(text, skipped)..]))
}

/// From a place counted from 0, to the end or so many characters.
fn substring(arguments: &[Value], _context: &Context<'_>) -> Result<Value, QueryError> {
    let text = text(&arguments[0])?;
    let rest = &text[place(text, characters(&arguments[1])?)..];
    match arguments.get(2) {
        None => Ok(Value::string(rest)),
        Some(length) => Ok(Value::string(&rest[..place(rest, characters(length)?)])),
    }
}

/// Each occurrence replaced; nothing is searched for in nothing.
fn replace(arguments: &[Value], context: &Context<'_>) -> Result<Value, QueryError> {
    let (text, search, with) = (text(&arguments[0])?, text(&arguments[1])?, text(&arguments[2])?);
    if search.is_empty() {
        return Ok(arguments[0].clone());
    }
    let found = text.matches(search).count();
    let longer = found.saturating_mul(with.len()).saturating_add(text.len() - found * search.len());
    within(longer, context.most)?;
    Ok(Value::string(text.replace(search, with)))
}

/// The most separators that a text is split by at once, since each is looked for at each place.
const MOST_SEPARATORS: usize = 64;

/// The parts between the separators; without a separator each character.
fn split(arguments: &[Value], context: &Context<'_>) -> Result<Value, QueryError> {
    let text = text(&arguments[0])?;
    let parts: Box<dyn Iterator<Item = &str>> = match &arguments[1] {
        Value::String(separator) if separator.is_empty() => Box::new(text.split_inclusive(|_| true)),
        Value::String(separator) => Box::new(text.split(&**separator)),
        several => Box::new(split_by_any(text, separators(several)?).into_iter()),
    };
    let mut split = Vec::new();
    for part in parts {
        within(split.len() + 1, context.most)?;
        split.push(Value::string(part));
    }
    Ok(Value::List(split.into()))
}

fn separators(value: &Value) -> Result<Vec<&str>, QueryError> {
    let separators: Vec<&str> = list(value)?.iter().map(text).collect::<Result<_, _>>()?;
    if separators.len() > MOST_SEPARATORS {
        return Err(out_of_range(format!("a text is split by at most {MOST_SEPARATORS} separators")));
    }
    Ok(separators)
}

/// The parts between any of the separators; the longest one that fits is taken. Linear in the text.
fn split_by_any<'a>(text: &'a str, separators: Vec<&str>) -> Vec<&'a str> {
    let (mut parts, mut start, mut place) = (Vec::new(), 0, 0);
    while let Some(character) = text[place..].chars().next() {
        let fits = |separator: &&&str| text[place..].starts_with(**separator);
        match separators.iter().filter(fits).map(|separator| separator.len()).max() {
            Some(length) if length > 0 => {
                parts.push(&text[start..place]);
                place += length;
                start = place;
            }
            _ => place += character.len_utf8(),
        }
    }
    parts.push(&text[start..]);
    parts
}

fn length(arguments: &[Value], _context: &Context<'_>) -> Result<Value, QueryError> {
    Ok(count(text(&arguments[0])?.chars().count()))
}

/// In a normal form of Unicode: NFC if none is named.
fn normalize(arguments: &[Value], context: &Context<'_>) -> Result<Value, QueryError> {
    let text = text(&arguments[0])?;
    within(text.len(), context.most)?;
    let form = match at(arguments, 1) {
        Value::Null => "NFC",
        form => super::arguments::text(form)?,
    };
    let normal: String = match form.to_ascii_uppercase().as_str() {
        "NFC" => text.nfc().collect(),
        "NFD" => text.nfd().collect(),
        "NFKC" => text.nfkc().collect(),
        "NFKD" => text.nfkd().collect(),
        other => {
            let message = format!("there is no normal form {other}; there are NFC, NFD, NFKC and NFKD");
            return Err(QueryError::argument(ErrorDetail::InvalidArgumentValue, message));
        }
    };
    Ok(Value::string(normal))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{failing, shows, try_call_within};
    use super::*;

    fn texts(parts: &[&str]) -> Value {
        Value::list(parts.iter().map(Value::string))
    }

    #[test]
    fn parts_of_texts_are_counted_in_characters() {
        let text = Value::string("住民基本台帳");
        shows("left", &[text.clone(), Value::Integer(2)], &Value::string("住民"));
        shows("right", &[text.clone(), Value::Integer(2)], &Value::string("台帳"));
        shows("substring", &[text.clone(), Value::Integer(2), Value::Integer(2)], &Value::string("基本"));
        shows("substring", &[text.clone(), Value::Integer(9)], &Value::string(""));
        shows("char_length", std::slice::from_ref(&text), &Value::Integer(6));
        assert_eq!(failing("left", &[text, Value::Integer(-1)]).detail, ErrorDetail::NumberOutOfRange);
    }

    #[test]
    fn texts_are_split_and_trimmed() {
        shows("split", &[Value::string("one1two"), Value::string("1")], &texts(&["one", "two"]));
        shows("split", &[Value::string("ab"), Value::string("")], &texts(&["a", "b"]));
        shows("split", &[Value::string(""), Value::string(",")], &texts(&[""]));
        shows("split", &[Value::string("a,b;c"), texts(&[",", ";"])], &texts(&["a", "b", "c"]));
        shows("trim", &[Value::string(" a\t")], &Value::string("a"));
        shows("ltrim", &[Value::string(" a ")], &Value::string("a "));
        shows("btrim", &[Value::string("xaxx"), Value::string("x")], &Value::string("a"));
        shows("toUpper", &[Value::string("straße")], &Value::string("STRASSE"));
        shows("normalize", &[Value::string("ｶﾞ"), Value::string("NFKC")], &Value::string("ガ"));
    }

    #[test]
    fn replacing_stops_before_it_blows_up() {
        shows("replace", &[Value::string("hello"), Value::string("l"), Value::string("w")], &Value::string("hewwo"));
        shows("replace", &[Value::string("a"), Value::string(""), Value::string("b")], &Value::string("a"));
        let arguments = [Value::string("aaaa"), Value::string("a"), Value::string("bbbb")];
        let error = try_call_within("replace", &arguments, 15).expect_err("is too large");
        assert_eq!(error.detail, ErrorDetail::MemoryLimit);
        assert!(try_call_within("replace", &arguments, 16).is_ok());
    }
}
