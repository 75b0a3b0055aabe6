//! Operators between two operands, and how tightly each binds (openCypher 9, chapter "Operators").

use super::Parser;
use crate::query::syntax::keyword::Keyword;
use crate::query::syntax::token::TokenKind;
use crate::query::syntax::tree::{BinaryOperator, ComparisonOperator};

/// How tightly operators bind; a greater one binds tighter.
pub(super) mod binding {
    /// Anything.
    pub const LOOSEST: u8 = 0;
    /// `OR`.
    pub const OR: u8 = 1;
    /// `XOR`.
    pub const XOR: u8 = 2;
    /// `AND`.
    pub const AND: u8 = 3;
    /// `NOT`.
    pub const NOT: u8 = 4;
    /// `=`, `<`, …
    pub const COMPARISON: u8 = 5;
    /// `IN`, `STARTS WITH`, `IS NULL`, …
    pub const PREDICATE: u8 = 6;
    /// `+`, `-`.
    pub const SUM: u8 = 7;
    /// `*`, `/`, `%`.
    pub const PRODUCT: u8 = 8;
    /// `^`.
    pub const POWER: u8 = 9;
    /// The sign of an operand.
    pub const SIGN: u8 = 10;
}

/// An operator behind an operand.
#[derive(Clone, Copy)]
pub(super) enum Operator {
    /// `AND`, `OR`: chains are joined evenly.
    Chain(BinaryOperator),
    /// Two operands, and so many tokens.
    Binary(BinaryOperator, usize),
    /// Part of a chain of comparisons.
    Comparison,
    /// `IS …`.
    Is,
}

impl Parser<'_> {
    /// The operator that is next, and how tightly it binds.
    pub(super) fn operator(&self) -> Option<(Operator, u8)> {
        use BinaryOperator as B;
        use Operator::Binary;
        let token = self.token();
        Some(match token.kind {
            TokenKind::Word => return self.operator_word(token.keyword),
            TokenKind::Plus => (Binary(B::Add, 1), binding::SUM),
            TokenKind::Minus => (Binary(B::Subtract, 1), binding::SUM),
            TokenKind::Star => (Binary(B::Multiply, 1), binding::PRODUCT),
            TokenKind::Slash => (Binary(B::Divide, 1), binding::PRODUCT),
            TokenKind::Percent => (Binary(B::Modulo, 1), binding::PRODUCT),
            TokenKind::Caret => (Binary(B::Power, 1), binding::POWER),
            TokenKind::Matches => (Binary(B::Matches, 1), binding::PREDICATE),
            kind => {
                comparison(kind)?;
                (Operator::Comparison, binding::COMPARISON)
            }
        })
    }

    fn operator_word(&self, keyword: Keyword) -> Option<(Operator, u8)> {
        use BinaryOperator as B;
        use Operator::{Binary, Chain};
        let with = self.ahead(1).keyword == Keyword::With;
        Some(match keyword {
            Keyword::Or => (Chain(B::Or), binding::OR),
            Keyword::Xor => (Binary(B::Xor, 1), binding::XOR),
            Keyword::And => (Chain(B::And), binding::AND),
            Keyword::In => (Binary(B::In, 1), binding::PREDICATE),
            Keyword::Starts if with => (Binary(B::StartsWith, 2), binding::PREDICATE),
            Keyword::Ends if with => (Binary(B::EndsWith, 2), binding::PREDICATE),
            Keyword::Contains => (Binary(B::Contains, 1), binding::PREDICATE),
            Keyword::Is => (Operator::Is, binding::PREDICATE),
            _ => return None,
        })
    }
}

/// The comparison that a token stands for.
pub(super) const fn comparison(kind: TokenKind) -> Option<ComparisonOperator> {
    Some(match kind {
        TokenKind::Equal => ComparisonOperator::Equal,
        TokenKind::NotEqual => ComparisonOperator::NotEqual,
        TokenKind::Less => ComparisonOperator::Less,
        TokenKind::LessOrEqual => ComparisonOperator::LessOrEqual,
        TokenKind::Greater => ComparisonOperator::Greater,
        TokenKind::GreaterOrEqual => ComparisonOperator::GreaterOrEqual,
        _ => return None,
    })
}
