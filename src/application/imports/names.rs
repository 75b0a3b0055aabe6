//! Which item is meant by a name.

use std::collections::hash_map::Entry;
use std::hash::BuildHasher as _;
use std::sync::Arc;

use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};

use crate::domain::element::{Item, Model};
use crate::domain::metamodel::{KindId, Naming};
use crate::domain::naming::display_name;
use crate::graph::Snapshot;
use crate::interchange::ledgers::cells::spelling::{name_key, name_stem};

/// From this likeness (Jaro-Winkler) on a name is worth a question,
const ALIKE: f64 = 0.85;

/// … if at least this share of its letters is kept (Damerau-Levenshtein): 国保総合端末 is asked for, being 国保総合システム端末.
const LEAST_KEPT: f64 = 0.55;
/// A name as short as this (in characters) may stand in any text.
const SHORTEST_WITHIN: usize = 3;

/// The confidence in a name that stands within a longer text.
const WITHIN: f64 = 0.6;

/// The most candidates of a question.
const MOST_CANDIDATES: usize = 5;

/// Names by kind, of the model and of what the import adds.
#[derive(Debug, Default)]
pub(super) struct NameIndex {
    kinds: FxHashMap<KindId, KindNames>,
}

#[derive(Debug, Default)]
struct KindNames {
    names: Vec<Held>,
    /// By key, names that are exactly so.
    exact: Places,
    /// By key, names that are so but for an ending, and other names, and readings.
    near: Places,
    /// By their first and last two characters, to compare few instead of all.
    parts: FxHashMap<String, Vec<usize>>,
}

/// Places of names by the hash of a key: an import of many rows brings many names. Whoever looks compares the keys.
#[derive(Debug, Default)]
struct Places {
    first: FxHashMap<u64, u32>,
    /// Further ones, in order.
    more: FxHashMap<u64, Vec<u32>>,
}

impl Places {
    fn add(&mut self, key: &str, place: usize) {
        let (hash, place) = (FxBuildHasher.hash_one(key), u32::try_from(place).unwrap_or(u32::MAX));
        match self.first.entry(hash) {
            Entry::Vacant(entry) => drop(entry.insert(place)),
            Entry::Occupied(_) => self.more.entry(hash).or_default().push(place),
        }
    }

    /// Places under a key, and perhaps some under another with the same hash.
    fn get(&self, key: &str) -> impl Iterator<Item = usize> {
        let hash = FxBuildHasher.hash_one(key);
        let more = self.more.get(&hash).into_iter().flatten();
        self.first.get(&hash).into_iter().chain(more).map(|place| *place as usize)
    }
}

impl KindNames {
    /// Names that are exactly so.
    fn exactly(&self, key: &str) -> impl Iterator<Item = &Held> {
        self.exact.get(key).map(|place| &self.names[place]).filter(move |held| *held.key == *key)
    }

    /// Names that are so but for an ending, and other names.
    fn nearly(&self, key: &str) -> impl Iterator<Item = &Held> {
        let is_near = move |held: &&Held| *held.key == *key || name_stem(&held.key) == Some(key);
        self.near.get(key).map(|place| &self.names[place]).filter(is_near)
    }

    /// Lets a name be found by one that is merely alike.
    fn compare(&mut self, place: usize) {
        let held = &mut self.names[place];
        held.letters = Some(Box::new(Letters::of(&held.key)));
        for part in parts(&held.key) {
            self.parts.entry(part).or_default().push(place);
        }
    }
}

#[derive(Debug, Clone)]
struct Held {
    id: Arc<str>,
    /// The name as it is compared.
    key: Box<str>,
    /// Only of names to which others are merely alike.
    letters: Option<Box<Letters>>,
}

/// What can be told of two names before they are compared letter by letter.
#[derive(Debug, Clone, PartialEq)]
struct Letters {
    /// How many characters it has.
    count: u32,
    /// A bit for each character that occurs; characters share bits.
    occurring: u64,
    /// Its digits: `職員037` and `職員038` are alike and not the same.
    digits: Box<str>,
}

/// What a name means.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Meant {
    /// This item, with a confidence from 0 to 1.
    One(String, f64),
    /// Perhaps one of these, likest first.
    Perhaps(Vec<(String, f64)>),
    /// Nothing that is known.
    Nothing,
}

impl NameIndex {
    /// The names of all elements of the model.
    pub fn of(snapshot: &Snapshot) -> Self {
        let mut index = Self::default();
        for kind in snapshot.metamodel().element_kinds() {
            for id in snapshot.ids_of_kind(kind.id, None) {
                if let Some(element) = snapshot.element(id.as_str()) {
                    index.add_item(snapshot, Item::Element(element));
                }
            }
        }
        index
    }

    fn add_item(&mut self, snapshot: &Snapshot, item: Item<'_>) {
        let kind = snapshot.metamodel().kind(item.kind());
        let name = match &kind.naming {
            Naming::Own => item.name().map(ToString::to_string).unwrap_or_default(),
            _ => display_name(snapshot, item, "ja"),
        };
        let id: Arc<str> = item.id().as_str().into();
        if let Some(place) = self.insert(kind.id, &id, &name) {
            self.kinds.entry(kind.id).or_default().compare(place);
        }
        let aliases = snapshot.metamodel().attribute_name("aliases").and_then(|name| item.attributes().get(name));
        if let Some(crate::domain::Value::List(aliases)) = aliases {
            for alias in aliases.iter().filter_map(crate::domain::Value::as_text) {
                self.add_other(kind.id, &id, alias);
            }
        }
        let others = kind.reading.into_iter().chain(kind.name_in.iter().map(|(_, name)| *name));
        for text in others.filter_map(|name| item.attributes().get(name)?.as_text()) {
            self.add_other(kind.id, &id, text);
        }
    }

    /// Adds the name of an item that this import makes. Nothing is merely alike to it, or every second row would raise a
    /// question.
    pub fn add(&mut self, kind: KindId, id: &Arc<str>, name: &str) {
        self.insert(kind, id, name);
    }

    /// Adds a name that can be found exactly and but for its ending; answers with its place.
    fn insert(&mut self, kind: KindId, id: &Arc<str>, name: &str) -> Option<usize> {
        let key = name_key(name);
        if key.is_empty() {
            return None;
        }
        let names = self.kinds.entry(kind).or_default();
        let place = names.names.len();
        if let Some(stem) = name_stem(&key) {
            names.near.add(stem, place);
        }
        names.exact.add(&key, place);
        names.names.push(Held::new(id, key));
        Some(place)
    }

    fn add_other(&mut self, kind: KindId, id: &Arc<str>, name: &str) {
        let names = self.kinds.entry(kind).or_default();
        let place = names.names.len();
        let key = name_key(name);
        names.near.add(&key, place);
        names.names.push(Held::new(id, key));
    }

    /// Items whose names stand within a longer text, the longest name first.
    pub fn within(&self, kinds: &[KindId], text: &str) -> Vec<(String, f64)> {
        let text = name_key(text);
        let held = kinds.iter().filter_map(|kind| self.kinds.get(kind)).flat_map(|kind| &kind.names);
        let mut found: Vec<&Held> =
            held.filter(|held| held.key.chars().count() >= SHORTEST_WITHIN && text.contains(&*held.key)).collect();
        found.sort_by(|a, b| b.key.len().cmp(&a.key.len()).then_with(|| a.id.cmp(&b.id)));
        found.dedup_by(|a, b| a.id == b.id);
        found.into_iter().take(MOST_CANDIDATES).map(|held| (held.id.to_string(), WITHIN)).collect()
    }

    /// What a name means among items of these kinds.
    pub fn find(&self, kinds: &[KindId], name: &str) -> Meant {
        let key = name_key(name);
        let held: Vec<&KindNames> = kinds.iter().filter_map(|kind| self.kinds.get(kind)).collect();
        for (confidence, found) in [(0.98, exact(&held, &key)), (0.9, near(&held, &key))] {
            match found.len() {
                0 => {}
                1 => return Meant::One(found[0].clone(), confidence),
                _ => {
                    return Meant::Perhaps(
                        found.into_iter().take(MOST_CANDIDATES).map(|id| (id, confidence)).collect(),
                    );
                }
            }
        }
        let alike = alike(&held, &key);
        if alike.is_empty() { Meant::Nothing } else { Meant::Perhaps(alike) }
    }

    /// The item that is exactly so called, if only one is.
    pub fn exactly(&self, kinds: &[KindId], name: &str) -> Option<String> {
        let held: Vec<&KindNames> = kinds.iter().filter_map(|kind| self.kinds.get(kind)).collect();
        let found = exact(&held, &name_key(name));
        (found.len() == 1).then(|| found.into_iter().next())?
    }
}

fn distinct<'a>(ids: impl Iterator<Item = &'a Held>) -> Vec<String> {
    let mut seen = FxHashSet::default();
    ids.filter(|held| seen.insert(&*held.id)).map(|held| held.id.to_string()).collect()
}

fn exact(kinds: &[&KindNames], key: &str) -> Vec<String> {
    distinct(kinds.iter().flat_map(|names| names.exactly(key)))
}

fn near(kinds: &[&KindNames], key: &str) -> Vec<String> {
    let stem = name_stem(key);
    distinct(kinds.iter().flat_map(|names| {
        let of_stem = stem.into_iter().flat_map(|stem| names.exactly(stem));
        names.nearly(key).chain(of_stem)
    }))
}

fn alike(kinds: &[&KindNames], key: &str) -> Vec<(String, f64)> {
    let mut found: Vec<(String, f64)> = Vec::new();
    let (mut seen, letters) = (FxHashSet::default(), Letters::of(key));
    for names in kinds {
        for place in parts(key).iter().filter_map(|part| names.parts.get(part)).flatten() {
            let held = &names.names[*place];
            let may_be = held.letters.as_ref().is_some_and(|held| held.may_be_alike(&letters));
            let likeness = if may_be { likeness(&held.key, key) } else { None };
            if let Some(likeness) = likeness.filter(|_| seen.insert(&*held.id)) {
                found.push((held.id.to_string(), likeness));
            }
        }
    }
    found.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    found.truncate(MOST_CANDIDATES);
    found
}

/// How much two names are alike, if they are enough to ask.
fn likeness(a: &str, b: &str) -> Option<f64> {
    let likeness = strsim::jaro_winkler(a, b);
    (likeness >= ALIKE && strsim::normalized_damerau_levenshtein(a, b) >= LEAST_KEPT).then_some(likeness)
}

impl Held {
    fn new(id: &Arc<str>, key: String) -> Self {
        Self { id: Arc::clone(id), letters: None, key: key.into() }
    }
}

impl Letters {
    fn of(key: &str) -> Self {
        let bit = |character: char| 1_u64 << (u32::from(character).wrapping_mul(0x9E37_79B1) >> 26);
        Self {
            count: u32::try_from(key.chars().count()).unwrap_or(u32::MAX),
            occurring: key.chars().fold(0, |bits, character| bits | bit(character)),
            digits: key.chars().filter(char::is_ascii_digit).collect(),
        }
    }

    /// Whether two names can reach [`ALIKE`] and [`LEAST_KEPT`]: both are bounded by the characters that they share.
    fn may_be_alike(&self, other: &Self) -> bool {
        let shared =
            |one: &Self, another: &Self| one.count.saturating_sub((one.occurring & !another.occurring).count_ones());
        let shared = f64::from(shared(self, other).min(shared(other, self)));
        let (a, b) = (f64::from(self.count), f64::from(other.count));
        let jaro = (shared / a + shared / b + 1.0) / 3.0;
        // Winkler's prefix of at most four characters adds at most 0.4 of what is missing.
        let winkler = jaro + 0.4 * (1.0 - jaro);
        winkler >= ALIKE && shared / a.max(b) >= LEAST_KEPT && self.digits == other.digits
    }
}

fn parts(key: &str) -> Vec<String> {
    let characters: Vec<char> = key.chars().collect();
    if characters.len() < 2 {
        return vec![format!("^{key}")];
    }
    let part = |mark: char, of: &[char]| std::iter::once(mark).chain(of.iter().copied()).collect();
    vec![part('^', &characters[..2]), part('$', &characters[characters.len() - 2..])]
}
