//! Impact by the definition: apply every meaning to every relationship, round after round, until nothing is new.

use std::collections::{BTreeMap, BTreeSet};

/// Where an item stands at a relationship.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    Source,
    Target,
    Itself,
}

#[derive(Debug, Clone)]
pub(crate) struct Meaning {
    pub(crate) from: Vec<String>,
    pub(crate) gives: String,
    /// Each pair of what acts and what is acted on.
    pub(crate) places: Vec<(End, End)>,
    pub(crate) level: Option<String>,
    pub(crate) from_kind: Option<String>,
    pub(crate) to_kind: Option<String>,
    pub(crate) remaining: Option<usize>,
}

#[derive(Debug, Clone)]
pub(crate) struct Link {
    pub(crate) id: String,
    pub(crate) kind: usize,
    pub(crate) source: String,
    pub(crate) target: String,
    pub(crate) level: Option<String>,
}

#[derive(Debug, Clone)]
pub(crate) struct Model {
    /// Kinds of elements by id.
    pub(crate) elements: BTreeMap<String, String>,
    pub(crate) links: Vec<Link>,
    /// By kind of link.
    pub(crate) meanings: Vec<Vec<Meaning>>,
    /// The strongest first.
    pub(crate) ranks: Vec<String>,
}

impl Model {
    fn kind_of(&self, id: &str) -> String {
        let link = self.links.iter().find(|link| link.id == id);
        self.elements.get(id).cloned().or_else(|| link.map(|link| format!("r{}", link.kind))).unwrap_or_default()
    }

    fn at(link: &Link, end: End) -> &str {
        match end {
            End::Source => &link.source,
            End::Target => &link.target,
            End::Itself => &link.id,
        }
    }

    fn remaining(&self, link: &Link, acted: End, subjects: &[&str]) -> usize {
        let others = self.links.iter().filter(|other| other.kind == link.kind && other.id != link.id);
        let others = others.filter(|other| match acted {
            End::Source => other.source == link.source && !subjects.contains(&other.target.as_str()),
            End::Target => other.target == link.target && !subjects.contains(&other.source.as_str()),
            End::Itself => false,
        });
        others.count()
    }

    fn applies(&self, link: &Link, meaning: &Meaning, acting: End, acted: End, subjects: &[&str]) -> bool {
        let is_kind = |id: &str, kind: &Option<String>| kind.as_ref().is_none_or(|kind| self.kind_of(id) == *kind);
        meaning.level.as_ref().is_none_or(|level| link.level.as_ref() == Some(level))
            && is_kind(Self::at(link, acting), &meaning.from_kind)
            && is_kind(Self::at(link, acted), &meaning.to_kind)
            && meaning.remaining.is_none_or(|count| self.remaining(link, acted, subjects) == count)
    }

    /// The round in which each (item, state) first holds.
    fn rounds(&self, subjects: &[&str]) -> BTreeMap<(String, String), usize> {
        let mut known: BTreeMap<(String, String), usize> =
            subjects.iter().map(|id| (((*id).to_owned(), "subject".to_owned()), 0)).collect();
        for round in 1.. {
            let mut new = BTreeSet::new();
            for link in &self.links {
                for meaning in &self.meanings[link.kind] {
                    for (acting, acted) in &meaning.places {
                        let actor = Self::at(link, *acting).to_owned();
                        let acts = meaning.from.iter().any(|state| known.contains_key(&(actor.clone(), state.clone())));
                        if acts && self.applies(link, meaning, *acting, *acted, subjects) {
                            new.insert((Self::at(link, *acted).to_owned(), meaning.gives.clone()));
                        }
                    }
                }
            }
            new.retain(|state| !known.contains_key(state));
            if new.is_empty() {
                break;
            }
            known.extend(new.into_iter().map(|state| (state, round)));
        }
        known
    }

    /// The strongest effect on each item that is no subject, and its distance.
    pub(crate) fn impact(&self, subjects: &[&str]) -> BTreeMap<String, (String, usize)> {
        let rank = |effect: &str| self.ranks.iter().position(|held| held == effect).expect("an effect");
        let mut effects: BTreeMap<String, (String, usize)> = BTreeMap::new();
        for ((id, state), round) in self.rounds(subjects) {
            if subjects.contains(&id.as_str()) {
                continue;
            }
            let held = effects.entry(id).or_insert_with(|| (state.clone(), round));
            if rank(&state) < rank(&held.0) {
                *held = (state, round);
            }
        }
        effects
    }
}
