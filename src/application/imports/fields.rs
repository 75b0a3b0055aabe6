//! What a file says of a field beside what the model holds and what the last import said.

use serde_json::{Map, Value as Json, json};

use super::kept::Hash;
use crate::domain::description::describe_attribute;
use crate::domain::element::Item;
use crate::domain::metamodel::{AttributeDefinition, AttributeType, ReferenceDefinition};
use crate::domain::validation::parse_value;
use crate::graph::Snapshot;

/// What follows from the three sides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// File and model agree.
    Same,
    /// Only the model has changed since the last import, or nothing has.
    KeepModel,
    /// Only the file has changed, or the model holds nothing yet.
    TakeFile,
    /// Both have changed, or both hold something and were never compared.
    Conflict,
}

/// A value in the one form in which values are compared: references as a sorted list of objects with `target`.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Comparable {
    pub json: Option<Json>,
    /// Whether it is a list of references.
    pub is_reference: bool,
}

impl Comparable {
    /// What the model holds.
    pub fn of_model(snapshot: &Snapshot, item: Item<'_>, definition: &AttributeDefinition) -> Self {
        let held = describe_attribute(snapshot, item, definition);
        match definition.reference() {
            None => Self { json: held, is_reference: false },
            Some(reference) => {
                let entries = match held {
                    None => Vec::new(),
                    Some(Json::Array(entries)) => entries,
                    Some(one) => vec![one],
                };
                Self::of_entries(entries.iter().filter_map(|entry| entry_of(reference, entry)).collect())
            }
        }
    }

    /// What a file says; a value that the attribute cannot hold is told in words.
    pub fn of_file(definition: &AttributeDefinition, json: &Json) -> Result<Self, String> {
        if let Some(reference) = definition.reference() {
            let entries = match json {
                Json::Null => Vec::new(),
                Json::Array(entries) => entries.clone(),
                one => vec![one.clone()],
            };
            let read: Option<Vec<Map<String, Json>>> = entries.iter().map(|entry| entry_of(reference, entry)).collect();
            return read.map(Self::of_entries).ok_or_else(|| "it is no reference".to_owned());
        }
        if json.is_null() {
            return Ok(Self { json: None, is_reference: false });
        }
        let value = parse_value(&definition.value_type, json)?;
        Ok(Self { json: Some(value.to_json()), is_reference: false })
    }

    /// References with what they say, in any order.
    pub fn of_entries(mut entries: Vec<Map<String, Json>>) -> Self {
        entries.iter_mut().for_each(Map::sort_keys);
        if entries.len() > 1 {
            entries.sort_by_cached_key(|entry| Json::Object(entry.clone()).to_string());
            entries.dedup();
        }
        let json = (!entries.is_empty()).then(|| Json::Array(entries.into_iter().map(Json::Object).collect()));
        Self { json, is_reference: true }
    }

    /// Nothing.
    pub fn absent(is_reference: bool) -> Self {
        Self { json: None, is_reference }
    }

    /// What is kept of it as what was said.
    pub fn hash(&self) -> Hash {
        self.json.as_ref().map_or(Hash::ABSENT, Hash::of)
    }

    /// The same value with only those parts of which `other` speaks: attributes of references, languages of a text.
    fn seen_through(&self, other: &Self) -> Self {
        let Some(json) = &self.json else { return self.clone() };
        let json = match (json, &other.json) {
            (Json::Array(entries), Some(Json::Array(others))) if self.is_reference => {
                let spoken = |key: &str| others.iter().any(|entry| entry.get(key).is_some());
                let kept = entries.iter().filter_map(Json::as_object).map(|entry| {
                    entry.iter().filter(|(key, _)| *key == "target" || spoken(key)).map(clone_pair).collect()
                });
                return Self::of_entries(kept.collect());
            }
            (Json::Object(texts), Some(Json::Object(others))) => {
                Json::Object(texts.iter().filter(|(key, _)| others.contains_key(*key)).map(clone_pair).collect())
            }
            _ => json.clone(),
        };
        Self { json: Some(json), is_reference: self.is_reference }
    }

    /// The bare targets of references.
    fn bare(&self) -> Self {
        let only = json!([{ "target": "" }]);
        if self.is_reference { self.seen_through(&Self { json: Some(only), is_reference: true }) } else { self.clone() }
    }

    /// Whether the hash was made of this value, seen as `like` speaks of it or in full.
    fn was(&self, hash: Hash, like: &Self) -> bool {
        [self.seen_through(like), self.clone(), self.bare()].iter().any(|seen| seen.hash() == hash)
    }

    /// What the model shall hold when the file is right: what the file does not speak of is kept.
    pub fn laid_over(&self, model: &Self) -> Option<Json> {
        match (&self.json, &model.json) {
            (Some(Json::Array(entries)), Some(Json::Array(held))) if self.is_reference => {
                let full = |entry: &Json| {
                    let known = held.iter().find(|known| known["target"] == entry["target"]);
                    let mut whole = known.and_then(Json::as_object).cloned().unwrap_or_default();
                    whole.extend(entry.as_object().cloned().unwrap_or_default());
                    Json::Object(whole)
                };
                Some(Json::Array(entries.iter().map(full).collect()))
            }
            (Some(Json::Object(texts)), Some(Json::Object(held))) if !self.is_reference => {
                let mut whole = held.clone();
                whole.extend(texts.clone());
                Some(Json::Object(whole))
            }
            (json, _) => json.clone(),
        }
    }
}

fn clone_pair((key, value): (&String, &Json)) -> (String, Json) {
    (key.clone(), value.clone())
}

/// An entry of a reference attribute as an object with `target`.
fn entry_of(reference: &ReferenceDefinition, entry: &Json) -> Option<Map<String, Json>> {
    match entry {
        Json::String(target) => Some([("target".to_owned(), json!(target))].into_iter().collect()),
        Json::Object(fields) => {
            let mut fields = fields.clone();
            let key = reference.key.as_deref().unwrap_or("target");
            let target = fields.remove(key).or_else(|| fields.remove("target"))?;
            fields.insert("target".to_owned(), target);
            Some(fields)
        }
        _ => None,
    }
}

/// References in the form that a change set takes.
pub(super) fn as_written(definition: &AttributeDefinition, json: Option<&Json>) -> Json {
    let AttributeType::Reference(reference) = &definition.value_type else {
        return json.cloned().unwrap_or(Json::Null);
    };
    let entries: Vec<Json> =
        json.and_then(Json::as_array).into_iter().flatten().map(|entry| written(reference, entry)).collect();
    if reference.many { Json::Array(entries) } else { entries.into_iter().next().unwrap_or(Json::Null) }
}

fn written(reference: &ReferenceDefinition, entry: &Json) -> Json {
    let Some(fields) = entry.as_object() else { return entry.clone() };
    let mut fields = fields.clone();
    let target = fields.remove("target").unwrap_or(Json::Null);
    if fields.is_empty() && reference.key.is_none() {
        return target;
    }
    fields.insert(reference.key.as_deref().unwrap_or("target").to_owned(), target);
    Json::Object(fields)
}

/// Three sides: what was said last (its hash), what the model holds, what the file says.
pub(super) fn merge(last: Option<Hash>, model: &Comparable, file: &Comparable, is_whole: bool) -> Verdict {
    let agree = if is_whole { model.json == file.json } else { model.seen_through(file).json == file.json };
    if agree {
        return Verdict::Same;
    }
    match last {
        Some(last) if file.hash() == last => Verdict::KeepModel,
        Some(last) if model.was(last, file) => Verdict::TakeFile,
        None if model.json.is_none() => Verdict::TakeFile,
        _ => Verdict::Conflict,
    }
}

/// The file says nothing now: what the last import gave goes, unless it was changed since.
pub(super) fn silence(last: Option<Hash>, model: &Comparable) -> Verdict {
    match last {
        Some(last) if last != Hash::ABSENT && model.json.is_some() && model.was(last, model) => Verdict::TakeFile,
        _ => Verdict::KeepModel,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(json: Json) -> Comparable {
        Comparable { json: if json.is_null() { None } else { Some(json) }, is_reference: false }
    }

    fn references(entries: Json) -> Comparable {
        let entries =
            entries.as_array().expect("a list").iter().map(|entry| entry.as_object().expect("an object").clone());
        Comparable::of_entries(entries.collect())
    }

    #[test]
    fn three_sides_decide() {
        let (one, two, three, none) = (value(json!(1)), value(json!(2)), value(json!(3)), value(Json::Null));
        let merged = |last: &Comparable, model, file| merge(Some(last.hash()), model, file, false);
        assert_eq!(merged(&one, &one, &one), Verdict::Same);
        assert_eq!(merged(&one, &two, &one), Verdict::KeepModel);
        assert_eq!(merged(&one, &one, &two), Verdict::TakeFile);
        assert_eq!(merged(&one, &two, &two), Verdict::Same);
        assert_eq!(merged(&one, &two, &three), Verdict::Conflict);
        assert_eq!(merged(&one, &none, &one), Verdict::KeepModel, "the city removed it");
        assert_eq!(merged(&one, &none, &two), Verdict::Conflict);
        assert_eq!(merged(&none, &none, &two), Verdict::TakeFile);
        assert_eq!(merge(None, &none, &one, false), Verdict::TakeFile);
        assert_eq!(merge(None, &two, &one, false), Verdict::Conflict);
    }

    #[test]
    fn silence_takes_back_only_what_was_given() {
        let (one, two, none) = (value(json!(1)), value(json!(2)), value(Json::Null));
        assert_eq!(silence(Some(one.hash()), &one), Verdict::TakeFile);
        assert_eq!(silence(Some(one.hash()), &two), Verdict::KeepModel);
        assert_eq!(silence(Some(one.hash()), &none), Verdict::KeepModel);
        assert_eq!(silence(None, &one), Verdict::KeepModel);
    }

    #[test]
    fn what_a_file_does_not_speak_of_is_kept() {
        let model = references(json!([{"target": "a", "role": "essential"}, {"target": "b", "role": "support"}]));
        let same = references(json!([{"target": "b"}, {"target": "a"}]));
        assert_eq!(merge(None, &model, &same, false), Verdict::Same);
        let fewer = references(json!([{"target": "a"}, {"target": "c"}]));
        assert_eq!(merge(Some(same.hash()), &model, &fewer, false), Verdict::TakeFile);
        let expected = json!([{"role": "essential", "target": "a"}, {"target": "c"}]);
        assert_eq!(fewer.laid_over(&model), Some(expected));
    }
}
