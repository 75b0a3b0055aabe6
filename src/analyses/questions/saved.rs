//! Queries that are saved in the model, as questions.
//!
//! A metamodel may have the kind `saved_query` with the attributes `question_ja`, `question_en`, `query` and
//! `parameters` (defaults, as a JSON object). Without the kind there are none.

use std::sync::Arc;

use serde_json::{Map, Value as Json};

use super::question::{Call, Column, Group, Parameter, ParameterType, Question, QuestionQuery, Sentences};
use crate::analyses::findings::{Catalogue, Reader};
use crate::domain::naming::display_name;
use crate::domain::{Item, Localized, Model};
use crate::graph::{Place, View};
use crate::query::Parsed;
use crate::query::over_view::ViewCatalog;
use crate::query::plan::UnknownStatistics;
use crate::query::syntax::SyntaxLimits;

/// The kind of element that holds a query.
const KIND: &str = "saved_query";

/// The group that saved queries belong to.
pub(super) fn group() -> Group {
    Group { id: "saved".into(), label: Localized::ja_en("保存した問合せ", "Saved queries") }
}

/// The saved queries that can be asked; a query that is not understood says so when it is asked.
pub(super) fn questions(view: &View, rules: &Catalogue, names: &Arc<ViewCatalog>) -> Vec<Question> {
    if view.metamodel().kind_named(KIND).is_none() {
        return Vec::new();
    }
    let reader = Reader::new(view, rules.terms());
    reader.all(KIND).into_iter().filter_map(|place| question(view, &reader, names, place)).collect()
}

fn question(view: &View, reader: &Reader<'_>, names: &Arc<ViewCatalog>, place: Place) -> Option<Question> {
    let item = reader.item(place)?;
    let text = reader.text(place, "query")?;
    let (query, columns, named, unusable) = match read(text, names) {
        Ok(Read { query, columns, named }) => (Some(query), columns, named, None),
        Err(why) => (None, Vec::new(), Vec::new(), Some(why)),
    };
    let call = query.map_or_else(|| Call::Findings(serde_json::json!({"rules": []})), Call::Query);
    let some = Localized::ja_en("{count}件見つかった。", "Found {count}.");
    let none = Localized::ja_en("当てはまるものは記録にない。", "Nothing on record fits.");
    Some(Question {
        id: item.id().as_str().into(),
        group: group().id,
        ask: asked(view, reader, item, place),
        parameters: parameters(reader, place, &named),
        call,
        columns,
        sentences: Sentences { found: Some(some), none: Some(none), ..Sentences::default() },
        reads: Vec::new(),
        diagram: None,
        next: Vec::new(),
        unusable,
    })
}

fn asked(view: &View, reader: &Reader<'_>, item: Item<'_>, place: Place) -> Localized {
    let [ja, en] = [("ja", "question_ja"), ("en", "question_en")].map(|(language, attribute)| {
        reader.text(place, attribute).map_or_else(|| display_name(view, item, language), str::to_owned)
    });
    Localized::ja_en(&ja, &en)
}

/// A query that is understood.
struct Read {
    query: QuestionQuery,
    columns: Vec<(Arc<str>, Column)>,
    named: Vec<Arc<str>>,
}

fn read(text: &str, names: &Arc<ViewCatalog>) -> Result<Read, Localized> {
    let wrong = |error: crate::query::QueryError| {
        let error = error.with_excerpt(text);
        Localized::ja_en(&format!("この問合せは読めない：{error}"), &format!("The query is not understood: {error}"))
    };
    let parsed = Parsed::read(text, &SyntaxLimits::default()).map_err(wrong)?;
    let prepared = parsed.prepare(&**names, &UnknownStatistics).map_err(wrong)?;
    let column = |key: &Arc<str>| (Arc::clone(key), Column { label: Localized::ja_en(key, key), codes: None });
    let columns = prepared.columns().iter().map(column).collect();
    let named = prepared.parameters().to_vec();
    Ok(Read { query: QuestionQuery { text: text.into(), parsed, names: Arc::clone(names) }, columns, named })
}

/// The defaults, a JSON object by name. A parameter of the query without a default has to be given.
fn parameters(reader: &Reader<'_>, place: Place, named: &[Arc<str>]) -> Vec<Parameter> {
    let text = reader.text(place, "parameters").unwrap_or("{}");
    let defaults: Map<String, Json> = serde_json::from_str(text).unwrap_or_default();
    let wanted = named.iter().filter(|name| ***name != *"today");
    let parameter = |name: &Arc<str>| Parameter {
        name: Arc::clone(name),
        label: Localized::ja_en(name, name),
        accepts: ParameterType::Text,
        default: defaults.get(&**name).cloned(),
    };
    wanted.map(parameter).collect()
}
