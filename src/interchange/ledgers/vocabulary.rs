//! All headings that are known, by kind: the dictionary and the labels of the metamodel as one.

use std::sync::{Arc, Mutex, PoisonError};

use rustc_hash::{FxHashMap, FxHashSet};

use super::cells::spelling::{heading, heading_and_unit};
use super::dictionary::{ColumnWords, Dictionary};
use super::meaning::{KnownFrom, Meaning};
use crate::domain::metamodel::{Kind, Metamodel, Naming};

/// A heading's meaning for one kind.
#[derive(Debug, Clone)]
pub(super) struct Known {
    pub meaning: Meaning,
    pub known_from: KnownFrom,
    pub carry_down: bool,
    /// How strongly the heading speaks for the kind.
    pub weight: u32,
}

/// The headings of one kind.
#[derive(Debug, Clone, Default)]
pub(super) struct KindVocabulary {
    pub kind: String,
    pub titles: Vec<String>,
    pub headings: FxHashMap<String, Known>,
    /// Headings that count rows and say nothing.
    pub row_numbers: FxHashSet<String>,
}

/// A heading in the spellings under which it is looked up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct HeadingKey {
    pub whole: String,
    /// Without what stands in brackets, if something does.
    pub bare: Option<String>,
}

impl HeadingKey {
    pub fn of(text: &str) -> Self {
        let (bare, unit) = heading_and_unit(text);
        Self { whole: heading(text), bare: unit.is_some().then_some(bare) }
    }
}

/// Columns that somebody corrected in earlier imports: kind, heading, meaning.
pub type Memory = [(String, String, Meaning)];

/// The headings of all kinds of the metamodel that was read with last. Bringing them into the spelling under which they
/// are looked up takes longer than reading a small file, so they are kept for the next.
#[derive(Debug, Default)]
pub struct Vocabularies {
    kept: Mutex<Option<Kept>>,
}

/// The digest of a metamodel and the headings of its kinds.
type Kept = ([u8; 32], Arc<Vec<KindVocabulary>>);

impl Vocabularies {
    /// The headings of all kinds that can stand in a table of their own, with what somebody corrected before all else.
    pub(super) fn of_all_kinds(
        &self,
        metamodel: &Metamodel,
        dictionary: &Dictionary,
        memory: &Memory,
    ) -> Arc<Vec<KindVocabulary>> {
        let mut vocabularies = self.without_memory(metamodel, dictionary);
        if !memory.is_empty() {
            Arc::make_mut(&mut vocabularies).iter_mut().for_each(|vocabulary| vocabulary.remember(memory));
        }
        vocabularies
    }

    fn without_memory(&self, metamodel: &Metamodel, dictionary: &Dictionary) -> Arc<Vec<KindVocabulary>> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        match &*kept {
            Some((held, vocabularies)) if held == metamodel.digest() => Arc::clone(vocabularies),
            _ => {
                let made = Arc::new(of_all_kinds(metamodel, dictionary));
                *kept = Some((*metamodel.digest(), Arc::clone(&made)));
                made
            }
        }
    }
}

fn of_all_kinds(metamodel: &Metamodel, dictionary: &Dictionary) -> Vec<KindVocabulary> {
    let in_dictionary = dictionary.kinds.iter().filter_map(|words| metamodel.kind_named(&words.kind));
    let listed = |kind: &&Kind| !dictionary.kinds.iter().any(|words| *words.kind == *kind.name);
    let others = metamodel.kinds().iter().filter(listed);
    let usable = |kind: &&Kind| !kind.is_abstract && kind.collection.is_some();
    in_dictionary.chain(others).filter(usable).map(|kind| of_kind(dictionary, kind)).collect()
}

fn of_kind(dictionary: &Dictionary, kind: &Kind) -> KindVocabulary {
    let mut vocabulary = KindVocabulary {
        kind: kind.name.to_string(),
        row_numbers: dictionary.row_numbers.clone(),
        ..KindVocabulary::default()
    };
    if let Some(words) = dictionary.kinds.iter().find(|words| *words.kind == *kind.name) {
        vocabulary.titles.clone_from(&words.titles);
        for column in &words.columns {
            let weight = if matches!(column.meaning, Meaning::Name | Meaning::Source) { 3 } else { 2 };
            vocabulary.column(kind, column, weight);
        }
    }
    for column in &dictionary.common {
        vocabulary.column(kind, column, 1);
    }
    vocabulary.labels(kind);
    vocabulary
}

impl KindVocabulary {
    /// Lets what somebody corrected stand before what the dictionary and the metamodel say; of two corrections of a
    /// heading the first counts.
    fn remember(&mut self, memory: &Memory) {
        let (known_from, carry_down, weight) = (KnownFrom::Memory, false, 3);
        for (_, text, meaning) in memory.iter().rev().filter(|(kind, ..)| *kind == self.kind) {
            let heading = heading(text);
            if !heading.is_empty() {
                let known = Known { meaning: meaning.clone(), known_from, carry_down, weight };
                self.headings.insert(heading, known);
            }
        }
    }

    fn put(&mut self, heading: String, meaning: Meaning, known_from: KnownFrom, carry_down: bool, weight: u32) {
        if !heading.is_empty() {
            self.headings.entry(heading).or_insert(Known { meaning, known_from, carry_down, weight });
        }
    }

    fn column(&mut self, kind: &Kind, column: &ColumnWords, weight: u32) {
        let known = column.meaning.attributes().iter().all(|name| kind.attribute_named(name).is_some());
        let fits = match &column.meaning {
            Meaning::Source | Meaning::Target => kind.is_relationship(),
            _ => known,
        };
        if fits {
            for heading in &column.headings {
                let meaning = name_meaning(kind, column.meaning.clone());
                self.put(heading.clone(), meaning, KnownFrom::Dictionary, column.carry_down, weight);
            }
        }
    }

    /// What the metamodel itself calls the kind's name, id, ends and attributes.
    fn labels(&mut self, kind: &Kind) {
        let put = |this: &mut Self, text: &str, meaning: Meaning, weight| {
            this.put(heading(text), meaning, KnownFrom::Metamodel, false, weight);
        };
        for language in ["ja", "en"] {
            let label = kind.label.get(language).to_owned();
            let name = name_meaning(kind, Meaning::Name);
            for text in [format!("{label}名"), format!("{label}名称"), format!("{label} name"), label.clone()] {
                put(self, &text, name.clone(), 3);
            }
            put(self, &format!("{label}ID"), Meaning::Id, 3);
            put(self, &format!("{label}の名称"), name, 3);
        }
        for definition in &kind.attributes {
            let meaning = Meaning::attribute(&*definition.text);
            for text in [definition.label.get("ja"), definition.label.get("en"), &definition.text] {
                put(self, text, meaning.clone(), 2);
            }
        }
        for text in ["名称", "名前", "name", "件名"] {
            put(self, text, name_meaning(kind, Meaning::Name), 1);
        }
        for text in ["ID", "識別子"] {
            put(self, text, Meaning::Id, 1);
        }
        if kind.is_relationship() {
            put(self, "source", Meaning::Source, 1);
            put(self, "target", Meaning::Target, 1);
        }
    }

    /// What a heading means: as it stands, else without what is in brackets.
    pub fn look_up(&self, text: &HeadingKey) -> Option<&Known> {
        let found = self.headings.get(&text.whole);
        found.or_else(|| {
            let bare = self.headings.get(text.bare.as_ref()?);
            bare.filter(|known| !matches!(known.meaning, Meaning::Attribute { ref with, .. } if !with.is_empty()))
        })
    }

    /// Attributes whose headings are like an unknown one, likest first.
    pub fn suggestions(&self, text: &str) -> Vec<String> {
        let wanted = heading_and_unit(text).0;
        let mut found: Vec<(f64, String)> = Vec::new();
        for (heading, known) in &self.headings {
            let contained =
                wanted.chars().count() > 1 && (heading.contains(&wanted) || wanted.contains(heading.as_str()));
            let likeness = strsim::jaro_winkler(heading, &wanted) + if contained { 0.2 } else { 0.0 };
            for name in known.meaning.attributes().into_iter().filter(|_| likeness >= 0.8) {
                found.push((likeness, name.to_owned()));
            }
        }
        found.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
        let mut names: Vec<String> = Vec::new();
        for (_, name) in found {
            if !names.contains(&name) && names.len() < 3 {
                names.push(name);
            }
        }
        names
    }
}

/// The name of a kind that takes its name from an attribute is that attribute.
pub(super) fn name_meaning(kind: &Kind, meaning: Meaning) -> Meaning {
    match (&meaning, &kind.naming) {
        (Meaning::Name, Naming::Attribute(name)) => {
            let definition = kind.attribute(*name);
            definition.map_or(meaning, |definition| Meaning::attribute(&*definition.text))
        }
        _ => meaning,
    }
}
