//! What a beginning will turn out to be, without building anything.
//!
//! A look takes a few steps, however long the part in brackets is, so that reading stays linear.

use super::Parser;
use super::brackets::{Bracket, ItemEnd, NEVER, brackets};
use crate::query::syntax::keyword::Keyword;
use crate::query::syntax::token::TokenKind;

impl Parser<'_> {
    fn kind_at(&self, place: usize) -> TokenKind {
        self.token_at(place).kind
    }

    /// Whether the parenthesis that is next starts a pattern with at least one relationship.
    pub(super) fn pattern_ahead(&self, places: usize) -> bool {
        self.behind_node(self.place + places)
            .and_then(|place| self.behind_relationship(place))
            .is_some_and(|place| self.behind_node(place).is_some())
    }

    /// The place behind what may be a node pattern.
    fn behind_node(&self, place: usize) -> Option<usize> {
        if self.kind_at(place) != TokenKind::LeftParenthesis {
            return None;
        }
        let named = self.token_at(place + 1).kind.is_name();
        let inner = place + 1 + usize::from(named);
        match self.kind_at(inner) {
            TokenKind::RightParenthesis => Some(inner + 1),
            TokenKind::Colon | TokenKind::LeftBrace | TokenKind::Dollar => self.behind_bracket(place),
            TokenKind::Word if self.node_goes_on(place + 1, named) => self.behind_bracket(place),
            _ => None,
        }
    }

    /// `(n WHERE …)`, `(n IS Label)`, `(IS Label)`, `(WHERE …)`.
    fn node_goes_on(&self, first: usize, named: bool) -> bool {
        let begins = |place: usize| {
            let after = self.token_at(place + 1);
            match self.token_at(place).keyword {
                Keyword::Where => true,
                Keyword::Is => !matches!(after.keyword, Keyword::Null | Keyword::Not | Keyword::Labeled),
                _ => false,
            }
        };
        begins(first) || (named && begins(first + 1))
    }

    /// The place behind what may be a relationship pattern that ends before a parenthesis.
    fn behind_relationship(&self, place: usize) -> Option<usize> {
        let left = self.kind_at(place) == TokenKind::Less;
        let dash = place + usize::from(left);
        if self.kind_at(dash) != TokenKind::Minus {
            return None;
        }
        let behind = match self.kind_at(dash + 1) {
            TokenKind::Minus => dash + 2,
            TokenKind::Greater => return self.behind_quantifier(dash + 2),
            TokenKind::LeftBracket if self.relationship_detail(dash + 2) => {
                let behind = self.behind_bracket(dash + 1)?;
                if self.kind_at(behind) != TokenKind::Minus {
                    return None;
                }
                behind + 1
            }
            _ => return None,
        };
        self.behind_quantifier(behind + usize::from(self.kind_at(behind) == TokenKind::Greater))
    }

    fn behind_quantifier(&self, place: usize) -> Option<usize> {
        match self.kind_at(place) {
            TokenKind::Plus | TokenKind::Star => Some(place + 1),
            TokenKind::LeftBrace => self.behind_bracket(place),
            _ => Some(place),
        }
    }

    /// Whether what stands in brackets may describe a relationship, and is not the beginning of a list.
    fn relationship_detail(&self, place: usize) -> bool {
        let named = self.kind_at(place).is_name();
        let next = self.token_at(place + usize::from(named));
        match next.kind {
            TokenKind::RightBracket | TokenKind::Colon | TokenKind::LeftBrace => true,
            TokenKind::Dollar => named || self.kind_at(place + 2) == TokenKind::RightBracket,
            TokenKind::Star => self.behind_length(place + usize::from(named) + 1),
            TokenKind::DotDot => !named,
            TokenKind::Word => matches!(next.keyword, Keyword::Where | Keyword::Is),
            _ => self.token_at(place).keyword == Keyword::Where,
        }
    }

    /// Whether a relationship may go on so behind the star of its length; `[a * 2 + 1]` does not.
    fn behind_length(&self, mut place: usize) -> bool {
        while matches!(self.kind_at(place), TokenKind::Number | TokenKind::DotDot | TokenKind::Minus) {
            place += 1;
        }
        matches!(
            self.kind_at(place),
            TokenKind::RightBracket | TokenKind::LeftBrace | TokenKind::Dollar | TokenKind::Word
        )
    }

    /// The place behind the bracket that closes the one here.
    fn behind_bracket(&self, place: usize) -> Option<usize> {
        let close = self.bracket(place)?.close;
        (close != NEVER).then_some(close as usize + 1)
    }

    /// What ends the first item of the bracket that was just opened.
    pub(super) fn item_end(&self) -> ItemEnd {
        self.bracket(self.place.saturating_sub(1)).map_or(ItemEnd::Close, |bracket| bracket.item_end)
    }

    fn bracket(&self, place: usize) -> Option<Bracket> {
        self.brackets.get_or_init(|| brackets(&self.tokens)).get(place).copied()
    }

    /// Whether `name IN` is so many places ahead.
    pub(super) fn element_ahead(&self, places: usize) -> bool {
        self.ahead(places).kind.is_name() && self.ahead(places + 1).keyword == Keyword::In
    }

    /// Whether `name =` is so many places ahead.
    pub(super) fn names_a_path(&self, places: usize) -> bool {
        self.ahead(places).kind.is_name() && self.ahead(places + 1).kind == TokenKind::Equal
    }

    /// Whether a name with or without dots is next, and an opening parenthesis behind it.
    pub(super) fn function_ahead(&self) -> bool {
        let mut place = self.place + 1;
        while self.kind_at(place) == TokenKind::Dot && self.kind_at(place + 1).is_name() {
            place += 2;
        }
        self.kind_at(place) == TokenKind::LeftParenthesis
    }
}
