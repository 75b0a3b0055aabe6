//! What each item of a file changes.

use rustc_hash::FxHashMap;
use serde_json::{Map, Value as Json, json};

use super::answers::{Answer, Side};
use super::baseline::{Said as LastSaid, digest};
use super::fields::{self, Comparable, Verdict};
use super::matching::Fate;
use super::operations::{Draft, update};
use super::proposing::{Importer, SaidBySource, Source, Values};
use super::questions::{Candidate, Question, QuestionKind};
use super::references::{Resolved, kinds_of};
use super::report::{Change, ChangeKind, Conflict, FieldChange, Matched};
use crate::domain::change_set::{CreateElement, CreateRelationship, JsonObject, Operation};
use crate::domain::element::{Item, Model};
use crate::domain::metamodel::{AttributeDefinition, AttributeType, Kind, Naming, ReferenceDefinition};
use crate::interchange::json_text::json_text;
use crate::interchange::ledgers::cells::spelling::name_key;
use crate::interchange::problem::{Problem, ProblemKind, Said};
use crate::interchange::{ReadItem, Reference, Statement};

/// By field, the hash of what was said.
type Kept = std::collections::BTreeMap<String, String>;

/// What a statement comes to once its references are known.
enum Spoken {
    /// This; `is_whole` when nothing of it is undecided.
    Says { value: Comparable, is_whole: bool },
    /// Nothing now; what the last import gave goes.
    Silent,
    /// Nothing that changes anything.
    Nothing,
}

impl Importer<'_> {
    /// Drafts the operations of all items; answers with what is to be kept as said.
    pub(super) fn draft(&mut self, sources: &[Source<'_>], fates: &[Vec<Fate>], draft: &mut Draft) -> SaidBySource {
        let mut all = SaidBySource::new();
        for source in sources {
            let mut said = FxHashMap::default();
            self.is_ledger = source.is_ledger();
            for (item, fate) in source.model.items.iter().zip(&fates[source.number]) {
                let Some(id) = fate.id() else { continue };
                let kept = self.item(source, item, fate, draft);
                if let Some(key) = &item.source_id {
                    said.insert(key.clone(), LastSaid { id: id.to_owned(), fields: kept });
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
            let change = Change {
                id: named.create.id.clone(),
                kind: named.create.kind.clone(),
                name: named.name,
                change: ChangeKind::CreateNamed,
                matched: None,
                fields: Vec::new(),
                place: named.place,
            };
            draft.push(Operation::CreateElement(named.create), change);
        }
    }

    fn item(&mut self, source: &Source<'_>, item: &ReadItem, fate: &Fate, draft: &mut Draft) -> Kept {
        match fate {
            Fate::Known(id, matched) if self.snapshot.item(id).is_some() => {
                self.known_item(source, item, id, *matched, draft)
            }
            // Another file of this import makes it: what that one does not say is added.
            Fate::Known(id, _) => self.joined_item(source, item, id, draft),
            Fate::New(id) => self.new_item(source, item, id, draft),
            Fate::Out => Kept::new(),
        }
    }

    fn new_item(&mut self, source: &Source<'_>, item: &ReadItem, id: &str, draft: &mut Draft) -> Kept {
        let (values, kept) = self.all_that_is_said(source, item);
        let Some(kind) = self.metamodel().kind_named(&item.kind) else { return kept };
        let attributes: JsonObject = values.iter().map(|(name, value)| (name.clone(), value.clone())).collect();
        let name = item.name.clone().filter(|_| kind.has_own_name() || kind.is_relationship());
        let operation = match self.ends.get(id) {
            Some((from, to)) => Operation::CreateRelationship(CreateRelationship {
                id: Some(id.to_owned()),
                kind: item.kind.clone(),
                source: from.clone(),
                target: to.clone(),
                name: name.clone(),
                attributes,
            }),
            None => Operation::CreateElement(CreateElement {
                id: id.to_owned(),
                kind: item.kind.clone(),
                name: name.clone(),
                attributes,
            }),
        };
        let fields = values.into_iter().map(|(field, after)| FieldChange { field, before: None, after: Some(after) });
        let shown = self.item_name(item, kind).or(name).unwrap_or_else(|| id.to_owned());
        let change = Self::change(id, item, shown, ChangeKind::Create, None, fields.collect());
        draft.push(operation, change);
        kept
    }

    fn joined_item(&mut self, source: &Source<'_>, item: &ReadItem, id: &str, draft: &mut Draft) -> Kept {
        let (values, kept) = self.all_that_is_said(source, item);
        let Some((_, attributes)) = draft.created(id) else { return kept };
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
        kept
    }

    fn all_that_is_said(&mut self, source: &Source<'_>, item: &ReadItem) -> (Values, Kept) {
        let (mut values, mut kept) = (Values::new(), Kept::new());
        let Some(kind) = self.metamodel().kind_named(&item.kind) else { return (values, kept) };
        if let Some(name) = &item.name {
            kept.insert("name".to_owned(), super::baseline::hash(&json!(name)));
        }
        for (name, statement) in &item.fields {
            let Some(definition) = self.definition(kind, name, item) else { continue };
            let nothing = Comparable::absent(definition.reference().is_some());
            let spoken = self.spoken(source, item, definition, statement, &nothing);
            let Spoken::Says { value, is_whole } = spoken else { continue };
            if is_whole {
                kept.insert(name.clone(), value.hash());
            }
            if value.json.is_some() {
                values.insert(name.clone(), fields::as_written(definition, value.json.as_ref()));
            }
        }
        (values, kept)
    }

    fn definition<'k>(&mut self, kind: &'k Kind, name: &str, item: &ReadItem) -> Option<&'k AttributeDefinition> {
        let found = kind.attribute_named(name);
        if found.is_none() {
            let wrong = Said::new(
                format!("種類「{}」に項目「{name}」はありません", kind.name),
                format!("{} has no attribute {name:?}{}", kind.name, kind.attribute_hint(name)),
            );
            self.problems.push(Problem::new(
                ProblemKind::Refused,
                "unknown_attribute",
                item.place.clone(),
                name,
                wrong,
            ));
        }
        found
    }

    fn known_item(
        &mut self,
        source: &Source<'_>,
        item: &ReadItem,
        id: &str,
        matched: Matched,
        draft: &mut Draft,
    ) -> Kept {
        let snapshot = self.snapshot;
        let baseline = &self.baselines[source.number];
        // An item that was found by its name may have been known by another id of the source.
        let renumbered = || baseline.items.values().find(|last| last.id == id);
        let last = item.source_id.as_ref().and_then(|key| baseline.items.get(key)).or_else(renumbered).cloned();
        let last = last.map(|said| said.fields).unwrap_or_default();
        let Some(held) = snapshot.item(id) else { return last };
        let kind = snapshot.metamodel().kind(held.kind());
        let mut merged = Merged { set: Values::new(), changes: Vec::new(), kept: last.clone() };
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
            let change = Self::change(id, item, self.name_of(id), ChangeKind::Update, Some(matched), merged.changes);
            draft.push(operation, change);
        }
        merged.kept
    }

    fn change(
        id: &str,
        item: &ReadItem,
        name: String,
        change: ChangeKind,
        matched: Option<Matched>,
        fields: Vec<FieldChange>,
    ) -> Change {
        Change { id: id.to_owned(), kind: item.kind.clone(), name, change, matched, fields, place: item.place.clone() }
    }

    /// The name is a field like others, but another spelling of the same name is no other name.
    fn own_name(&mut self, item: &ReadItem, held: Item<'_>, kind: &Kind, matched: &Matched, merged: &mut Merged) {
        let Some(name) = &item.name else { return };
        if !(kind.has_own_name() || kind.is_relationship()) {
            return;
        }
        let file = Comparable { json: Some(json!(name)), is_reference: false };
        let model = Comparable { json: held.name().map(|name| json!(&**name)), is_reference: false };
        let same = held.name().is_some_and(|held| name_key(held) == name_key(name));
        let by_name = matches!(matched.by, super::report::MatchedBy::Name | super::report::MatchedBy::Answer);
        if (same && self.is_ledger) || by_name {
            merged.kept.insert("name".to_owned(), file.hash());
            return;
        }
        let last = merged.kept.get("name").cloned();
        let verdict = fields::merge(last.as_deref(), &model, &file, true);
        self.decide(item, held, "name", &model, &file, verdict, file.json.clone(), merged);
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
        let name = &*definition.text;
        let last = merged.kept.get(name).cloned();
        match spoken {
            Spoken::Nothing => {}
            Spoken::Silent => {
                if fields::silence(last.as_deref(), model) == Verdict::TakeFile {
                    merged.set.insert(name.to_owned(), Json::Null);
                    merged.changes.push(FieldChange {
                        field: name.to_owned(),
                        before: model.json.clone(),
                        after: None,
                    });
                }
                merged.kept.remove(name);
            }
            Spoken::Says { value, is_whole: false } => {
                // What is undecided must not remove what is there.
                let _ = value;
            }
            Spoken::Says { value, .. } => {
                let kind = self.metamodel().kind(held.kind());
                let is_name = kind.naming == Naming::Attribute(definition.name);
                let text = |value: &Comparable| value.json.as_ref().and_then(Json::as_str).map(name_key);
                let same_name = is_name && self.is_ledger && text(&value) == text(model);
                let verdict = if same_name {
                    Verdict::Same
                } else {
                    fields::merge(last.as_deref(), model, &value, item.complete)
                };
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
        name: &str,
        model: &Comparable,
        file: &Comparable,
        verdict: Verdict,
        written: Option<Json>,
        merged: &mut Merged,
    ) {
        let known = merged.kept.contains_key(name);
        let verdict = if verdict == Verdict::Conflict {
            let conflict = Conflict {
                id: format!("c-{}", digest(format!("{}\n{name}\n{}", held.id(), file.hash()).as_bytes(), 8)),
                item: held.id().to_string(),
                name: self.name_of(held.id().as_str()),
                field: name.to_owned(),
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
                    field: name.to_owned(),
                    before: model.json.clone(),
                    after: file.json.clone(),
                });
                merged.set.insert(name.to_owned(), after);
            }
            Verdict::Same | Verdict::KeepModel => {}
        }
        merged.kept.insert(name.to_owned(), file.hash());
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

    fn spoken(
        &mut self,
        source: &Source<'_>,
        item: &ReadItem,
        definition: &AttributeDefinition,
        statement: &Statement,
        model: &Comparable,
    ) -> Spoken {
        let is_reference = definition.reference().is_some();
        match statement {
            Statement::Blank => Spoken::Silent,
            Statement::Unknown => {
                self.unknown(item, definition, model);
                Spoken::Nothing
            }
            Statement::None => Spoken::Says { value: Comparable::absent(is_reference), is_whole: true },
            Statement::Value(json) => self.value(item, definition, json),
            Statement::Embedded { json, ids } => {
                let json = self.with_ids(source, item, definition, json, ids);
                self.value(item, definition, &json)
            }
            Statement::Unclear { text, among } => self.unclear(item, definition, text, among, model),
            Statement::References(all) => match &definition.value_type {
                AttributeType::Reference(reference) => self.references(source, definition, reference, all),
                _ => Spoken::Nothing,
            },
        }
    }

    fn value(&mut self, item: &ReadItem, definition: &AttributeDefinition, json: &Json) -> Spoken {
        match Comparable::of_file(definition, json) {
            Ok(value) => Spoken::Says { value, is_whole: true },
            Err(message) => {
                let name = &definition.text;
                let wrong = Said::new(format!("{name}に入れられない値です: {message}"), format!("{name}: {message}"));
                let text = json.to_string();
                let problem = Problem::new(ProblemKind::Question, "invalid_value", item.place.clone(), &text, wrong);
                self.problems.push(problem.assuming("この欄は取り込みません", "the value is not imported"));
                Spoken::Nothing
            }
        }
    }

    fn unknown(&mut self, item: &ReadItem, definition: &AttributeDefinition, model: &Comparable) {
        let label = definition.label.get("ja");
        let wrong = Said::new(
            format!("{label}が不明と書かれています"),
            format!("{} is said to be unknown", definition.label.get("en")),
        );
        let problem = Problem::new(ProblemKind::Assumed, "unknown", item.place.clone(), "", wrong);
        let (ja, en) = if model.json.is_some() {
            ("モデルの値をそのままにしました", "what the model holds was kept")
        } else {
            ("未記入のままにしました（「なし」とはしていません）", "it was left open, and not taken for \"none\"")
        };
        self.problems.push(problem.assuming(ja, en));
    }

    fn unclear(
        &mut self,
        item: &ReadItem,
        definition: &AttributeDefinition,
        text: &str,
        among: &[Json],
        model: &Comparable,
    ) -> Spoken {
        let fits = model.json.as_ref().is_some_and(|held| among.is_empty() || among.contains(held));
        let name = self.item_name_or_place(item);
        let question = Self::which_value(&name, item, definition, text, among);
        match self.answers.get(&question.id).cloned() {
            Some(Answer::Value(json)) => return self.value(item, definition, &json),
            Some(Answer::Use(id)) => {
                return self.value(
                    item,
                    definition,
                    &if definition.reference().is_some_and(|r| r.many) { json!([id]) } else { json!(id) },
                );
            }
            Some(_) => return Spoken::Nothing,
            None => {}
        }
        if !fits {
            self.questions.ask(question, &item.place);
        }
        Spoken::Nothing
    }

    fn item_name_or_place(&self, item: &ReadItem) -> String {
        let kind = self.metamodel().kind_named(&item.kind);
        kind.and_then(|kind| self.item_name(item, kind)).or_else(|| item.id.clone()).unwrap_or_default()
    }

    fn which_value(
        name: &str,
        item: &ReadItem,
        definition: &AttributeDefinition,
        text: &str,
        among: &[Json],
    ) -> Question {
        let label = |json: &Json| {
            let code = json.as_str().map_or_else(|| json.to_string(), str::to_owned);
            let shown = definition.enumeration().map(|codes| codes.label(&code, "ja").to_owned());
            Candidate { name: shown.unwrap_or_else(|| code.clone()), id: code, confidence: 0.5 }
        };
        let key = item.source_id.as_deref().unwrap_or(name);
        let (ja, en) = (definition.label.get("ja"), definition.label.get("en"));
        Question {
            id: Question::id_of(QuestionKind::WhichValue, &[&item.kind, key, &definition.text, text]),
            kind: QuestionKind::WhichValue,
            text: text.to_owned(),
            kinds: vec![item.kind.clone()],
            attribute: Some(definition.text.to_string()),
            candidates: among.iter().map(label).collect(),
            sentence: Said::new(
                format!("「{name}」の{ja}は「{text}」と書かれています。どれですか。"),
                format!("{name}: {en} is given as \"{text}\". Which one is it?"),
            ),
            places: Vec::new(),
            count: 0,
        }
    }

    fn references(
        &mut self,
        source: &Source<'_>,
        definition: &AttributeDefinition,
        reference: &ReferenceDefinition,
        all: &[Reference],
    ) -> Spoken {
        let kinds = kinds_of(self.metamodel(), &reference.targets);
        let (mut entries, mut is_whole) = (Vec::new(), true);
        for one in all {
            let found = if reference.many {
                self.resolve_several(source.number, &one.target, &kinds, &definition.text, &one.place)
            } else {
                vec![self.resolve(source.number, &one.target, &kinds, &definition.text, &one.place)]
            };
            for resolved in found {
                match resolved {
                    Resolved::Id(id) => entries.push(entry(one, id)),
                    Resolved::Undecided => is_whole = false,
                    Resolved::LeftOut => {}
                }
            }
        }
        Spoken::Says { value: Comparable::of_entries(entries), is_whole }
    }

    /// A value in which ids of the source are replaced by ids of the model.
    fn with_ids(
        &mut self,
        source: &Source<'_>,
        item: &ReadItem,
        definition: &AttributeDefinition,
        json: &Json,
        ids: &[String],
    ) -> Json {
        let mut json = json.clone();
        for pointer in ids {
            let Some(held) = json.pointer_mut(pointer) else { continue };
            let Some(id) = held.as_str().map(str::to_owned) else { continue };
            let target = crate::interchange::Target::Source(id);
            if let Resolved::Id(id) = self.resolve(source.number, &target, &[], &definition.text, &item.place) {
                *held = Json::String(id);
            }
        }
        let is_fragment = matches!(definition.value_type, AttributeType::SourceFragment);
        if is_fragment && !json.is_string() { Json::String(json_text(&json)) } else { json }
    }
}

/// What is merged of an item.
pub(super) struct Merged {
    set: Values,
    changes: Vec<FieldChange>,
    kept: Kept,
}

fn entry(reference: &Reference, target: String) -> Map<String, Json> {
    let mut entry = reference.attributes.clone();
    entry.insert("target".to_owned(), Json::String(target));
    if let Some(id) = &reference.id {
        entry.insert("id".to_owned(), Json::String(id.clone()));
    }
    entry
}
