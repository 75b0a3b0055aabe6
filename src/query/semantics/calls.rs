//! `CALL` of procedures.

use std::sync::Arc;

use super::Binder;
use super::bound::{BoundCall, Expression, Kind, Variable};
use super::operators::expect;
use crate::domain::nearest;
use crate::query::error::{ErrorDetail, ErrorKind, QueryError};
use crate::query::source::{Field, FieldType, Signature};
use crate::query::syntax::Span;
use crate::query::syntax::tree::{Call, Name, Yields};
use crate::query::types::Type;

/// The columns that a call alone makes.
type Columns = Vec<(Arc<str>, Variable)>;
/// The call, the condition behind it, and the columns where it is the whole query.
type Bound = (BoundCall, Option<Expression>, Option<Columns>);

impl Binder<'_> {
    pub(super) fn call(&mut self, call: &Call, alone: bool) -> Result<Bound, QueryError> {
        let Some(signature) = self.catalog.procedure(&call.name.text) else {
            return Err(self.unknown_procedure(&call.name));
        };
        let arguments = self.arguments(call, &signature, alone)?;
        let items = yielded(call, &signature, alone)?;
        let mut yields = Vec::with_capacity(items.len());
        let mut columns = Vec::with_capacity(items.len());
        for (place, name) in items {
            let variable = self.yielded_variable(&signature.columns[place], &name)?;
            columns.push((Arc::clone(&name.text), variable));
            yields.push((place, variable));
        }
        let predicate = call.predicate.as_ref().map(|predicate| self.predicate(predicate)).transpose()?;
        let bound = BoundCall { name: Arc::clone(&call.name.text), signature, arguments, yields, span: call.span };
        Ok((bound, predicate, alone.then_some(columns)))
    }

    fn unknown_procedure(&self, name: &Name) -> QueryError {
        let known = self.catalog.procedure_names();
        let hint = nearest::hint(&name.text, known.iter().map(String::as_str));
        let message = format!("there is no procedure {}{hint}", name.text);
        QueryError::compile(ErrorKind::ProcedureError, ErrorDetail::ProcedureNotFound, name.span, message)
    }

    /// The arguments as written; of a call alone without parentheses, the parameters of the same names.
    fn arguments(&mut self, call: &Call, signature: &Signature, alone: bool) -> Result<Vec<Expression>, QueryError> {
        let Some(written) = &call.arguments else {
            if !alone {
                let message = "inside a query a procedure needs its arguments in parentheses";
                return Err(QueryError::syntax(ErrorDetail::InvalidArgumentPassingMode, call.span, message));
            }
            let fields = signature.arguments.iter();
            return Ok(fields.map(|field| self.implicit(field, call.span)).collect());
        };
        if written.len() != signature.arguments.len() {
            return Err(wrong_number(call, signature, written.len()));
        }
        let mut bound = Vec::with_capacity(written.len());
        for (argument, field) in written.iter().zip(&signature.arguments) {
            let (expression, value_type) = self.value(argument)?;
            expect(&value_type, &field_type(field.value_type), argument.span, &call.name.text)?;
            bound.push(expression);
        }
        Ok(bound)
    }

    fn implicit(&mut self, field: &Field, span: Span) -> Expression {
        Expression::new(Kind::Parameter(self.names.parameter(&field.name)), span)
    }

    fn yielded_variable(&mut self, field: &Field, name: &Name) -> Result<Variable, QueryError> {
        if self.scope.find(&name.text).is_some() {
            return Err(QueryError::syntax(
                ErrorDetail::VariableAlreadyBound,
                name.span,
                format!("{} is the name of something else already; write YIELD {0} AS another", name.text),
            ));
        }
        let variable = self.names.variable(&name.text, field_type(field.value_type));
        self.scope.add(Arc::clone(&name.text), variable);
        Ok(variable)
    }
}

/// The columns that are taken, with their names.
fn yielded(call: &Call, signature: &Signature, alone: bool) -> Result<Vec<(usize, Name)>, QueryError> {
    let all = || {
        let named = signature.columns.iter().enumerate();
        named.map(|(place, field)| (place, Name { text: Arc::clone(&field.name), span: call.span })).collect()
    };
    match &call.yields {
        Yields::Unsaid if alone => Ok(all()),
        Yields::Unsaid if signature.columns.is_empty() => Ok(Vec::new()),
        Yields::Unsaid => Err(QueryError::syntax(
            ErrorDetail::UndefinedVariable,
            call.span,
            format!("say what to take from {} with YIELD", call.name.text),
        )),
        Yields::Star if alone => Ok(all()),
        Yields::Star => Err(QueryError::syntax(
            ErrorDetail::UnexpectedSyntax,
            call.span,
            "inside a query the columns of YIELD have to be named",
        )),
        Yields::Items(items) => {
            items.iter().map(|item| Ok((place_of(&item.field, signature, call)?, item.variable.clone()))).collect()
        }
    }
}

fn place_of(field: &Name, signature: &Signature, call: &Call) -> Result<usize, QueryError> {
    signature.columns.iter().position(|column| column.name == field.text).ok_or_else(|| {
        let hint = nearest::hint(&field.text, signature.columns.iter().map(|column| &*column.name));
        let message = format!("{} gives no {}{hint}", call.name.text, field.text);
        QueryError::syntax(ErrorDetail::UndefinedVariable, field.span, message)
    })
}

fn wrong_number(call: &Call, signature: &Signature, given: usize) -> QueryError {
    let names: Vec<&str> = signature.arguments.iter().map(|field| &*field.name).collect();
    QueryError::syntax(
        ErrorDetail::InvalidNumberOfArguments,
        call.span,
        format!("{} takes {} arguments ({}) and was given {given}", call.name.text, names.len(), names.join(", ")),
    )
}

fn field_type(field: FieldType) -> Type {
    match field {
        FieldType::Any => Type::Any,
        FieldType::Boolean => Type::Boolean,
        FieldType::Integer => Type::Integer,
        // A whole number is taken where another is wanted.
        FieldType::Float | FieldType::Number => Type::Number,
        FieldType::String => Type::String,
        FieldType::Map => Type::Map,
        FieldType::List => Type::any_list(),
        FieldType::Node => Type::Node,
        FieldType::Relationship => Type::Relationship,
        FieldType::Path => Type::Path,
    }
}
