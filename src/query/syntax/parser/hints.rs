//! What to write instead of what other languages write.

use unicode_normalization::UnicodeNormalization;

/// Words that a misspelt one may have meant.
const KEYWORDS: [&str; 36] = [
    "MATCH",
    "OPTIONAL",
    "WHERE",
    "RETURN",
    "WITH",
    "UNWIND",
    "DISTINCT",
    "ORDER",
    "BY",
    "SKIP",
    "OFFSET",
    "LIMIT",
    "UNION",
    "CALL",
    "YIELD",
    "FILTER",
    "CONTAINS",
    "STARTS",
    "ENDS",
    "EXISTS",
    "COUNT",
    "WHEN",
    "THEN",
    "ELSE",
    "CASE",
    "AND",
    "XOR",
    "NOT",
    "DESC",
    "ASC",
    "DESCENDING",
    "ASCENDING",
    "EXPLAIN",
    "PROFILE",
    "SHORTEST",
    "REVISION",
];

/// How like a keyword a word must be to be taken for it, by Jaro and Winkler.
const LIKENESS: f64 = 0.84;

/// Operators of other languages.
pub(super) fn of_symbols(pair: &str) -> Option<&'static str> {
    Some(match pair {
        "==" => "Equality is written with one `=`.",
        "!=" => "Inequality is written `<>`.",
        "&&" => "Write AND.",
        "||" => "Write OR between conditions, `+` between texts.",
        "=>" => "Write `>=`.",
        "=<" => "Write `<=`.",
        "**" => "A power is written `^`.",
        "++" | "--" => "There is no such operator; write + 1 or - 1.",
        _ => return None,
    })
}

/// Words of SQL and of other dialects.
pub(super) fn of_word(word: &str) -> Option<&'static str> {
    let capitals = word.to_ascii_uppercase();
    Some(match capitals.as_str() {
        "SELECT" => "This is not SQL: MATCH says what to look for, RETURN at the end says what to answer.",
        "FROM" | "JOIN" => "Nothing is joined: write the path, as in MATCH (a)-[:TYPE]->(b).",
        "GROUP" => {
            "Grouping needs no clause: rows are grouped by the items without an aggregate, as in RETURN n.name, count(*)."
        }
        "HAVING" => "Filter groups with WITH n, count(*) AS amount WHERE amount > 1.",
        "LIKE" | "ILIKE" => "Compare texts with CONTAINS, STARTS WITH, ENDS WITH, or =~ and a regular expression.",
        "BETWEEN" => "Write 1 <= x <= 5.",
        "TOP" | "FETCH" => "Write LIMIT 10 at the end.",
        "NOT" => "NOT stands before the whole condition: NOT x IN list.",
        "MINUS" | "EXCEPT" | "INTERSECT" => "Write the condition with EXISTS { … } or NOT EXISTS { … }.",
        "TRAIL" | "WALK" | "ACYCLIC" | "SIMPLE" => "Path modes are not supported; no relationship is passed twice.",
        "COLLECT" => "Use a list comprehension or collect(…).",
        _ => return None,
    })
}

/// The keyword that a word is most like, if it is not one itself.
pub(super) fn nearest(word: &str) -> Option<&'static str> {
    let folded = word.nfkc().take(24).collect::<String>().to_uppercase();
    let known = KEYWORDS.contains(&folded.as_str());
    if known {
        return if folded == word.to_uppercase() {
            None
        } else {
            KEYWORDS.into_iter().find(|keyword| *keyword == folded)
        };
    }
    KEYWORDS
        .into_iter()
        .map(|keyword| (keyword, strsim::jaro_winkler(keyword, &folded)))
        .filter(|(_, likeness)| *likeness >= LIKENESS)
        .max_by(|(_, one), (_, other)| one.total_cmp(other))
        .map(|(keyword, _)| keyword)
}
