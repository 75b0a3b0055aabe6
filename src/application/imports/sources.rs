//! The records that an import leaves: where things came from, what was said, how columns and questions were decided.

use serde_json::{Value as Json, json};

use super::answers::Answers;
use super::baseline::{Baseline, record_id, text};
use super::proposing::{Importer, SaidBySource, Source};
use crate::domain::change_set::{CreateElement, JsonObject, Operation, Update};
use crate::domain::description::describe_attributes;
use crate::domain::element::{Item, Model};
use crate::domain::packed::Packed;
use crate::graph::Snapshot;
use crate::interchange::ReadModel;
use crate::interchange::json_text::escaped;
use crate::interchange::ledgers::Meaning;

use std::sync::Arc;

use rustc_hash::FxHashSet;

/// The answers that were given in earlier imports of a source.
pub(super) fn kept_answers(snapshot: &Snapshot, source: &str) -> Answers {
    let kept = text(snapshot, &record_id(source), "answers").unwrap_or_default();
    serde_json::from_str(&kept).unwrap_or_default()
}

/// The columns that somebody corrected in earlier imports, of all sources: kind, heading, meaning.
pub(super) fn kept_columns(snapshot: &Snapshot) -> Vec<(String, String, Meaning)> {
    let Some(kind) = snapshot.metamodel().kind_named("import_source") else { return Vec::new() };
    let records = snapshot.ids_of_kind(kind.id, None);
    let kept = records.filter_map(|id| text(snapshot, id.as_str(), "mapping"));
    kept.flat_map(|text| serde_json::from_str::<Vec<(String, String, Meaning)>>(&text).unwrap_or_default()).collect()
}

impl Importer<'_> {
    /// The operations that write down what this import says.
    pub(super) fn records(
        &mut self,
        models: &[ReadModel],
        said: SaidBySource,
        refused: &FxHashSet<Arc<str>>,
        digests: &[String],
    ) -> Packed<Operation> {
        let mut operations = Packed::new();
        for (source, baseline) in self.what_is_kept(models, said, refused) {
            let digest = digests.get(source.number).map_or("", String::as_str);
            let record = self.source_record(&source, &baseline, digest);
            operations.extend(self.upsert(&record_id(&source.model.source), record));
            for (id, statements) in baseline.into_written(&source.model.source) {
                let fields = JsonObject::from_iter([("statements".to_owned(), Json::String(statements))]);
                operations.extend(self.upsert(&id, ("import_part", source.model.title.clone(), fields)));
            }
        }
        operations
    }

    /// What is kept of each source; files that are versions of one source are kept as one.
    fn what_is_kept<'s>(
        &mut self,
        models: &'s [ReadModel],
        said: SaidBySource,
        refused: &FxHashSet<Arc<str>>,
    ) -> Vec<(Source<'s>, Baseline)> {
        let mut kept: Vec<(Source<'_>, Baseline)> = Vec::new();
        for ((number, model), said) in models.iter().enumerate().zip(said) {
            let source = Source { number, model };
            // The edits of a workbook that ezu wrote are all there is to say of it.
            if source.model.source.starts_with(super::baseline::WORKBOOK) {
                continue;
            }
            let mut said = said;
            said.retain(|_, said| !refused.contains(&said.id));
            if let Some((_, held)) = kept.iter_mut().find(|(held, _)| held.model.source == source.model.source) {
                held.items.extend(said);
                continue;
            }
            let mut baseline = std::mem::take(&mut self.baselines[source.number]);
            if baseline.items.is_empty() {
                baseline.items = said;
            } else {
                baseline.items.extend(said);
            }
            if !baseline.items.is_empty() {
                kept.push((source, baseline));
            }
        }
        kept
    }

    fn source_record(
        &self,
        source: &Source<'_>,
        baseline: &Baseline,
        digest: &str,
    ) -> (&'static str, String, JsonObject) {
        let model = source.model;
        let mut fields = JsonObject::from_iter([
            ("key".to_owned(), json!(escaped(&model.source))),
            ("format".to_owned(), json!(model.format.word())),
            ("digest".to_owned(), json!(digest)),
            ("parts".to_owned(), json!(baseline.part_count())),
        ]);
        // The same file under another name says nothing new.
        let id = record_id(&model.source);
        let is_same = text(self.snapshot, &id, "digest").as_deref() == Some(digest);
        let name = match self.snapshot.element(&id).and_then(|held| held.name.clone()) {
            Some(name) if is_same => name.to_string(),
            _ => {
                fields.insert("files".to_owned(), json!([model.title]));
                model.title.clone()
            }
        };
        if let Some(version) = &model.version {
            fields.insert("version".to_owned(), json!(escaped(version)));
        }
        let answers = if self.answers.is_empty() { None } else { serde_json::to_string(&self.answers).ok() };
        let columns = Self::columns(source);
        let columns = if columns.is_empty() { None } else { serde_json::to_string(&columns).ok() };
        fields.extend(answers.map(|text| ("answers".to_owned(), json!(escaped(&text)))));
        fields.extend(columns.map(|text| ("mapping".to_owned(), json!(escaped(&text)))));
        ("import_source", name, fields)
    }

    /// Columns that somebody chose now, and those that were kept of this source before.
    fn columns(source: &Source<'_>) -> Vec<(String, String, Meaning)> {
        use crate::interchange::ledgers::KnownFrom;
        let mut columns = Vec::new();
        for table in &source.model.tables {
            let Some(kind) = &table.kind else { continue };
            for column in &table.columns {
                let chosen = matches!(column.known_from, KnownFrom::Choice | KnownFrom::Memory);
                if let Some(meaning) = column.meaning.as_ref().filter(|_| chosen) {
                    columns.push((kind.clone(), column.heading.clone(), meaning.clone()));
                }
            }
        }
        columns
    }

    fn upsert(&self, id: &str, (kind, name, fields): (&str, String, JsonObject)) -> Option<Operation> {
        let Some(held) = self.snapshot.element(id) else {
            let create =
                CreateElement { id: id.to_owned(), kind: kind.to_owned(), name: Some(name), attributes: fields };
            return Some(Operation::CreateElement(create));
        };
        let described = describe_attributes(self.snapshot, Item::Element(held));
        let mut set: JsonObject = fields.into_iter().filter(|(key, value)| described.get(key) != Some(value)).collect();
        if held.name.as_deref() != Some(name.as_str()) && kind == "import_source" {
            set.insert("name".to_owned(), name.into());
        }
        let update = Update { id: id.to_owned(), set, unset: Vec::new() };
        (!update.set.is_empty()).then_some(Operation::UpdateElement(update))
    }
}
