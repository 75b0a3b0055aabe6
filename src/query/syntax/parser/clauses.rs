//! The clauses, but for projections, calls and those that write.

use super::{Parsed, Parser};
use crate::query::syntax::keyword::Keyword;
use crate::query::syntax::token::TokenKind;
use crate::query::syntax::tree::{Clause, Expression, Filter, Let, Match, Name, Page, Unwind};

impl Parser<'_> {
    /// One clause; the one before it helps to say what may come.
    pub(super) fn clause(&mut self, before: Option<&Clause>) -> Parsed<Clause> {
        self.part()?;
        match self.keyword() {
            Keyword::Match | Keyword::Optional => self.match_clause().map(Clause::Match),
            Keyword::Unwind => self.unwind().map(Clause::Unwind),
            Keyword::For => self.for_clause().map(Clause::Unwind),
            Keyword::With => self.with().map(Clause::With),
            Keyword::Return => self.return_clause().map(Clause::Return),
            Keyword::Call => self.call().map(Clause::Call),
            Keyword::Filter => self.filter().map(Clause::Filter),
            Keyword::Let => self.let_clause().map(Clause::Let),
            Keyword::Order | Keyword::Skip | Keyword::Offset | Keyword::Limit => self.page().map(Clause::Page),
            Keyword::Create => self.create().map(Clause::Write),
            keyword if keyword.writes() => Err(self.write_refused()),
            _ => Err(self.unexpected(what_may_follow(before))),
        }
    }

    /// `[OPTIONAL] MATCH patterns [WHERE predicate]`.
    fn match_clause(&mut self) -> Parsed<Match> {
        let start = self.start();
        let optional = self.take_keyword(Keyword::Optional);
        self.expect_keyword(Keyword::Match)?;
        self.patterns(start, optional)
    }

    /// What stands behind `MATCH`.
    pub(super) fn patterns(&mut self, start: u32, optional: bool) -> Parsed<Match> {
        let patterns = self.list_of(Self::path_pattern)?;
        let predicate = self.predicate()?;
        Ok(Match { optional, patterns, predicate, span: self.since(start) })
    }

    /// `[WHERE expression]`.
    pub(super) fn predicate(&mut self) -> Parsed<Option<Expression>> {
        if self.take_keyword(Keyword::Where) { self.expression().map(Some) } else { Ok(None) }
    }

    fn unwind(&mut self) -> Parsed<Unwind> {
        let start = self.advance().start;
        let list = self.expression()?;
        self.expect_keyword(Keyword::As)?;
        let variable = self.name("a name for each item")?;
        Ok(Unwind { list, variable, span: self.since(start) })
    }

    /// GQL's `FOR variable IN list`.
    fn for_clause(&mut self) -> Parsed<Unwind> {
        let start = self.advance().start;
        let variable = self.name("a name for each item")?;
        self.expect_keyword(Keyword::In)?;
        let list = self.expression()?;
        Ok(Unwind { list, variable, span: self.since(start) })
    }

    fn filter(&mut self) -> Parsed<Filter> {
        self.advance();
        self.take_keyword(Keyword::Where);
        Ok(Filter { predicate: self.expression()? })
    }

    fn let_clause(&mut self) -> Parsed<Let> {
        let start = self.advance().start;
        let items = self.list_of(Self::definition)?;
        Ok(Let { items, span: self.since(start) })
    }

    fn definition(&mut self) -> Parsed<(Name, Expression)> {
        self.part()?;
        let name = self.name("a name for the new column")?;
        self.expect(TokenKind::Equal, "`=` and the value of the new column")?;
        Ok((name, self.expression()?))
    }

    fn page(&mut self) -> Parsed<Page> {
        let start = self.start();
        let (order, skip, limit) = self.order_and_page()?;
        Ok(Page { order, skip, limit, span: self.since(start) })
    }
}

fn what_may_follow(before: Option<&Clause>) -> &'static str {
    match before {
        None => "a clause such as MATCH, UNWIND, WITH, CALL or RETURN",
        Some(Clause::Match(found)) if found.predicate.is_none() => {
            "`,` and another pattern, WHERE, or a clause such as RETURN"
        }
        Some(Clause::With(with)) if with.predicate.is_none() => {
            "`,`, AS, ORDER BY, SKIP, LIMIT, WHERE, or a clause such as RETURN"
        }
        Some(_) => "an operator, or a clause such as WITH or RETURN",
    }
}
