//! `CALL ezu.…`: the analyses, from inside a query.

use std::sync::Arc;

use crate::analyses::impact::{ImpactDirection, ImpactRequest, impact};
use crate::analyses::paths::{PathsRequest, paths};
use crate::analyses::{AnalysisError, PathStep};
use crate::domain::Localized;
use crate::graph::{Place, View};
use crate::query::over_view::{Procedures, ViewCatalog};
use crate::query::source::{Field, FieldType, Signature};
use crate::query::{ErrorDetail, ErrorKind, QueryError, Value};
use crate::settings;

/// The analyses as procedures, within the operator's limits.
#[derive(Debug)]
pub(in crate::application) struct Analyses {
    subjects: usize,
    paths: usize,
    path_length: usize,
    expansions: u64,
}

impl Analyses {
    pub(in crate::application) fn new(limits: &settings::Limits) -> Self {
        let settings::Limits { subjects, paths, path_length, expansions, .. } = *limits;
        Self { subjects, paths, path_length, expansions }
    }
}

/// Adds the procedures to the names that queries can use.
pub(super) fn declare(catalog: ViewCatalog) -> ViewCatalog {
    catalog
        .with_procedure(
            "ezu.impact",
            Signature {
                arguments: vec![field("subjects", FieldType::Any), field("change", FieldType::String)],
                columns: vec![
                    field("item", FieldType::Node),
                    field("id", FieldType::String),
                    field("kind", FieldType::String),
                    field("effect", FieldType::String),
                    field("distance", FieldType::Integer),
                    field("sentence", FieldType::String),
                    field("relationships", FieldType::List),
                ],
                help: "Who is hit when the subjects (an id or a list of ids) stop, retire, …".to_owned(),
            },
        )
        .with_procedure(
            "ezu.paths",
            Signature {
                arguments: vec![field("from", FieldType::Any), field("to", FieldType::Any)],
                columns: vec![
                    field("length", FieldType::Integer),
                    field("items", FieldType::List),
                    field("relationships", FieldType::List),
                    field("sentence", FieldType::String),
                ],
                help: "A shortest path between items, in either direction, read aloud".to_owned(),
            },
        )
}

fn field(name: &str, value_type: FieldType) -> Field {
    Field { name: name.into(), value_type, nullable: true }
}

impl Procedures for Analyses {
    fn call(&self, view: &View, name: &str, arguments: &[Value]) -> Result<Vec<Vec<Value>>, QueryError> {
        match (name, arguments) {
            ("ezu.impact", [subjects, change]) => self.impact(view, subjects, change),
            ("ezu.paths", [from, to]) => self.paths(view, from, to),
            _ => Err(wrong(format!("{name} is not called like this"))),
        }
    }
}

impl Analyses {
    fn impact(&self, view: &View, subjects: &Value, change: &Value) -> Result<Vec<Vec<Value>>, QueryError> {
        let Value::String(change) = change else {
            return Err(wrong("ezu.impact needs the change as text, 'stop' for example".to_owned()));
        };
        let request = ImpactRequest {
            subjects: self.ids(view, subjects)?,
            change: change.to_string(),
            direction: ImpactDirection::Outward,
            max_depth: None,
            kinds: Vec::new(),
            limit: None,
        };
        let report = impact(view, &request).map_err(|error| refused(&error))?;
        let rows = report.affected.iter().map(|item| {
            vec![
                view.node(&item.id).map_or(Value::Null, Value::Node),
                Value::string(&item.id),
                Value::String(Arc::clone(&item.kind)),
                Value::String(Arc::clone(&item.effect)),
                Value::Integer(i64::try_from(item.distance).unwrap_or(i64::MAX)),
                sentence(&item.sentence),
                relationships(view, &item.path),
            ]
        });
        Ok(rows.collect())
    }

    fn paths(&self, view: &View, from: &Value, to: &Value) -> Result<Vec<Vec<Value>>, QueryError> {
        let request = PathsRequest {
            from: self.ids(view, from)?,
            to: self.ids(view, to)?,
            max_paths: self.paths,
            max_hops: Some(self.path_length),
            max_expansions: self.expansions,
            ..PathsRequest::default()
        };
        let report = paths(view, &request).map_err(|error| refused(&error))?;
        let rows = report.paths.iter().map(|path| {
            let words = path.steps.iter().map(|step| step.text.get("ja")).collect::<Vec<_>>().join("。");
            vec![
                Value::Integer(i64::try_from(path.length).unwrap_or(i64::MAX)),
                Value::list(path.items.iter().map(|item| Value::string(&item.id))),
                relationships(view, &path.steps),
                Value::string(words),
            ]
        });
        Ok(rows.collect())
    }

    /// An id, a node, or a list of these.
    fn ids(&self, view: &View, value: &Value) -> Result<Vec<String>, QueryError> {
        let ids = match value {
            Value::List(items) => items.iter().map(|item| id(view, item)).collect::<Result<Vec<_>, _>>()?,
            one => vec![id(view, one)?],
        };
        if ids.len() > self.subjects {
            return Err(wrong(format!("at most {} items are accepted, {} were given", self.subjects, ids.len())));
        }
        Ok(ids)
    }
}

fn id(view: &View, value: &Value) -> Result<String, QueryError> {
    let found = match value {
        Value::String(id) => Some(id.to_string()),
        Value::Node(node) => view.item_at(*node).map(|item| item.id().to_string()),
        _ => None,
    };
    found.ok_or_else(|| wrong(format!("an id or a node is needed, not a {}", value.type_name())))
}

fn relationships(view: &View, steps: &[Arc<PathStep>]) -> Value {
    let edges = steps.iter().filter_map(|step| match view.snapshot().place(&step.relationship) {
        Some(Place::Relationship(edge)) if view.sees_edge(edge) => Some(Value::Relationship(edge)),
        _ => None,
    });
    Value::list(edges)
}

/// The sentence in Japanese; where there is none, in English.
fn sentence(text: &Localized) -> Value {
    Value::string(text.get("ja"))
}

fn wrong(message: String) -> QueryError {
    QueryError::runtime(ErrorKind::ProcedureError, ErrorDetail::InvalidArgumentValue, message)
}

fn refused(error: &AnalysisError) -> QueryError {
    wrong(error.to_string())
}
