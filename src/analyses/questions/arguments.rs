//! What was chosen for a question.

use serde_json::{Map, Value as Json};

use super::error::QuestionError;
use super::question::{Parameter, ParameterType, Question};
use crate::analyses::ItemSummary;
use crate::analyses::names::summary_of;
use crate::domain::{Localized, Model};
use crate::graph::View;

/// What was chosen for one parameter.
#[derive(Debug, Clone, PartialEq)]
pub struct Argument {
    /// The parameter's name.
    pub name: String,
    /// The id, number, code or text.
    pub value: Json,
    /// As people read it.
    pub words: Localized,
    /// The item, if it is one.
    pub item: Option<ItemSummary>,
}

/// What was chosen for a question, a value for each parameter.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Arguments(pub Vec<Argument>);

impl Arguments {
    /// What is given, with defaults for the rest, checked against the model that is seen.
    ///
    /// # Errors
    /// What cannot be chosen, and what can.
    pub fn of(view: &View, question: &Question, given: &Map<String, Json>) -> Result<Self, QuestionError> {
        if let Some(unknown) = given.keys().find(|name| !question.parameters.iter().any(|held| *held.name == ***name)) {
            let known: Vec<&str> = question.parameters.iter().map(|held| &*held.name).collect();
            let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
            return Err(QuestionError::UnknownParameter {
                question: question.id.to_string(),
                name: unknown.clone(),
                known,
            });
        }
        let chosen = question.parameters.iter().map(|parameter| choose(view, parameter, given.get(&*parameter.name)));
        Ok(Self(chosen.collect::<Result<_, _>>()?))
    }

    /// What was chosen for a parameter.
    pub fn get(&self, name: &str) -> Option<&Argument> {
        self.0.iter().find(|held| held.name == name)
    }

    /// The values by name.
    pub fn to_json(&self) -> Map<String, Json> {
        self.0.iter().map(|held| (held.name.clone(), held.value.clone())).collect()
    }

    /// Puts what was chosen in the place of `$name`, everywhere in a request.
    pub(super) fn fill(&self, template: &Json) -> Json {
        match template {
            Json::String(text) => match text.strip_prefix('$').and_then(|name| self.get(name)) {
                Some(argument) => argument.value.clone(),
                None => template.clone(),
            },
            Json::Array(items) => items.iter().map(|item| self.fill(item)).collect(),
            Json::Object(fields) => fields.iter().map(|(name, value)| (name.clone(), self.fill(value))).collect(),
            _ => template.clone(),
        }
    }
}

fn choose(view: &View, parameter: &Parameter, given: Option<&Json>) -> Result<Argument, QuestionError> {
    let given = given.filter(|value| !value.is_null() && value.as_str() != Some(""));
    let missing = || QuestionError::Missing { name: parameter.name.to_string(), expected: expected(view, parameter) };
    let value = given.or(parameter.default.as_ref()).ok_or_else(missing)?;
    match parameter.accepts {
        ParameterType::Item(_) => match item(view, parameter, value) {
            // A default that this model does not have is no choice at all.
            Err(QuestionError::UnknownItem { .. }) if given.is_none() => Err(missing()),
            chosen => chosen,
        },
        ParameterType::Integer(least, most) => integer(view, parameter, value, least..=most),
        ParameterType::Code(..) => code(view, parameter, value),
        ParameterType::Text => text(view, parameter, value),
    }
}

fn argument(parameter: &Parameter, value: Json, words: Localized, item: Option<ItemSummary>) -> Argument {
    Argument { name: parameter.name.to_string(), value, words, item }
}

fn unsuitable(view: &View, parameter: &Parameter, value: &Json) -> QuestionError {
    QuestionError::Unsuitable {
        name: parameter.name.to_string(),
        given: value.to_string(),
        expected: expected(view, parameter),
    }
}

fn item(view: &View, parameter: &Parameter, value: &Json) -> Result<Argument, QuestionError> {
    let id = value.as_str().ok_or_else(|| unsuitable(view, parameter, value))?;
    let unknown = || QuestionError::UnknownItem {
        name: parameter.name.to_string(),
        id: id.to_owned(),
        suggestion: view.similar_id(id),
    };
    let item = view.item(id).ok_or_else(unknown)?;
    let ParameterType::Item(kind) = parameter.accepts else { return Err(unsuitable(view, parameter, value)) };
    if !view.metamodel().is_a(item.kind(), kind) {
        return Err(unsuitable(view, parameter, value));
    }
    let summary = summary_of(view, item);
    Ok(argument(parameter, Json::from(id), summary.name.clone(), Some(summary)))
}

fn integer(
    view: &View,
    parameter: &Parameter,
    value: &Json,
    bounds: std::ops::RangeInclusive<i64>,
) -> Result<Argument, QuestionError> {
    // In an address everything is text.
    let number = value.as_i64().or_else(|| value.as_str()?.trim().parse().ok());
    let number = number.filter(|number| bounds.contains(number)).ok_or_else(|| unsuitable(view, parameter, value))?;
    let words = number.to_string();
    Ok(argument(parameter, Json::from(number), Localized::ja_en(&words, &words), None))
}

fn code(view: &View, parameter: &Parameter, value: &Json) -> Result<Argument, QuestionError> {
    let ParameterType::Code(kind, attribute) = parameter.accepts else {
        return Err(unsuitable(view, parameter, value));
    };
    let definition = view.metamodel().kind(kind).attribute(attribute).and_then(|held| held.enumeration());
    let found = definition.zip(value.as_str());
    let found = found.and_then(|(held, text)| held.values.iter().find(|(code, _)| **code == *text));
    let (code, label) = found.ok_or_else(|| unsuitable(view, parameter, value))?;
    Ok(argument(parameter, Json::from(&**code), label.clone(), None))
}

fn text(view: &View, parameter: &Parameter, value: &Json) -> Result<Argument, QuestionError> {
    let words = match value {
        Json::String(text) => text.clone(),
        Json::Number(number) => number.to_string(),
        Json::Bool(truth) => truth.to_string(),
        _ => return Err(unsuitable(view, parameter, value)),
    };
    Ok(argument(parameter, value.clone(), Localized::ja_en(&words, &words), None))
}

/// What can be chosen, for an error.
fn expected(view: &View, parameter: &Parameter) -> String {
    match parameter.accepts {
        ParameterType::Item(kind) => format!("the id of a {} is expected", view.metamodel().kind(kind).name),
        ParameterType::Integer(least, most) => format!("a whole number from {least} to {most} is expected"),
        ParameterType::Code(kind, attribute) => {
            let definition = view.metamodel().kind(kind).attribute(attribute).and_then(|held| held.enumeration());
            let codes: Vec<&str> =
                definition.into_iter().flat_map(|held| &held.values).map(|(code, _)| &**code).collect();
            format!("one of {} is expected", codes.join(", "))
        }
        ParameterType::Text => "a text is expected".to_owned(),
    }
}
