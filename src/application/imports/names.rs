//! Which item is meant by a name.

use rustc_hash::{FxHashMap, FxHashSet};

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
    exact: FxHashMap<String, Vec<usize>>,
    /// By key, names that are so but for an ending, and other names, and readings.
    near: FxHashMap<String, Vec<usize>>,
    /// By their first and last two characters, to compare few instead of all.
    parts: FxHashMap<String, Vec<usize>>,
}

#[derive(Debug, Clone)]
struct Held {
    id: String,
    key: String,
    letters: Letters,
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
        if let Some(place) = self.insert(kind.id, item.id().as_str(), &name) {
            let names = self.kinds.entry(kind.id).or_default();
            for part in parts(&names.names[place].key) {
                names.parts.entry(part).or_default().push(place);
            }
        }
        let aliases = snapshot.metamodel().attribute_name("aliases").and_then(|name| item.attributes().get(name));
        if let Some(crate::domain::Value::List(aliases)) = aliases {
            for alias in aliases.iter().filter_map(crate::domain::Value::as_text) {
                self.add_other(kind.id, item.id().as_str(), alias);
            }
        }
        let others = kind.reading.into_iter().chain(kind.name_in.iter().map(|(_, name)| *name));
        for text in others.filter_map(|name| item.attributes().get(name)?.as_text()) {
            self.add_other(kind.id, item.id().as_str(), text);
        }
    }

    /// Adds the name of an item that this import makes. Nothing is merely alike to it, or every second row would raise a
    /// question.
    pub fn add(&mut self, kind: KindId, id: &str, name: &str) {
        self.insert(kind, id, name);
    }

    /// Adds a name that can be found exactly and but for its ending; answers with its place.
    fn insert(&mut self, kind: KindId, id: &str, name: &str) -> Option<usize> {
        let key = name_key(name);
        if key.is_empty() {
            return None;
        }
        let names = self.kinds.entry(kind).or_default();
        let place = names.names.len();
        if let Some(stem) = name_stem(&key) {
            names.near.entry(stem.to_owned()).or_default().push(place);
        }
        names.exact.entry(key.clone()).or_default().push(place);
        names.names.push(Held::new(id, key));
        Some(place)
    }

    fn add_other(&mut self, kind: KindId, id: &str, name: &str) {
        let names = self.kinds.entry(kind).or_default();
        let place = names.names.len();
        let key = name_key(name);
        names.near.entry(key.clone()).or_default().push(place);
        names.names.push(Held::new(id, key));
    }

    /// Items whose names stand within a longer text, the longest name first.
    pub fn within(&self, kinds: &[KindId], text: &str) -> Vec<(String, f64)> {
        let text = name_key(text);
        let held = kinds.iter().filter_map(|kind| self.kinds.get(kind)).flat_map(|kind| &kind.names);
        let mut found: Vec<&Held> =
            held.filter(|held| held.key.chars().count() >= SHORTEST_WITHIN && text.contains(&held.key)).collect();
        found.sort_by(|a, b| b.key.len().cmp(&a.key.len()).then_with(|| a.id.cmp(&b.id)));
        found.dedup_by(|a, b| a.id == b.id);
        found.into_iter().take(MOST_CANDIDATES).map(|held| (held.id.clone(), WITHIN)).collect()
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
    ids.filter(|held| seen.insert(held.id.as_str())).map(|held| held.id.clone()).collect()
}

fn exact(kinds: &[&KindNames], key: &str) -> Vec<String> {
    let places = |names: &'_ &KindNames| names.exact.get(key).cloned().unwrap_or_default();
    let held = kinds.iter().flat_map(|names| places(names).into_iter().map(|place| &names.names[place]));
    distinct(held)
}

fn near(kinds: &[&KindNames], key: &str) -> Vec<String> {
    let mut ids = Vec::new();
    for names in kinds {
        let mut places = names.near.get(key).cloned().unwrap_or_default();
        if let Some(stem) = name_stem(key) {
            places.extend(names.exact.get(stem).into_iter().flatten());
        }
        ids.extend(places.into_iter().map(|place| &names.names[place]));
    }
    distinct(ids.into_iter())
}

fn alike(kinds: &[&KindNames], key: &str) -> Vec<(String, f64)> {
    let mut found: Vec<(String, f64)> = Vec::new();
    let (mut seen, letters) = (FxHashSet::default(), Letters::of(key));
    for names in kinds {
        for place in parts(key).iter().filter_map(|part| names.parts.get(part)).flatten() {
            let held = &names.names[*place];
            let likeness = if held.letters.may_be_alike(&letters) { likeness(&held.key, key) } else { None };
            if let Some(likeness) = likeness.filter(|_| seen.insert(held.id.as_str())) {
                found.push((held.id.clone(), likeness));
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
    fn new(id: &str, key: String) -> Self {
        Self { id: id.to_owned(), letters: Letters::of(&key), key }
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
