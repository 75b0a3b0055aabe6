//! Which view a query's own text asks for: `AT DATE …`, `AT REVISION …`.

use jiff::civil::Date;

use super::QueryFailure;
use crate::application::ViewRequest;
use crate::query::syntax::tree::{At, AtPoint, ExpressionKind};
use crate::query::value::temporal;
use crate::query::{ErrorDetail, Parameters, Parsed, QueryError, Value};

/// The view that the text asks for, and what it leaves open from the request.
pub(super) fn asked(
    parsed: &Parsed,
    parameters: &Parameters,
    request: ViewRequest,
) -> Result<ViewRequest, QueryFailure> {
    let mut asked = request;
    for at in parsed.at() {
        let value = value_of(at, parameters)?;
        match at.point {
            AtPoint::Date => asked.at = Some(day(&value).ok_or_else(|| wrong(at, "a day, as '2028-04-01'"))?),
            AtPoint::Revision => asked.revision = Some(number(&value).ok_or_else(|| wrong(at, "a revision"))?),
        }
    }
    Ok(asked)
}

fn value_of(at: &At, parameters: &Parameters) -> Result<Value, QueryError> {
    match &at.value.kind {
        ExpressionKind::String(text) => Ok(Value::String(text.clone())),
        ExpressionKind::Integer(number) => Ok(Value::Integer(*number)),
        ExpressionKind::Parameter(name) => {
            parameters.get(name).cloned().ok_or_else(|| wrong(at, &format!("the parameter ${name}")))
        }
        _ => Err(wrong(at, "a literal or a parameter")),
    }
}

fn day(value: &Value) -> Option<Date> {
    match value {
        Value::String(text) => text.parse().ok(),
        Value::Date(_) => temporal::text_of(value)?.parse().ok(),
        _ => None,
    }
}

fn number(value: &Value) -> Option<u64> {
    match value {
        Value::Integer(number) => u64::try_from(*number).ok(),
        _ => None,
    }
}

fn wrong(at: &At, wanted: &str) -> QueryError {
    QueryError::syntax(ErrorDetail::InvalidArgumentValue, at.span, format!("AT needs {wanted} here"))
}
