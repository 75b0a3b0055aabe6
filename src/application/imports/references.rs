//! What files call things: from a target to the id of an item.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::answers::Answer;
use super::names::Meant;
use super::proposing::Importer;
use super::questions::{Candidate, Question, QuestionKind};
use crate::domain::change_set::{CreateElement, JsonObject};
use crate::domain::element::Model;
use crate::domain::identifier::Identifier;
use crate::domain::metamodel::{EndKind, Kind, KindId, Metamodel, Naming};
use crate::domain::naming::display_name_of;
use crate::interchange::ledgers::cells::lists::split_weakly;
use crate::interchange::ledgers::cells::spelling::name_key;
use crate::interchange::problem::{Problem, ProblemKind, Said};
use crate::interchange::{Otherwise, Place, Target};

/// The least confidence with which a name is taken for an item without asking.
const SURE: f64 = 0.9;

/// For how many ids that are not there an alike one is looked for.
const MOST_HINTS: usize = 100;

/// What a target is.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Resolved {
    /// This item.
    Id(Arc<str>),
    /// Nobody knows yet.
    Undecided,
    /// Somebody said that it stays out.
    LeftOut,
}

/// An element that is made because something refers to it by name.
#[derive(Debug, Clone)]
pub(super) struct NamedElement {
    pub create: CreateElement,
    pub name: String,
    pub place: Place,
}

/// What texts mean, with a confidence where they were compared.
type ByText = FxHashMap<String, (Resolved, Option<f64>)>;

/// What has been found out about targets so far.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// By kinds and text.
    by_name: FxHashMap<Arc<[KindId]>, ByText>,
    /// The kinds that ends may be, by what ends say.
    kinds: FxHashMap<Vec<EndKind>, Arc<[KindId]>>,
    pub made: Vec<NamedElement>,
    /// The places in `made` by id.
    made_by_id: FxHashMap<Arc<str>, usize>,
    /// How often an alike id was looked for.
    hints: usize,
    /// By the number of the source and the source's own id.
    pub by_source: Vec<FxHashMap<Arc<str>, Arc<str>>>,
}

impl Found {
    /// Nothing found yet in so many sources.
    pub fn of_sources(count: usize) -> Self {
        Self { by_source: vec![FxHashMap::default(); count], ..Self::default() }
    }
}

/// The kinds that ends may be, those that specialise them included.
fn kinds_of(metamodel: &Metamodel, ends: &[EndKind]) -> Vec<KindId> {
    let mut kinds: Vec<KindId> = ends
        .iter()
        .flat_map(|end| match end {
            EndKind::Kind(kind) => metamodel.descendants(*kind),
            EndKind::AnyElement => metamodel.element_kinds().map(|kind| kind.id).collect(),
            EndKind::AnyRelationship => metamodel.relationship_kinds().map(|kind| kind.id).collect(),
        })
        .collect();
    kinds.sort_unstable();
    kinds.dedup();
    kinds
}

impl Importer<'_> {
    /// The kinds that ends may be, those that specialise them included.
    pub fn kinds_of(&mut self, ends: &[EndKind]) -> Arc<[KindId]> {
        if let Some(kinds) = self.found.kinds.get(ends) {
            return Arc::clone(kinds);
        }
        let kinds: Arc<[KindId]> = kinds_of(self.metamodel(), ends).into();
        self.found.kinds.insert(ends.to_vec(), Arc::clone(&kinds));
        kinds
    }

    /// The item that a target means, among items of these kinds.
    pub fn resolve(
        &mut self,
        source: usize,
        target: &Target,
        kinds: &[KindId],
        attribute: &str,
        place: &Place,
    ) -> Resolved {
        match target {
            Target::Id(id) => self.by_id(id, place),
            Target::Source(id) => self.by_source_id(source, id, place),
            Target::Name(text) => self.by_name(text, kinds, None, attribute, place),
            Target::Named(named) => {
                let kinds = self.restricted(kinds, &named.among);
                self.by_name(&named.name, &kinds, Some(&named.otherwise), attribute, place)
            }
        }
    }

    /// As [`Importer::resolve`] for one of several: `A・B` may be two.
    pub fn resolve_several(
        &mut self,
        source: usize,
        target: &Target,
        kinds: &[KindId],
        attribute: &str,
        place: &Place,
    ) -> Vec<Resolved> {
        if let Target::Name(text) = target
            && self.names.exactly(kinds, text).is_none()
        {
            let pieces = split_weakly(text);
            let ids: Option<Vec<String>> = pieces.iter().map(|piece| self.names.exactly(kinds, piece)).collect();
            if let Some(ids) = ids.filter(|ids| ids.len() > 1) {
                return ids.into_iter().map(|id| Resolved::Id(id.into())).collect();
            }
        }
        vec![self.resolve(source, target, kinds, attribute, place)]
    }

    fn by_id(&mut self, id: &str, place: &Place) -> Resolved {
        if self.snapshot.item(id).is_some() || self.taken.contains(id) {
            return Resolved::Id(id.into());
        }
        if self.is_derived(id) {
            return Resolved::Id(id.into());
        }
        // Looking for an alike id takes long; nobody reads that many.
        self.found.hints += 1;
        let near = if self.found.hints > MOST_HINTS { None } else { self.snapshot.similar_id(id) };
        let hint = near.map_or_else(String::new, |near| format!(" ({near}?)"));
        self.dangling(id, &hint, place)
    }

    /// Whether an id is that of a relationship which a reference of this import will be: `<source>--<kind>--<target>`.
    fn is_derived(&self, id: &str) -> bool {
        let is_there = |id: &str| self.snapshot.item(id).is_some() || self.taken.contains(id);
        let kinds = self.metamodel().relationship_kinds();
        kinds.into_iter().any(|kind| {
            let middle = format!("--{}--", kind.name);
            id.match_indices(&middle).any(|(at, _)| is_there(&id[..at]) && is_there(&id[at + middle.len()..]))
        })
    }

    fn by_source_id(&mut self, source: usize, id: &str, place: &Place) -> Resolved {
        let found = self.found.by_source[source].get(id).cloned();
        let kept = || self.baselines[source].items.get(id).map(|said| said.id.clone());
        let found = found.or_else(kept).filter(|id| self.taken.contains(id) || self.snapshot.item(id).is_some());
        found.map_or_else(|| self.dangling(id, "", place), Resolved::Id)
    }

    fn dangling(&mut self, id: &str, hint: &str, place: &Place) -> Resolved {
        let wrong =
            Said::new(format!("参照先「{id}」がありません{hint}"), format!("there is no \"{id}\" to refer to{hint}"));
        let problem = Problem::new(ProblemKind::Refused, "dangling_reference", place.clone(), id, wrong);
        self.problems.push(problem.assuming("この参照は取り込みません", "the reference is not imported"));
        Resolved::Undecided
    }

    /// Those of the kinds that the file names, if it names any that there are.
    fn restricted(&self, kinds: &[KindId], among: &[String]) -> Vec<KindId> {
        let metamodel = self.metamodel();
        let known = among.iter().filter_map(|name| metamodel.kind_named(name));
        let wanted: Vec<KindId> = known.flat_map(|kind| metamodel.descendants(kind.id)).collect();
        let both: Vec<KindId> = kinds.iter().filter(|kind| wanted.contains(kind)).copied().collect();
        if both.is_empty() { kinds.to_vec() } else { both }
    }

    fn by_name(
        &mut self,
        text: &str,
        kinds: &[KindId],
        otherwise: Option<&Otherwise>,
        attribute: &str,
        place: &Place,
    ) -> Resolved {
        let known = self.found.by_name.get(kinds).and_then(|names| names.get(text)).cloned();
        if let Some((resolved, confidence)) = known {
            if resolved == Resolved::Undecided {
                self.questions.ask_again(&self.which_item_id(text, kinds), place);
            }
            self.tell_assumption(text, &resolved, confidence, place);
            return resolved;
        }
        let (resolved, confidence) = self.look_for(text, kinds, otherwise, attribute, place);
        self.tell_assumption(text, &resolved, confidence, place);
        let names = self.found.by_name.entry(kinds.into()).or_default();
        names.insert(text.to_owned(), (resolved.clone(), confidence));
        resolved
    }

    fn tell_assumption(&mut self, text: &str, resolved: &Resolved, confidence: Option<f64>, place: &Place) {
        let (Resolved::Id(id), Some(confidence)) = (resolved, confidence) else { return };
        if confidence > 0.95 {
            return;
        }
        let name = display_name_of(self.snapshot, id, "ja");
        let wrong = Said::new("少し違う名称です", "the name is a little different");
        let problem = Problem::new(ProblemKind::Assumed, "similar_name", place.clone(), text, wrong);
        self.problems.push(problem.assuming(
            format!("「{name}」としました（確からしさ {confidence:.2}）"),
            format!("taken for \"{name}\" (confidence {confidence:.2})"),
        ));
    }

    fn look_for(
        &mut self,
        text: &str,
        kinds: &[KindId],
        otherwise: Option<&Otherwise>,
        attribute: &str,
        place: &Place,
    ) -> (Resolved, Option<f64>) {
        let is_permitted = |id: &str| self.snapshot.item(id).is_some_and(|item| kinds.contains(&item.kind()));
        if is_permitted(text) {
            return (Resolved::Id(text.into()), None);
        }
        let answer = (!self.answers.is_empty()).then(|| self.answers.get(&self.which_item_id(text, kinds)).cloned());
        if let Some(answer) = answer.flatten() {
            return (self.answered(&answer, text, place), None);
        }
        match self.names.find(kinds, text) {
            Meant::One(id, confidence) if confidence >= SURE => (Resolved::Id(id.into()), Some(confidence)),
            Meant::One(id, confidence) => (self.ask(text, kinds, attribute, &[(id, confidence)], place), None),
            Meant::Perhaps(candidates) => (self.ask(text, kinds, attribute, &candidates, place), None),
            Meant::Nothing => (self.nothing_like_it(text, kinds, otherwise, attribute, place), None),
        }
    }

    /// Nothing goes by a name like it: what the file says for this case, else what the kinds permit.
    fn nothing_like_it(
        &mut self,
        text: &str,
        kinds: &[KindId],
        otherwise: Option<&Otherwise>,
        attribute: &str,
        place: &Place,
    ) -> Resolved {
        let made = |kind: &String| self.metamodel().kind_named(kind).map(|kind| kind.id);
        match otherwise {
            Some(Otherwise::Nothing) => Resolved::LeftOut,
            Some(Otherwise::Make(kind)) if self.options.create_missing.unwrap_or(true) => match made(kind) {
                Some(kind) => self.make(text, kind, place),
                None => self.ask(text, kinds, attribute, &[], place),
            },
            Some(Otherwise::Ask | Otherwise::Make(_)) => {
                let candidates = self.within(text, kinds, otherwise);
                self.ask(text, kinds, attribute, &candidates, place)
            }
            None => self.new_or_ask(text, kinds, attribute, place),
        }
    }

    /// What is named within a longer text, where that is worth proposing.
    fn within(&self, text: &str, kinds: &[KindId], otherwise: Option<&Otherwise>) -> Vec<(String, f64)> {
        if otherwise == Some(&Otherwise::Ask) { self.names.within(kinds, text) } else { Vec::new() }
    }

    fn answered(&mut self, answer: &Answer, text: &str, place: &Place) -> Resolved {
        match answer {
            Answer::Use(id) => self.by_id(id, place),
            // What an earlier import made on this answer is what is meant now.
            Answer::Create(kind) => match self.metamodel().kind_named(kind).map(|kind| kind.id) {
                Some(kind) => match self.names.exactly(&self.metamodel().descendants(kind), text) {
                    Some(id) => Resolved::Id(id.into()),
                    None => self.make(text, kind, place),
                },
                None => Resolved::Undecided,
            },
            _ => Resolved::LeftOut,
        }
    }

    /// A name that nothing resembles makes a new item, where it is clear of which kind.
    fn new_or_ask(&mut self, text: &str, kinds: &[KindId], attribute: &str, place: &Place) -> Resolved {
        let metamodel = self.metamodel();
        let concrete: Vec<&Kind> =
            kinds.iter().map(|kind| metamodel.kind(*kind)).filter(|kind| !kind.is_abstract).collect();
        let by_prefix: Vec<&Kind> = concrete.iter().copied().filter(|kind| begins_an_id(kind, text)).collect();
        let certain = if by_prefix.len() == 1 { &by_prefix } else { &concrete };
        match certain[..] {
            [kind] if !kind.is_relationship() && self.options.create_missing.unwrap_or(true) => {
                let kind = kind.id;
                self.make(text, kind, place)
            }
            _ => self.ask(text, kinds, attribute, &[], place),
        }
    }

    fn make(&mut self, text: &str, kind: KindId, place: &Place) -> Resolved {
        let metamodel = self.metamodel();
        let definition = metamodel.kind(kind);
        let is_id = begins_an_id(definition, text);
        let id = if is_id { text.to_owned() } else { self.new_id(definition, text) };
        let mut create =
            CreateElement { id: id.clone(), kind: definition.name.to_string(), ..CreateElement::default() };
        match &definition.naming {
            Naming::Own => create.name = Some(text.to_owned()),
            Naming::Attribute(name) if !is_id => {
                create.attributes = JsonObject::from_iter([(metamodel.attribute_text(*name).to_string(), text.into())]);
            }
            Naming::Attribute(_) | Naming::Template(_) => {}
        }
        let shared: Arc<str> = id.as_str().into();
        self.taken.insert(Arc::clone(&shared));
        self.names.add(kind, &shared, text);
        self.found.made_by_id.insert(Arc::clone(&shared), self.found.made.len());
        self.found.made.push(NamedElement { create, name: text.to_owned(), place: place.clone() });
        Resolved::Id(shared)
    }

    fn ask(
        &mut self,
        text: &str,
        kinds: &[KindId],
        attribute: &str,
        candidates: &[(String, f64)],
        place: &Place,
    ) -> Resolved {
        let question = self.which_item(text, kinds, attribute, candidates);
        self.questions.ask(question, place);
        Resolved::Undecided
    }

    fn which_item_id(&self, text: &str, kinds: &[KindId]) -> String {
        Question::id_of(QuestionKind::WhichItem, &[&self.kind_words(kinds), &name_key(text)])
    }

    fn which_item(&self, text: &str, kinds: &[KindId], attribute: &str, candidates: &[(String, f64)]) -> Question {
        let words = self.kind_words(kinds);
        Question {
            id: Question::id_of(QuestionKind::WhichItem, &[&words, &name_key(text)]),
            kind: QuestionKind::WhichItem,
            text: text.to_owned(),
            kinds: words.split(',').map(str::to_owned).collect(),
            attribute: Some(attribute.to_owned()),
            candidates: self.candidates(candidates),
            sentence: Said::new(
                format!("「{text}」はどれのことですか。"),
                format!("Which one is meant by \"{text}\"?"),
            ),
            places: Vec::new(),
            count: 0,
        }
    }

    /// Candidates with their names.
    pub fn candidates(&self, ids: &[(String, f64)]) -> Vec<Candidate> {
        let made = |id: &str| self.found.made_by_id.get(id).and_then(|place| self.found.made.get(*place));
        let name = |id: &str| made(id).map_or_else(|| self.name_of(id), |named| named.name.clone());
        ids.iter()
            .map(|(id, confidence)| Candidate { id: id.clone(), name: name(id), confidence: *confidence })
            .collect()
    }

    /// The kinds that may be meant, as one text; those that specialise another of them are left out.
    fn kind_words(&self, kinds: &[KindId]) -> String {
        let metamodel = self.metamodel();
        let is_covered =
            |kind: &&KindId| metamodel.kind(**kind).lineage.iter().skip(1).any(|ancestor| kinds.contains(ancestor));
        let words = kinds.iter().filter(|kind| !is_covered(kind)).map(|kind| metamodel.kind(*kind).name.to_string());
        words.collect::<Vec<_>>().join(",")
    }
}

/// Whether a text is an identifier as this kind's usually are.
fn begins_an_id(kind: &Kind, text: &str) -> bool {
    let prefix = kind.id_prefix.as_deref().filter(|prefix| prefix.len() > 1);
    prefix.is_some_and(|prefix| text.starts_with(prefix)) && text.is_ascii() && Identifier::new(text).is_ok()
}
