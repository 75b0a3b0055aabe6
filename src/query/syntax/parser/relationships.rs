//! Relationships to look for: direction, types, length.

use super::{Parsed, Parser};
use crate::query::error::{ErrorDetail, QueryError};
use crate::query::syntax::keyword::Keyword;
use crate::query::syntax::span::Span;
use crate::query::syntax::token::TokenKind;
use crate::query::syntax::tree::{Length, Name, PatternDirection, RelationshipPattern};

impl Parser<'_> {
    pub(super) fn relationship_ahead(&self) -> bool {
        self.is(TokenKind::Minus) || (self.is(TokenKind::Less) && self.ahead(1).kind == TokenKind::Minus)
    }

    /// From the first dash up to the node behind it.
    pub(super) fn relationship(&mut self) -> Parsed<RelationshipPattern> {
        let start = self.start();
        let left = self.take(TokenKind::Less);
        self.expect(TokenKind::Minus, "`-`")?;
        let mut pattern = if self.take(TokenKind::LeftBracket) {
            let detail = self.bracketed(Self::detail)?;
            self.expect(
                TokenKind::RightBracket,
                "`:` with a type, `*` with a length, `{` with properties, WHERE, or `]`",
            )?;
            self.expect(TokenKind::Minus, "`-` or `->` behind the relationship")?;
            detail
        } else {
            self.take(TokenKind::Minus);
            empty()
        };
        pattern.direction = direction(left, self.take(TokenKind::Greater));
        self.quantifier(&mut pattern)?;
        Ok(RelationshipPattern { span: self.since(start), ..pattern })
    }

    /// What stands in the brackets.
    fn detail(&mut self) -> Parsed<RelationshipPattern> {
        let variable = self.pattern_variable();
        let types = if self.labels_ahead() { self.types()? } else { Vec::new() };
        let length = self.length()?;
        let properties = self.pattern_properties()?;
        let predicate = self.predicate()?;
        Ok(RelationshipPattern { variable, types, length, properties, predicate, ..empty() })
    }

    /// `:A|B`, `:A|:B`, `:%`.
    fn types(&mut self) -> Parsed<Vec<Name>> {
        self.advance();
        if self.take(TokenKind::Percent) {
            return Ok(Vec::new());
        }
        let mut types = vec![self.relationship_type()?];
        while self.take(TokenKind::Bar) {
            self.take(TokenKind::Colon);
            types.push(self.relationship_type()?);
        }
        match self.kind() {
            TokenKind::Ampersand | TokenKind::Colon => {
                let message = "A relationship has exactly one type: join types with `|`, which means any of them.";
                Err(self.syntax_here(ErrorDetail::InvalidRelationshipPattern, message))
            }
            _ => Ok(types),
        }
    }

    fn relationship_type(&mut self) -> Parsed<Name> {
        self.part()?;
        if matches!(self.kind(), TokenKind::Exclamation | TokenKind::LeftParenthesis) {
            let message =
                "Types of a relationship are joined with `|` only: test others with WHERE, as in WHERE NOT r:T.";
            return Err(self.syntax_here(ErrorDetail::InvalidRelationshipPattern, message));
        }
        self.name("the type of a relationship")
    }

    /// `*`, `*2`, `*2..`, `*..3`, `*2..3`.
    fn length(&mut self) -> Parsed<Option<Length>> {
        let start = self.start();
        if self.is(TokenKind::DotDot) {
            let message = "The length of a relationship starts with `*`: write [:T*..].";
            return Err(self.syntax_here(ErrorDetail::InvalidRelationshipPattern, message));
        }
        if !self.take(TokenKind::Star) {
            return Ok(None);
        }
        let minimum = self.bound()?;
        let (minimum, maximum) =
            if self.take(TokenKind::DotDot) { (minimum, self.bound()?) } else { (minimum, minimum) };
        Ok(Some(Length { minimum, maximum, span: self.since(start) }))
    }

    fn bound(&mut self) -> Parsed<Option<u64>> {
        let token = self.token();
        match token.kind {
            TokenKind::Number => {}
            TokenKind::Minus => {
                let message = "A length cannot be negative: at least zero relationships are followed.";
                return Err(self.syntax_here(ErrorDetail::InvalidRelationshipPattern, message));
            }
            TokenKind::Dollar => {
                let message = "A length cannot be a parameter: write the number.";
                return Err(self.syntax_here(ErrorDetail::InvalidParameterUse, message));
            }
            _ => return Ok(None),
        }
        let text = self.text_of(token);
        if !text.bytes().all(|byte| byte.is_ascii_digit()) {
            let message = "A length is a whole number, as in *2 or *1..3.";
            return Err(self.syntax_here(ErrorDetail::InvalidRelationshipPattern, message));
        }
        let Ok(bound) = text.parse() else {
            let message = "This length is larger than any path: leave it out for no limit.";
            return Err(self.syntax_here(ErrorDetail::IntegerOverflow, message));
        };
        self.advance();
        Ok(Some(bound))
    }

    /// GQL's `+`, `*`, `{2}`, `{1,5}`, `{,5}`, `{1,}` behind the arrow.
    fn quantifier(&mut self, pattern: &mut RelationshipPattern) -> Parsed<()> {
        let start = self.start();
        let (minimum, maximum) = match self.kind() {
            TokenKind::Plus => (Some(1), None),
            TokenKind::Star => (Some(0), None),
            TokenKind::LeftBrace => {
                self.advance();
                self.bounds_in_braces()?
            }
            _ => return Ok(()),
        };
        self.advance();
        let span = self.since(start);
        if pattern.length.is_some() {
            let message = "The length is said twice: inside the brackets with `*`, and behind the arrow.";
            return Err(QueryError::syntax(ErrorDetail::InvalidRelationshipPattern, span, message));
        }
        pattern.length = Some(Length { minimum, maximum, span });
        Ok(())
    }

    /// Up to the closing brace, which stays.
    fn bounds_in_braces(&mut self) -> Parsed<(Option<u64>, Option<u64>)> {
        let minimum = self.bound()?;
        let comma = self.take(TokenKind::Comma);
        let maximum = if comma { self.bound()? } else { minimum };
        if !self.is(TokenKind::RightBrace) || (!comma && minimum.is_none()) {
            return Err(self.unexpected("how often, as in {2}, {1,5}, {2,} or {,5}"));
        }
        // GQL counts from zero where no lower bound is written, unlike `*..5`.
        Ok((minimum.or(Some(0)), maximum))
    }
}

const fn empty() -> RelationshipPattern {
    RelationshipPattern {
        variable: None,
        types: Vec::new(),
        direction: PatternDirection::Either,
        length: None,
        properties: None,
        predicate: None,
        span: Span::new(0, 0),
    }
}

const fn direction(left: bool, right: bool) -> PatternDirection {
    match (left, right) {
        (true, false) => PatternDirection::Left,
        (false, true) => PatternDirection::Right,
        _ => PatternDirection::Either,
    }
}

impl Parser<'_> {
    /// Whether labels or types are next: `:`, or GQL's `IS`.
    pub(super) fn labels_ahead(&self) -> bool {
        self.is(TokenKind::Colon) || self.is_keyword(Keyword::Is)
    }
}
