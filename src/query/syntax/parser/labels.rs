//! Labels and what joins them: `:A:B`, `:A&B`, `:A|B`, `:!A`, `:%`.

use super::{Parsed, Parser};
use crate::query::syntax::token::TokenKind;
use crate::query::syntax::tree::LabelExpression;

impl Parser<'_> {
    /// From the colon (or `IS`) on.
    pub(super) fn label_expression(&mut self) -> Parsed<LabelExpression> {
        self.advance();
        self.either_label()
    }

    /// `A|B`.
    pub(super) fn either_label(&mut self) -> Parsed<LabelExpression> {
        let first = self.all_labels()?;
        if self.context.bar_ends || !self.is(TokenKind::Bar) {
            return Ok(first);
        }
        let mut labels = Vec::new();
        while self.take(TokenKind::Bar) {
            self.take(TokenKind::Colon);
            labels.push(self.all_labels()?);
        }
        Ok(super::chains::balanced(first, labels, |left, right| LabelExpression::Or(Box::new(left), Box::new(right))))
    }

    /// `A:B`, `A&B`.
    fn all_labels(&mut self) -> Parsed<LabelExpression> {
        let first = self.label()?;
        if !matches!(self.kind(), TokenKind::Colon | TokenKind::Ampersand) {
            return Ok(first);
        }
        let mut labels = Vec::new();
        while matches!(self.kind(), TokenKind::Colon | TokenKind::Ampersand) {
            self.advance();
            labels.push(self.label()?);
        }
        Ok(super::chains::balanced(first, labels, |left, right| LabelExpression::And(Box::new(left), Box::new(right))))
    }

    fn label(&mut self) -> Parsed<LabelExpression> {
        self.part()?;
        match self.kind() {
            TokenKind::Percent => Ok(LabelExpression::Any(self.advance().span())),
            TokenKind::Exclamation => {
                self.advance();
                self.nested(Self::label).map(|label| LabelExpression::Not(Box::new(label)))
            }
            TokenKind::LeftParenthesis => self.nested(Self::labels_in_parentheses),
            _ => self.name("a label").map(LabelExpression::Label),
        }
    }

    fn labels_in_parentheses(&mut self) -> Parsed<LabelExpression> {
        self.advance();
        let labels = self.bracketed(Self::either_label)?;
        self.expect(TokenKind::RightParenthesis, "`)` behind the labels")?;
        Ok(labels)
    }
}
