//! Where an answer leads on.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value as Json};

use super::answer::{DiagramLink, NextQuestion};
use super::answering::Asking;
use super::arguments::{Argument, Arguments};
use super::question::{DiagramTemplate, Parameter, ParameterType, Question};
use crate::analyses::names::LANGUAGES;
use crate::domain::Localized;
use crate::domain::naming::fill;

/// What may stand in a parameter of an address as it is.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

fn encode(text: &str) -> String {
    utf8_percent_encode(text, PLAIN).to_string()
}

/// A question with what was chosen in it.
pub(super) fn asked(question: &Question, chosen: &Arguments) -> Localized {
    let [ja, en] = LANGUAGES.map(|language| {
        let words: Vec<(&str, &str)> =
            chosen.0.iter().map(|held| (held.name.as_str(), held.words.get(language))).collect();
        fill(question.ask.get(language), &words)
    });
    Localized::ja_en(&ja, &en)
}

/// The questions to ask next; what was chosen is carried on where it can be chosen there too.
pub(super) fn next(asking: &Asking<'_>, question: &Question, chosen: &Arguments) -> Vec<NextQuestion> {
    let questions = question.next.iter().filter_map(|id| asking.questions.question(id));
    questions
        .map(|next| {
            let carried: Vec<(&Parameter, &Argument)> =
                next.parameters.iter().filter_map(|held| Some((held, carried(asking, held, chosen)?))).collect();
            let parameters: Map<String, Json> =
                carried.iter().map(|(held, argument)| (held.name.to_string(), argument.value.clone())).collect();
            let ask = Arguments::of(asking.view, next, &parameters)
                .map_or_else(|_| next.ask.clone(), |chosen| asked(next, &chosen));
            NextQuestion { id: next.id.clone(), ask, href: href(next, &parameters), parameters }
        })
        .collect()
}

fn carried<'c>(asking: &Asking<'_>, parameter: &Parameter, chosen: &'c Arguments) -> Option<&'c Argument> {
    let metamodel = asking.reader.metamodel();
    chosen.0.iter().find(|argument| match (&parameter.accepts, &argument.item) {
        (ParameterType::Item(kind), Some(item)) => {
            metamodel.kind_named(&item.kind).is_some_and(|held| metamodel.is_a(held.id, *kind))
        }
        (ParameterType::Item(_), None) | (_, Some(_)) => false,
        (_, None) => argument.name == *parameter.name,
    })
}

fn href(question: &Question, parameters: &Map<String, Json>) -> String {
    let pairs = parameters.iter().map(|(name, value)| {
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        format!("{}={}", encode(name), encode(&text))
    });
    let query = pairs.collect::<Vec<_>>().join("&");
    let mark = if query.is_empty() { "" } else { "?" };
    format!("/api/v1/questions/{}/answer{mark}{query}", encode(&question.id))
}

/// The address of a picture of the answer, on the same day and revision.
pub(super) fn diagram(asking: &Asking<'_>, template: &DiagramTemplate, chosen: &Arguments) -> DiagramLink {
    let value = |text: &str| match text.strip_prefix('$').and_then(|name| chosen.get(name)) {
        Some(argument) => argument.value.as_str().map_or_else(|| argument.value.to_string(), str::to_owned),
        None => text.to_owned(),
    };
    let given = template.parameters.iter().map(|(name, text)| format!("{}={}", encode(name), encode(&value(text))));
    let moment = [format!("revision={}", asking.view.revision()), format!("at={}", asking.view.date())];
    let query: Vec<String> = given.chain(["format=svg".to_owned()]).chain(moment).collect();
    let place = if &*template.name == "impact" { "analyses/impact" } else { &format!("diagrams/{}", template.name) };
    DiagramLink { href: format!("/api/v1/{place}?{}", query.join("&")) }
}
