//! Numbers, texts, parameters.

use std::sync::Arc;

use super::{Parsed, Parser};
use crate::query::error::{ErrorDetail, QueryError};
use crate::query::syntax::span::Span;
use crate::query::syntax::token::{Token, TokenKind};
use crate::query::syntax::tree::{Expression, ExpressionKind};

impl Parser<'_> {
    /// The number that is next; the sign before it, if any, was passed.
    pub(super) fn number(&mut self, negative: bool) -> Parsed<Expression> {
        let token = self.advance();
        let span = Span::new(token.start - u32::from(negative), token.end);
        let text = self.text_of(token);
        let kind = match text.as_bytes() {
            [b'0', b'x' | b'X', ..] => self.integer(token, &text[2..], 16, negative)?,
            [b'0', b'o' | b'O', ..] => self.integer(token, &text[2..], 8, negative)?,
            [b'0', b'0'..=b'9', ..] if text.bytes().all(|byte| byte.is_ascii_digit()) => {
                let message = "A whole number has no zero in front; octal numbers start with 0o.";
                return Err(Self::syntax_at(token, ErrorDetail::InvalidNumberLiteral, message));
            }
            bytes if bytes.iter().any(|byte| matches!(byte, b'.' | b'e' | b'E')) => {
                self.float(token, text, negative)?
            }
            _ => self.integer(token, text, 10, negative)?,
        };
        Ok(Expression { kind, span })
    }

    fn integer(&self, token: Token, digits: &str, radix: u32, negative: bool) -> Parsed<ExpressionKind> {
        if digits.is_empty() || !digits.chars().all(|digit| digit.is_digit(radix)) {
            return Err(self.no_number(token));
        }
        let magnitude = u64::from_str_radix(digits, radix).ok().map(i128::from);
        let value = magnitude.and_then(|value| i64::try_from(if negative { -value } else { value }).ok());
        value.map(ExpressionKind::Integer).ok_or_else(|| {
            let message = "Whole numbers lie between -9223372036854775808 and 9223372036854775807.";
            Self::syntax_at(token, ErrorDetail::IntegerOverflow, message)
        })
    }

    fn float(&self, token: Token, text: &str, negative: bool) -> Parsed<ExpressionKind> {
        let Ok(value) = text.parse::<f64>() else {
            return Err(self.no_number(token));
        };
        if value.is_infinite() {
            let message = "This number is too large: floats reach to about 1.8e308.";
            return Err(Self::syntax_at(token, ErrorDetail::FloatingPointOverflow, message));
        }
        Ok(ExpressionKind::Float(if negative { -value } else { value }))
    }

    fn no_number(&self, token: Token) -> QueryError {
        let message = format!(
            "`{}` is not a number, such as 42, 1.5, 1e9, 0x1F or 0o17, nor a name, which starts with a letter.",
            self.shown(token)
        );
        Self::syntax_at(token, ErrorDetail::InvalidNumberLiteral, &message)
    }

    /// `$name`, `$0`.
    pub(super) fn parameter(&mut self) -> Parsed<Expression> {
        let dollar = self.advance();
        let token = self.token();
        let counted = token.kind == TokenKind::Number && self.text_of(token).bytes().all(|byte| byte.is_ascii_digit());
        if !(counted || token.kind.is_name()) || token.start != dollar.end {
            return Err(self.unexpected("the name of a parameter directly behind `$`"));
        }
        self.advance();
        let kind = ExpressionKind::Parameter(self.name_text(token));
        Ok(Expression { kind, span: dollar.span().to(token.span()) })
    }

    /// The text that is next.
    pub(super) fn text(&mut self) -> Parsed<Expression> {
        let token = self.advance();
        let whole = self.text_of(token);
        let inner = whole.get(1..whole.len() - 1).unwrap_or_default();
        let text: Arc<str> =
            if token.kind == TokenKind::Text { inner.into() } else { unescaped(inner, token.start + 1)?.into() };
        Ok(Expression { kind: ExpressionKind::String(text), span: token.span() })
    }
}

/// The text that an escaped one means; it stands so far into the query.
fn unescaped(inner: &str, start: u32) -> Parsed<String> {
    let mut text = String::with_capacity(inner.len());
    let mut rest = inner;
    while let Some(place) = rest.find('\\') {
        text.push_str(&rest[..place]);
        let (character, length) = escape(&rest[place..]).map_err(|fault| fault.error(inner, &rest[place..], start))?;
        text.push(character);
        rest = &rest[place + length..];
    }
    text.push_str(rest);
    Ok(text)
}

/// What is wrong with an escape.
enum Fault {
    Unknown,
    Unicode,
}

impl Fault {
    /// The error at the escape that `rest`, an end of `inner`, begins with.
    fn error(&self, inner: &str, rest: &str, start: u32) -> QueryError {
        let at = start + u32::try_from(inner.len() - rest.len()).unwrap_or_default();
        let (detail, length, message) = match self {
            Self::Unicode => (
                ErrorDetail::InvalidUnicodeLiteral,
                2,
                "\\u takes four hexadecimal digits and \\U eight, which together name a character.",
            ),
            Self::Unknown => (
                ErrorDetail::UnexpectedSyntax,
                rest.chars().nth(1).map_or(1, |next| if next.is_ascii() { 2 } else { 1 }),
                "This escape is not known. For a backslash itself write two: \\\\.",
            ),
        };
        QueryError::syntax(detail, Span::new(at, at + length), message)
    }
}

/// The character that an escape means, and the bytes it takes.
fn escape(text: &str) -> Result<(char, usize), Fault> {
    let character = match text.as_bytes().get(1) {
        Some(b'b') => '\u{8}',
        Some(b'f') => '\u{C}',
        Some(b'n') => '\n',
        Some(b'r') => '\r',
        Some(b't') => '\t',
        Some(&same @ (b'\\' | b'\'' | b'"' | b'`')) => char::from(same),
        Some(b'u') => return unicode_of_four(text),
        Some(b'U') => return hexadecimal(text, 8).and_then(character).map(|character| (character, 10)),
        _ => return Err(Fault::Unknown),
    };
    Ok((character, 2))
}

/// `\uXXXX`, or two of them that are a surrogate pair.
fn unicode_of_four(text: &str) -> Result<(char, usize), Fault> {
    let first = hexadecimal(text, 4)?;
    if !(0xD800..0xDC00).contains(&first) {
        return character(first).map(|character| (character, 6));
    }
    let second = text.get(6..).filter(|rest| rest.starts_with("\\u")).ok_or(Fault::Unicode)?;
    let second = hexadecimal(second, 4)?;
    if !(0xDC00..0xE000).contains(&second) {
        return Err(Fault::Unicode);
    }
    let code = 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00);
    character(code).map(|character| (character, 12))
}

fn hexadecimal(text: &str, digits: usize) -> Result<u32, Fault> {
    let digits = text.get(2..2 + digits).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
    digits.and_then(|digits| u32::from_str_radix(digits, 16).ok()).ok_or(Fault::Unicode)
}

fn character(code: u32) -> Result<char, Fault> {
    char::from_u32(code).ok_or(Fault::Unicode)
}
