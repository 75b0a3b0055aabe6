//! `WITH` and `RETURN`: items, order, page.

use super::{Parsed, Parser};
use crate::query::syntax::keyword::Keyword;
use crate::query::syntax::token::TokenKind;
use crate::query::syntax::tree::{Expression, Projection, ProjectionItem, SortItem, With};

/// `ORDER BY`, `SKIP`, `LIMIT`.
pub(super) type OrderAndPage = (Vec<SortItem>, Option<Expression>, Option<Expression>);

impl Parser<'_> {
    pub(super) fn with(&mut self) -> Parsed<With> {
        let projection = self.projection()?;
        let predicate = self.predicate()?;
        Ok(With { projection, predicate })
    }

    pub(super) fn return_clause(&mut self) -> Parsed<Projection> {
        self.projection()
    }

    fn projection(&mut self) -> Parsed<Projection> {
        let start = self.advance().start;
        let distinct = self.take_keyword(Keyword::Distinct);
        let star = self.take(TokenKind::Star);
        let items = if !star || self.take(TokenKind::Comma) { self.list_of(Self::item)? } else { Vec::new() };
        let (order, skip, limit) = self.order_and_page()?;
        Ok(Projection { distinct, star, items, order, skip, limit, span: self.since(start) })
    }

    fn item(&mut self) -> Parsed<ProjectionItem> {
        let start = self.start();
        let expression = self.expression()?;
        let text = self.since(start).text(self.text).into();
        let alias = if self.take_keyword(Keyword::As) { Some(self.name("a name for the column")?) } else { None };
        Ok(ProjectionItem { expression, alias, text })
    }

    /// `[ORDER BY …] [SKIP … | OFFSET …] [LIMIT …]`.
    pub(super) fn order_and_page(&mut self) -> Parsed<OrderAndPage> {
        let order = if self.take_keyword(Keyword::Order) { self.order()? } else { Vec::new() };
        let skips = matches!(self.keyword(), Keyword::Skip | Keyword::Offset);
        let skip = if skips { self.amount()? } else { None };
        let limit = if self.is_keyword(Keyword::Limit) { self.amount()? } else { None };
        Ok((order, skip, limit))
    }

    fn amount(&mut self) -> Parsed<Option<Expression>> {
        self.advance();
        self.expression().map(Some)
    }

    fn order(&mut self) -> Parsed<Vec<SortItem>> {
        self.expect_keyword(Keyword::By)?;
        self.list_of(Self::sort_item)
    }

    fn sort_item(&mut self) -> Parsed<SortItem> {
        let expression = self.expression()?;
        let descending = matches!(self.keyword(), Keyword::Desc | Keyword::Descending);
        if descending || matches!(self.keyword(), Keyword::Asc | Keyword::Ascending) {
            self.advance();
        }
        Ok(SortItem { expression, descending })
    }
}
