//! Lists, maps and the comprehensions.

use super::atoms::DEPTH_OF_PATTERN;
use super::brackets::ItemEnd;
use super::{Context, Parsed, Parser};
use crate::query::syntax::keyword::Keyword;
use crate::query::syntax::token::TokenKind;
use crate::query::syntax::tree::{Expression, ExpressionKind, Name};

/// A variable and the list that it goes through.
pub(super) type Element = (Name, Box<Expression>);

impl Parser<'_> {
    /// A list, or a comprehension: `[x IN list]` is one, `[x IN list, y]` holds two expressions.
    pub(super) fn list(&mut self) -> Parsed<Expression> {
        let start = self.advance().start;
        if self.element_ahead(0) && self.item_end() != ItemEnd::Comma {
            return self.list_comprehension(start);
        }
        if self.pattern_comprehension_ahead() {
            return self.pattern_comprehension(start);
        }
        let items = if self.is(TokenKind::RightBracket) { Vec::new() } else { self.list_of(Self::expression)? };
        self.expect(TokenKind::RightBracket, "an operator, `,`, or `]` to close the list")?;
        Ok(self.from(start, ExpressionKind::List(items)))
    }

    fn list_comprehension(&mut self, start: u32) -> Parsed<Expression> {
        let ((variable, list), predicate) = self.before_bar(Self::filtered_element)?;
        let projection =
            if self.take(TokenKind::Bar) { Some(Box::new(self.bracketed(Self::expression)?)) } else { None };
        self.expect(TokenKind::RightBracket, "an operator, WHERE, `|`, or `]`")?;
        Ok(self.from(start, ExpressionKind::ListComprehension { variable, list, predicate, projection }))
    }

    fn pattern_comprehension(&mut self, start: u32) -> Parsed<Expression> {
        let pattern = Box::new(self.deeper(DEPTH_OF_PATTERN, Self::path_pattern)?);
        let predicate = self.before_bar(Self::predicate)?.map(Box::new);
        self.expect(TokenKind::Bar, "an operator, WHERE, or `|` and what to take from each path")?;
        let projection = Box::new(self.bracketed(Self::expression)?);
        self.expect(TokenKind::RightBracket, "an operator, or `]`")?;
        Ok(self.from(start, ExpressionKind::PatternComprehension { pattern, predicate, projection }))
    }

    /// Reads what a bar may end.
    pub(super) fn before_bar<T>(&mut self, read: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        self.within(Context { bar_ends: true, ..self.context }, read)
    }

    /// `name IN list`.
    pub(super) fn item_of(&mut self) -> Parsed<Element> {
        let variable = self.name("a name for each item")?;
        self.expect_keyword(Keyword::In)?;
        Ok((variable, Box::new(self.expression()?)))
    }

    /// `name IN list [WHERE predicate]`.
    pub(super) fn filtered_element(&mut self) -> Parsed<(Element, Option<Box<Expression>>)> {
        let element = self.item_of()?;
        Ok((element, self.predicate()?.map(Box::new)))
    }

    /// `{key: value, …}`.
    pub(super) fn map(&mut self) -> Parsed<Expression> {
        self.bracketed(Self::map_inside)
    }

    fn map_inside(&mut self) -> Parsed<Expression> {
        let start = self.advance().start;
        let entries = if self.is(TokenKind::RightBrace) { Vec::new() } else { self.list_of(Self::entry)? };
        self.expect(TokenKind::RightBrace, "an operator, `,` and another key, or `}` to close the map")?;
        Ok(self.from(start, ExpressionKind::Map(entries)))
    }

    fn entry(&mut self) -> Parsed<(Name, Expression)> {
        let key = self.name("the name of a key")?;
        self.expect(TokenKind::Colon, "`:` and the value of the key")?;
        Ok((key, self.expression()?))
    }
}
