//! Which item of the model is each item of a file?

use super::answers::Answer;
use super::names::Meant;
use super::proposing::{Importer, Source};
use super::questions::{Question, QuestionKind};
use super::report::{Matched, MatchedBy};
use crate::domain::element::Model;
use crate::domain::identifier::Identifier;
use crate::domain::metamodel::{Kind, KindId, Naming};
use crate::interchange::problem::{Problem, ProblemKind, Said};
use crate::interchange::{ReadItem, Statement};

/// What becomes of an item of a file.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Fate {
    /// The model has it.
    Known(String, Matched),
    /// It is new and gets this id.
    New(String),
    /// It stays out: undecided, refused, or so answered.
    Out,
}

impl Fate {
    /// The id in the model, unless the item stays out.
    pub fn id(&self) -> Option<&str> {
        match self {
            Self::Known(id, _) | Self::New(id) => Some(id),
            Self::Out => None,
        }
    }
}

impl Importer<'_> {
    /// The fate of an element or record.
    pub fn element_fate(&mut self, source: &Source<'_>, item: &ReadItem) -> Fate {
        let Some(kind) = self.kind_of(item) else { return Fate::Out };
        if let Some(fate) = self.by_identity(source, item, &kind) {
            return fate;
        }
        let Some(name) = self.item_name(item, &kind) else { return self.new_element(item, &kind, "") };
        let question = self.same_item(&kind, &name, &[]);
        match self.answers.get(&question.id).cloned() {
            Some(Answer::Use(id)) if self.snapshot.element(&id).is_some() || self.taken.contains(&id) => {
                return self.claim(source.number, id, MatchedBy::Answer, 1.0).unwrap_or(Fate::Out);
            }
            Some(Answer::Create(_)) => return self.new_element(item, &kind, &name),
            Some(Answer::LeaveOut) => return Fate::Out,
            _ => {}
        }
        self.by_name_of_item(source, item, &kind, &name)
    }

    fn by_name_of_item(&mut self, source: &Source<'_>, item: &ReadItem, kind: &Kind, name: &str) -> Fate {
        let kinds = self.metamodel().descendants(kind.id);
        let has_own_id = item.id.as_deref().is_some_and(|id| is_of_ezu(kind, id));
        let is_ledger = source.is_ledger();
        match self.names.find(&kinds, name) {
            Meant::One(id, confidence)
                if (is_ledger || confidence > 0.95) && !self.reserved.contains(&(source.number, id.clone())) =>
            {
                let claimed = self.claim(source.number, id, MatchedBy::Name, confidence);
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
                return Some(self.claim(source.number, id.clone(), MatchedBy::Id, 1.0).unwrap_or(Fate::Out));
            }
            return Some(self.taken_by_another(item, id, held.kind()));
        }
        let kept = item.source_id.as_ref().and_then(|id| self.baselines[source.number].items.get(id))?;
        let held = self.snapshot.item(&kept.id)?;
        let id = held.id().to_string();
        self.are_related(held.kind(), kind.id).then(|| self.claim(source.number, id, MatchedBy::SourceId, 1.0))?
    }

    /// Within a source each item of the model is that of one item; several sources may speak of the same.
    pub fn claim(&mut self, source: usize, id: String, by: MatchedBy, confidence: f64) -> Option<Fate> {
        self.claimed.insert((source, id.clone())).then_some(Fate::Known(id, Matched { by, confidence }))
    }

    /// Whether an item of this source is that item of the model already.
    pub fn is_claimed(&self, source: usize, id: &str) -> bool {
        self.claimed.contains(&(source, id.to_owned()))
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

    fn kind_of(&mut self, item: &ReadItem) -> Option<Kind> {
        let found = self.metamodel().kind_named(&item.kind).cloned();
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
        let given = item.id.as_ref().filter(|id| Identifier::new(id).is_ok() && !self.taken.contains(*id)).cloned();
        let id = given.unwrap_or_else(|| self.new_id(kind, name));
        self.taken.insert(id.clone());
        // Rows of one table are not compared with each other, so the name counts from the next source on.
        self.fresh.push((kind.id, id.clone(), name.to_owned()));
        Fate::New(id)
    }

    /// An id that nothing has: the kind's prefix and the name.
    pub fn new_id(&self, kind: &Kind, name: &str) -> String {
        let tidy: String = name.chars().map(|c| if c.is_alphanumeric() { c } else { '-' }).take(60).collect();
        let words: Vec<&str> = tidy.split('-').filter(|word| !word.is_empty()).collect();
        let word = if words.is_empty() { "1".to_owned() } else { words.join("-") };
        let own = format!("{}-", kind.name.replace('_', "-"));
        let prefix = kind.id_prefix.as_deref().unwrap_or(&own);
        let first = format!("{prefix}{word}");
        let is_free = |id: &String| self.snapshot.versions(id).is_empty() && !self.taken.contains(id);
        if is_free(&first) {
            return first;
        }
        let most = self.taken.len() + self.snapshot.node_count() + 2;
        (2..=most).map(|number| format!("{first}-{number}")).find(is_free).unwrap_or(first)
    }

    fn same_item(&self, kind: &Kind, name: &str, candidates: &[(String, f64)]) -> Question {
        let key = crate::interchange::ledgers::cells::spelling::name_key(name);
        Question {
            id: Question::id_of(QuestionKind::SameItem, &[&kind.name, &key]),
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
