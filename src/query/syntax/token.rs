//! The pieces that a text is cut into.

use super::keyword::Keyword;
use super::span::Span;

/// One piece of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Token {
    /// The first byte.
    pub start: u32,
    /// The byte behind the last.
    pub end: u32,
    /// What it is.
    pub kind: TokenKind,
    /// Which keyword a word may be; every keyword may also be a name.
    pub keyword: Keyword,
}

impl Token {
    /// Where it stands.
    pub const fn span(self) -> Span {
        Span::new(self.start, self.end)
    }
}

/// What a piece of the text is. Arrows are left in their single characters: `a<-b` is a comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TokenKind {
    /// A name or a keyword.
    Word,
    /// A name in backticks.
    Quoted,
    /// Anything that starts like a number; whether it is one is found where a number is wanted.
    Number,
    /// A text without escapes.
    Text,
    /// A text with at least one escape.
    EscapedText,
    /// `(`.
    LeftParenthesis,
    /// `)`.
    RightParenthesis,
    /// `[`.
    LeftBracket,
    /// `]`.
    RightBracket,
    /// `{`.
    LeftBrace,
    /// `}`.
    RightBrace,
    /// `,`.
    Comma,
    /// `:`.
    Colon,
    /// `;`.
    Semicolon,
    /// `.`.
    Dot,
    /// `..`.
    DotDot,
    /// `|`.
    Bar,
    /// `&`.
    Ampersand,
    /// `!`.
    Exclamation,
    /// `$`.
    Dollar,
    /// `+`.
    Plus,
    /// `-`.
    Minus,
    /// `*`.
    Star,
    /// `/`.
    Slash,
    /// `%`.
    Percent,
    /// `^`.
    Caret,
    /// `=`.
    Equal,
    /// `=~`.
    Matches,
    /// `<>`.
    NotEqual,
    /// `<`.
    Less,
    /// `<=`.
    LessOrEqual,
    /// `>`.
    Greater,
    /// `>=`.
    GreaterOrEqual,
    /// Something that cannot be read; the lexer's error says why.
    Invalid,
    /// The end of the text.
    End,
}

impl TokenKind {
    /// Whether it may stand for a name.
    pub const fn is_name(self) -> bool {
        matches!(self, Self::Word | Self::Quoted)
    }

    /// Whether it opens a bracket of any form.
    pub const fn opens(self) -> bool {
        matches!(self, Self::LeftParenthesis | Self::LeftBracket | Self::LeftBrace)
    }

    /// Whether it closes a bracket of any form.
    pub const fn closes(self) -> bool {
        matches!(self, Self::RightParenthesis | Self::RightBracket | Self::RightBrace)
    }
}
