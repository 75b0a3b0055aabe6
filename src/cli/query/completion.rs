//! What may come where somebody is typing.

use super::commands;
use super::session::Session;
use crate::query::functions;
use crate::query::syntax::keywords;

/// All that can be completed, sorted.
#[derive(Debug, Default)]
pub(super) struct Names {
    pub(super) labels: Vec<String>,
    pub(super) types: Vec<String>,
    pub(super) properties: Vec<String>,
    pub(super) functions: Vec<String>,
    pub(super) procedures: Vec<String>,
    pub(super) parameters: Vec<String>,
}

impl Names {
    /// Those of a session.
    pub(super) fn of(session: &Session) -> Self {
        let catalog = session.catalog();
        Self {
            labels: sorted(catalog.label_names()),
            types: sorted(catalog.type_names()),
            properties: sorted(catalog.property_names()),
            functions: sorted(functions::names().chain(AGGREGATES)),
            procedures: sorted(catalog.procedures().map(|(name, _)| name)),
            parameters: sorted(session.parameters.keys().map(String::as_str)),
        }
    }
}

/// Functions over groups of rows.
const AGGREGATES: [&str; 10] =
    ["avg", "collect", "count", "max", "min", "percentileCont", "percentileDisc", "stDev", "stDevP", "sum"];

fn sorted<'a>(names: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut names: Vec<String> = names.map(str::to_owned).collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// Where the word before the end of `line` starts, and what it may become.
pub(super) fn complete(names: &Names, line: &str) -> (usize, Vec<String>) {
    let start =
        line.char_indices().rev().take_while(|(_, c)| is_part(*c)).last().map_or(line.len(), |(place, _)| place);
    let (before, word) = (&line[..start], &line[start..]);
    if let Some(command) = line.trim_start().strip_prefix(':').filter(|rest| !rest.contains(char::is_whitespace)) {
        return (line.len() - command.len(), matching(commands::names().map(str::to_owned), command));
    }
    match before.chars().next_back() {
        Some('$') => (start, matching(names.parameters.iter().cloned(), word)),
        Some('.') => behind_dot(names, line, start),
        Some(':' | '|' | '&' | '!') => {
            let known = if in_brackets(before) { &names.types } else { &names.labels };
            (start, matching(known.iter().map(|name| quoted(name)), word))
        }
        _ if ends_with_call(before) => (start, matching(names.procedures.iter().cloned(), word)),
        _ => {
            let words = keywords().map(str::to_owned).chain(names.functions.iter().map(|name| format!("{name}(")));
            (start, matching(words, word))
        }
    }
}

/// A property, or the rest of a name with dots, such as `date.truncate` or `ezu.impact`.
fn behind_dot(names: &Names, line: &str, start: usize) -> (usize, Vec<String>) {
    let is_dotted = |c: char| is_part(c) || c == '.';
    let whole = line.char_indices().rev().take_while(|(_, c)| is_dotted(*c)).last().map_or(start, |(place, _)| place);
    let dotted = names.functions.iter().map(|name| format!("{name}(")).chain(names.procedures.iter().cloned());
    let found = matching(dotted, &line[whole..]);
    if found.is_empty() {
        return (start, matching(names.properties.iter().map(|name| quoted(name)), &line[start..]));
    }
    (whole, found)
}

fn is_part(character: char) -> bool {
    character == '`' || unicode_ident::is_xid_continue(character)
}

/// Those that begin as the word does, capitals or not.
fn matching(names: impl Iterator<Item = String>, word: &str) -> Vec<String> {
    let wanted = word.trim_start_matches('`').to_lowercase();
    names.filter(|name| name.trim_start_matches('`').to_lowercase().starts_with(&wanted)).collect()
}

/// A name as it is written in a query.
fn quoted(name: &str) -> String {
    let mut characters = name.chars();
    let plain = characters.next().is_some_and(|first| first == '_' || unicode_ident::is_xid_start(first))
        && characters.all(unicode_ident::is_xid_continue);
    if plain { name.to_owned() } else { format!("`{}`", name.replace('`', "``")) }
}

/// Whether the innermost open bracket is that of a relationship.
fn in_brackets(before: &str) -> bool {
    let mut closed = 0_usize;
    for character in before.chars().rev() {
        match character {
            ')' | ']' | '}' => closed += 1,
            '(' | '[' | '{' if closed > 0 => closed -= 1,
            '[' => return true,
            '(' | '{' => return false,
            _ => {}
        }
    }
    false
}

fn ends_with_call(before: &str) -> bool {
    let trimmed = before.trim_end();
    let word = trimmed.rsplit(|c: char| !is_part(c)).next().unwrap_or_default();
    trimmed.len() < before.len() && word.eq_ignore_ascii_case("CALL")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(line: &str) -> Vec<String> {
        let all = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        let names = Names {
            labels: all(&["System", "業務", "人・組織", "給付 金"]),
            types: all(&["DATA_FLOW", "RUNS_ON"]),
            properties: all(&["id", "name", "業務 時間"]),
            functions: all(&["date", "date.truncate", "size"]),
            procedures: all(&["ezu.impact"]),
            parameters: all(&["id"]),
        };
        let (start, words) = complete(&names, line);
        words.into_iter().map(|word| format!("{}{word}", &line[..start])).collect()
    }

    #[test]
    fn what_stands_before_the_word_decides_what_it_may_become() {
        assert_eq!(found("MATCH (s:Sy"), ["MATCH (s:System"]);
        assert_eq!(found("MATCH (s:業"), ["MATCH (s:業務"]);
        assert_eq!(found("MATCH (s:給"), ["MATCH (s:`給付 金`"]);
        assert_eq!(found("MATCH (a)-[:da"), ["MATCH (a)-[:DATA_FLOW"]);
        assert_eq!(found("MATCH (a)-[:DATA_FLOW|r"), ["MATCH (a)-[:DATA_FLOW|RUNS_ON"]);
        assert_eq!(found("RETURN s.n"), ["RETURN s.name"]);
        assert_eq!(found("RETURN s.業"), ["RETURN s.`業務 時間`"]);
        assert_eq!(found("RETURN date.tr"), ["RETURN date.truncate("]);
        assert_eq!(found("RETURN si"), ["RETURN SINGLE", "RETURN size("]);
        assert_eq!(found("CALL ez"), ["CALL ezu.impact"]);
        assert_eq!(found("RETURN $"), ["RETURN $id"]);
        assert_eq!(found(":he"), [":help"]);
        assert_eq!(found("retur"), ["RETURN"]);
        assert_eq!(found("MATCH (s:Nothing"), [""; 0]);
    }
}
