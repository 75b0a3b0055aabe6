//! From text to tokens, in one pass over its bytes.

use super::keyword::{self, Keyword};
use super::lookalikes;
use super::span::Span;
use super::token::{Token, TokenKind};
use crate::query::error::{ErrorDetail, QueryError};

/// The tokens of a text, the last of which is the end.
pub(super) struct Lexed {
    /// In the order of the text. Where something cannot be read, `Invalid` stands, and nothing behind it but the end.
    pub tokens: Vec<Token>,
    /// Why there is an `Invalid`.
    pub failure: Option<QueryError>,
}

/// Cuts a text of less than 4 GiB into tokens. Linear in its length.
pub(super) fn lex(text: &str) -> Lexed {
    let mut lexer = Lexer { text, bytes: text.as_bytes(), place: 0, tokens: Vec::with_capacity(text.len() / 3 + 4) };
    let failure = lexer.run().err();
    if failure.is_some() {
        lexer.push(TokenKind::Invalid, lexer.place);
    }
    lexer.place = text.len();
    lexer.push(TokenKind::End, text.len());
    Lexed { tokens: lexer.tokens, failure }
}

struct Lexer<'t> {
    text: &'t str,
    bytes: &'t [u8],
    place: usize,
    tokens: Vec<Token>,
}

impl Lexer<'_> {
    fn run(&mut self) -> Result<(), QueryError> {
        while let Some(&byte) = self.bytes.get(self.place) {
            match byte {
                b' ' | b'\t'..=b'\r' | 0x1C..=0x1F => self.place += 1,
                b'a'..=b'z' | b'A'..=b'Z' | b'_' => self.word(),
                b'0'..=b'9' => self.number(),
                b'\'' | b'"' => self.string(byte)?,
                b'`' => self.quoted()?,
                b'/' if matches!(self.after(1), b'/' | b'*') => self.comment()?,
                b'.' if self.after(1).is_ascii_digit() => self.number(),
                0x80.. => self.beyond_ascii()?,
                _ => self.symbol(byte)?,
            }
        }
        Ok(())
    }

    /// The byte so many places on; zero behind the end.
    fn after(&self, places: usize) -> u8 {
        self.bytes.get(self.place + places).copied().unwrap_or_default()
    }

    fn push(&mut self, kind: TokenKind, end: usize) {
        self.push_word(kind, end, Keyword::None);
    }

    // The text is shorter than 4 GiB: `parse_with` sees to it.
    #[allow(clippy::cast_possible_truncation)]
    fn push_word(&mut self, kind: TokenKind, end: usize, keyword: Keyword) {
        self.tokens.push(Token { start: self.place as u32, end: end as u32, kind, keyword });
        self.place = end;
    }

    fn word(&mut self) {
        let mut packed = 0;
        let mut end = self.place;
        while let Some(&byte) = self.bytes.get(end) {
            if byte.is_ascii_alphanumeric() || byte == b'_' {
                packed = keyword::pack(packed, byte);
                end += 1;
            } else if byte >= 0x80 {
                return self.word_beyond_ascii(end);
            } else {
                break;
            }
        }
        let short = end - self.place <= keyword::LONGEST;
        self.push_word(TokenKind::Word, end, if short { Keyword::of(packed) } else { Keyword::None });
    }

    fn word_beyond_ascii(&mut self, from: usize) {
        let rest = &self.text[from..];
        let length = rest.find(|character| !unicode_ident::is_xid_continue(character)).unwrap_or(rest.len());
        if length == 0 {
            let packed = self.bytes[self.place..from].iter().fold(0, |packed, &byte| keyword::pack(packed, byte));
            let short = from - self.place <= keyword::LONGEST;
            return self.push_word(TokenKind::Word, from, if short { Keyword::of(packed) } else { Keyword::None });
        }
        self.push(TokenKind::Word, from + length);
    }

    fn beyond_ascii(&mut self) -> Result<(), QueryError> {
        let Some(character) = self.text[self.place..].chars().next() else { return Ok(()) };
        if character.is_whitespace() || character == '\u{FEFF}' {
            self.place += character.len_utf8();
        } else if unicode_ident::is_xid_start(character) {
            self.word_beyond_ascii(self.place);
        } else {
            return Err(self.stranger(character));
        }
        Ok(())
    }

    fn stranger(&self, character: char) -> QueryError {
        let message = lookalikes::advice(character);
        self.error(ErrorDetail::InvalidUnicodeCharacter, self.place + character.len_utf8(), &message)
    }

    /// Digits, fraction, exponent, and whatever letters hang on: the parser says what is wrong with them.
    fn number(&mut self) {
        let mut end = self.digits(self.place);
        let at = |place: usize| self.bytes.get(place).copied().unwrap_or_default();
        if at(end) == b'.' && at(end + 1).is_ascii_digit() {
            end = self.digits(end + 1);
        }
        if matches!(at(end), b'e' | b'E') {
            let sign = usize::from(matches!(at(end + 1), b'+' | b'-'));
            if at(end + 1 + sign).is_ascii_digit() {
                end = self.digits(end + 1 + sign);
            }
        }
        while at(end).is_ascii_alphanumeric() || at(end) == b'_' {
            end += 1;
        }
        self.push(TokenKind::Number, end);
    }

    fn digits(&self, from: usize) -> usize {
        from + self.bytes[from..].iter().take_while(|byte| byte.is_ascii_digit()).count()
    }

    fn string(&mut self, quote: u8) -> Result<(), QueryError> {
        let mut kind = TokenKind::Text;
        let mut end = self.place + 1;
        loop {
            match self.bytes.get(end) {
                Some(&byte) if byte == quote => break,
                Some(b'\\') => {
                    kind = TokenKind::EscapedText;
                    end += 2;
                }
                Some(_) => end += 1,
                None => return Err(self.unclosed("This text has no closing quotation mark.")),
            }
        }
        self.push(kind, end + 1);
        Ok(())
    }

    fn quoted(&mut self) -> Result<(), QueryError> {
        let mut end = self.place + 1;
        loop {
            match (self.bytes.get(end), self.bytes.get(end + 1)) {
                (Some(b'`'), Some(b'`')) => end += 2,
                (Some(b'`'), _) => break,
                (Some(_), _) => end += 1,
                (None, _) => return Err(self.unclosed("This name has no closing backtick.")),
            }
        }
        self.push(TokenKind::Quoted, end + 1);
        Ok(())
    }

    fn comment(&mut self) -> Result<(), QueryError> {
        let (ending, width) = if self.after(1) == b'/' { ("\n", 1) } else { ("*/", 2) };
        let from = self.place + 2;
        match memchr::memmem::find(&self.bytes[from..], ending.as_bytes()) {
            Some(found) => self.place = from + found + width,
            None if width == 1 => self.place = self.bytes.len(),
            None => return Err(self.unclosed("This comment has no closing */.")),
        }
        Ok(())
    }

    fn symbol(&mut self, byte: u8) -> Result<(), QueryError> {
        let (kind, width) = match (byte, self.after(1)) {
            (b'.', b'.') => (TokenKind::DotDot, 2),
            (b'<', b'>') => (TokenKind::NotEqual, 2),
            (b'<', b'=') => (TokenKind::LessOrEqual, 2),
            (b'>', b'=') => (TokenKind::GreaterOrEqual, 2),
            (b'=', b'~') => (TokenKind::Matches, 2),
            _ => (single(byte), 1),
        };
        if kind == TokenKind::Invalid {
            return Err(self.error(ErrorDetail::UnexpectedSyntax, self.place + 1, &lookalikes::ascii_advice(byte)));
        }
        self.push(kind, self.place + width);
        Ok(())
    }

    fn unclosed(&self, message: &str) -> QueryError {
        self.error(ErrorDetail::UnexpectedSyntax, self.place + 1, message)
    }

    #[allow(clippy::cast_possible_truncation)]
    fn error(&self, detail: ErrorDetail, end: usize, message: &str) -> QueryError {
        QueryError::syntax(detail, Span::new(self.place as u32, end as u32), message)
    }
}

const fn single(byte: u8) -> TokenKind {
    match byte {
        b'(' => TokenKind::LeftParenthesis,
        b')' => TokenKind::RightParenthesis,
        b'[' => TokenKind::LeftBracket,
        b']' => TokenKind::RightBracket,
        b'{' => TokenKind::LeftBrace,
        b'}' => TokenKind::RightBrace,
        b',' => TokenKind::Comma,
        b':' => TokenKind::Colon,
        b';' => TokenKind::Semicolon,
        b'.' => TokenKind::Dot,
        b'|' => TokenKind::Bar,
        b'&' => TokenKind::Ampersand,
        b'!' => TokenKind::Exclamation,
        b'$' => TokenKind::Dollar,
        b'+' => TokenKind::Plus,
        b'-' => TokenKind::Minus,
        b'*' => TokenKind::Star,
        b'/' => TokenKind::Slash,
        b'%' => TokenKind::Percent,
        b'^' => TokenKind::Caret,
        b'=' => TokenKind::Equal,
        b'<' => TokenKind::Less,
        b'>' => TokenKind::Greater,
        _ => TokenKind::Invalid,
    }
}
