//! `CALL procedure(…) YIELD …`.

use super::{Parsed, Parser};
use crate::query::error::ErrorDetail;
use crate::query::syntax::keyword::Keyword;
use crate::query::syntax::token::TokenKind;
use crate::query::syntax::tree::{Call, Name, YieldItem, Yields};

impl Parser<'_> {
    pub(super) fn call(&mut self) -> Parsed<Call> {
        let start = self.advance().start;
        if matches!(self.kind(), TokenKind::LeftBrace | TokenKind::LeftParenthesis) {
            let message = "CALL { … } is not supported. Use WITH, EXISTS { … } or COUNT { … }, or CALL a procedure.";
            return Err(self.syntax_here(ErrorDetail::UnexpectedSyntax, message));
        }
        let name = self.dotted_name()?;
        let arguments = if self.take(TokenKind::LeftParenthesis) { Some(self.arguments()?) } else { None };
        let yields = self.yields()?;
        let predicate = if yields == Yields::Unsaid { None } else { self.predicate()? };
        Ok(Call { name, arguments, yields, predicate, span: self.since(start) })
    }

    /// A name with dots in it, as procedures and some functions have.
    pub(super) fn dotted_name(&mut self) -> Parsed<Name> {
        let mut name = self.name("the name of a procedure")?;
        if !self.is(TokenKind::Dot) {
            return Ok(name);
        }
        let mut text = String::from(&*name.text);
        while self.take(TokenKind::Dot) {
            let part = self.name("the rest of the name")?;
            text.push('.');
            text.push_str(&part.text);
            name.span = name.span.to(part.span);
        }
        name.text = text.into();
        Ok(name)
    }

    fn yields(&mut self) -> Parsed<Yields> {
        if !self.take_keyword(Keyword::Yield) {
            return Ok(Yields::Unsaid);
        }
        match self.kind() {
            TokenKind::Star => self.advance(),
            TokenKind::Minus => {
                self.advance();
                return Ok(Yields::Items(Vec::new()));
            }
            _ => return self.list_of(Self::yield_item).map(Yields::Items),
        };
        Ok(Yields::Star)
    }

    fn yield_item(&mut self) -> Parsed<YieldItem> {
        let field = self.name("a field of the procedure")?;
        let variable = if self.take_keyword(Keyword::As) { self.name("a name for the field")? } else { field.clone() };
        Ok(YieldItem { field, variable })
    }
}
