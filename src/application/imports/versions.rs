//! A newer version of a model is often another model to its tool: a copy with a new id. What it holds gives it away.

use super::baseline::{Baseline, record_id, text};
use crate::domain::element::Model;
use crate::graph::Snapshot;
use crate::interchange::problem::{Problem, ProblemKind, Said};
use crate::interchange::{Format, Place, ReadModel};

/// Recognises an `ArchiMate` model as a version of one that was imported before: by its id, else because most of that
/// one's items are in it. Says so among the problems.
pub(super) fn recognise(snapshot: &Snapshot, model: &mut ReadModel, file: &str) {
    let is_archimate = matches!(model.format, Format::ArchimateExchange | Format::Archi | Format::CoArchi);
    if !is_archimate || snapshot.element(&record_id(&model.source)).is_some() {
        return;
    }
    let Some((key, title)) = most_alike(snapshot, model) else { return };
    let wrong = Said::new(
        format!("モデルの識別子は前回と違いますが、「{title}」とほとんど同じ要素があります"),
        format!("the model's identifier is new, but it holds most of what \"{title}\" held"),
    );
    let problem = Problem::new(ProblemKind::Assumed, "newer_version", Place::file(file), &model.title, wrong);
    model.problems.push(problem.assuming(
        format!("「{title}」の新しい版とみなし、前回の取込との違いを取り込みます"),
        format!("taken as a newer version of \"{title}\": what differs from the last import is imported"),
    ));
    model.source = key;
}

/// The key and the title of the source that shares more than half of its items with a model.
fn most_alike(snapshot: &Snapshot, model: &ReadModel) -> Option<(String, String)> {
    let kind = snapshot.metamodel().kind_named("import_source")?;
    let records: Vec<String> = snapshot.ids_of_kind(kind.id, None).map(ToString::to_string).collect();
    let shared = |record: &String| {
        let key = text(snapshot, record, "key").filter(|key| key.starts_with("archimate:"))?;
        let baseline = Baseline::load(snapshot, &key);
        let ids = model.items.iter().filter_map(|item| item.source_id);
        let count = ids.filter(|id| baseline.items.contains_key(id.as_str())).count();
        let title = snapshot.element(record)?.name.as_deref().unwrap_or_default().to_owned();
        (count * 2 > baseline.items.len()).then_some((count, key, title))
    };
    records.iter().filter_map(shared).max_by_key(|(count, ..)| *count).map(|(_, key, title)| (key, title))
}
