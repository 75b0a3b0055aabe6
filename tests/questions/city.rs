//! The files of the reference city, read without ezu's model.

use std::collections::BTreeMap;

use ezu::application::files::sample_files;
use ezu::domain::document;
use serde_json::Value as Json;

/// The lists of the city's files, by name.
pub struct City(BTreeMap<String, Vec<Json>>);

impl City {
    pub fn read() -> Self {
        let mut lists: BTreeMap<String, Vec<Json>> = BTreeMap::new();
        for (name, text) in sample_files() {
            let read = document::parse(&name, &text).expect("sound").to_json();
            for (list, entries) in read.as_object().expect("lists") {
                lists.entry(list.clone()).or_default().extend(entries.as_array().into_iter().flatten().cloned());
            }
        }
        Self(lists)
    }

    /// The entries of a list.
    pub fn list(&self, name: &str) -> &[Json] {
        self.0.get(name).map_or(&[], Vec::as_slice)
    }

    /// The entry of this id.
    pub fn entry(&self, list: &str, id: &str) -> &Json {
        self.list(list).iter().find(|entry| entry["id"] == id).unwrap_or_else(|| panic!("{id}"))
    }
}

/// The text of a field; empty if there is none.
pub fn text<'j>(json: &'j Json, field: &str) -> &'j str {
    json[field].as_str().unwrap_or("")
}

/// The texts of a list.
pub fn texts(json: &Json, field: &str) -> Vec<String> {
    json[field].as_array().into_iter().flatten().filter_map(Json::as_str).map(str::to_owned).collect()
}
