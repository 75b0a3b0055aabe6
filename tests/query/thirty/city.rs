//! The reference city read from the text of its files alone, with code that shares nothing with ezu.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value as Json;

use crate::yaml_text::parse;

/// The records of each list of the files.
pub(super) struct City(BTreeMap<String, Vec<Json>>);

impl City {
    pub(super) fn read() -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("models/hanano");
        let entries = std::fs::read_dir(folder).expect("a folder");
        let mut paths: Vec<_> = entries.map(|entry| entry.expect("an entry").path()).collect();
        paths.sort();
        let mut lists: BTreeMap<String, Vec<Json>> = BTreeMap::new();
        for path in paths {
            let Json::Object(file) = parse(&std::fs::read_to_string(path).expect("readable"), scalar) else {
                panic!("a file is a mapping")
            };
            for (name, records) in file {
                if let Json::Array(records) = records {
                    lists.entry(name).or_default().extend(records);
                }
            }
        }
        Self(lists)
    }

    /// The records of a list.
    pub(super) fn list(&self, name: &str) -> &[Json] {
        self.0.get(name).unwrap_or_else(|| panic!("the city has no {name}"))
    }

    /// All records.
    pub(super) fn all(&self) -> impl Iterator<Item = (&str, &Json)> {
        self.0.iter().flat_map(|(name, records)| records.iter().map(|record| (name.as_str(), record)))
    }

    /// The record with an id.
    pub(super) fn record(&self, id: &Json) -> &Json {
        let found = self.all().find(|(_, record)| record["id"] == *id);
        found.unwrap_or_else(|| panic!("nothing has the id {id}")).1
    }

    /// What the record with an id is called.
    pub(super) fn name(&self, id: &Json) -> &Json {
        let record = self.record(id);
        if record["name"].is_null() { &record["code"] } else { &record["name"] }
    }
}

/// A text; empty where there is none.
pub(super) fn text(value: &Json) -> &str {
    value.as_str().unwrap_or_default()
}

/// A whole number; 0 where there is none.
pub(super) fn number(value: &Json) -> i64 {
    value.as_i64().unwrap_or_default()
}

/// The entries of a list; none where there is no list.
pub(super) fn entries(value: &Json) -> &[Json] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// With quotes a text; without: nothing, a truth value, a number, else text (days too).
fn scalar(text: &str, plain: bool) -> Json {
    match text {
        quoted if !plain => quoted.into(),
        "" | "null" | "~" => Json::Null,
        "true" => Json::Bool(true),
        "false" => Json::Bool(false),
        _ => {
            text.parse::<i64>().map(Json::from).or_else(|_| text.parse::<f64>().map(Json::from)).unwrap_or(text.into())
        }
    }
}
