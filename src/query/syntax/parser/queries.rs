//! Whole queries: what stands in front, the clauses in their order, `UNION`.

use super::{Parsed, Parser};
use crate::query::error::{ErrorDetail, QueryError};
use crate::query::syntax::keyword::Keyword;
use crate::query::syntax::span::Span;
use crate::query::syntax::token::TokenKind;
use crate::query::syntax::tree::{
    At, AtPoint, Call, Clause, Expression, ExpressionKind, Mode, Query, SingleQuery, UnionKind, Yields,
};

impl Parser<'_> {
    /// `[EXPLAIN | PROFILE] [AT …] query [;]` and nothing behind it.
    pub(super) fn whole_query(&mut self) -> Parsed<Query> {
        let mut mode = Mode::Answer;
        let mut at = Vec::new();
        loop {
            match self.keyword() {
                Keyword::Explain => mode = Mode::Explain,
                Keyword::Profile => mode = Mode::Profile,
                Keyword::At => {
                    at.push(self.at()?);
                    continue;
                }
                _ => break,
            }
            self.advance();
        }
        let mut query = self.query()?;
        (query.mode, query.at) = (mode, at);
        if self.take(TokenKind::Semicolon) && !matches!(self.kind(), TokenKind::End | TokenKind::Invalid) {
            let message = "One query is answered at a time: send what stands behind the `;` on its own.";
            return Err(self.syntax_here(ErrorDetail::UnexpectedSyntax, message));
        }
        if self.is(TokenKind::End) { Ok(query) } else { Err(self.unexpected("the end of the query")) }
    }

    /// `AT DATE value`, `AT REVISION value`.
    fn at(&mut self) -> Parsed<At> {
        let start = self.advance().start;
        let point = match self.keyword() {
            Keyword::Date => AtPoint::Date,
            Keyword::Revision => AtPoint::Revision,
            _ => return Err(self.unexpected("DATE or REVISION behind AT")),
        };
        self.advance();
        let value = self.at_value(point)?;
        Ok(At { point, value, span: self.since(start) })
    }

    fn at_value(&mut self, point: AtPoint) -> Parsed<Expression> {
        let token = self.token();
        match (point, token.kind) {
            (_, TokenKind::Dollar) => self.parameter(),
            (AtPoint::Date, TokenKind::Text | TokenKind::EscapedText) => self.text(),
            (AtPoint::Revision, TokenKind::Number) => {
                let value = self.number(false)?;
                match value.kind {
                    ExpressionKind::Integer(_) => Ok(value),
                    _ => Err(Self::syntax_at(token, ErrorDetail::InvalidArgumentType, "A revision is a whole number.")),
                }
            }
            (AtPoint::Date, _) => {
                Err(self.unexpected("a date in quotation marks, such as '2028-04-01', or a parameter"))
            }
            (AtPoint::Revision, _) => Err(self.unexpected("the number of a revision, or a parameter")),
        }
    }

    /// Single queries joined by `UNION`.
    pub(super) fn query(&mut self) -> Parsed<Query> {
        let first = self.single_query()?;
        let mut unions: Vec<(UnionKind, SingleQuery)> = Vec::new();
        while self.is_keyword(Keyword::Union) {
            let union = self.advance();
            let kind = if self.take_keyword(Keyword::All) { UnionKind::All } else { UnionKind::Distinct };
            if kind == UnionKind::Distinct {
                self.take_keyword(Keyword::Distinct);
            }
            if unions.first().is_some_and(|(other, _)| *other != kind) {
                let message = "UNION and UNION ALL cannot be mixed in one query: use one of them throughout.";
                return Err(Self::syntax_at(union, ErrorDetail::InvalidClauseComposition, message));
            }
            unions.push((kind, self.single_query()?));
        }
        let query = Query { mode: Mode::Answer, at: Vec::new(), first, unions };
        self.check_calls(&query)?;
        Ok(query)
    }

    fn single_query(&mut self) -> Parsed<SingleQuery> {
        let start = self.start();
        let mut clauses = Vec::with_capacity(2);
        while !self.query_ends() {
            if matches!(clauses.last(), Some(Clause::Return(_))) {
                return Err(self.behind_return());
            }
            clauses.push(self.clause(clauses.last())?);
        }
        if clauses.is_empty() {
            return Err(self.unexpected("a clause such as MATCH or RETURN"));
        }
        self.check_end(&clauses)?;
        Ok(SingleQuery { clauses, span: self.since(start) })
    }

    fn query_ends(&self) -> bool {
        matches!(self.kind(), TokenKind::End | TokenKind::Semicolon)
            || self.is_keyword(Keyword::Union)
            || (self.context.subquery && self.is(TokenKind::RightBrace))
    }

    fn behind_return(&mut self) -> QueryError {
        if !self.keyword().starts_clause() {
            return self.unexpected("`,`, ORDER BY, SKIP, LIMIT, UNION or the end of the query");
        }
        let found = self.keyword().as_str();
        let message = format!("RETURN is the last clause, but {found} follows. Use WITH to hand rows on to {found}.");
        self.syntax_here(ErrorDetail::InvalidClauseComposition, message)
    }

    /// A query says what it answers, unless it is a call alone, or only asks whether there are rows.
    fn check_end(&mut self, clauses: &[Clause]) -> Parsed<()> {
        match clauses {
            _ if self.context.subquery => Ok(()),
            [.., Clause::Return(_) | Clause::Write(_)] | [Clause::Call(_)] => Ok(()),
            _ => Err(self.unexpected("RETURN with what the query answers, such as RETURN *")),
        }
    }

    /// Only a call that is the whole query may leave out its parentheses, or yield a star.
    fn check_calls(&self, query: &Query) -> Parsed<()> {
        let clauses = &query.first.clauses;
        let alone = clauses.len() == 1 && query.unions.is_empty() && !self.context.subquery;
        if alone {
            return Ok(());
        }
        let others = query.unions.iter().flat_map(|(_, single)| &single.clauses);
        clauses.iter().chain(others).try_for_each(|clause| match clause {
            Clause::Call(call) => check_call(call),
            _ => Ok(()),
        })
    }
}

fn check_call(call: &Call) -> Parsed<()> {
    if call.arguments.is_none() {
        let message = "Inside a query the arguments of a procedure are written out: add parentheses behind its name.";
        return Err(QueryError::syntax(ErrorDetail::InvalidArgumentPassingMode, call.name.span, message));
    }
    if call.yields == Yields::Star {
        let message = "YIELD * stands only where the call is the whole query: name the fields.";
        return Err(QueryError::syntax(
            ErrorDetail::UnexpectedSyntax,
            Span::new(call.span.start, call.span.end),
            message,
        ));
    }
    Ok(())
}
