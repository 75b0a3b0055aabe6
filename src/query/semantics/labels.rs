//! Labels, types and property names, as the catalogue knows them.

use std::sync::Arc;

use super::Binder;
use super::bound::Labels;
use crate::graph::EdgeKind;
use crate::query::error::{ErrorDetail, ErrorKind, QueryError};
use crate::query::source::{Key, Unknown};
use crate::query::syntax::tree::{LabelExpression, Name};
use crate::query::types::Type;

impl Binder<'_> {
    /// A label expression; of something whose type is not known, labels and types are both possible.
    pub(super) fn labels(&self, labels: &LabelExpression, subject: &Type) -> Result<Labels, QueryError> {
        Ok(match labels {
            LabelExpression::Label(name) => self.label(name, subject)?,
            LabelExpression::And(a, b) => Labels::And(vec![self.labels(a, subject)?, self.labels(b, subject)?]),
            LabelExpression::Or(a, b) => Labels::Or(vec![self.labels(a, subject)?, self.labels(b, subject)?]),
            LabelExpression::Not(inner) => Labels::Not(Box::new(self.labels(inner, subject)?)),
            LabelExpression::Any(_) => Labels::Any,
        })
    }

    fn label(&self, name: &Name, subject: &Type) -> Result<Labels, QueryError> {
        // Names are looked up only as what they can be: an unknown one costs a search for what was meant.
        let label = || self.catalog.label(&name.text);
        let kinds = || self.catalog.relationship_kinds(&name.text);
        let (label, kinds) = match subject {
            Type::Node => (label().map_err(|unknown| unknown_label(name, &unknown))?, Vec::new()),
            Type::Relationship => (None, kinds().map_err(|unknown| unknown_type(name, &unknown))?),
            _ => match (label(), kinds()) {
                (Err(unknown), Err(_)) => return Err(unknown_label(name, &unknown)),
                (label, kinds) => (label.unwrap_or_default(), kinds.unwrap_or_default()),
            },
        };
        Ok(Labels::One { label, kinds: kinds.into(), name: Arc::clone(&name.text) })
    }

    /// The kinds that any of the names stands for; absent when there are no names.
    pub(super) fn kinds(&self, names: &[Name]) -> Result<Option<Arc<[EdgeKind]>>, QueryError> {
        if names.is_empty() {
            return Ok(None);
        }
        let mut kinds = Vec::new();
        for name in names {
            let found = self.catalog.relationship_kinds(&name.text);
            kinds.extend(found.map_err(|unknown| unknown_type(name, &unknown))?);
        }
        kinds.sort_unstable();
        kinds.dedup();
        Ok(Some(kinds.into()))
    }

    /// A property's name.
    pub(super) fn key(&self, name: &Name) -> Result<Option<Key>, QueryError> {
        self.catalog.key(&name.text).map_err(|unknown| {
            unknown_name(name, &unknown, ErrorDetail::UnknownProperty, "no kind of element has an attribute")
        })
    }
}

fn unknown_label(name: &Name, unknown: &Unknown) -> QueryError {
    unknown_name(name, unknown, ErrorDetail::UnknownLabel, "the metamodel has no kind")
}

fn unknown_type(name: &Name, unknown: &Unknown) -> QueryError {
    unknown_name(name, unknown, ErrorDetail::UnknownRelationshipType, "the metamodel has no kind of relationship")
}

fn unknown_name(name: &Name, unknown: &Unknown, detail: ErrorDetail, what: &str) -> QueryError {
    let hint = unknown.suggestion.as_ref().map(|known| format!("; did you mean {known}?")).unwrap_or_default();
    let message = format!("{what} {}{hint}", name.text);
    QueryError::compile(ErrorKind::SyntaxError, detail, name.span, message)
}
