//! Several queries in one text, with semicolons behind them.

use super::lexer::lex;
use super::token::TokenKind;

/// One of several queries in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Statement<'t> {
    /// The query, without the semicolon.
    pub text: &'t str,
    /// Where it starts in the whole text, in bytes.
    pub start: usize,
    /// Whether a semicolon stands behind it, so that it is all there.
    pub is_closed: bool,
}

/// Cuts a text at the semicolons that stand in no text, name or comment. What holds nothing but space and comments is
/// left out. Where something cannot be read, the rest is one statement. Linear in the length of the text; a text of
/// 4 GiB or more is one statement.
pub fn statements(text: &str) -> Vec<Statement<'_>> {
    if u32::try_from(text.len()).is_err() {
        return vec![Statement { text, start: 0, is_closed: true }];
    }
    let lexed = lex(text);
    let mut found = Vec::new();
    let mut start = 0;
    let mut is_empty = true;
    for token in lexed.tokens {
        let end = token.start as usize;
        match token.kind {
            TokenKind::Semicolon | TokenKind::End if is_empty => {}
            TokenKind::Semicolon => found.push(statement(text, start, end, true)),
            // What the lexer gave up on reaches to the end: there a semicolon closes it, whatever it stands in.
            TokenKind::End => {
                let rest = text[start..].trim_end();
                let cut = rest.strip_suffix(';').filter(|_| lexed.failure.is_some());
                found.push(statement(text, start, start + cut.unwrap_or(rest).len(), cut.is_some()));
            }
            _ => {
                is_empty = false;
                continue;
            }
        }
        (start, is_empty) = (token.end as usize, true);
    }
    found
}

fn statement(text: &str, start: usize, end: usize, is_closed: bool) -> Statement<'_> {
    let part = &text[start..end];
    let trimmed = part.trim_start();
    Statement { text: trimmed.trim_end(), start: start + part.len() - trimmed.len(), is_closed }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_knows_where_it_starts() {
        let text = "  RETURN 1 ;\n  RETURN 2";
        assert!(statements(text).iter().all(|found| text[found.start..].starts_with(found.text)));
    }

    fn cut(text: &str) -> Vec<(&str, bool)> {
        statements(text).into_iter().map(|statement| (statement.text, statement.is_closed)).collect()
    }

    #[test]
    fn only_semicolons_between_queries_count() {
        assert_eq!(cut("RETURN 1; RETURN 2"), [("RETURN 1", true), ("RETURN 2", false)]);
        assert_eq!(cut("RETURN ';', `;` /* ; */ // ;\n;"), [("RETURN ';', `;` /* ; */ // ;", true)]);
        assert_eq!(cut(" ;; // nothing\n"), []);
        assert_eq!(cut("RETURN 'open"), [("RETURN 'open", false)]);
        assert_eq!(cut("RETURN 1; RETURN “a”;"), [("RETURN 1", true), ("RETURN “a”", true)]);
    }
}
