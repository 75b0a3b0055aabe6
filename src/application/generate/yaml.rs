//! Records as a model file, written as they come.

use std::io::{self, Write};

use serde_json::{Map, Value as Json};

use super::city::Record;

/// Writes records as a model file. A kind's records must follow each other.
pub(super) fn write(out: &mut dyn Write, name: &str, records: impl Iterator<Item = Record>) -> io::Result<()> {
    writeln!(out, "model: {}", scalar(&Json::from(name)))?;
    let mut list = "";
    for record in records {
        if record.collection != list {
            list = record.collection;
            writeln!(out, "\n{list}:")?;
        }
        writeln!(out, "- id: {}", record.id)?;
        if let Some(name) = record.name {
            writeln!(out, "  name: {}", scalar(&Json::from(name)))?;
        }
        if let Some((source, target)) = record.ends {
            writeln!(out, "  source: {source}\n  target: {target}")?;
        }
        entries(out, &record.attributes, 2)?;
    }
    Ok(())
}

fn entries(out: &mut dyn Write, object: &Map<String, Json>, indent: usize) -> io::Result<()> {
    for (key, value) in object {
        match value {
            Json::Array(items) if items.is_empty() => {}
            Json::Array(items) => {
                writeln!(out, "{:indent$}{key}:", "")?;
                items.iter().try_for_each(|item| writeln!(out, "{:indent$}- {}", "", in_a_line(item)))?;
            }
            Json::Object(inner) => {
                writeln!(out, "{:indent$}{key}:", "")?;
                entries(out, inner, indent + 2)?;
            }
            value => writeln!(out, "{:indent$}{key}: {}", "", scalar(value))?,
        }
    }
    Ok(())
}

fn in_a_line(item: &Json) -> String {
    let Json::Object(fields) = item else { return scalar(item) };
    let fields: Vec<String> = fields.iter().map(|(key, value)| format!("{key}: {}", scalar(value))).collect();
    format!("{{{}}}", fields.join(", "))
}

/// Text is quoted unless it cannot be taken for anything else.
fn scalar(value: &Json) -> String {
    let Json::String(text) = value else { return value.to_string() };
    let plain = text.starts_with(char::is_alphabetic) && text.chars().all(|c| c.is_alphanumeric() || c == '-');
    let may_mean_more = text.len() <= 5 && text.is_ascii();
    if plain && !may_mean_more { text.clone() } else { value.to_string() }
}
