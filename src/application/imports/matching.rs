//! Which item of the model is each item of a file?

use std::sync::Arc;

use super::answers::Answer;
use super::names::Meant;
use super::proposing::{Importer, Source};
use super::questions::{Question, QuestionKind};
use super::report::{Matched, MatchedBy};
use crate::domain::element::Model;
use crate::domain::identifier::Identifier;
use crate::domain::metamodel::{Kind, KindId, Naming};
use crate::interchange::ledgers::cells::spelling::name_key;
use crate::interchange::problem::{Problem, ProblemKind, Said};
use crate::interchange::{ReadItem, Statement};

/// What becomes of an item of a file.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Fate {
    /// The model has it.
    Known(Arc<str>, Matched),
    /// It is new and gets this id.
    New(Arc<str>),
    /// It stays out: undecided, refused, or so answered.
    Out,
}

impl Fate {
    /// The id in the model, unless the item stays out.
    pub fn id(&self) -> Option<&Arc<str>> {
        match self {
            Self::Known(id, _) | Self::New(id) => Some(id),
            Self::Out => None,
        }
    }
}

impl<'a> Importer<'a> {
    /// The fate of an element or record.
    pub fn element_fate(&mut self, source: &Source<'_>, item: &ReadItem) -> Fate {
        let Some(kind) = self.kind_of(item) else { return Fate::Out };
        if let Some(fate) = self.by_identity(source, item, kind) {
            return fate;
        }
        let Some(name) = self.item_name(item, kind) else { return self.new_element(item, kind, "") };
        if item.is_local || self.parts.contains(&kind.id) {
            return self.new_element(item, kind, &name);
        }
        match self.answer_to_same_item(kind, &name) {
            Some(Answer::Use(id)) if self.snapshot.element(&id).is_some() || self.taken.contains(id.as_str()) => {
                return self.claim(source.number, id.into(), MatchedBy::Answer, 1.0).unwrap_or(Fate::Out);
            }
            Some(Answer::Create(_)) => return self.new_element(item, kind, &name),
            Some(Answer::LeaveOut) => return Fate::Out,
            _ => {}
        }
        self.by_name_of_item(source, item, kind, &name)
    }

    /// What somebody decided about a name of this kind.
    fn answer_to_same_item(&self, kind: &Kind, name: &str) -> Option<Answer> {
        if self.answers.is_empty() {
            return None;
        }
        self.answers.get(&Question::id_of(QuestionKind::SameItem, &[&kind.name, &name_key(name)])).cloned()
    }

    fn by_name_of_item(&mut self, source: &Source<'_>, item: &ReadItem, kind: &Kind, name: &str) -> Fate {
        let kinds = self.metamodel().descendants(kind.id);
        let has_own_id = item.id.as_deref().is_some_and(|id| is_of_ezu(kind, id));
        let is_ledger = source.is_ledger();
        match self.names.find(&kinds, name) {
            Meant::One(id, confidence)
                if (is_ledger || confidence > 0.95) && !self.reserved[source.number].contains(id.as_str()) =>
            {
                let claimed = self.claim(source.number, id.into(), MatchedBy::Name, confidence);
                claimed.unwrap_or_else(|| self.new_element(item, kind, name))
            }
            Meant::Perhaps(candidates) if is_ledger && !has_own_id => {
                let free: Vec<(String, f64)> =
                    candidates.into_iter().filter(|(id, _)| !self.is_claimed(source.number, id)).collect();
                if free.is_empty() {
                    return self.new_element(item, kind, name);
                }
                let question = self.same_item(kind, name, &free);
                self.questions.ask(question, &item.place);
                Fate::Out
            }
            _ => self.new_element(item, kind, name),
        }
    }

    /// By its id, else by what the source knows it by; for relationships too.
    pub fn by_identity(&mut self, source: &Source<'_>, item: &ReadItem, kind: &Kind) -> Option<Fate> {
        if let Some(id) = &item.id
            && let Some(held) = self.snapshot.item(id)
        {
            if self.are_related(held.kind(), kind.id) {
                let id = id.as_str().into();
                return Some(self.claim(source.number, id, MatchedBy::Id, 1.0).unwrap_or(Fate::Out));
            }
            return Some(self.taken_by_another(item, id, held.kind()));
        }
        let kept = item.source_id.as_ref().and_then(|id| self.baselines[source.number].items.get(id.as_str()))?;
        let held = self.snapshot.item(&kept.id)?;
        let id = held.id().as_str().into();
        self.are_related(held.kind(), kind.id).then(|| self.claim(source.number, id, MatchedBy::SourceId, 1.0))?
    }

    /// Within a source each item of the model is that of one item; several sources may speak of the same.
    pub fn claim(&mut self, source: usize, id: Arc<str>, by: MatchedBy, confidence: f64) -> Option<Fate> {
        self.claimed[source].insert(Arc::clone(&id)).then_some(Fate::Known(id, Matched { by, confidence }))
    }

    /// Whether an item of this source is that item of the model already.
    pub fn is_claimed(&self, source: usize, id: &str) -> bool {
        self.claimed[source].contains(id)
    }

    fn are_related(&self, a: KindId, b: KindId) -> bool {
        self.metamodel().is_a(a, b) || self.metamodel().is_a(b, a)
    }

    fn taken_by_another(&mut self, item: &ReadItem, id: &str, held: KindId) -> Fate {
        let label = &self.metamodel().kind(held).label;
        let wrong = Said::new(
            format!("ID「{id}」は既に別の種類（{}）のものです", label.get("ja")),
            format!("the id \"{id}\" belongs to something else already ({})", label.get("en")),
        );
        let problem = Problem::new(ProblemKind::Refused, "identifier_taken", item.place.clone(), id, wrong);
        self.problems.push(problem.advising("IDを変えてください", "use another id"));
        Fate::Out
    }

    fn kind_of(&mut self, item: &ReadItem) -> Option<&'a Kind> {
        let found = self.metamodel().kind_named(&item.kind);
        if found.is_none() {
            let wrong = Said::new(
                format!("種類「{}」はありません", item.kind),
                format!("there is no kind \"{}\"{}", item.kind, self.metamodel().kind_hint(&item.kind)),
            );
            self.problems.push(Problem::new(
                ProblemKind::Refused,
                "unknown_kind",
                item.place.clone(),
                &item.kind,
                wrong,
            ));
        }
        found
    }

    /// What an item is called: its own name, or the attribute that its kind takes it from.
    pub fn item_name(&self, item: &ReadItem, kind: &Kind) -> Option<String> {
        match &kind.naming {
            Naming::Own => item.name.clone(),
            Naming::Attribute(name) => match item.field(self.metamodel().attribute_text(*name)) {
                Some(Statement::Value(serde_json::Value::String(text))) => Some(text.clone()),
                _ => None,
            },
            Naming::Template(_) => None,
        }
    }

    fn new_element(&mut self, item: &ReadItem, kind: &Kind, name: &str) -> Fate {
        let given = item.id.as_ref().filter(|id| Identifier::new(id).is_ok() && !self.taken.contains(id.as_str()));
        let given = given.map(|id| Arc::from(id.as_str()));
        let id: Arc<str> = given.unwrap_or_else(|| self.new_id(kind, name).into());
        self.taken.insert(Arc::clone(&id));
        // Rows of one table are not compared with each other, so the name counts from the next source on. Nothing looks
        // for names behind the last source but references of its relationships.
        if self.looks_for_names {
            self.fresh.push((kind.id, Arc::clone(&id), name.to_owned()));
        }
        Fate::New(id)
    }

    /// An id that nothing has: the kind's prefix and the name.
    pub fn new_id(&mut self, kind: &Kind, name: &str) -> String {
        let tidy: String = name.chars().map(|c| if c.is_alphanumeric() { c } else { '-' }).take(60).collect();
        let words: Vec<&str> = tidy.split('-').filter(|word| !word.is_empty()).collect();
        let word = if words.is_empty() { "1".to_owned() } else { words.join("-") };
        let own = format!("{}-", kind.name.replace('_', "-"));
        let prefix = kind.id_prefix.as_deref().unwrap_or(&own);
        let first = format!("{prefix}{word}");
        let is_free = |id: &String| self.snapshot.versions(id).is_empty() && !self.taken.contains(id.as_str());
        if is_free(&first) {
            return first;
        }
        // Where the last search for the same word ended, so that many items of one name take no square of time.
        let from = self.numbers.get(&first).copied().unwrap_or(2);
        let most = from + self.taken.len() + self.snapshot.node_count();
        let found = (from..=most).map(|number| (number, format!("{first}-{number}"))).find(|(_, id)| is_free(id));
        let Some((number, id)) = found else { return first };
        self.numbers.insert(first, number + 1);
        id
    }

    fn same_item(&self, kind: &Kind, name: &str, candidates: &[(String, f64)]) -> Question {
        Question {
            id: Question::id_of(QuestionKind::SameItem, &[&kind.name, &name_key(name)]),
            kind: QuestionKind::SameItem,
            text: name.to_owned(),
            kinds: vec![kind.name.to_string()],
            attribute: None,
            candidates: self.candidates(candidates),
            sentence: Said::new(
                format!("「{name}」は既にあるものですか、新しいものですか。"),
                format!("Is \"{name}\" one that is there already, or a new one?"),
            ),
            places: Vec::new(),
            count: 0,
        }
    }
}

/// Whether an id is written as those of ezu: it was given on purpose, and is not merely the number of a row.
fn is_of_ezu(kind: &Kind, id: &str) -> bool {
    kind.id_prefix.as_deref().is_some_and(|prefix| id.starts_with(prefix)) && Identifier::new(id).is_ok()
}
