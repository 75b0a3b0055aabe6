//! Which item is meant by a name.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::domain::element::{Item, Model};
use crate::domain::metamodel::{KindId, Naming};
use crate::domain::naming::display_name;
use crate::graph::Snapshot;
use crate::interchange::ledgers::cells::spelling::{name_key, name_stem};

/// From this likeness (Jaro-Winkler) on a name is worth a question,
const ALIKE: f64 = 0.85;

/// if no more than this share of its letters would have to be changed (Damerau-Levenshtein).
const LEAST_KEPT: f64 = 0.7;

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
    /// Whether this import makes it: such names are compared exactly, or every second row would raise a question.
    is_new: bool,
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
        self.insert(kind.id, item.id().as_str(), &name, false);
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

    /// Adds the name of an item that this import makes.
    pub fn add(&mut self, kind: KindId, id: &str, name: &str) {
        self.insert(kind, id, name, true);
    }

    fn insert(&mut self, kind: KindId, id: &str, name: &str, is_new: bool) {
        let key = name_key(name);
        if key.is_empty() {
            return;
        }
        let names = self.kinds.entry(kind).or_default();
        let place = names.names.len();
        if let Some(stem) = name_stem(&key) {
            names.near.entry(stem.to_owned()).or_default().push(place);
        }
        for part in parts(&key) {
            names.parts.entry(part).or_default().push(place);
        }
        names.exact.entry(key.clone()).or_default().push(place);
        names.names.push(Held { id: id.to_owned(), key, is_new });
    }

    fn add_other(&mut self, kind: KindId, id: &str, name: &str) {
        let names = self.kinds.entry(kind).or_default();
        let place = names.names.len();
        let key = name_key(name);
        names.near.entry(key.clone()).or_default().push(place);
        names.names.push(Held { id: id.to_owned(), key, is_new: false });
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
    let mut seen = FxHashSet::default();
    for names in kinds {
        let places: FxHashSet<usize> =
            parts(key).iter().filter_map(|part| names.parts.get(part)).flatten().copied().collect();
        for held in places.into_iter().map(|place| &names.names[place]) {
            let likeness = strsim::jaro_winkler(&held.key, key);
            let kept = strsim::normalized_damerau_levenshtein(&held.key, key);
            let is_alike = likeness >= ALIKE && kept >= LEAST_KEPT && !held.is_new;
            if is_alike && same_numbers(&held.key, key) && seen.insert(held.id.as_str()) {
                found.push((held.id.clone(), likeness));
            }
        }
    }
    found.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    found.truncate(MOST_CANDIDATES);
    found
}

/// `職員037` and `職員038` are alike and not the same.
fn same_numbers(a: &str, b: &str) -> bool {
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    digits(a) == digits(b)
}

fn parts(key: &str) -> Vec<String> {
    let characters: Vec<char> = key.chars().collect();
    if characters.len() < 2 {
        return vec![format!("^{key}")];
    }
    let part = |mark: char, of: &[char]| std::iter::once(mark).chain(of.iter().copied()).collect();
    vec![part('^', &characters[..2]), part('$', &characters[characters.len() - 2..])]
}
