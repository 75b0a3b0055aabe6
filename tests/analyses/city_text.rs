//! The reference city read from its YAML text alone, with code that shares nothing with ezu.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use crate::support::CITY;
use crate::yaml_text::parse;

/// The records of each list.
pub(crate) struct CityText(BTreeMap<String, Vec<Json>>);

impl CityText {
    pub(crate) fn read() -> Self {
        Self::of(&CITY)
    }

    /// Other files of the same shape.
    pub(crate) fn of(texts: &[&str]) -> Self {
        let mut lists: BTreeMap<String, Vec<Json>> = BTreeMap::new();
        for text in texts {
            let Json::Object(file) = parse(text, scalar) else { panic!("a file is a mapping") };
            for (name, records) in file {
                if let Json::Array(records) = records {
                    lists.entry(name).or_default().extend(records);
                }
            }
        }
        Self(lists)
    }

    pub(crate) fn list(&self, name: &str) -> &[Json] {
        self.0.get(name).unwrap_or_else(|| panic!("the city has no {name}"))
    }
}

/// A text of a record; empty where there is none.
pub(crate) fn text<'a>(record: &'a Json, key: &str) -> &'a str {
    record.get(key).and_then(Json::as_str).unwrap_or_default()
}

/// A whole number of a record at a path of keys.
pub(crate) fn number(record: &Json, path: &[&str]) -> Option<i64> {
    path.iter().try_fold(record, |held, key| held.get(*key))?.as_str()?.parse().ok()
}

/// The entries of a list of a record.
pub(crate) fn entries<'a>(record: &'a Json, key: &str) -> &'a [Json] {
    record.get(key).and_then(Json::as_array).map_or(&[], Vec::as_slice)
}

/// The texts of a list of a record.
pub(crate) fn texts<'a>(record: &'a Json, key: &str) -> Vec<&'a str> {
    entries(record, key).iter().filter_map(Json::as_str).collect()
}

/// Every scalar becomes a text.
fn scalar(text: &str, plain: bool) -> Json {
    if plain && text.is_empty() { Json::Null } else { text.into() }
}
