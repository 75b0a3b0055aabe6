//! What the last import of a source said: for every item its id in the model and a hash for every field.
//!
//! It is kept in records of the model (`import_source`, `import_part`) that the import's own change set writes: it is
//! there if and only if the import is, it can be reverted with it, and it survives whatever the ledger survives.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use rustc_hash::FxHashMap;
use serde_json::{Value as Json, json};
use sha2::{Digest as _, Sha256};

use super::fields::Comparable;
use super::kept::{Hash, Kept, Shapes, Shelved};
use crate::domain::element::{Item, Model};
use crate::domain::value::Value;
use crate::graph::Snapshot;
use crate::interchange::ReadModel;
use crate::interchange::json_text::json_text;

/// How the sources of workbooks begin that ezu itself wrote.
pub(super) const WORKBOOK: &str = "workbook:";

/// How many items are kept in one part, about.
const ITEMS_A_PART: usize = 200;

/// What was said of all items of a source.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Baseline {
    /// By the source's own id.
    pub items: FxHashMap<Arc<str>, Said>,
    /// How many parts it was kept in.
    pub parts: usize,
    /// Whether there was an earlier import.
    pub exists: bool,
    /// The fields that items speak of.
    pub shapes: Shapes,
    /// The source's own ids by the ids of the model, once somebody asked.
    by_id: OnceCell<FxHashMap<Arc<str>, Arc<str>>>,
}

/// What was said of one item.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Said {
    /// Its id in the model.
    pub id: Arc<str>,
    /// By field, the hash of what was said.
    pub fields: Shelved,
}

/// The id of the record of a source.
pub(super) fn record_id(source: &str) -> String {
    format!("import-{}", digest(source.as_bytes(), 8))
}

fn part_id(source: &str, part: usize) -> String {
    format!("{}--{part:05}", record_id(source))
}

/// The first bytes of a SHA-256, in hexadecimal.
pub(super) fn digest(bytes: &[u8], length: usize) -> String {
    Sha256::digest(bytes).iter().take(length).map(|byte| format!("{byte:02x}")).collect()
}

/// Makes the digest of what is written into it.
#[derive(Debug, Default)]
pub(super) struct Digest(Sha256);

impl Digest {
    /// Writes on.
    pub fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The first bytes of the SHA-256, in hexadecimal.
    pub fn finish(self, length: usize) -> String {
        self.0.finalize().iter().take(length).map(|byte| format!("{byte:02x}")).collect()
    }
}

/// A text attribute of a record.
pub(super) fn text(snapshot: &Snapshot, id: &str, attribute: &str) -> Option<String> {
    let name = snapshot.metamodel().attribute_name(attribute)?;
    snapshot.element(id)?.attributes.get(name)?.as_text().map(str::to_owned)
}

impl Baseline {
    /// For a workbook that ezu wrote: what the model held at the revision that was written, if it is of this ledger.
    pub fn of_workbook(snapshot: &Snapshot, model: &ReadModel) -> Self {
        let mut words = model.source.strip_prefix(WORKBOOK).unwrap_or_default().splitn(2, ':');
        let revision = words.next().and_then(|revision| revision.parse::<u64>().ok());
        let hash = words.next().unwrap_or_default();
        let past = revision.and_then(|revision| snapshot.at_revision(revision));
        let Some(past) = past.filter(|past| past.hash() == hash) else { return Self::default() };
        let mut baseline = Self { exists: true, ..Self::default() };
        for id in &model.formerly {
            if let Some(item) = past.item(id) {
                let said = all_of(&past, item, &mut baseline.shapes);
                baseline.items.insert(id.as_str().into(), said);
            }
        }
        baseline
    }

    /// What the model keeps of a source's last import.
    pub fn load(snapshot: &Snapshot, source: &str) -> Self {
        let id = record_id(source);
        let Some(record) = snapshot.element(&id) else { return Self::default() };
        let name = snapshot.metamodel().attribute_name("parts");
        let parts = name.and_then(|name| record.attributes.get(name)).and_then(Value::as_integer).unwrap_or(0);
        let parts = usize::try_from(parts).unwrap_or(0);
        let mut baseline = Self { parts, exists: true, ..Self::default() };
        for part in 0..parts {
            let text = text(snapshot, &part_id(source, part), "statements").unwrap_or_default();
            baseline.read(&text);
        }
        baseline
    }

    /// What was said of an item of the model, whatever the source knew it by.
    pub fn of_item(&self, id: &str) -> Option<&Said> {
        let turned = || self.items.iter().map(|(key, said)| (Arc::clone(&said.id), Arc::clone(key))).collect();
        self.items.get(self.by_id.get_or_init(turned).get(id)?)
    }

    fn read(&mut self, text: &str) {
        let Ok(Json::Object(whole)) = serde_json::from_str(text) else { return };
        let names = whole.get("fields").and_then(Json::as_array).into_iter().flatten().filter_map(Json::as_str);
        let names: Vec<Arc<str>> = names.map(Arc::from).collect();
        for (key, line) in whole.get("items").and_then(Json::as_object).into_iter().flatten() {
            let mut words = line.as_str().unwrap_or_default().split(' ');
            let (id, mut fields) = (words.next().unwrap_or_default().into(), Kept::default());
            for (name, hash) in words.filter_map(|word| word.split_once(':')) {
                let name = name.parse::<usize>().ok().and_then(|place| names.get(place));
                if let Some((name, hash)) = name.zip(Hash::from_word(hash)) {
                    fields.insert(name, hash);
                }
            }
            let fields = fields.shelved(&mut self.shapes);
            self.items.insert(key.as_str().into(), Said { id, fields });
        }
    }

    /// The parts as they are kept: their ids and their texts. The same items always give the same texts.
    ///
    /// Each part is made when it is asked for, and what it was made of is let go: all of them are as large as a file.
    pub fn into_written(self, source: &str) -> impl Iterator<Item = (String, String)> {
        let parts = self.part_count();
        let mut sorted: Vec<Vec<(Arc<str>, Said)>> = vec![Vec::new(); parts];
        for (key, said) in self.items {
            sorted[bucket(&key, parts)].push((key, said));
        }
        let text = |items: Vec<(Arc<str>, Said)>| part_text(&items.iter().map(|(key, said)| (&**key, said)).collect());
        sorted.into_iter().enumerate().map(move |(place, items)| (part_id(source, place), text(items)))
    }

    /// How many parts the items need; a power of two, so that few items move when it grows.
    pub fn part_count(&self) -> usize {
        self.items.len().div_ceil(ITEMS_A_PART).next_power_of_two().max(self.parts).max(1)
    }
}

/// All that a model says of an item.
fn all_of(snapshot: &Snapshot, item: Item<'_>, shapes: &mut Shapes) -> Said {
    let mut fields = Kept::default();
    if let Some(name) = item.name() {
        fields.insert(&"name".into(), Hash::of(&json!(&**name)));
    }
    for definition in &snapshot.metamodel().kind(item.kind()).attributes {
        let held = Comparable::of_model(snapshot, item, definition);
        fields.insert(&definition.text, held.hash());
    }
    Said { id: item.id().as_str().into(), fields: fields.shelved(shapes) }
}

fn bucket(key: &str, parts: usize) -> usize {
    let digest = Sha256::digest(key.as_bytes());
    usize::from(u16::from_le_bytes([digest[0], digest[1]])) % parts
}

fn part_text(items: &BTreeMap<&str, &Said>) -> String {
    let mut names: Vec<&str> = items.values().flat_map(|said| said.fields.iter().map(|(name, _)| &**name)).collect();
    names.sort_unstable();
    names.dedup();
    let line = |said: &Said| {
        let fields = said.fields.iter().filter_map(|(name, hash)| {
            let place = names.binary_search(&&**name).ok()?;
            Some(format!(" {place}:{hash}"))
        });
        format!("{}{}", said.id, fields.collect::<String>())
    };
    let lines: BTreeMap<&str, String> = items.iter().map(|(key, said)| (*key, line(said))).collect();
    json_text(&json!({ "fields": names, "items": lines }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        let mut baseline = Baseline::default();
        for number in 0..1_000 {
            let fields = [("name", Hash::of(&json!(number))), ("users", Hash::of(&json!("x")))];
            let (id, mut kept) = (format!("sys-{number}").into(), Kept::default());
            fields.into_iter().take(number % 3).for_each(|(name, hash)| kept.insert(&name.into(), hash));
            let said = Said { id, fields: kept.shelved(&mut baseline.shapes) };
            baseline.items.insert(format!("名前:{number}").into(), said);
        }
        let parts: Vec<_> = baseline.clone().into_written("ledger:a").collect();
        assert_eq!(parts.len(), 8);
        let mut back = Baseline::default();
        for (_, text) in &parts {
            back.read(text);
        }
        assert_eq!(back.items, baseline.items);
        assert_eq!(parts, baseline.into_written("ledger:a").collect::<Vec<_>>());
    }

    #[test]
    fn damaged_records_are_no_baseline() {
        let mut baseline = Baseline::default();
        for text in [
            "",
            "[]",
            "{\"fields\": 3}",
            "{\"fields\":[\"a\"],\"items\":{\"k\":7,\"l\":\"id 9:x 0:y 0:00000000000f\"}}",
        ] {
            baseline.read(text);
        }
        let fields: Vec<String> =
            baseline.items["l"].fields.iter().map(|(name, hash)| format!("{name}:{hash}")).collect();
        assert_eq!(fields, ["a:00000000000f"]);
    }
}
