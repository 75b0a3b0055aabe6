//! Of numbers: signs, roots, logarithms, angles, chance.

use super::arguments::{integer, number, text, wrong};
use super::rounding::{Mode, round_at};
use super::{Context, Function};
use crate::query::types::Type;
use crate::query::value::arithmetic::overflow;
use crate::query::{ErrorDetail, ErrorKind, QueryError, Value};

pub(super) fn functions() -> Vec<Function> {
    let mut functions: Vec<Function> = plain().into_iter().collect();
    functions.extend([
        Function::new("abs", &[Type::Number], Type::Number, abs),
        Function::new("sign", &[Type::Number], Type::Integer, sign),
        Function::new("round", &[Type::Number, Type::Integer, Type::String], Type::Float, round).from(1),
        Function::new("atan2", &[Type::Number, Type::Number], Type::Float, atan2),
        Function::new("isNaN", &[Type::Number], Type::Boolean, |a, _| Ok(Value::Boolean(number(&a[0])?.is_nan()))),
        Function::new("e", &[], Type::Float, |_, _| Ok(Value::Float(std::f64::consts::E))),
        Function::new("pi", &[], Type::Float, |_, _| Ok(Value::Float(std::f64::consts::PI))),
        Function::new("rand", &[], Type::Float, rand).changing(),
    ]);
    functions
}

macro_rules! plain {
    ($($name:literal => $run:expr),* $(,)?) => {
        [$(Function::new($name, &[Type::Number], Type::Float, |arguments, _| {
            let run: fn(f64) -> f64 = $run;
            Ok(Value::Float(run(number(&arguments[0])?)))
        })),*]
    };
}

/// What takes a number and gives another one.
fn plain() -> [Function; 21] {
    plain! {
        "ceil" => f64::ceil,
        "floor" => f64::floor,
        "sqrt" => f64::sqrt,
        "exp" => f64::exp,
        "log" => f64::ln,
        "log10" => f64::log10,
        "sin" => f64::sin,
        "cos" => f64::cos,
        "tan" => f64::tan,
        "cot" => |angle| angle.tan().recip(),
        "asin" => f64::asin,
        "acos" => f64::acos,
        "atan" => f64::atan,
        "sinh" => f64::sinh,
        "cosh" => f64::cosh,
        "tanh" => f64::tanh,
        "coth" => |angle| angle.tanh().recip(),
        "degrees" => f64::to_degrees,
        "radians" => f64::to_radians,
        "haversin" => |angle| (1.0 - angle.cos()) / 2.0,
        "cbrt" => f64::cbrt,
    }
}

fn abs(arguments: &[Value], _context: &Context<'_>) -> Result<Value, QueryError> {
    match &arguments[0] {
        Value::Integer(number) => number.checked_abs().map(Value::Integer).ok_or_else(overflow),
        Value::Float(number) => Ok(Value::Float(number.abs())),
        other => Err(wrong("number", other)),
    }
}

/// -1, 0 or 1.
fn sign(arguments: &[Value], _context: &Context<'_>) -> Result<Value, QueryError> {
    match &arguments[0] {
        Value::Integer(number) => Ok(Value::Integer(number.signum())),
        other => {
            let number = number(other)?;
            Ok(Value::Integer(i64::from(number > 0.0) - i64::from(number < 0.0)))
        }
    }
}

/// To whole numbers, ties towards positive infinity; with a precision by its mode, ties away from zero if none is named.
fn round(arguments: &[Value], _context: &Context<'_>) -> Result<Value, QueryError> {
    let number = number(&arguments[0])?;
    let Some(precision) = arguments.get(1) else {
        let floor = number.floor();
        return Ok(Value::Float(if number - floor >= 0.5 { floor + 1.0 } else { floor }));
    };
    let mode = arguments.get(2).map_or(Ok(Mode::HalfUp), mode)?;
    Ok(Value::Float(round_at(number, integer(precision)?, mode)))
}

fn mode(value: &Value) -> Result<Mode, QueryError> {
    let name = text(value)?;
    Mode::find(name).ok_or_else(|| {
        let message =
            format!("there is no rounding mode {name}; there are {}", Mode::NAMES.map(|(name, _)| name).join(", "));
        QueryError::argument(ErrorDetail::InvalidArgumentValue, message)
    })
}

fn atan2(arguments: &[Value], _context: &Context<'_>) -> Result<Value, QueryError> {
    Ok(Value::Float(number(&arguments[0])?.atan2(number(&arguments[1])?)))
}

/// From 0.0 to below 1.0.
fn rand(_arguments: &[Value], _context: &Context<'_>) -> Result<Value, QueryError> {
    let mut bytes = [0_u8; 8];
    fill(&mut bytes)?;
    // The upper 53 bits are as many as a float holds.
    #[expect(clippy::cast_precision_loss, reason = "53 bits are exact")]
    let number = (u64::from_le_bytes(bytes) >> 11) as f64;
    Ok(Value::Float(number / 9_007_199_254_740_992.0))
}

/// Random bytes of the system.
pub(super) fn fill(bytes: &mut [u8]) -> Result<(), QueryError> {
    getrandom::fill(bytes).map_err(|error| {
        let message = format!("the system has no random numbers: {error}");
        QueryError::runtime(ErrorKind::ArgumentError, ErrorDetail::InvalidArgumentValue, message)
    })
}

#[cfg(test)]
mod tests {
    use super::super::testing::{call, failing, shows};
    use super::*;

    #[test]
    fn whole_numbers_stay_whole_where_they_can() {
        shows("abs", &[Value::Integer(-1)], &Value::Integer(1));
        shows("abs", &[Value::Float(-1.5)], &Value::Float(1.5));
        shows("sign", &[Value::Float(-0.1)], &Value::Integer(-1));
        shows("sign", &[Value::Integer(0)], &Value::Integer(0));
        assert_eq!(failing("abs", &[Value::Integer(i64::MIN)]).detail, ErrorDetail::NumberOverflow);
    }

    #[test]
    fn rounding_follows_its_mode() {
        for (number, expected) in [(-1.5, -1.0), (1.5, 2.0), (0.49, 0.0), (2.5, 3.0), (0.499_999_999_999_999_94, 0.0)] {
            shows("round", &[Value::Float(number)], &Value::Float(expected));
        }
        let cases = [
            ("UP", 1.3),
            ("DOWN", 1.2),
            ("CEILING", 1.3),
            ("FLOOR", 1.2),
            ("HALF_UP", 1.3),
            ("HALF_DOWN", 1.2),
            ("half_even", 1.2),
        ];
        for (mode, expected) in cases {
            shows("round", &[Value::Float(1.25), Value::Integer(1), Value::string(mode)], &Value::Float(expected));
        }
        shows("round", &[Value::Float(-1.55), Value::Integer(1)], &Value::Float(-1.6));
        shows("round", &[Value::Integer(1234), Value::Integer(-2)], &Value::Float(1200.0));
        assert_eq!(
            failing("round", &[Value::Float(1.0), Value::Integer(1), Value::string("SIDEWAYS")]).detail,
            ErrorDetail::InvalidArgumentValue
        );
    }

    #[test]
    fn roots_and_chance() {
        shows("sqrt", &[Value::Float(12.96)], &Value::Float(3.6));
        shows("haversin", &[Value::Float(std::f64::consts::PI)], &Value::Float(1.0));
        let Value::Float(number) = call("rand", &[]) else { panic!("not a number") };
        assert!((0.0..1.0).contains(&number));
    }
}
