//! The words with a meaning of their own. None is reserved where a name is wanted.

macro_rules! keywords {
    ($($name:ident $text:literal),* $(,)?) => {
        /// A word with a meaning of its own.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(super) enum Keyword {
            /// Just a name.
            None,
            $(#[doc = $text] $name),*
        }

        #[allow(non_upper_case_globals)]
        mod packed {
            $(pub(super) const $name: u128 = super::pack_all($text.as_bytes());)*
        }

        /// Every keyword, in capitals.
        pub(super) const ALL: &[&str] = &[$($text),*];

        impl Keyword {
            /// The keyword whose letters were packed.
            pub fn of(packed: u128) -> Self {
                match packed {
                    $(packed::$name => Self::$name,)*
                    _ => Self::None,
                }
            }

            /// The keyword in capitals.
            pub const fn as_str(self) -> &'static str {
                match self {
                    Self::None => "",
                    $(Self::$name => $text),*
                }
            }
        }
    };
}

keywords! {
    All "ALL",
    AllShortestPaths "ALLSHORTESTPATHS",
    Alter "ALTER",
    And "AND",
    Any "ANY",
    As "AS",
    Ascending "ASCENDING",
    Asc "ASC",
    At "AT",
    By "BY",
    Call "CALL",
    Case "CASE",
    Contains "CONTAINS",
    Count "COUNT",
    Create "CREATE",
    Date "DATE",
    Delete "DELETE",
    Descending "DESCENDING",
    Desc "DESC",
    Detach "DETACH",
    Distinct "DISTINCT",
    Drop "DROP",
    Else "ELSE",
    End "END",
    Ends "ENDS",
    Exists "EXISTS",
    Explain "EXPLAIN",
    Extract "EXTRACT",
    False "FALSE",
    Filter "FILTER",
    For "FOR",
    Foreach "FOREACH",
    In "IN",
    Insert "INSERT",
    Is "IS",
    Labeled "LABELED",
    Let "LET",
    Limit "LIMIT",
    Load "LOAD",
    Match "MATCH",
    Merge "MERGE",
    NoDetach "NODETACH",
    NoneOf "NONE",
    Not "NOT",
    Null "NULL",
    Offset "OFFSET",
    Optional "OPTIONAL",
    Or "OR",
    Order "ORDER",
    Path "PATH",
    Paths "PATHS",
    Profile "PROFILE",
    Reduce "REDUCE",
    Remove "REMOVE",
    Return "RETURN",
    Revision "REVISION",
    Set "SET",
    Shortest "SHORTEST",
    ShortestPath "SHORTESTPATH",
    Single "SINGLE",
    Skip "SKIP",
    Starts "STARTS",
    Then "THEN",
    True "TRUE",
    Union "UNION",
    Unwind "UNWIND",
    Update "UPDATE",
    When "WHEN",
    Where "WHERE",
    With "WITH",
    Xor "XOR",
    Yield "YIELD",
}

/// The longest keyword, in bytes.
pub(super) const LONGEST: usize = 16;

/// One more letter of a word, small letters as capitals.
pub(super) const fn pack(packed: u128, byte: u8) -> u128 {
    (packed << 8) | (byte & 0xDF) as u128
}

const fn pack_all(word: &[u8]) -> u128 {
    let mut packed = 0;
    let mut place = 0;
    while place < word.len() {
        packed = pack(packed, word[place]);
        place += 1;
    }
    packed
}

impl Keyword {
    /// The keyword of this spelling.
    pub fn of_word(word: &str) -> Self {
        if word.len() <= LONGEST { Self::of(pack_all(word.as_bytes())) } else { Self::None }
    }

    /// Whether a clause starts with it that this language reads.
    pub const fn starts_clause(self) -> bool {
        matches!(
            self,
            Self::Match
                | Self::Optional
                | Self::Unwind
                | Self::With
                | Self::Return
                | Self::Call
                | Self::Filter
                | Self::Let
                | Self::For
                | Self::Order
                | Self::Skip
                | Self::Offset
                | Self::Limit
                | Self::Create
        ) || self.writes()
    }

    /// Whether a clause starts with it that would change the graph, `CREATE` aside.
    pub const fn writes(self) -> bool {
        matches!(
            self,
            Self::Merge
                | Self::Set
                | Self::Remove
                | Self::Delete
                | Self::Detach
                | Self::NoDetach
                | Self::Foreach
                | Self::Load
                | Self::Drop
                | Self::Alter
                | Self::Insert
                | Self::Update
        )
    }

    /// Whether an expression cannot start with it, not even as the name of a variable.
    pub const fn ends_expression(self) -> bool {
        matches!(
            self,
            Self::Match
                | Self::Optional
                | Self::Unwind
                | Self::With
                | Self::Return
                | Self::Where
                | Self::Union
                | Self::Skip
                | Self::Limit
                | Self::Create
                | Self::Merge
                | Self::Delete
                | Self::Detach
                | Self::Remove
                | Self::Set
                | Self::As
                | Self::And
                | Self::Or
                | Self::Xor
                | Self::In
                | Self::Is
                | Self::When
                | Self::Then
                | Self::Else
                | Self::Distinct
                | Self::Yield
        )
    }
}
