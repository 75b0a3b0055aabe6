//! What an expression is made of: literals, names, parentheses, `CASE`.

use super::brackets::ItemEnd;
use super::{Parsed, Parser};
use crate::query::syntax::keyword::Keyword;
use crate::query::syntax::span::Span;
use crate::query::syntax::token::{Token, TokenKind};
use crate::query::syntax::tree::{Expression, ExpressionKind, PathPattern};

/// How many levels a pattern in an expression counts as: its parts stand in each other.
pub(super) const DEPTH_OF_PATTERN: usize = 3;

impl Parser<'_> {
    /// The smallest expression that is next.
    pub(super) fn atom(&mut self) -> Parsed<Expression> {
        let token = self.token();
        match token.kind {
            TokenKind::Word => self.word(token),
            TokenKind::Quoted => self.named(token),
            TokenKind::Number => self.number(false),
            TokenKind::Text | TokenKind::EscapedText => self.text(),
            TokenKind::Dollar => self.parameter(),
            TokenKind::LeftParenthesis => self.parenthesised(),
            TokenKind::LeftBracket => self.bracketed(Self::list),
            TokenKind::LeftBrace => self.map(),
            _ => Err(self.unexpected("an expression")),
        }
    }

    fn word(&mut self, token: Token) -> Parsed<Expression> {
        let next = self.ahead(1).kind;
        match token.keyword {
            Keyword::None => self.named(token),
            Keyword::True => Ok(self.constant(ExpressionKind::Boolean(true))),
            Keyword::False => Ok(self.constant(ExpressionKind::Boolean(false))),
            Keyword::Null => Ok(self.constant(ExpressionKind::Null)),
            Keyword::Case => self.case(),
            Keyword::Exists | Keyword::Count if next == TokenKind::LeftBrace => self.subquery(token),
            keyword if next == TokenKind::LeftParenthesis && !keyword.ends_expression() => self.special(token),
            Keyword::Order if self.ahead(1).keyword == Keyword::By => Err(self.unexpected("an expression")),
            keyword if keyword.ends_expression() && !ends_name(next) => Err(self.unexpected("an expression")),
            _ => self.named(token),
        }
    }

    /// A function or a variable.
    fn named(&mut self, token: Token) -> Parsed<Expression> {
        if self.function_ahead() {
            return self.function();
        }
        let text = self.name_text(token);
        Ok(self.constant(ExpressionKind::Variable(text)))
    }

    /// An expression of one token, the next one.
    fn constant(&mut self, kind: ExpressionKind) -> Expression {
        Expression { kind, span: self.advance().span() }
    }

    /// A pattern as an expression: whether there is such a path.
    pub(super) fn pattern_expression(&mut self, read: fn(&mut Self) -> Parsed<PathPattern>) -> Parsed<Expression> {
        let pattern = self.deeper(DEPTH_OF_PATTERN, |parser| parser.bracketed(read))?;
        let span = pattern.span;
        Ok(Expression { kind: ExpressionKind::Pattern(Box::new(pattern)), span })
    }

    fn parenthesised(&mut self) -> Parsed<Expression> {
        if self.pattern_ahead(0) {
            return self.pattern_expression(Self::anonymous_path);
        }
        let start = self.advance().start;
        let inner = self.bracketed(Self::expression)?;
        self.expect(TokenKind::RightParenthesis, "an operator, or `)`")?;
        Ok(Expression { kind: inner.kind, span: self.since(start) })
    }

    /// `CASE [operand] WHEN … THEN … [ELSE …] END`.
    fn case(&mut self) -> Parsed<Expression> {
        let start = self.advance().start;
        let operand =
            if self.is_keyword(Keyword::When) { None } else { Some(Box::new(self.bracketed(Self::expression)?)) };
        let mut branches = Vec::new();
        while self.take_keyword(Keyword::When) {
            branches.push(self.bracketed(Self::branch)?);
        }
        if branches.is_empty() {
            return Err(self.unexpected("WHEN and THEN"));
        }
        let otherwise =
            if self.take_keyword(Keyword::Else) { Some(Box::new(self.bracketed(Self::expression)?)) } else { None };
        if !self.take_keyword(Keyword::End) {
            return Err(self.unexpected("an operator, WHEN, ELSE, or END of CASE"));
        }
        Ok(Expression { kind: ExpressionKind::Case { operand, branches, otherwise }, span: self.since(start) })
    }

    fn branch(&mut self) -> Parsed<(Expression, Expression)> {
        let condition = self.expression()?;
        self.expect_keyword(Keyword::Then)?;
        Ok((condition, self.expression()?))
    }

    /// Whether the list that is next is made from the paths of a pattern.
    pub(super) fn pattern_comprehension_ahead(&self) -> bool {
        let named = if self.names_a_path(0) { 2 } else { 0 };
        self.ahead(named).kind == TokenKind::LeftParenthesis
            && self.pattern_ahead(named)
            && self.item_end() == ItemEnd::Bar
    }

    /// An expression from a place up to what was read last.
    pub(super) fn from(&self, start: u32, kind: ExpressionKind) -> Expression {
        let end = self.since(start).end;
        Expression { kind, span: Span::new(start, end) }
    }
}

/// Whether a keyword before it can only be a name: `ORDER BY ends`, but not `WHERE RETURN n`.
const fn ends_name(next: TokenKind) -> bool {
    matches!(
        next,
        TokenKind::Comma
            | TokenKind::Semicolon
            | TokenKind::Dot
            | TokenKind::RightParenthesis
            | TokenKind::RightBracket
            | TokenKind::RightBrace
            | TokenKind::Equal
            | TokenKind::NotEqual
            | TokenKind::LessOrEqual
            | TokenKind::GreaterOrEqual
            | TokenKind::End
    )
}
