//! Functions, and what looks like one: quantifiers, `reduce`, `count(*)`, subqueries.

use super::{Context, Parsed, Parser};
use crate::query::syntax::keyword::Keyword;
use crate::query::syntax::token::{Token, TokenKind};
use crate::query::syntax::tree::{Clause, Expression, ExpressionKind, Match, Quantifier, Query, Subquery};

/// How many levels a subquery counts as: whoever walks the tree goes through a whole query for each.
const DEPTH_OF_SUBQUERY: usize = 9;

impl Parser<'_> {
    /// A keyword before a parenthesis.
    pub(super) fn special(&mut self, token: Token) -> Parsed<Expression> {
        let element = self.element_ahead(2);
        let quantifier = match token.keyword {
            Keyword::All if element => Quantifier::All,
            Keyword::Any if element => Quantifier::Any,
            Keyword::NoneOf if element => Quantifier::None,
            Keyword::Single if element => Quantifier::Single,
            Keyword::Filter | Keyword::Extract if element => return self.old_comprehension(),
            Keyword::Reduce if self.names_a_path(2) => return self.reduce(),
            Keyword::Count if self.ahead(2).kind == TokenKind::Star => return self.count_star(),
            Keyword::ShortestPath | Keyword::AllShortestPaths => return self.pattern_expression(Self::shortest_path),
            _ => return self.function(),
        };
        self.quantified(quantifier)
    }

    /// `name([DISTINCT] arguments)`.
    pub(super) fn function(&mut self) -> Parsed<Expression> {
        let name = self.dotted_name()?;
        self.expect(TokenKind::LeftParenthesis, "`(`")?;
        let distinct = self.take_keyword(Keyword::Distinct);
        let arguments = self.arguments()?;
        Ok(self.from(name.span.start, ExpressionKind::Function { name, distinct, arguments }))
    }

    /// Up to and with the closing parenthesis.
    pub(super) fn arguments(&mut self) -> Parsed<Vec<Expression>> {
        self.bracketed(|parser| {
            let none = parser.is(TokenKind::RightParenthesis);
            let arguments = if none { Vec::new() } else { parser.list_of(Self::expression)? };
            parser.expect(TokenKind::RightParenthesis, "an operator, `,`, or `)` behind the arguments")?;
            Ok(arguments)
        })
    }

    fn count_star(&mut self) -> Parsed<Expression> {
        let start = self.start();
        self.place += 3;
        self.expect(TokenKind::RightParenthesis, "`)` behind count(*")?;
        Ok(self.from(start, ExpressionKind::CountStar))
    }

    fn quantified(&mut self, quantifier: Quantifier) -> Parsed<Expression> {
        let start = self.start();
        self.place += 2;
        let ((variable, list), predicate) = self.bracketed(Self::filtered_element)?;
        self.expect(TokenKind::RightParenthesis, "an operator, WHERE, or `)`")?;
        Ok(self.from(start, ExpressionKind::Quantifier { quantifier, variable, list, predicate }))
    }

    /// `filter(x IN list WHERE …)` and `extract(x IN list | …)`, which older dialects have.
    fn old_comprehension(&mut self) -> Parsed<Expression> {
        let start = self.start();
        self.place += 2;
        let ((variable, list), predicate) = self.before_bar(Self::filtered_element)?;
        let projection =
            if self.take(TokenKind::Bar) { Some(Box::new(self.bracketed(Self::expression)?)) } else { None };
        self.expect(TokenKind::RightParenthesis, "an operator, WHERE, `|`, or `)`")?;
        Ok(self.from(start, ExpressionKind::ListComprehension { variable, list, predicate, projection }))
    }

    /// `reduce(accumulator = initial, name IN list | body)`.
    fn reduce(&mut self) -> Parsed<Expression> {
        let start = self.start();
        self.place += 2;
        let accumulator = self.name("a name for the accumulator")?;
        self.expect(TokenKind::Equal, "`=` and the first value")?;
        let initial = Box::new(self.bracketed(Self::expression)?);
        self.expect(TokenKind::Comma, "an operator, or `,` and `name IN list`")?;
        let (variable, list) = self.before_bar(Self::item_of)?;
        self.expect(TokenKind::Bar, "an operator, or `|` and the next value")?;
        let body = Box::new(self.bracketed(Self::expression)?);
        self.expect(TokenKind::RightParenthesis, "an operator, or `)` behind reduce")?;
        Ok(self.from(start, ExpressionKind::Reduce { accumulator, initial, variable, list, body }))
    }

    /// `EXISTS { … }`, `COUNT { … }`.
    pub(super) fn subquery(&mut self, token: Token) -> Parsed<Expression> {
        self.place += 2;
        let context = Context { subquery: true, ..Context::default() };
        let inner = self.deeper(DEPTH_OF_SUBQUERY, |parser| parser.within(context, Self::subquery_inside))?;
        let inner = Box::new(inner);
        self.expect(TokenKind::RightBrace, "a clause, or `}` to close the subquery")?;
        let exists = token.keyword == Keyword::Exists;
        Ok(self.from(token.start, if exists { ExpressionKind::Exists(inner) } else { ExpressionKind::Count(inner) }))
    }

    fn subquery_inside(&mut self) -> Parsed<Subquery> {
        if self.bare_pattern_ahead() {
            return self.patterns(self.start(), false).map(Subquery::Pattern);
        }
        Ok(match only_match(self.query()?) {
            Ok(pattern) => Subquery::Pattern(pattern),
            Err(query) => Subquery::Query(query),
        })
    }

    /// Whether a pattern is next without `MATCH` before it.
    fn bare_pattern_ahead(&self) -> bool {
        let search = matches!(
            self.keyword(),
            Keyword::Any | Keyword::All | Keyword::Shortest | Keyword::ShortestPath | Keyword::AllShortestPaths
        );
        self.is(TokenKind::LeftParenthesis) || search || self.names_a_path(0)
    }
}

/// The one clause of a query that only matches.
fn only_match(mut query: Query) -> Result<Match, Query> {
    let alone = query.unions.is_empty() && matches!(&*query.first.clauses, [Clause::Match(found)] if !found.optional);
    match if alone { query.first.clauses.pop() } else { None } {
        Some(Clause::Match(found)) => Ok(found),
        _ => Err(query),
    }
}
