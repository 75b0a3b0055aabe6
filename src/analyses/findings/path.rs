//! What a rule reads, written as a way from the item that it judges: `source.zone`, `<changes_system.role`.
//!
//! The parts of a way are separated by dots. `source` and `target` are the ends of a relationship, `>kind` is an
//! outgoing and `<kind` an incoming relationship of that kind, a reference attribute stands for what it refers to, and
//! the last part may be an attribute. The same ways tell which judgements a change may alter.

use rustc_hash::FxHashSet;

use super::reader::Reader;
use crate::analyses::gaps::{Blank, Gap};
use crate::domain::Value;
use crate::domain::metamodel::{AttributeName, EndKind, KindId, Metamodel};
use crate::graph::{Edge, Place};

/// One step of a way.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Hop {
    /// From an item to its outgoing relationships of these kinds.
    Outgoing(Vec<KindId>),
    /// From an item to its incoming relationships of these kinds.
    Incoming(Vec<KindId>),
    /// From a relationship to where it starts.
    Source,
    /// From a relationship to where it points.
    Target,
}

/// A way from a judged item to what is read of others, or of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadPath {
    text: String,
    hops: Vec<Hop>,
    attribute: Option<AttributeName>,
}

/// What must be recorded for a judgement: something at the end of one of several ways.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Need {
    text: String,
    alternatives: Vec<ReadPath>,
}

impl Need {
    /// Reads ways separated by `|`; those that the metamodel does not know are left out while one remains.
    ///
    /// # Errors
    /// When none is known.
    pub fn parse(metamodel: &Metamodel, kinds: &[KindId], text: &str) -> Result<Self, PathError> {
        let read: Vec<_> = text.split('|').map(|part| ReadPath::parse(metamodel, kinds, part.trim())).collect();
        let known: Vec<ReadPath> = read.iter().filter_map(|way| way.as_ref().ok().cloned()).collect();
        match read.into_iter().find_map(Result::err) {
            Some(error) if known.is_empty() => Err(error),
            _ => Ok(Self { text: text.to_owned(), alternatives: known }),
        }
    }

    /// As it is written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The ways.
    pub fn paths(&self) -> &[ReadPath] {
        &self.alternatives
    }

    /// Whether there is anything at the end of one of the ways.
    pub fn is_met(&self, reader: &Reader<'_>, start: Place) -> bool {
        self.alternatives.iter().any(|way| way.is_present(reader, start))
    }
}

/// What a way cannot be followed for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{path}\": nothing that is judged has \"{part}\"")]
pub struct PathError {
    /// The way as it is written.
    pub path: String,
    /// The part that the metamodel does not know there.
    pub part: String,
}

impl ReadPath {
    /// Reads a way that starts from items of these kinds.
    ///
    /// # Errors
    /// When the metamodel does not know a part of it.
    pub fn parse(metamodel: &Metamodel, kinds: &[KindId], text: &str) -> Result<Self, PathError> {
        let mut parsing = Parsing { metamodel, kinds: kinds.to_vec(), hops: Vec::new() };
        let parts: Vec<&str> = text.split('.').filter(|part| !part.is_empty()).collect();
        let mut rest = &parts[..];
        while !rest.is_empty() {
            match parsing.take(rest) {
                Taken::Parts(count) => rest = &rest[count..],
                Taken::Attribute(attribute) => {
                    return Ok(Self { text: text.to_owned(), hops: parsing.hops, attribute: Some(attribute) });
                }
                Taken::Nothing => return Err(PathError { path: text.to_owned(), part: rest.join(".") }),
            }
        }
        Ok(Self { text: text.to_owned(), hops: parsing.hops, attribute: None })
    }

    /// The way as it is written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The attribute that is read at its end.
    pub fn attribute(&self) -> Option<AttributeName> {
        self.attribute
    }

    /// The items at its end.
    pub fn ends(&self, reader: &Reader<'_>, start: Place) -> Vec<Place> {
        let mut here = vec![start];
        for hop in &self.hops {
            here = here.iter().flat_map(|place| step(reader, hop, *place)).collect();
        }
        here
    }

    /// The values of its attribute, wherever it ends.
    pub fn values<'v>(&self, reader: &Reader<'v>, start: Place) -> Vec<&'v Value> {
        let Some(attribute) = self.attribute else { return Vec::new() };
        if self.hops.is_empty() {
            return reader.value_of(start, attribute).into_iter().collect();
        }
        self.ends(reader, start).into_iter().filter_map(|place| reader.value_of(place, attribute)).collect()
    }

    /// Whether there is anything at its end.
    pub fn is_present(&self, reader: &Reader<'_>, start: Place) -> bool {
        match self.attribute {
            Some(_) => !self.values(reader, start).is_empty(),
            None => !self.ends(reader, start).is_empty(),
        }
    }

    /// Where it ends too early: each place, and what is not recorded there.
    pub(in crate::analyses) fn gaps(&self, reader: &Reader<'_>, start: Place) -> Vec<Gap> {
        let (mut here, mut gaps) = (vec![start], Vec::new());
        for hop in &self.hops {
            let mut next = Vec::new();
            for place in here {
                let reached = step(reader, hop, place);
                match (reached.is_empty(), hop) {
                    (true, Hop::Outgoing(kinds)) => gaps.push(Gap { place, blank: Blank::Outgoing(kinds.clone()) }),
                    (true, Hop::Incoming(kinds)) => gaps.push(Gap { place, blank: Blank::Incoming(kinds.clone()) }),
                    _ => next.extend(reached),
                }
            }
            here = next;
        }
        let Some(attribute) = self.attribute else { return gaps };
        let has = |place: &Place| {
            let kind = reader.kind_of(*place).map(|kind| reader.metamodel().kind(kind));
            kind.is_some_and(|kind| kind.attribute(attribute).is_some())
        };
        let silent = here.into_iter().filter(|place| has(place) && reader.value_of(*place, attribute).is_none());
        gaps.extend(silent.map(|place| Gap { place, blank: Blank::Attribute(attribute) }));
        gaps
    }

    /// The judged items whose judgement a changed item may alter, in the view of the reader.
    ///
    /// Takes time proportional to what leads back to them.
    pub(super) fn anchors_of(
        &self,
        reader: &Reader<'_>,
        anchor_kinds: &[KindId],
        changed: &ChangedPlace<'_>,
        found: &mut FxHashSet<Place>,
    ) {
        let ends_here = self.attribute.map_or(changed.came_or_went, |attribute| changed.touches(attribute));
        if ends_here {
            found.extend(self.back(reader, anchor_kinds, self.hops.len(), changed.place));
        }
        if !changed.came_or_went {
            return;
        }
        let Some(kind) = reader.kind_of(changed.place) else { return };
        for (number, hop) in self.hops.iter().enumerate() {
            if matches!(hop, Hop::Outgoing(kinds) | Hop::Incoming(kinds) if kinds.contains(&kind)) {
                found.extend(self.back(reader, anchor_kinds, number + 1, changed.place));
            }
        }
    }

    /// From an item reached after `count` steps back to where the way starts.
    fn back(&self, reader: &Reader<'_>, anchor_kinds: &[KindId], count: usize, place: Place) -> FxHashSet<Place> {
        let mut here: FxHashSet<Place> = FxHashSet::from_iter([place]);
        for number in (0..count).rev() {
            let before = match number.checked_sub(1).and_then(|number| self.hops.get(number)) {
                Some(Hop::Outgoing(kinds) | Hop::Incoming(kinds)) => kinds.as_slice(),
                Some(Hop::Source | Hop::Target) => &[],
                None => anchor_kinds,
            };
            here = here.into_iter().flat_map(|place| step_back(reader, &self.hops[number], before, place)).collect();
        }
        here.retain(|place| reader.kind_of(*place).is_some_and(|kind| anchor_kinds.contains(&kind)));
        here
    }
}

/// A changed item in one of the two views.
#[derive(Debug)]
pub struct ChangedPlace<'a> {
    /// Where it lives.
    pub place: Place,
    /// Whether it is seen in one of the views only.
    pub came_or_went: bool,
    /// The attributes that differ.
    pub fields: &'a [AttributeName],
}

impl ChangedPlace<'_> {
    /// Whether an attribute of it is not what it was.
    pub fn touches(&self, attribute: AttributeName) -> bool {
        self.came_or_went || self.fields.contains(&attribute)
    }
}

fn step(reader: &Reader<'_>, hop: &Hop, place: Place) -> Vec<Place> {
    match (hop, place) {
        (Hop::Outgoing(kinds), _) => reader.outgoing(place, kinds).into_iter().map(Place::Relationship).collect(),
        (Hop::Incoming(kinds), _) => reader.incoming(place, kinds).into_iter().map(Place::Relationship).collect(),
        (Hop::Source, Place::Relationship(edge)) => reader.source(edge).into_iter().collect(),
        (Hop::Target, Place::Relationship(edge)) => reader.target(edge).into_iter().collect(),
        (Hop::Source | Hop::Target, Place::Element(_)) => Vec::new(),
    }
}

/// The items from which a step leads to `place`; `before` are the kinds that can stand there.
fn step_back(reader: &Reader<'_>, hop: &Hop, before: &[KindId], place: Place) -> Vec<Place> {
    let relationships = |edges: Vec<Edge>| edges.into_iter().map(Place::Relationship).collect();
    match (hop, place) {
        (Hop::Outgoing(kinds), Place::Relationship(edge)) => {
            let fits = reader.relationship(edge).is_some_and(|held| kinds.contains(&held.kind));
            reader.source(edge).filter(|_| fits).into_iter().collect()
        }
        (Hop::Incoming(kinds), Place::Relationship(edge)) => {
            let fits = reader.relationship(edge).is_some_and(|held| kinds.contains(&held.kind));
            reader.target(edge).filter(|_| fits).into_iter().collect()
        }
        (Hop::Source, _) => relationships(reader.outgoing(place, before)),
        (Hop::Target, _) => relationships(reader.incoming(place, before)),
        (Hop::Outgoing(_) | Hop::Incoming(_), Place::Element(_)) => Vec::new(),
    }
}

/// A way that is being read: where it has come to.
struct Parsing<'m> {
    metamodel: &'m Metamodel,
    kinds: Vec<KindId>,
    hops: Vec<Hop>,
}

enum Taken {
    Parts(usize),
    Attribute(AttributeName),
    Nothing,
}

impl Parsing<'_> {
    fn take(&mut self, rest: &[&str]) -> Taken {
        let first = rest[0];
        if let Some(kind) = first.strip_prefix(['>', '<']) {
            return self.relationship(first.starts_with('>'), kind);
        }
        if (first == "source" || first == "target") && self.are_relationships() {
            self.end(first == "source");
            return Taken::Parts(1);
        }
        (1..=rest.len())
            .rev()
            .map(|count| self.attribute(rest, count))
            .find(Taken::is_something)
            .unwrap_or(Taken::Nothing)
    }

    fn are_relationships(&self) -> bool {
        self.kinds.iter().all(|kind| self.metamodel.kind(*kind).is_relationship())
    }

    fn relationship(&mut self, outgoing: bool, name: &str) -> Taken {
        let Some(kind) = self.metamodel.kind_named(name).filter(|kind| kind.is_relationship()) else {
            return Taken::Nothing;
        };
        let kinds = self.metamodel.descendants(kind.id);
        self.kinds.clone_from(&kinds);
        self.hops.push(if outgoing { Hop::Outgoing(kinds) } else { Hop::Incoming(kinds) });
        Taken::Parts(1)
    }

    /// Goes on to the kinds that may stand at an end.
    fn end(&mut self, source: bool) {
        let mut ends = Vec::new();
        for kind in &self.kinds {
            let rules = self.metamodel.kind(*kind).relationship.iter().flat_map(|traits| &traits.ends);
            ends.extend(rules.flat_map(|rule| if source { &rule.sources } else { &rule.targets }).copied());
        }
        let all = ends.is_empty() || ends.iter().any(|end| !matches!(end, EndKind::Kind(_)));
        self.kinds = if all {
            self.metamodel.kinds().iter().map(|kind| kind.id).collect()
        } else {
            let named = ends.iter().filter_map(|end| if let EndKind::Kind(kind) = end { Some(*kind) } else { None });
            named.flat_map(|kind| self.metamodel.descendants(kind)).collect()
        };
        self.hops.push(if source { Hop::Source } else { Hop::Target });
    }

    /// An attribute whose name is the first `count` parts: a reference leads on, a value ends the way.
    fn attribute(&mut self, rest: &[&str], count: usize) -> Taken {
        let name = rest[..count].join(".");
        let definitions: Vec<_> =
            self.kinds.iter().filter_map(|kind| self.metamodel.kind(*kind).attribute_named(&name)).collect();
        let relationships: Vec<KindId> = definitions
            .iter()
            .filter_map(|definition| definition.reference())
            .flat_map(|reference| self.metamodel.descendants(reference.relationship))
            .collect();
        if !relationships.is_empty() {
            self.kinds.clone_from(&relationships);
            self.hops.push(Hop::Outgoing(relationships));
            self.end(false);
            return Taken::Parts(count);
        }
        match definitions.first() {
            Some(definition) if count == rest.len() => Taken::Attribute(definition.name),
            _ => Taken::Nothing,
        }
    }
}

impl Taken {
    fn is_something(&self) -> bool {
        !matches!(self, Self::Nothing)
    }
}
