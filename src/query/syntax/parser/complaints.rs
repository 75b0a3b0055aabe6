//! Errors: what was found, what was expected, what to write instead.

use super::{Parser, hints};
use crate::query::error::{ErrorDetail, QueryError};
use crate::query::syntax::span::Span;
use crate::query::syntax::token::{Token, TokenKind};

/// The longest part of the text that an error repeats, in characters.
const LONGEST: usize = 40;

impl Parser<'_> {
    /// The token that is next is not what may stand there.
    pub(super) fn unexpected(&self, expected: &str) -> QueryError {
        let token = self.token();
        if let (TokenKind::Invalid, Some(failure)) = (token.kind, &self.failure) {
            return failure.clone();
        }
        let hint = self.hint(token).map_or(String::new(), |hint| format!(" {hint}"));
        let found = match token.kind {
            TokenKind::End if self.place == 0 => "The query is empty".to_owned(),
            TokenKind::End => "The query ends here".to_owned(),
            _ => format!("`{}` cannot stand here", self.shown(token)),
        };
        let message = format!("{found}; expected {expected}.{hint}");
        Self::syntax_at(token, ErrorDetail::UnexpectedSyntax, &message)
    }

    /// An error at the token that is next.
    pub(super) fn syntax_here(&self, detail: ErrorDetail, message: impl Into<String>) -> QueryError {
        QueryError::syntax(detail, self.token().span(), message)
    }

    /// An error at a token.
    pub(super) fn syntax_at(token: Token, detail: ErrorDetail, message: &str) -> QueryError {
        QueryError::syntax(detail, token.span(), message)
    }

    /// The text of a token, cut where it is long.
    pub(super) fn shown(&self, token: Token) -> String {
        let text = self.text_of(token);
        match text.char_indices().nth(LONGEST) {
            Some((end, _)) => format!("{}…", &text[..end]),
            None => text.to_owned(),
        }
    }

    fn hint(&self, token: Token) -> Option<String> {
        let before = self.token_at(self.place.checked_sub(1).unwrap_or(self.tokens.len()));
        let pair = Span::new(before.start, token.end).text(self.text);
        let next = Span::new(token.start, self.ahead(1).end).text(self.text);
        hints::of_symbols(pair)
            .or_else(|| hints::of_symbols(next))
            .or_else(|| hints::of_word(self.text_of(token)))
            .map(str::to_owned)
            .or_else(|| Self::text_behind_text(before, token))
            .or_else(|| self.open_bracket(token))
            .or_else(|| self.did_you_mean(before, token))
    }

    fn text_behind_text(before: Token, token: Token) -> Option<String> {
        let text = |kind| matches!(kind, TokenKind::Text | TokenKind::EscapedText);
        let goes_on = text(token.kind) || (token.kind == TokenKind::Word && token.start == before.end);
        (text(before.kind) && goes_on).then(|| "A quotation mark inside a text is written \\' or \\\".".to_owned())
    }

    /// At the end, or at a bracket that closes another: where the innermost one was opened.
    fn open_bracket(&self, token: Token) -> Option<String> {
        if token.kind != TokenKind::End && !token.kind.closes() {
            return None;
        }
        let mut open = Vec::new();
        for token in &self.tokens[..self.place.min(self.tokens.len())] {
            if token.kind.opens() {
                open.push(*token);
            } else if token.kind.closes() {
                open.pop();
            }
        }
        let Some(opened) = open.last() else {
            return token
                .kind
                .closes()
                .then(|| format!("No bracket is open that `{}` would close.", self.text_of(token)));
        };
        let (line, column) = self.line_and_column(opened.start);
        Some(format!("The `{}` of line {line}, column {column} is still open.", self.text_of(*opened)))
    }

    fn line_and_column(&self, place: u32) -> (usize, usize) {
        let before = &self.text[..place as usize];
        let line_start = before.rfind('\n').map_or(0, |end| end + 1);
        (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
    }

    /// A keyword that the word here, or the one before it, is close to.
    fn did_you_mean(&self, before: Token, token: Token) -> Option<String> {
        [token, before]
            .into_iter()
            .filter(|token| token.kind == TokenKind::Word)
            .find_map(|token| hints::nearest(self.text_of(token)))
            .map(|keyword| format!("Did you mean {keyword}?"))
    }
}
