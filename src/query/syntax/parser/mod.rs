//! From tokens to tree: recursive descent without going back, so that time is linear in the text.
//!
//! Where a beginning can be two things (`(a)-[r]-(b)` is a pattern, `(a) - [1] - (b)` is not), [`lookahead`] decides
//! before anything is built.

mod atoms;
mod brackets;
mod calls;
mod chains;
mod clauses;
mod collections;
mod complaints;
mod expressions;
mod functions;
mod hints;
mod labels;
mod literals;
mod lookahead;
mod operators;
mod patterns;
mod projections;
mod queries;
mod relationships;
mod writes;

use std::cell::OnceCell;
use std::sync::Arc;

use brackets::Bracket;

use super::SyntaxLimits;
use super::keyword::Keyword;
use super::lexer::{Lexed, lex};
use super::span::Span;
use super::token::{Token, TokenKind};
use super::tree::{Name, Query};
use crate::query::error::{ErrorDetail, ErrorKind, QueryError};

/// What every part of the parser gives.
type Parsed<T> = Result<T, QueryError>;

/// Reads a text shorter than 4 GiB.
pub(super) fn parse(text: &str, limits: &SyntaxLimits) -> Parsed<Query> {
    let Lexed { tokens, failure } = lex(text);
    let mut parser = Parser {
        text,
        tokens,
        brackets: OnceCell::new(),
        failure,
        limit: limits.depth,
        most_parts: limits.parts,
        place: 0,
        context: Context::default(),
        depth: 0,
        height: 0,
        parts: 0,
    };
    parser.whole_query()
}

struct Parser<'t> {
    text: &'t str,
    /// The last one is the end.
    tokens: Vec<Token>,
    /// What closes each bracket, once somebody asked.
    brackets: OnceCell<Vec<Bracket>>,
    /// The lexer's error, which holds where the `Invalid` token stands.
    failure: Option<QueryError>,
    /// The greatest depth of the tree.
    limit: usize,
    /// The token that is next.
    place: usize,
    context: Context,
    /// How many things that stand in each other are being read.
    depth: usize,
    /// How high the tallest expression is that was finished inside the one being read.
    height: usize,
    /// How many clauses, nodes, labels, types and definitions were read, and the most of them.
    parts: usize,
    most_parts: usize,
}

/// What surrounds the part that is being read.
#[derive(Clone, Copy, Default)]
struct Context {
    /// A bar ends the expression, as in `[x IN list WHERE x:A | x]`, so that it cannot mean "or" between labels.
    bar_ends: bool,
    /// Inside the braces of `EXISTS` or `COUNT`.
    subquery: bool,
    /// In a pattern of `CREATE`.
    creates: bool,
}

impl Parser<'_> {
    /// The next token.
    fn token(&self) -> Token {
        self.ahead(0)
    }

    /// The token so many places on; the end behind the end.
    fn ahead(&self, places: usize) -> Token {
        self.token_at(self.place + places)
    }

    fn token_at(&self, place: usize) -> Token {
        self.tokens[place.min(self.tokens.len() - 1)]
    }

    fn kind(&self) -> TokenKind {
        self.token().kind
    }

    fn keyword(&self) -> Keyword {
        self.token().keyword
    }

    fn is(&self, kind: TokenKind) -> bool {
        self.kind() == kind
    }

    fn is_keyword(&self, keyword: Keyword) -> bool {
        self.keyword() == keyword
    }

    /// Goes on, and gives what was next.
    fn advance(&mut self) -> Token {
        let token = self.token();
        self.place += 1;
        token
    }

    /// Goes on if this is next.
    fn take(&mut self, kind: TokenKind) -> bool {
        let taken = self.is(kind);
        self.place += usize::from(taken);
        taken
    }

    /// Goes on if this keyword is next.
    fn take_keyword(&mut self, keyword: Keyword) -> bool {
        let taken = self.is_keyword(keyword);
        self.place += usize::from(taken);
        taken
    }

    fn expect(&mut self, kind: TokenKind, expected: &str) -> Parsed<Token> {
        if self.is(kind) { Ok(self.advance()) } else { Err(self.unexpected(expected)) }
    }

    fn expect_keyword(&mut self, keyword: Keyword) -> Parsed<Token> {
        if self.is_keyword(keyword) { Ok(self.advance()) } else { Err(self.unexpected(keyword.as_str())) }
    }

    /// From the start of a token to the end of the one before the next.
    fn since(&self, start: u32) -> Span {
        Span::new(start, self.token_at(self.place.saturating_sub(1)).end.max(start))
    }

    /// Where the next token starts.
    fn start(&self) -> u32 {
        self.token().start
    }

    fn text_of(&self, token: Token) -> &str {
        token.span().text(self.text)
    }

    /// A name; any keyword may be one.
    fn name(&mut self, expected: &str) -> Parsed<Name> {
        let token = self.token();
        if !token.kind.is_name() {
            return Err(self.unexpected(expected));
        }
        self.place += 1;
        Ok(self.name_of(token))
    }

    fn name_of(&self, token: Token) -> Name {
        Name { text: self.name_text(token), span: token.span() }
    }

    fn name_text(&self, token: Token) -> Arc<str> {
        let text = self.text_of(token);
        if token.kind != TokenKind::Quoted {
            return text.into();
        }
        let inner = text.get(1..text.len() - 1).unwrap_or_default();
        if inner.contains('`') { inner.replace("``", "`").into() } else { inner.into() }
    }

    /// At least one, with commas between them.
    fn list_of<T>(&mut self, mut one: impl FnMut(&mut Self) -> Parsed<T>) -> Parsed<Vec<T>> {
        let mut all = vec![one(self)?];
        while self.take(TokenKind::Comma) {
            all.push(one(self)?);
        }
        Ok(all)
    }

    /// Reads in another context.
    fn within<T>(&mut self, context: Context, read: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        let outer = std::mem::replace(&mut self.context, context);
        let read = read(self);
        self.context = outer;
        read
    }

    /// Reads inside brackets, where a bar does not end anything.
    fn bracketed<T>(&mut self, read: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        self.within(Context { bar_ends: false, ..self.context }, read)
    }

    /// Reads something that may stand inside itself.
    fn nested<T>(&mut self, read: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        self.deeper(1, read)
    }

    /// Reads something that counts as so many levels.
    fn deeper<T>(&mut self, levels: usize, read: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        self.depth += levels;
        self.check_depth(0)?;
        let read = read(self);
        self.depth -= levels;
        read
    }

    /// One more of what a plan weighs against all others of its sort: a clause, a node, a label, a definition.
    fn part(&mut self) -> Parsed<()> {
        self.parts += 1;
        if self.parts <= self.most_parts {
            return Ok(());
        }
        let message = format!(
            "The query has more than {} clauses, nodes, labels and types. Hand lists over as parameters, or ask several queries.",
            self.most_parts
        );
        Err(QueryError::compile(ErrorKind::BudgetExceeded, ErrorDetail::ComplexityLimit, self.token().span(), message))
    }

    fn check_depth(&self, height: usize) -> Parsed<()> {
        if self.depth + height <= self.limit {
            return Ok(());
        }
        let message = format!(
            "The query is nested more than {} deep here. Hand lists over as parameters, or split it with WITH.",
            self.limit
        );
        Err(QueryError::compile(ErrorKind::BudgetExceeded, ErrorDetail::ComplexityLimit, self.token().span(), message))
    }
}
