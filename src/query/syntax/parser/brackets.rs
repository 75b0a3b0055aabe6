//! Which bracket closes which, found in one pass over the tokens the first time that anybody looks ahead.

use crate::query::syntax::token::{Token, TokenKind};

/// What ends the first item in brackets.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum ItemEnd {
    /// `,`.
    Comma,
    /// `|`.
    Bar,
    /// The closing bracket, or the end of the text.
    Close,
}

/// What is known of an opening bracket.
#[derive(Clone, Copy)]
pub(super) struct Bracket {
    /// The place of the token that closes it; `NEVER` if none does.
    pub close: u32,
    /// What ends the first item in it.
    pub item_end: ItemEnd,
}

/// The place of what is not there.
pub(super) const NEVER: u32 = u32::MAX;

const UNKNOWN: Bracket = Bracket { close: NEVER, item_end: ItemEnd::Close };

/// For each token what is known of it as an opening bracket. Any closing bracket closes the innermost open one: the
/// parser finds out when it is of another form.
pub(super) fn brackets(tokens: &[Token]) -> Vec<Bracket> {
    let mut brackets = vec![UNKNOWN; tokens.len()];
    // The open brackets, and whether the first item in them has ended.
    let mut open: Vec<(usize, bool)> = Vec::new();
    for (place, token) in (0_u32..).zip(tokens) {
        match (token.kind, open.last_mut()) {
            (kind, _) if kind.opens() => open.push((place as usize, false)),
            (kind, Some((opened, _))) if kind.closes() => {
                brackets[*opened].close = place;
                open.pop();
            }
            (TokenKind::Comma | TokenKind::Bar, Some((opened, ended @ false))) => {
                *ended = true;
                brackets[*opened].item_end = if token.kind == TokenKind::Bar { ItemEnd::Bar } else { ItemEnd::Comma };
            }
            _ => {}
        }
    }
    brackets
}
