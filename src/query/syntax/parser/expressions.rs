//! Expressions: operators by how tightly they bind, after Pratt ("Top down operator precedence", 1973).

use super::operators::{Operator, binding, comparison};
use super::{Parsed, Parser, chains};
use crate::query::error::ErrorDetail;
use crate::query::syntax::keyword::Keyword;
use crate::query::syntax::span::Span;
use crate::query::syntax::token::TokenKind;
use crate::query::syntax::tree::{BinaryOperator, Expression, ExpressionKind, UnaryOperator};

impl Parser<'_> {
    pub(super) fn expression(&mut self) -> Parsed<Expression> {
        self.climb(binding::LOOSEST)
    }

    /// An expression in which every operator binds at least so tightly.
    fn climb(&mut self, least: u8) -> Parsed<Expression> {
        self.depth += 1;
        self.check_depth(0)?;
        let outer = std::mem::take(&mut self.height);
        let mut left = self.prefixed(least)?;
        while let Some((operator, tightness)) = self.operator() {
            if tightness < least {
                break;
            }
            left = self.join(left, operator, tightness)?;
        }
        self.depth -= 1;
        self.height = outer.max(self.height + 1);
        Ok(left)
    }

    /// One more level of the tree above what was read so far.
    fn grow(&mut self, levels: usize) -> Parsed<()> {
        self.height += levels;
        self.check_depth(self.height)
    }

    fn join(&mut self, left: Expression, operator: Operator, tightness: u8) -> Parsed<Expression> {
        match operator {
            Operator::Chain(operator) => self.chain(left, operator, tightness),
            Operator::Comparison => self.comparisons(left),
            Operator::Is => self.is_something(left),
            Operator::Binary(operator, tokens) => {
                self.place += tokens;
                let right = self.climb(tightness + 1)?;
                self.grow(1)?;
                Ok(binary(operator, left, right))
            }
        }
    }

    fn chain(&mut self, first: Expression, operator: BinaryOperator, tightness: u8) -> Parsed<Expression> {
        let keyword = self.keyword();
        let mut rest = Vec::new();
        while self.take_keyword(keyword) {
            rest.push(self.climb(tightness + 1)?);
        }
        self.grow(chains::height(rest.len() + 1))?;
        Ok(chains::balanced(first, rest, |left, right| binary(operator, left, right)))
    }

    fn comparisons(&mut self, first: Expression) -> Parsed<Expression> {
        let mut rest = Vec::with_capacity(1);
        while let Some(operator) = comparison(self.kind()) {
            self.advance();
            rest.push((operator, self.climb(binding::COMPARISON + 1)?));
        }
        self.grow(1)?;
        let span = self.since(first.span.start);
        Ok(Expression { kind: ExpressionKind::Comparison(Box::new(first), rest), span })
    }

    /// `IS [NOT] NULL`, `IS [NOT] LABELED labels`.
    fn is_something(&mut self, operand: Expression) -> Parsed<Expression> {
        self.advance();
        let negated = self.take_keyword(Keyword::Not);
        let start = operand.span.start;
        let operand = Box::new(operand);
        self.grow(1)?;
        match self.keyword() {
            Keyword::Null => {
                self.advance();
                Ok(Expression { kind: ExpressionKind::IsNull { operand, negated }, span: self.since(start) })
            }
            Keyword::Labeled => {
                self.advance();
                self.take(TokenKind::Colon);
                let kind = ExpressionKind::HasLabels(operand, self.either_label()?);
                let labeled = Expression { kind, span: self.since(start) };
                Ok(if negated { unary(UnaryOperator::Not, start, labeled) } else { labeled })
            }
            _ => Err(self.unexpected("NULL, NOT NULL, LABELED or NOT LABELED")),
        }
    }

    fn prefixed(&mut self, least: u8) -> Parsed<Expression> {
        let token = self.token();
        match token.kind {
            TokenKind::Word if token.keyword == Keyword::Not => self.negation(least),
            TokenKind::Minus if self.number_follows_directly() => {
                self.advance();
                let number = self.number(true)?;
                self.postfix(number)
            }
            TokenKind::Minus => self.signed(UnaryOperator::Minus),
            TokenKind::Plus => self.signed(UnaryOperator::Plus),
            _ => {
                let atom = self.atom()?;
                self.postfix(atom)
            }
        }
    }

    fn number_follows_directly(&self) -> bool {
        let next = self.ahead(1);
        next.kind == TokenKind::Number && next.start == self.token().end
    }

    fn negation(&mut self, least: u8) -> Parsed<Expression> {
        if least > binding::NOT {
            let message =
                "NOT binds less tightly than the operator before it: put parentheses around it, as in (NOT …).";
            return Err(self.syntax_here(ErrorDetail::UnexpectedSyntax, message));
        }
        let start = self.advance().start;
        let operand = self.climb(binding::NOT)?;
        Ok(unary(UnaryOperator::Not, start, operand))
    }

    fn signed(&mut self, operator: UnaryOperator) -> Parsed<Expression> {
        let start = self.advance().start;
        let operand = self.climb(binding::SIGN)?;
        Ok(unary(operator, start, operand))
    }

    /// What may hang on an operand: `.key`, `[index]`, `[from..to]`, `:Label`.
    fn postfix(&mut self, mut operand: Expression) -> Parsed<Expression> {
        loop {
            operand = match self.kind() {
                TokenKind::Dot => self.property(operand)?,
                TokenKind::LeftBracket => self.bracketed(|parser| parser.index(operand))?,
                TokenKind::Colon => self.has_labels(operand)?,
                _ => return Ok(operand),
            };
            self.grow(1)?;
        }
    }

    fn property(&mut self, operand: Expression) -> Parsed<Expression> {
        self.advance();
        let start = operand.span.start;
        let name = self.name("the name of a property")?;
        Ok(Expression { kind: ExpressionKind::Property(Box::new(operand), name), span: self.since(start) })
    }

    fn has_labels(&mut self, operand: Expression) -> Parsed<Expression> {
        let start = operand.span.start;
        let labels = self.label_expression()?;
        Ok(Expression { kind: ExpressionKind::HasLabels(Box::new(operand), labels), span: self.since(start) })
    }

    fn index(&mut self, operand: Expression) -> Parsed<Expression> {
        self.advance();
        let start = operand.span.start;
        let operand = Box::new(operand);
        let from = if self.is(TokenKind::DotDot) { None } else { Some(Box::new(self.expression()?)) };
        let kind = match (self.take(TokenKind::DotDot), from) {
            (false, Some(index)) => ExpressionKind::Index(operand, index),
            (_, from) => {
                let to = if self.is(TokenKind::RightBracket) { None } else { Some(Box::new(self.expression()?)) };
                ExpressionKind::Slice(operand, from, to)
            }
        };
        self.expect(TokenKind::RightBracket, "`]`")?;
        Ok(Expression { kind, span: self.since(start) })
    }
}

fn binary(operator: BinaryOperator, left: Expression, right: Expression) -> Expression {
    let span = left.span.to(right.span);
    Expression { kind: ExpressionKind::Binary(operator, Box::new(left), Box::new(right)), span }
}

fn unary(operator: UnaryOperator, start: u32, operand: Expression) -> Expression {
    let span = Span::new(start, operand.span.end);
    Expression { kind: ExpressionKind::Unary(operator, Box::new(operand)), span }
}
