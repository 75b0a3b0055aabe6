//! What each item of a file changes.

use std::sync::Arc;

use rustc_hash::FxHashMap;
use serde_json::json;

use super::baseline::Said as LastSaid;
use super::fields::{self, Comparable};
use super::kept::{Hash, Kept};
use super::matching::Fate;
use super::operations::Draft;
use super::progress::{ImportStage, Progress, Steps};
use super::proposing::{Importer, SaidBySource, is_ledger};
use super::report::ChangeKind;
use super::speaking::Spoken;
use super::tally::Tally;
use crate::domain::change_set::{CreateElement, CreateRelationship, JsonObject, Operation};
use crate::domain::element::Model;
use crate::interchange::problem::{Problem, ProblemKind, Said};
use crate::interchange::{ReadItem, ReadModel};

impl Importer<'_> {
    /// Drafts the operations of all items and uses the items up; answers with what is to be kept as said.
    pub(super) fn draft(
        &mut self,
        models: &mut [ReadModel],
        fates: Vec<Vec<Fate>>,
        draft: &mut Draft,
        tally: &mut Tally,
        progress: &Progress<'_>,
    ) -> SaidBySource {
        let mut all = SaidBySource::new();
        for ((source, model), fates) in models.iter_mut().enumerate().zip(fates) {
            let mut said = FxHashMap::default();
            self.is_ledger = is_ledger(model);
            let items = std::mem::take(&mut model.items);
            let mut steps = Steps::new(ImportStage::Comparing, items.len(), progress);
            for (item, fate) in items.into_iter().zip(fates) {
                steps.step();
                tally.note(source, &item, &fate, &self.taken);
                let Some(id) = fate.id().cloned() else { continue };
                let fields = self.item(source, &item, &fate, draft);
                if let Some(key) = item.source_id {
                    let key = if *key == *id { Arc::clone(&id) } else { key.into() };
                    said.insert(key, LastSaid { id, fields: fields.shelved(&mut self.shapes) });
                }
            }
            all.push(said);
        }
        self.draft_named(draft);
        all
    }

    /// Items that are made because something names them.
    fn draft_named(&mut self, draft: &mut Draft) {
        for named in std::mem::take(&mut self.found.made) {
            let id = named.create.id.as_str().into();
            draft.push_created(&Operation::CreateElement(named.create), &id, ChangeKind::CreateNamed, &named.place);
        }
    }

    fn item(&mut self, source: usize, item: &ReadItem, fate: &Fate, draft: &mut Draft) -> Kept {
        match fate {
            Fate::Known(id, matched) if self.snapshot.item(id).is_some() => {
                self.known_item(source, item, id, *matched, draft)
            }
            // Another file of this import makes it: what that one does not say is added.
            Fate::Known(id, _) => self.joined_item(source, item, id, draft),
            Fate::New(id) => self.new_item(source, item, id, draft),
            Fate::Out => Kept::default(),
        }
    }

    fn new_item(&mut self, source: usize, item: &ReadItem, id: &Arc<str>, draft: &mut Draft) -> Kept {
        let (attributes, kept) = self.all_that_is_said(source, item);
        let Some(kind) = self.metamodel().kind_named(&item.kind) else { return kept };
        let name = item.name.clone().filter(|_| kind.has_own_name() || kind.is_relationship());
        let operation = match self.ends.remove(id) {
            Some((source, target)) => Operation::CreateRelationship(CreateRelationship {
                id: Some(id.to_string()),
                kind: item.kind.clone(),
                source: source.to_string(),
                target: target.to_string(),
                name,
                attributes,
            }),
            None => Operation::CreateElement(CreateElement {
                id: id.to_string(),
                kind: item.kind.clone(),
                name,
                attributes,
            }),
        };
        draft.push_created(&operation, id, ChangeKind::Create, &item.place);
        kept
    }

    fn joined_item(&mut self, source: usize, item: &ReadItem, id: &str, draft: &mut Draft) -> Kept {
        let (values, kept) = self.all_that_is_said(source, item);
        let Some((number, mut operation)) = draft.created(id) else { return kept };
        let (Operation::CreateElement(CreateElement { attributes, .. })
        | Operation::CreateRelationship(CreateRelationship { attributes, .. })) = &mut operation
        else {
            return kept;
        };
        for (name, value) in values {
            let held = attributes.entry(name.clone()).or_insert_with(|| value.clone());
            if *held != value {
                let wrong = Said::new(
                    format!("先のファイルと{name}が異なります"),
                    format!("an earlier file says something else of {name}"),
                );
                let problem = Problem::new(ProblemKind::Assumed, "files_differ", item.place.clone(), id, wrong);
                self.problems.push(problem.assuming("先のファイルを採りました", "the earlier file was taken"));
            }
        }
        draft.replace(number, operation);
        kept
    }

    fn all_that_is_said(&mut self, source: usize, item: &ReadItem) -> (JsonObject, Kept) {
        let (mut values, mut kept) = (JsonObject::with_capacity(item.fields.len()), Kept::default());
        let Some(kind) = self.metamodel().kind_named(&item.kind) else { return (values, kept) };
        if let Some(name) = &item.name {
            kept.insert(&self.name_field, Hash::of(&json!(name)));
        }
        for (name, statement) in &item.fields {
            let Some(definition) = self.definition(kind, name, item) else { continue };
            let nothing = Comparable::absent(definition.reference().is_some());
            let spoken = self.spoken(source, item, definition, statement, &nothing);
            let Spoken::Says { value, is_whole } = spoken else { continue };
            if is_whole {
                kept.insert(&definition.text, value.hash());
            }
            if value.json.is_some() {
                values.insert(name.clone(), fields::as_written(definition, value.json.as_ref()));
            }
        }
        values.sort_keys();
        (values, kept)
    }
}
