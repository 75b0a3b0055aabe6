//! Every state there ever was, and what follows from comparing them.

use std::collections::{BTreeMap, BTreeSet};

use super::{Item, State, kinds};

/// The states by revision; the first is the empty model.
#[derive(Debug, Clone)]
pub struct History {
    pub states: Vec<State>,
    /// What each revision touched.
    touched: Vec<Touched>,
}

/// What a revision touched: an item and one of its fields, or the whole item.
pub type Touched = BTreeSet<(String, Option<String>)>;

impl History {
    pub fn new() -> Self {
        Self { states: vec![State::new()], touched: vec![Touched::new()] }
    }

    /// The next revision.
    pub fn push(&mut self, state: State) {
        self.states.push(state);
        self.touched.push(self.compared(self.head()));
    }

    /// The states as they would be, had every one been changed like this.
    pub fn rewrite(&mut self, change: impl Fn(&mut Item)) {
        self.states.iter_mut().flat_map(State::values_mut).for_each(change);
        self.touched = (0..self.states.len())
            .map(|revision| if revision == 0 { Touched::new() } else { self.compared(revision) })
            .collect();
    }

    pub fn head(&self) -> usize {
        self.states.len() - 1
    }

    pub fn current(&self) -> &State {
        &self.states[self.head()]
    }

    /// Every id that ever was.
    pub fn ids(&self) -> BTreeSet<&str> {
        self.states.iter().flat_map(|state| state.keys().map(String::as_str)).collect()
    }

    /// Items that differ between two revisions, as they were at each.
    pub fn difference(&self, from: usize, to: usize) -> BTreeMap<&str, (Option<&Item>, Option<&Item>)> {
        let (before, after) = (&self.states[from], &self.states[to]);
        let ids = before.keys().chain(after.keys()).map(String::as_str);
        ids.map(|id| (id, (before.get(id), after.get(id)))).filter(|(_, (before, after))| before != after).collect()
    }

    /// The versions of an item up to a revision, newest first.
    pub fn versions(&self, id: &str, up_to: usize) -> Vec<(u64, Option<&Item>)> {
        let state = |revision: usize| self.states[revision].get(id);
        let changed = (1..=up_to).rev().filter(|revision| state(*revision) != state(revision - 1));
        changed.map(|revision| (revision as u64, state(revision))).collect()
    }

    /// What a revision touched.
    pub fn touched(&self, revision: usize) -> &Touched {
        &self.touched[revision]
    }

    /// A relationship that is a reference touches the attribute of its source too.
    fn compared(&self, revision: usize) -> Touched {
        let mut touched = Touched::new();
        for (id, (before, after)) in self.difference(revision - 1, revision) {
            match (before, after) {
                (Some(before), Some(after)) => {
                    touched.extend(changed_fields(before, after).into_iter().map(|field| (id.to_owned(), Some(field))));
                }
                _ => drop(touched.insert((id.to_owned(), None))),
            }
            let either = after.or(before).expect("one of two that differ");
            let Some(source) = either.source() else {
                continue;
            };
            let states = [&self.states[revision], &self.states[revision - 1]];
            let owner = states.iter().find_map(|state| state.get(source)).expect("an end exists when it is touched");
            if let Some((attribute, _)) = kinds::reference_by(&owner.kind, &either.kind) {
                touched.insert((source.to_owned(), Some(attribute.to_owned())));
            }
        }
        touched
    }

    /// The revisions that touched an item up to one of them, newest first.
    pub fn touches(&self, id: &str, up_to: usize) -> Vec<u64> {
        let all = (1..=up_to).rev().filter(|revision| self.touched(*revision).iter().any(|(held, _)| held == id));
        all.map(|revision| revision as u64).collect()
    }

    /// Whether anything that a revision changed was touched again later.
    pub fn was_touched_since(&self, revision: usize) -> bool {
        let changed: BTreeSet<&str> = self.difference(revision - 1, revision).into_keys().collect();
        (revision + 1..=self.head())
            .any(|later| self.touched(later).iter().any(|(id, _)| changed.contains(id.as_str())))
    }

    /// The newest state with everything that a revision changed put back.
    pub fn with_undone(&self, revision: usize) -> State {
        let mut state = self.current().clone();
        for (id, (before, _)) in self.difference(revision - 1, revision) {
            match before {
                Some(item) => drop(state.insert(id.to_owned(), item.clone())),
                None => drop(state.remove(id)),
            }
        }
        state
    }
}

fn changed_fields(before: &Item, after: &Item) -> Vec<String> {
    let names: BTreeSet<&String> = before.attributes.keys().chain(after.attributes.keys()).collect();
    let changed = names.into_iter().filter(|name| before.attributes.get(*name) != after.attributes.get(*name));
    let mut fields: Vec<String> = changed.cloned().collect();
    if before.name != after.name {
        fields.push("name".to_owned());
    }
    fields
}
