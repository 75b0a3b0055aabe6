//! What a statement of a file comes to once its references are known.

use std::sync::Arc;

use serde_json::{Map, Value as Json, json};

use super::answers::Answer;
use super::fields::Comparable;
use super::proposing::Importer;
use super::questions::{Candidate, Question, QuestionKind};
use super::references::Resolved;
use crate::domain::metamodel::{AttributeDefinition, AttributeType, Kind, ReferenceDefinition};
use crate::interchange::json_text::json_text;
use crate::interchange::problem::{Problem, ProblemKind, Said};
use crate::interchange::{ReadItem, Reference, Statement, Target};

/// What a statement comes to once its references are known.
pub(super) enum Spoken {
    /// This; `is_whole` when nothing of it is undecided.
    Says { value: Comparable, is_whole: bool },
    /// Nothing now; what the last import gave goes.
    Silent,
    /// Nothing that changes anything.
    Nothing,
}

impl Importer<'_> {
    /// What a statement about an attribute comes to, beside what the model holds.
    pub(super) fn spoken(
        &mut self,
        source: usize,
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
        source: usize,
        definition: &AttributeDefinition,
        reference: &ReferenceDefinition,
        all: &[Reference],
    ) -> Spoken {
        let kinds = self.kinds_of(&reference.targets);
        let (mut entries, mut is_whole) = (Vec::new(), true);
        for one in all {
            let found = if reference.many {
                self.resolve_several(source, &one.target, &kinds, &definition.text, &one.place)
            } else {
                vec![self.resolve(source, &one.target, &kinds, &definition.text, &one.place)]
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
        source: usize,
        item: &ReadItem,
        definition: &AttributeDefinition,
        json: &Json,
        ids: &[String],
    ) -> Json {
        let is_fragment = matches!(definition.value_type, AttributeType::SourceFragment);
        let parsed = json.as_str().filter(|_| is_fragment).and_then(|text| serde_json::from_str(text).ok());
        let mut json: Json = parsed.unwrap_or_else(|| json.clone());
        for pointer in ids {
            let Some(held) = json.pointer_mut(pointer) else { continue };
            let Some(id) = held.as_str().map(str::to_owned) else { continue };
            let target = Target::Source(id);
            if let Resolved::Id(id) = self.resolve(source, &target, &[], &definition.text, &item.place) {
                *held = Json::String(id.to_string());
            }
        }
        if is_fragment && !json.is_string() { Json::String(json_text(&json)) } else { json }
    }

    /// The attribute that a file speaks of; told when there is none.
    pub(super) fn definition<'k>(
        &mut self,
        kind: &'k Kind,
        name: &str,
        item: &ReadItem,
    ) -> Option<&'k AttributeDefinition> {
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
}

fn entry(reference: &Reference, target: Arc<str>) -> Map<String, Json> {
    let mut entry = reference.attributes.clone();
    entry.insert("target".to_owned(), Json::String(target.to_string()));
    if let Some(id) = &reference.id {
        entry.insert("id".to_owned(), Json::String(id.clone()));
    }
    entry
}
