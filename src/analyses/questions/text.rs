//! A question as it is written.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value as Json};

pub(super) type Texts = BTreeMap<String, String>;

/// A group as it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct GroupText {
    pub(super) id: String,
    pub(super) label: Texts,
}

/// A question as it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct QuestionText {
    pub(super) id: String,
    pub(super) group: String,
    pub(super) ask: Texts,
    #[serde(default)]
    pub(super) parameters: Vec<ParameterText>,
    pub(super) call: CallText,
    #[serde(default)]
    pub(super) columns: Map<String, Json>,
    pub(super) answer: AnswerText,
    #[serde(default)]
    pub(super) reads: Vec<ReadingText>,
    pub(super) diagram: Option<BTreeMap<String, String>>,
    #[serde(default)]
    pub(super) next: Vec<String>,
}

/// A parameter as it is written: exactly one of `kind`, `integer`, `choice`, `text`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ParameterText {
    pub(super) name: String,
    pub(super) label: Texts,
    pub(super) kind: Option<String>,
    pub(super) integer: Option<(i64, i64)>,
    pub(super) choice: Option<String>,
    #[serde(default)]
    pub(super) text: bool,
    pub(super) default: Option<Json>,
}

/// A call as it is written: exactly one of them.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CallText {
    pub(super) query: Option<String>,
    pub(super) impact: Option<Json>,
    pub(super) findings: Option<Json>,
    pub(super) paths: Option<Json>,
    pub(super) upstream: Option<Json>,
    pub(super) structure: Option<Json>,
}

/// The sentences as they are written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AnswerText {
    #[serde(default)]
    pub(super) found: Texts,
    #[serde(default)]
    pub(super) none: Texts,
    #[serde(default)]
    pub(super) supporting: Vec<SentenceText>,
    pub(super) each: Option<SentenceText>,
}

/// A sentence as it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SentenceText {
    pub(super) ja: String,
    pub(super) en: String,
    pub(super) when: Option<String>,
    pub(super) most: Option<usize>,
}

/// What has to be known, as it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ReadingText {
    pub(super) of: String,
    pub(super) among: Option<String>,
    #[serde(default)]
    pub(super) when: BTreeMap<String, Vec<Json>>,
    #[serde(default)]
    pub(super) needs: Vec<String>,
}

/// A column as it is written: its label, and the attribute whose codes it holds.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ColumnText {
    pub(super) ja: String,
    pub(super) en: String,
    pub(super) codes: Option<String>,
}
