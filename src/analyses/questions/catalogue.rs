//! All questions.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::error::QuestionError;
use super::question::{Group, Question};
use super::reading::{Reader, localized};
use super::saved;
use super::text::{GroupText, QuestionText};
use crate::analyses::findings::Catalogue;
use crate::domain::document::{self, Content, DocumentError, Node};
use crate::domain::metamodel::Metamodel;
use crate::domain::{Model, nearest};
use crate::graph::View;
use crate::query::over_view::ViewCatalog;

/// All questions, in the order in which they are written.
#[derive(Debug, Clone, Default)]
pub struct QuestionCatalogue {
    groups: Vec<Group>,
    questions: Vec<Question>,
    by_id: FxHashMap<Arc<str>, usize>,
    names: Option<Arc<ViewCatalog>>,
}

impl QuestionCatalogue {
    /// Reads question files, each a name and a YAML text; a question that stands in a later file replaces one of the
    /// same id. Queries, also those saved in a model, may use these names.
    ///
    /// # Errors
    /// The first fault, with file, line and what to write instead.
    pub fn read(
        metamodel: &Metamodel,
        rules: &Catalogue,
        names: &Arc<ViewCatalog>,
        files: &[(String, String)],
    ) -> Result<Self, DocumentError> {
        let mut catalogue = Self { names: Some(Arc::clone(names)), ..Self::default() };
        let reader = Reader { metamodel, names: Arc::clone(names), rules };
        let mut places = Vec::new();
        for (name, text) in files {
            let document = document::parse(name, text)?;
            for entry in entries(&document, "groups")? {
                catalogue.insert_group(entry)?;
            }
            for entry in entries(&document, "questions")? {
                let id = catalogue.insert(&reader, entry)?;
                places.push((id, entry.clone()));
            }
        }
        places.iter().try_for_each(|(id, entry)| catalogue.check_links(id, entry))?;
        Ok(catalogue)
    }

    fn insert_group(&mut self, entry: &Node) -> Result<(), DocumentError> {
        let text: GroupText =
            serde_json::from_value(entry.to_json()).map_err(|error| entry.error(error.to_string()))?;
        self.groups.retain(|held| *held.id != *text.id);
        self.groups.push(Group { id: text.id.as_str().into(), label: localized(&text.label) });
        Ok(())
    }

    fn insert(&mut self, reader: &Reader<'_>, entry: &Node) -> Result<Arc<str>, DocumentError> {
        let text: QuestionText =
            serde_json::from_value(entry.to_json()).map_err(|error| entry.error(error.to_string()))?;
        let id = text.id.clone();
        let question = reader.question(text).map_err(|message| entry.error(format!("question {id}: {message}")))?;
        let id = Arc::clone(&question.id);
        self.put(question);
        Ok(id)
    }

    fn put(&mut self, question: Question) {
        if let Some(place) = self.by_id.get(&question.id) {
            self.questions[*place] = question;
            return;
        }
        self.by_id.insert(Arc::clone(&question.id), self.questions.len());
        self.questions.push(question);
    }

    fn check_links(&self, id: &str, entry: &Node) -> Result<(), DocumentError> {
        let Some(question) = self.question(id) else { return Ok(()) };
        if !self.groups.iter().any(|group| group.id == question.group) {
            return Err(entry.error(format!("question {id}: there is no group \"{}\"", question.group)));
        }
        match question.next.iter().find(|next| self.question(next).is_none()) {
            Some(unknown) => Err(entry.error(format!("question {id}: there is no question \"{unknown}\" to ask next"))),
            None => Ok(()),
        }
    }

    /// The groups, in order.
    pub fn groups(&self) -> &[Group] {
        &self.groups
    }

    /// The group of this id.
    pub fn group(&self, id: &str) -> Option<&Group> {
        self.groups.iter().find(|group| *group.id == *id)
    }

    /// The questions, in order.
    pub fn questions(&self) -> &[Question] {
        &self.questions
    }

    /// The question of this id.
    pub fn question(&self, id: &str) -> Option<&Question> {
        self.by_id.get(id).map(|place| &self.questions[*place])
    }

    /// The question of this id.
    ///
    /// # Errors
    /// When there is none, with the nearest.
    pub fn find(&self, id: &str) -> Result<&Question, QuestionError> {
        self.question(id).ok_or_else(|| {
            let known = self.questions.iter().map(|held| &*held.id);
            let suggestion = nearest::nearest(id, known).map(str::to_owned);
            QuestionError::UnknownQuestion { id: id.to_owned(), suggestion }
        })
    }

    /// The catalogue with the queries that are saved in the model, as questions of a group of their own.
    #[must_use]
    pub fn with_saved(&self, view: &View, rules: &Catalogue) -> Self {
        let names = self.names.clone().unwrap_or_else(|| Arc::new(ViewCatalog::new(view.metamodel())));
        let found = saved::questions(view, rules, &names);
        if found.is_empty() {
            return self.clone();
        }
        let mut catalogue = self.clone();
        catalogue.groups.push(saved::group());
        for question in found {
            catalogue.put(question);
        }
        catalogue
    }
}

/// The entries of a list.
fn entries<'n>(document: &'n Node, name: &str) -> Result<&'n [Node], DocumentError> {
    match document.get(name) {
        None => Ok(&[]),
        Some(Node { content: Content::Sequence(entries), .. }) => Ok(entries),
        Some(other) => Err(other.error(format!("\"{name}\" is a list"))),
    }
}
