//! What an earlier version of a source had and this one has not.

use std::sync::Arc;

use super::answers::Answer;
use super::baseline::{Said as LastSaid, digest};
use super::fields::{Comparable, Verdict};
use super::kept::Hash;
use super::operations::Draft;
use super::proposing::{Importer, SaidBySource, Source};
use super::questions::{Candidate, Question, QuestionKind};
use super::report::{Change, ChangeKind, Conflict};
use super::tally::Tally;
use crate::domain::change_set::{Delete, Operation};
use crate::domain::element::{Item, Model};
use crate::interchange::problem::Said;
use crate::interchange::{Absent, Place, ReadModel};

impl Importer<'_> {
    /// Deletes what is missing where the source is whole or somebody said so; asks where most of it came back.
    pub(super) fn missing(&mut self, models: &[ReadModel], tally: &Tally, said: &SaidBySource, draft: &mut Draft) {
        for (number, model) in models.iter().enumerate() {
            let source = &Source { number, model };
            let (named, left_out) = (&said[number], &tally.left_out[number]);
            let baseline = &self.baselines[source.number];
            let mut gone: Vec<(Arc<str>, LastSaid)> = baseline
                .items
                .iter()
                .filter(|(key, last)| !named.contains_key(*key) && !self.is_claimed(source.number, &last.id))
                .filter(|(key, _)| !left_out.contains(&***key))
                .filter(|(_, last)| self.snapshot.item(&last.id).is_some())
                .map(|(key, last)| (key.clone(), last.clone()))
                .collect();
            gone.sort_by(|a, b| a.0.cmp(&b.0));
            let came_back = baseline.items.len() - gone.len();
            if !gone.is_empty() && self.is_deleted(source, &gone, came_back) {
                self.delete(source, gone, draft);
            }
        }
    }

    fn is_deleted(&mut self, source: &Source<'_>, gone: &[(Arc<str>, LastSaid)], came_back: usize) -> bool {
        if let Some(decided) = self.options.delete_missing {
            return decided;
        }
        match source.model.absent {
            Absent::Deleted => true,
            // A table of another section is no later version of this one.
            Absent::Kept if !source.is_ledger() || came_back < gone.len() => false,
            Absent::Kept | Absent::Asked => self.ask_for_missing(source, gone),
        }
    }

    fn ask_for_missing(&mut self, source: &Source<'_>, gone: &[(Arc<str>, LastSaid)]) -> bool {
        let ids: Vec<&str> = gone.iter().map(|(_, last)| &*last.id).collect();
        let id = Question::id_of(QuestionKind::Missing, &[&source.model.source, &ids.join(" ")]);
        match self.answers.get(&id) {
            Some(Answer::Delete) => return true,
            Some(_) => return false,
            None => {}
        }
        let candidate = |id: &&str| Candidate { id: (*id).to_owned(), name: self.name_of(id), confidence: 1.0 };
        let question = Question {
            id,
            kind: QuestionKind::Missing,
            text: source.model.title.clone(),
            kinds: Vec::new(),
            attribute: None,
            candidates: ids.iter().take(50).map(candidate).collect(),
            sentence: Said::new(
                format!("前回の取込にあった{}件が今回はありません。モデルからも消しますか。", gone.len()),
                format!(
                    "{} item(s) of the last import are missing now. Are they to be deleted from the model, too?",
                    gone.len()
                ),
            ),
            places: Vec::new(),
            count: 0,
        };
        self.questions.ask(question, &Place::file(&source.model.title));
        false
    }

    /// What the city has changed since is not deleted without a word.
    fn delete(&mut self, source: &Source<'_>, gone: Vec<(Arc<str>, LastSaid)>, draft: &mut Draft) {
        let place = Place::file(&source.model.title);
        let (mut elements, mut relationships) = (Vec::new(), Vec::new());
        for (key, last) in gone {
            let Some(held) = self.snapshot.item(&last.id) else { continue };
            if self.was_changed(held, &last) {
                let conflict = Conflict {
                    id: format!("c-{}", digest(format!("{}\ndeleted\n{key}", last.id).as_bytes(), 8)),
                    item: last.id.to_string(),
                    name: self.name_of(&last.id),
                    field: String::new(),
                    model: None,
                    file: None,
                    known: true,
                    place: place.clone(),
                };
                if self.settled(conflict) != Verdict::TakeFile {
                    continue;
                }
            }
            self.baselines[source.number].items.remove(&key);
            let is_relationship = matches!(held, Item::Relationship(_));
            if is_relationship { &mut relationships } else { &mut elements }.push(last.id);
        }
        for (ids, is_relationship) in [(relationships, true), (elements, false)] {
            for id in ids {
                self.push_deletion(&id, is_relationship, &place, draft);
            }
        }
    }

    /// Relationships that are made anew because they run elsewhere now.
    pub(super) fn delete_moved(&mut self, draft: &mut Draft) {
        for id in std::mem::take(&mut self.moved) {
            self.push_deletion(&id, true, &Place::default(), draft);
        }
    }

    fn push_deletion(&self, id: &str, is_relationship: bool, place: &Place, draft: &mut Draft) {
        let Some(held) = self.snapshot.item(id) else { return };
        let change = Change {
            id: id.to_owned(),
            kind: self.metamodel().kind(held.kind()).name.to_string(),
            name: self.name_of(id),
            change: ChangeKind::Delete,
            matched: None,
            fields: Vec::new(),
            place: place.clone(),
        };
        let delete = Delete { id: id.to_owned(), cascade: false };
        let operation =
            if is_relationship { Operation::DeleteRelationship(delete) } else { Operation::DeleteElement(delete) };
        draft.push(&operation, change);
    }

    fn was_changed(&self, held: Item<'_>, last: &LastSaid) -> bool {
        let kind = self.metamodel().kind(held.kind());
        let changed = |(name, hash): (&Arc<str>, Hash)| {
            let model = if &**name == "name" {
                Comparable { json: held.name().map(|name| (&**name).into()), is_reference: false }
            } else {
                match kind.attribute_named(name) {
                    Some(definition) => Comparable::of_model(self.snapshot, held, definition),
                    None => return false,
                }
            };
            super::fields::silence(Some(hash), &model) != Verdict::TakeFile && model.json.is_some()
        };
        last.fields.iter().any(changed)
    }
}
