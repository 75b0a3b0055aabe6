//! Asking, and reading answers.

use ezu::analyses::findings::{Catalogue, TermDefinitions};
use ezu::analyses::standardization::{
    Candidate, CandidateType, StandardizationReport, StandardizationRequest, standardization,
};
use ezu::analyses::structure::{Report, ask, question};
use ezu::domain::Model;
use ezu::graph::View;
use serde_json::Value as Json;

fn terms(view: &View) -> TermDefinitions {
    let text = include_str!("../../models/rules/00-terms.yaml").to_owned();
    let files = [("00-terms.yaml".to_owned(), text)];
    Catalogue::read(view.metamodel(), &files).expect("sound").terms().clone()
}

pub(crate) fn report(view: &View, name: &str, parameters: &[(&str, &str)]) -> Report {
    let parameters = parameters.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let question = question(name).unwrap_or_else(|| panic!("{name}"));
    ask(question, view, &terms(view), &parameters).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// The answer as it is sent, items shortened to their ids.
pub(crate) fn answer(view: &View, name: &str, parameters: &[(&str, &str)]) -> Json {
    short(serde_json::to_value(report(view, name, parameters)).expect("JSON"))
}

/// The rows of an answer, some of their columns.
pub(crate) fn rows(view: &View, name: &str, parameters: &[(&str, &str)], columns: &[&str]) -> Vec<Json> {
    let answer = answer(view, name, parameters);
    let rows = answer["items"].as_array().expect("rows").iter();
    rows.map(|row| columns.iter().map(|column| row[*column].clone()).collect()).collect()
}

fn short(json: Json) -> Json {
    match json {
        Json::Object(map) if map.contains_key("id") && map.contains_key("kind") => map["id"].clone(),
        Json::Object(map) => map.into_iter().map(|(key, value)| (key, short(value))).collect(),
        Json::Array(items) => items.into_iter().map(short).collect(),
        other => other,
    }
}

pub(crate) fn candidates(view: &View, kind: CandidateType) -> StandardizationReport {
    let request = StandardizationRequest { types: vec![kind], ..StandardizationRequest::default() };
    standardization(view, &terms(view), &request)
}

pub(crate) fn all_candidates(view: &View, request: &StandardizationRequest) -> StandardizationReport {
    standardization(view, &terms(view), request)
}

pub(crate) fn members(candidate: &Candidate) -> Vec<&str> {
    candidate.members.iter().map(|member| member.id.as_str()).collect()
}
