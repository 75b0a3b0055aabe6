//! What a file says of an item that the model has: three sides, field by field.

use std::sync::Arc;

use serde_json::{Value as Json, json};

use super::answers::{Answer, Side};
use super::baseline::digest;
use super::fields::{self, Comparable, Verdict};
use super::kept::Kept;
use super::operations::{Draft, update};
use super::proposing::{Importer, Values};
use super::report::{Change, ChangeKind, Conflict, FieldChange, Matched, MatchedBy};
use super::speaking::Spoken;
use crate::domain::element::{Item, Model};
use crate::domain::metamodel::{AttributeDefinition, Kind, Naming};
use crate::interchange::ReadItem;
use crate::interchange::ledgers::cells::spelling::name_key;

/// What is merged of an item.
struct Merged {
    set: Values,
    changes: Vec<FieldChange>,
    kept: Kept,
}

impl Importer<'_> {
    /// Drafts the update of an item that the model has; answers with what is to be kept as said.
    pub(super) fn known_item(
        &mut self,
        source: usize,
        item: &ReadItem,
        id: &Arc<str>,
        matched: Matched,
        draft: &mut Draft,
    ) -> Kept {
        let snapshot = self.snapshot;
        let baseline = &self.baselines[source];
        // An item that was found by its name may have been known by another id of the source.
        let renumbered = || baseline.of_item(id);
        let last = item.source_id.as_ref().and_then(|key| baseline.items.get(key.as_str())).or_else(renumbered);
        let last = last.map(|said| said.fields.kept()).unwrap_or_default();
        let Some(held) = snapshot.item(id) else { return last };
        let kind = snapshot.metamodel().kind(held.kind());
        let mut merged = Merged { set: Values::new(), changes: Vec::new(), kept: last };
        self.own_name(item, held, kind, &matched, &mut merged);
        for (name, statement) in &item.fields {
            let Some(definition) = self.definition(kind, name, item) else { continue };
            let model = Comparable::of_model(snapshot, held, definition);
            let spoken = self.spoken(source, item, definition, statement, &model);
            self.field(item, held, definition, &model, spoken, &mut merged);
        }
        if item.complete {
            let silent = kind.attributes.iter().filter(|definition| item.field(&definition.text).is_none());
            for definition in silent {
                let model = Comparable::of_model(snapshot, held, definition);
                self.field(item, held, definition, &model, Spoken::Silent, &mut merged);
            }
        }
        if !merged.set.is_empty() {
            let operation = update(id, matches!(held, Item::Relationship(_)), merged.set);
            let change = Change {
                id: id.to_string(),
                kind: item.kind.clone(),
                name: self.name_of(id),
                change: ChangeKind::Update,
                matched: Some(matched),
                fields: merged.changes,
                place: item.place.clone(),
            };
            draft.push(&operation, change);
        }
        merged.kept
    }

    /// The name is a field like others, but another spelling of the same name is no other name.
    fn own_name(&mut self, item: &ReadItem, held: Item<'_>, kind: &Kind, matched: &Matched, merged: &mut Merged) {
        let Some(name) = &item.name else { return };
        let is_named = held.name().is_some_and(|name| !name.is_empty());
        if !(kind.has_own_name() || kind.is_relationship()) || (item.is_name_assumed && is_named) {
            return;
        }
        let file = Comparable { json: Some(json!(name)), is_reference: false };
        let model = Comparable { json: held.name().map(|name| json!(&**name)), is_reference: false };
        let same = held.name().is_some_and(|held| name_key(held) == name_key(name));
        let by_name = matches!(matched.by, MatchedBy::Name | MatchedBy::Answer);
        if (same && self.is_ledger) || by_name {
            merged.kept.insert(&self.name_field, file.hash());
            return;
        }
        let verdict = fields::merge(merged.kept.get("name"), &model, &file, true);
        let field = Arc::clone(&self.name_field);
        self.decide(item, held, &field, &model, &file, verdict, file.json.clone(), merged);
    }

    fn field(
        &mut self,
        item: &ReadItem,
        held: Item<'_>,
        definition: &AttributeDefinition,
        model: &Comparable,
        spoken: Spoken,
        merged: &mut Merged,
    ) {
        let name = &definition.text;
        let last = merged.kept.get(name);
        match spoken {
            Spoken::Nothing => {}
            Spoken::Silent => {
                if fields::silence(last, model) == Verdict::TakeFile {
                    merged.set.insert(name.to_string(), Json::Null);
                    merged.changes.push(FieldChange {
                        field: name.to_string(),
                        before: model.json.clone(),
                        after: None,
                    });
                }
                merged.kept.remove(name);
            }
            // What is undecided must not remove what is there.
            Spoken::Says { is_whole: false, .. } => {}
            Spoken::Says { value, .. } => {
                let kind = self.metamodel().kind(held.kind());
                let is_name = kind.naming == Naming::Attribute(definition.name);
                let text = |value: &Comparable| value.json.as_ref().and_then(Json::as_str).map(name_key);
                let same_name = is_name && self.is_ledger && text(&value) == text(model);
                let verdict = if same_name { Verdict::Same } else { fields::merge(last, model, &value, item.complete) };
                let whole = if item.complete { value.json.clone() } else { value.laid_over(model) };
                let written = fields::as_written(definition, whole.as_ref());
                self.decide(item, held, name, model, &value, verdict, Some(written), merged);
            }
        }
    }

    #[expect(clippy::too_many_arguments, reason = "the three sides of a field, and where they stand")]
    fn decide(
        &mut self,
        item: &ReadItem,
        held: Item<'_>,
        name: &Arc<str>,
        model: &Comparable,
        file: &Comparable,
        verdict: Verdict,
        written: Option<Json>,
        merged: &mut Merged,
    ) {
        let known = merged.kept.get(name).is_some();
        let verdict = if verdict == Verdict::Conflict {
            let conflict = Conflict {
                id: format!("c-{}", digest(format!("{}\n{name}\n{}", held.id(), file.hash()).as_bytes(), 8)),
                item: held.id().to_string(),
                name: self.name_of(held.id().as_str()),
                field: name.to_string(),
                model: model.json.clone(),
                file: file.json.clone(),
                known,
                place: item.place.clone(),
            };
            self.settled(conflict)
        } else {
            verdict
        };
        match verdict {
            Verdict::Conflict => return,
            Verdict::TakeFile => {
                let after = written.unwrap_or(Json::Null);
                merged.changes.push(FieldChange {
                    field: name.to_string(),
                    before: model.json.clone(),
                    after: file.json.clone(),
                });
                merged.set.insert(name.to_string(), after);
            }
            Verdict::Same | Verdict::KeepModel => {}
        }
        merged.kept.insert(name, file.hash());
    }

    /// A conflict that somebody settled is none; any other is listed.
    pub(super) fn settled(&mut self, conflict: Conflict) -> Verdict {
        let side = match self.answers.get(&conflict.id) {
            Some(Answer::Take(side)) => Some(*side),
            _ => self.options.conflicts,
        };
        match side {
            Some(Side::File) => Verdict::TakeFile,
            Some(Side::Model) => Verdict::KeepModel,
            None => {
                self.conflicts.push(conflict);
                Verdict::Conflict
            }
        }
    }
}
