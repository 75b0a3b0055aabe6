//! Which relationship of the model is each relationship of a file?

use std::sync::Arc;

use super::matching::Fate;
use super::proposing::{Importer, Source};
use super::references::Resolved;
use super::report::MatchedBy;
use crate::domain::element::{Item, Model};
use crate::domain::identifier::Identifier;
use crate::domain::metamodel::{EndKind, Kind};
use crate::interchange::{ReadItem, Statement, Target};

impl Importer<'_> {
    /// The fates of a source's relationships. Those that have ids get them first, as an end may be a relationship.
    pub(super) fn identify_relationships(&mut self, source: &Source<'_>, places: &[bool], fates: &mut [Fate]) {
        if !places.contains(&true) {
            return;
        }
        for (place, item) in source.model.items.some(|place| places[place]) {
            fates[place] = self.relationship_with_id(source, &item);
            self.remember(source.number, &item, &fates[place]);
        }
        for (place, item) in source.model.items.some(|place| places[place]) {
            self.identify_by_ends(source, &item, &mut fates[place]);
        }
    }

    fn identify_by_ends(&mut self, source: &Source<'_>, item: &ReadItem, fate: &mut Fate) {
        let Some(ends) = self.ends_of(source, item) else {
            *fate = Fate::Out;
            return;
        };
        if *fate == Fate::Out {
            *fate = self.by_ends(source, item, &ends);
            self.remember(source.number, item, fate);
        }
        if self.look_for_moved(fate, &ends) {
            self.forget(source.number, item);
            self.remember(source.number, item, fate);
        }
        if let Some(id) = fate.id() {
            self.ends.insert(Arc::clone(id), ends);
        }
    }

    /// Ends cannot change: a relationship that the file lets run elsewhere is deleted and made anew under another id.
    /// Answers whether it does.
    fn look_for_moved(&mut self, fate: &mut Fate, (from, to): &(Arc<str>, Arc<str>)) -> bool {
        let Fate::Known(id, _) = &*fate else { return false };
        let Some(held) = self.snapshot.relationship(id) else { return false };
        if held.source == **from && held.target == **to {
            return false;
        }
        let is_free = |id: &String| self.snapshot.versions(id).is_empty() && !self.taken.contains(id.as_str());
        let Some(new) = (2..10_000).map(|number| format!("{id}--{number}")).find(is_free) else { return false };
        self.moved.push(id.to_string());
        let new: Arc<str> = new.into();
        self.taken.insert(Arc::clone(&new));
        *fate = Fate::New(new);
        true
    }

    fn relationship_with_id(&mut self, source: &Source<'_>, item: &ReadItem) -> Fate {
        let Some(kind) = self.metamodel().kind_named(&item.kind) else { return Fate::Out };
        if let Some(fate) = self.by_identity(source, item, kind) {
            return fate;
        }
        let given = item.id.as_ref().filter(|id| Identifier::new(id).is_ok() && !self.taken.contains(id.as_str()));
        match given {
            Some(id) => {
                let id: Arc<str> = id.as_str().into();
                self.taken.insert(Arc::clone(&id));
                Fate::New(id)
            }
            None => Fate::Out,
        }
    }

    fn ends_of(&mut self, source: &Source<'_>, item: &ReadItem) -> Option<(Arc<str>, Arc<str>)> {
        let kind = self.metamodel().kind_named(&item.kind)?;
        let ends = item.ends.as_ref()?;
        let from = self.end(source, kind, &ends.source, true, item);
        let to = self.end(source, kind, &ends.target, false, item);
        Some((from?, to?))
    }

    fn end(
        &mut self,
        source: &Source<'_>,
        kind: &Kind,
        target: &Target,
        at_source: bool,
        item: &ReadItem,
    ) -> Option<Arc<str>> {
        let rules = kind.relationship.as_ref().map(|traits| traits.ends.as_slice()).unwrap_or_default();
        let permitted: Vec<EndKind> =
            rules.iter().flat_map(|rule| if at_source { &rule.sources } else { &rule.targets }).copied().collect();
        let permitted = if permitted.is_empty() { vec![EndKind::AnyElement] } else { permitted };
        let kinds = self.kinds_of(&permitted);
        let attribute = if at_source { "source" } else { "target" };
        match self.resolve(source.number, target, &kinds, attribute, &item.place) {
            Resolved::Id(id) => Some(id),
            Resolved::Undecided | Resolved::LeftOut => None,
        }
    }

    /// A relationship without an id is the one of its kind between the same ends that nothing else claims, preferably
    /// one that refers to the same; otherwise it is new.
    fn by_ends(&mut self, source: &Source<'_>, item: &ReadItem, (from, to): &(Arc<str>, Arc<str>)) -> Fate {
        let Some(kind) = self.metamodel().kind_named(&item.kind).map(|kind| kind.id) else { return Fate::Out };
        let snapshot = self.snapshot;
        let held = snapshot.outgoing(from, Some(kind));
        let mut free: Vec<_> =
            held.iter().filter(|one| one.target == **to && !self.is_claimed(source.number, one.id.as_str())).collect();
        free.sort_by_key(|one| std::cmp::Reverse(self.likeness(item, Item::Relationship(one))));
        if let Some(one) = free.first() {
            let confidence = if free.len() == 1 { 0.95 } else { 0.9 };
            let id = one.id.as_str().into();
            return self.claim(source.number, id, MatchedBy::Ends, confidence).unwrap_or(Fate::Out);
        }
        let derived = format!("{from}--{}--{to}", item.kind);
        let is_free = |id: &str| snapshot.item(id).is_none() && !self.taken.contains(id);
        let from = self.numbers.get(&derived).copied().unwrap_or(1);
        let mut numbered = (from..10_000).map(|number| (number, numbered(&derived, number)));
        let Some((number, id)) = numbered.find(|(_, id)| is_free(id)) else { return Fate::Out };
        if number > 1 {
            self.numbers.insert(derived, number + 1);
        }
        let id: Arc<str> = id.into();
        self.taken.insert(Arc::clone(&id));
        Fate::New(id)
    }

    /// How many of the fields that the file gives have the same value in the model.
    fn likeness(&self, item: &ReadItem, held: Item<'_>) -> usize {
        let kind = self.metamodel().kind(held.kind());
        let same = |(name, statement): &&(String, Statement)| {
            let Some(definition) = kind.attribute_named(name) else { return false };
            let model = super::fields::Comparable::of_model(self.snapshot, held, definition);
            match statement {
                Statement::Value(json) => model.json.as_ref() == Some(json),
                Statement::References(all) => {
                    let entries = model.json.as_ref().and_then(serde_json::Value::as_array).map_or(0, Vec::len);
                    entries == all.len() && all.iter().all(|one| self.names_one_of(&one.target, model.json.as_ref()))
                }
                _ => false,
            }
        };
        item.fields.iter().filter(same).count()
    }

    fn names_one_of(&self, target: &Target, held: Option<&serde_json::Value>) -> bool {
        let Target::Name(text) = target else { return false };
        let key = crate::interchange::ledgers::cells::spelling::name_key(text);
        let entries = held.and_then(serde_json::Value::as_array).into_iter().flatten();
        let mut ids = entries.filter_map(|entry| entry["target"].as_str());
        ids.any(|id| crate::interchange::ledgers::cells::spelling::name_key(&self.name_of(id)) == key)
    }
}

/// An id with its number, from the second on.
fn numbered(id: &str, number: usize) -> String {
    if number == 1 { id.to_owned() } else { format!("{id}--{number}") }
}
