//! From a question as it is written to one that ezu keeps.

use std::sync::Arc;

use serde_json::Value as Json;

use super::question::{
    Call, Column, DiagramTemplate, Parameter, ParameterType, Question, QuestionQuery, Reading, Sentence, Sentences,
};
use super::text::{AnswerText, CallText, ColumnText, ParameterText, QuestionText, ReadingText, SentenceText, Texts};
use super::variables;
use crate::analyses::findings::{Catalogue, Condition, Need, ReadPath};
use crate::analyses::structure::{QUESTIONS, question};
use crate::domain::metamodel::{AttributeName, KindId, Metamodel};
use crate::domain::{Localized, nearest};
use crate::query::Parsed;
use crate::query::over_view::ViewCatalog;
use crate::query::plan::UnknownStatistics;
use crate::query::syntax::SyntaxLimits;

/// How many rows are put into a sentence each, when nothing is said.
const MOST_SAID: usize = 5;

/// What questions are read against.
pub(super) struct Reader<'m> {
    pub(super) metamodel: &'m Metamodel,
    pub(super) names: Arc<ViewCatalog>,
    pub(super) rules: &'m Catalogue,
}

impl Reader<'_> {
    /// A question that can be asked under the metamodel, or that says why it cannot.
    pub(super) fn question(&self, text: QuestionText) -> Result<Question, String> {
        let parameters = text.parameters.iter().map(|held| self.parameter(held)).collect::<Result<Vec<_>, _>>()?;
        let call = self.call(&text.call)?;
        let question = Question {
            id: text.id.as_str().into(),
            group: text.group.as_str().into(),
            ask: localized(&text.ask),
            parameters,
            columns: self.columns(&text, &call)?,
            call,
            sentences: sentences(text.answer),
            reads: text.reads.iter().map(|held| self.reading(held)).collect::<Result<Vec<_>, _>>()?,
            diagram: text.diagram.map(diagram).transpose()?,
            next: text.next.iter().map(|id| id.as_str().into()).collect(),
            unusable: None,
        };
        self.check(&question)?;
        variables::check(&question)?;
        Ok(question)
    }

    fn parameter(&self, text: &ParameterText) -> Result<Parameter, String> {
        let accepts = match (&text.kind, text.integer, &text.choice, text.text) {
            (Some(kind), None, None, false) => ParameterType::Item(self.kind(kind)?),
            (None, Some((least, most)), None, false) => ParameterType::Integer(least, most),
            (None, None, Some(path), false) => {
                let (kind, attribute) = self.attribute(path)?;
                ParameterType::Code(kind, attribute)
            }
            (None, None, None, true) => ParameterType::Text,
            _ => return Err(format!("the parameter \"{}\" is one of kind, integer, choice, text", text.name)),
        };
        let (name, label) = (text.name.as_str().into(), localized(&text.label));
        Ok(Parameter { name, label, accepts, default: text.default.clone() })
    }

    fn kind(&self, name: &str) -> Result<KindId, String> {
        let kind = self.metamodel.kind_named(name).map(|kind| kind.id);
        kind.ok_or_else(|| format!("the metamodel has no kind \"{name}\"{}", self.metamodel.kind_hint(name)))
    }

    /// `kind.attribute`.
    fn attribute(&self, text: &str) -> Result<(KindId, AttributeName), String> {
        let (kind, attribute) =
            text.split_once('.').ok_or_else(|| format!("\"{text}\" is not of the form kind.attribute"))?;
        let kind = self.kind(kind)?;
        let definition = self.metamodel.kind(kind).attribute_named(attribute);
        definition.map(|held| (kind, held.name)).ok_or_else(|| format!("\"{text}\" is no attribute"))
    }

    fn call(&self, text: &CallText) -> Result<Call, String> {
        match (&text.query, &text.impact, &text.findings, &text.paths, &text.upstream, &text.structure) {
            (Some(query), None, None, None, None, None) => Ok(Call::Query(self.query(query)?)),
            (None, Some(json), None, None, None, None) => Ok(Call::Impact(json.clone())),
            (None, None, Some(json), None, None, None) => self.check_rules(json).map(|()| Call::Findings(json.clone())),
            (None, None, None, Some(json), None, None) => Ok(Call::Paths(json.clone())),
            (None, None, None, None, Some(json), None) => Ok(Call::Upstream(json.clone())),
            (None, None, None, None, None, Some(json)) => check_structure(json).map(|()| Call::Structure(json.clone())),
            _ => Err("\"call\" is one of query, impact, findings, paths, upstream, structure".to_owned()),
        }
    }

    fn check_rules(&self, json: &Json) -> Result<(), String> {
        let words = |name: &str| {
            let list = json.get(name).and_then(Json::as_array);
            list.into_iter().flatten().filter_map(Json::as_str).map(str::to_owned).collect::<Vec<_>>()
        };
        if let Some(unknown) = words("rules").iter().find(|id| self.rules.rule(id).is_none()) {
            return Err(format!("there is no rule \"{unknown}\""));
        }
        let known = self.rules.sets();
        match words("sets").iter().find(|set| !known.iter().any(|held| ***held == ***set)) {
            Some(unknown) => Err(format!("there is no set of rules \"{unknown}\"")),
            None => Ok(()),
        }
    }

    pub(super) fn query(&self, text: &str) -> Result<QuestionQuery, String> {
        let parsed = Parsed::read(text, &SyntaxLimits::default()).map_err(|error| error.with_excerpt(text))?;
        Ok(QuestionQuery { text: text.into(), parsed, names: Arc::clone(&self.names) })
    }

    fn columns(&self, text: &QuestionText, call: &Call) -> Result<Vec<(Arc<str>, Column)>, String> {
        let read = |(key, json): (&String, &Json)| {
            let column: ColumnText =
                serde_json::from_value(json.clone()).map_err(|error| format!("the column \"{key}\": {error}"))?;
            let codes = column.codes.as_deref().map(|path| self.attribute(path)).transpose()?;
            Ok((key.as_str().into(), Column { label: Localized::ja_en(&column.ja, &column.en), codes }))
        };
        if !matches!(call, Call::Query(_)) && !text.columns.is_empty() {
            return Err(format!("the columns of \"{}\" are its own; leave \"columns\" out", call.name()));
        }
        text.columns.iter().map(read).collect()
    }

    pub(super) fn reading(&self, text: &ReadingText) -> Result<Reading, String> {
        let kinds = self.metamodel.descendants(self.kind(&text.of)?);
        let parse = |path: &str| ReadPath::parse(self.metamodel, &kinds, path).map_err(|error| error.to_string());
        let when = text.when.iter().map(|(path, values)| Ok(Condition { path: parse(path)?, values: values.clone() }));
        let needs = text.needs.iter().map(|path| Need::parse(self.metamodel, &kinds, path));
        Ok(Reading {
            of: text.of.as_str().into(),
            among: text.among.as_deref().map(|query| self.query(query)).transpose()?,
            when: when.collect::<Result<Vec<_>, String>>()?,
            needs: needs.collect::<Result<Vec<_>, _>>().map_err(|error| error.to_string())?,
            kinds,
        })
    }

    /// Binds the names of the queries, without which the question cannot be asked.
    fn check(&self, question: &Question) -> Result<(), String> {
        if let Call::Query(query) = &question.call {
            check_columns(question, &self.columns_of(question, query)?)?;
        }
        let among = question.reads.iter().filter_map(|reading| reading.among.as_ref());
        among.into_iter().try_for_each(|query| self.columns_of(question, query).map(drop))
    }

    /// The columns of a query, all of whose names mean something.
    fn columns_of(&self, question: &Question, query: &QuestionQuery) -> Result<Arc<[Arc<str>]>, String> {
        let prepared = query.parsed.prepare(&*query.names, &UnknownStatistics);
        let prepared = prepared.map_err(|error| error.with_excerpt(&query.text))?;
        let is_known = |name: &str| {
            let is_chosen = question.parameters.iter().any(|held| *held.name == *name);
            name == "today" || is_chosen || self.rules.terms().knows(name)
        };
        match prepared.parameters().iter().find(|name| !is_known(name)) {
            Some(unknown) => Err(format!("nothing says what ${unknown} is in the query")),
            None => Ok(Arc::clone(prepared.columns())),
        }
    }
}

/// Whether the question about structure exists and takes these parameters.
fn check_structure(json: &Json) -> Result<(), String> {
    let name = json.get("question").and_then(Json::as_str).unwrap_or_default();
    let hint = || nearest::hint(name, QUESTIONS.iter().map(|held| held.name));
    let found = question(name).ok_or_else(|| format!("there is no question about structure \"{name}\"{}", hint()))?;
    let given = json.get("parameters").and_then(Json::as_object).into_iter().flatten();
    match given.map(|(key, _)| key).find(|key| !found.parameters.iter().any(|(held, _)| held == key)) {
        Some(unknown) => Err(format!("\"{name}\" takes no parameter \"{unknown}\"")),
        None => Ok(()),
    }
}

fn check_columns(question: &Question, columns: &[Arc<str>]) -> Result<(), String> {
    let named: Vec<&str> = question.columns.iter().map(|(key, _)| &**key).collect();
    let made: Vec<&str> = columns.iter().map(|key| &**key).collect();
    if named == made {
        return Ok(());
    }
    Err(format!("\"columns\" names {}, but the query returns {}", named.join(", "), made.join(", ")))
}

pub(super) fn localized(texts: &Texts) -> Localized {
    texts.iter().map(|(language, text)| (language.as_str(), text.as_str())).collect()
}

fn sentences(text: AnswerText) -> Sentences {
    let some = |texts: &Texts| Some(localized(texts)).filter(|held| !held.is_empty());
    let sentence = |held: SentenceText| Sentence { text: Localized::ja_en(&held.ja, &held.en), when: held.when };
    Sentences {
        found: some(&text.found),
        none: some(&text.none),
        supporting: text.supporting.into_iter().map(sentence).collect(),
        each: text.each.map(|held| (Localized::ja_en(&held.ja, &held.en), held.most.unwrap_or(MOST_SAID))),
    }
}

/// The pictures that there are.
const DIAGRAMS: [&str; 5] = ["neighbourhood", "systems", "layers", "department", "impact"];

fn diagram(mut parameters: std::collections::BTreeMap<String, String>) -> Result<DiagramTemplate, String> {
    let name = parameters.remove("name").unwrap_or_default();
    if !DIAGRAMS.contains(&name.as_str()) {
        return Err(format!("there is no diagram \"{name}\"{}", nearest::hint(&name, DIAGRAMS)));
    }
    Ok(DiagramTemplate { name: name.as_str().into(), parameters })
}
