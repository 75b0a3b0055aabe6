//! Paths and nodes to look for.

use super::{Parsed, Parser};
use crate::query::error::ErrorDetail;
use crate::query::syntax::keyword::Keyword;
use crate::query::syntax::token::TokenKind;
use crate::query::syntax::tree::{Expression, Name, NodePattern, PathPattern, PathSearch, RelationshipPattern};

/// A node, and relationships and nodes in turn.
type Element = (NodePattern, Vec<(RelationshipPattern, NodePattern)>);

impl Parser<'_> {
    /// `[p =] [which paths] element`.
    pub(super) fn path_pattern(&mut self) -> Parsed<PathPattern> {
        let start = self.start();
        let variable = if self.names_a_path(0) { Some(self.path_variable()?) } else { None };
        let search = self.search()?;
        let mut pattern = match self.keyword() {
            Keyword::ShortestPath | Keyword::AllShortestPaths if self.ahead(1).kind == TokenKind::LeftParenthesis => {
                self.shortest_path()?
            }
            _ => self.anonymous_path()?,
        };
        if search != PathSearch::All {
            pattern.search = search;
        }
        (pattern.variable, pattern.span) = (variable, self.since(start));
        Ok(pattern)
    }

    fn path_variable(&mut self) -> Parsed<Name> {
        let name = self.name("a name for the path")?;
        self.expect(TokenKind::Equal, "`=`")?;
        Ok(name)
    }

    /// A path without name.
    pub(super) fn anonymous_path(&mut self) -> Parsed<PathPattern> {
        let start = self.start();
        let (node, steps) = self.element()?;
        Ok(PathPattern { variable: None, search: PathSearch::All, start: node, steps, span: self.since(start) })
    }

    /// GQL's `ANY`, `ANY SHORTEST`, `ALL SHORTEST`, `SHORTEST 1`, with `PATH` or `PATHS` behind it.
    fn search(&mut self) -> Parsed<PathSearch> {
        let search = match self.keyword() {
            Keyword::Any => PathSearch::Any,
            Keyword::All => PathSearch::All,
            Keyword::Shortest => PathSearch::AnyShortest,
            _ => return Ok(PathSearch::All),
        };
        self.advance();
        let search = match search {
            PathSearch::AnyShortest => self.shortest_one()?,
            PathSearch::Any if self.take_keyword(Keyword::Shortest) => PathSearch::AnyShortest,
            _ if self.take_keyword(Keyword::Shortest) => PathSearch::AllShortest,
            search => search,
        };
        if matches!(self.keyword(), Keyword::Path | Keyword::Paths) {
            self.advance();
        }
        Ok(search)
    }

    fn shortest_one(&mut self) -> Parsed<PathSearch> {
        if self.is(TokenKind::Number) && self.text_of(self.token()) == "1" {
            self.advance();
            return Ok(PathSearch::AnyShortest);
        }
        Err(self.unexpected("`1` behind SHORTEST (SHORTEST 1, ANY SHORTEST and ALL SHORTEST are supported)"))
    }

    /// `shortestPath(element)`, `allShortestPaths(element)`.
    pub(super) fn shortest_path(&mut self) -> Parsed<PathPattern> {
        let start = self.start();
        let function = self.advance();
        let single = function.keyword == Keyword::ShortestPath;
        self.expect(TokenKind::LeftParenthesis, "`(` and a pattern")?;
        let (node, steps) = self.bracketed(Self::element)?;
        self.expect(TokenKind::RightParenthesis, "`)` behind the pattern")?;
        if steps.is_empty() {
            let message = "A shortest path needs two ends: write (a)-[*]->(b) inside the parentheses.";
            return Err(Self::syntax_at(function, ErrorDetail::UnexpectedSyntax, message));
        }
        let search = if single { PathSearch::AnyShortest } else { PathSearch::AllShortest };
        Ok(PathPattern { variable: None, search, start: node, steps, span: self.since(start) })
    }

    /// A node, and relationships and nodes in turn; or such a thing in parentheses.
    fn element(&mut self) -> Parsed<Element> {
        if self.is(TokenKind::LeftParenthesis) && self.ahead(1).kind == TokenKind::LeftParenthesis {
            return self.nested(Self::element_in_parentheses);
        }
        let node = self.node()?;
        let mut steps = Vec::new();
        while self.relationship_ahead() {
            // Steps are large and few: room for four at once would cost more than moving one or two.
            steps.reserve_exact(1 + steps.len() / 2);
            steps.push((self.relationship()?, self.node()?));
        }
        Ok((node, steps))
    }

    fn element_in_parentheses(&mut self) -> Parsed<Element> {
        self.advance();
        let element = self.element()?;
        self.expect(TokenKind::RightParenthesis, "`)` behind the pattern")?;
        if matches!(self.kind(), TokenKind::LeftBrace | TokenKind::Plus | TokenKind::Star) {
            let message = "Only a single relationship can be repeated: write (a)-[:T]->{1,5}(b) or (a)-[:T*1..5]->(b).";
            return Err(self.syntax_here(ErrorDetail::UnexpectedSyntax, message));
        }
        Ok(element)
    }

    /// `([variable] [labels] [properties] [WHERE predicate])`.
    pub(super) fn node(&mut self) -> Parsed<NodePattern> {
        let start = self.start();
        self.expect(TokenKind::LeftParenthesis, "a node such as (n) or (:Label)")?;
        let node = self.bracketed(Self::node_inside)?;
        self.expect(TokenKind::RightParenthesis, node_goes_on(&node))?;
        Ok(NodePattern { span: self.since(start), ..node })
    }

    fn node_inside(&mut self) -> Parsed<NodePattern> {
        self.part()?;
        let start = self.start();
        let variable = self.pattern_variable();
        let labels = if self.labels_ahead() { Some(self.label_expression()?) } else { None };
        let properties = self.pattern_properties()?;
        let predicate = self.predicate()?;
        Ok(NodePattern { variable, labels, properties, predicate, span: self.since(start) })
    }

    /// The name of a node or relationship, if there is one.
    pub(super) fn pattern_variable(&mut self) -> Option<Name> {
        let (token, next) = (self.token(), self.ahead(1));
        let goes_on = match token.keyword {
            Keyword::Where => {
                !matches!(next.kind, TokenKind::RightParenthesis | TokenKind::RightBracket | TokenKind::Colon)
            }
            Keyword::Is => next.kind.is_name() || matches!(next.kind, TokenKind::Exclamation | TokenKind::Percent),
            _ => false,
        };
        if goes_on || !token.kind.is_name() {
            return None;
        }
        self.advance();
        Some(self.name_of(token))
    }

    /// A map; in `CREATE` also a parameter.
    pub(super) fn pattern_properties(&mut self) -> Parsed<Option<Expression>> {
        match self.kind() {
            TokenKind::LeftBrace => self.map().map(Some),
            TokenKind::Dollar if self.context.creates => self.parameter().map(Some),
            TokenKind::Dollar => {
                let message =
                    "A parameter cannot stand for all properties of a pattern: name them, as in {name: $name}.";
                Err(self.syntax_here(ErrorDetail::InvalidParameterUse, message))
            }
            _ => Ok(None),
        }
    }
}

fn node_goes_on(node: &NodePattern) -> &'static str {
    match node {
        NodePattern { predicate: Some(_), .. } => "an operator, or `)` to close the node",
        NodePattern { properties: Some(_), .. } => "WHERE, or `)` to close the node",
        NodePattern { labels: Some(_), .. } => "`{` with properties, WHERE, or `)` to close the node",
        _ => "`:` with a label, `{` with properties, WHERE, or `)` to close the node",
    }
}
