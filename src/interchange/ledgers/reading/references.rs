//! Cells that name other items.

use serde_json::Value as Json;

use super::LedgerContext;
use crate::domain::change_set::JsonObject;
use crate::domain::metamodel::{AttributeType, EndKind, Kind, Metamodel, ReferenceDefinition};
use crate::interchange::ledgers::cells::lists;
use crate::interchange::ledgers::cells::spelling::{is_dash, plain, word};
use crate::interchange::ledgers::values;
use crate::interchange::place::Place;
use crate::interchange::read_model::{Reference, Statement, Target};

/// How a column of references is read.
#[derive(Clone, Copy)]
pub(super) struct ReferenceColumn<'a> {
    pub reference: &'a ReferenceDefinition,
    /// What the column itself says of every relationship.
    pub with: &'a JsonObject,
    /// The attribute that stands in brackets after each name.
    pub suffix: Option<&'a str>,
    pub place: &'a Place,
}

/// What a cell of references says.
pub(super) fn read(text: &str, context: LedgerContext<'_>, column: ReferenceColumn<'_>) -> Statement {
    let spelt = word(text);
    let dictionary = context.dictionary;
    let stands_for_a_name = |text: &str| named(text, context, column.reference) != text;
    if spelt.is_empty() {
        return Statement::Blank;
    }
    if dictionary.unknown.contains(&spelt) {
        return Statement::Unknown;
    }
    if is_dash(text) || (dictionary.none.contains(&spelt) && !stands_for_a_name(text)) {
        return Statement::None;
    }
    if dictionary.unclear.contains(&spelt) {
        return Statement::Unclear { text: text.trim().to_owned(), among: Vec::new() };
    }
    let pieces = if column.reference.many { lists::split(text) } else { vec![text.trim()] };
    Statement::References(pieces.into_iter().map(|piece| entry(piece, context, column)).collect())
}

fn entry(piece: &str, context: LedgerContext<'_>, column: ReferenceColumn<'_>) -> Reference {
    let mut attributes = column.with.clone();
    let (name, inside) = match column.suffix.and_then(|_| lists::suffix(piece)) {
        Some((name, inside)) => (name, Some(inside)),
        None => (piece, None),
    };
    let value = inside.zip(column.suffix).and_then(|(inside, suffix)| {
        let kind = context.read.metamodel.kind(column.reference.relationship);
        Some((suffix, code(kind, suffix, inside)?))
    });
    let name = match value {
        Some((suffix, code)) => {
            attributes.insert(suffix.to_owned(), Json::String(code));
            name
        }
        // What stands in brackets belongs to the name.
        None => piece,
    };
    let target = Target::Name(named(&one_line(name), context, column.reference).to_owned());
    Reference { target, id: None, attributes, place: column.place.clone() }
}

fn code(kind: &Kind, attribute: &str, text: &str) -> Option<String> {
    let AttributeType::Enumeration(codes) = &kind.attribute_named(attribute)?.value_type else { return None };
    let sorted = |text: &str| {
        let mut letters: Vec<char> = text.chars().collect();
        letters.sort_unstable();
        letters
    };
    let letters = plain(text).to_uppercase();
    let is_letters = letters.len() > 1 && letters.chars().all(|c| c.is_ascii_uppercase());
    values::code(codes, text, "").or_else(|| {
        // Codes of letters may be written in any order: CUR is CRU.
        let same = |code: &&str| is_letters && sorted(code) == sorted(&letters);
        codes.values.iter().map(|(code, _)| &**code).find(same).map(str::to_owned)
    })
}

/// The name that a word stands for among the kinds that may be referred to.
pub(super) fn named<'a>(text: &'a str, context: LedgerContext<'a>, reference: &ReferenceDefinition) -> &'a str {
    let kinds = reference.targets.iter().filter_map(|end| match end {
        EndKind::Kind(kind) => Some(&*context.read.metamodel.kind(*kind).name),
        EndKind::AnyElement | EndKind::AnyRelationship => None,
    });
    kinds.map(|kind| context.dictionary.canonical(kind, text)).find(|name| *name != text).unwrap_or(text)
}

/// A name in one line: a line break between letters of a word with spaces is a space, any other is nothing.
pub(super) fn one_line(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let needs_space = out.ends_with(|c: char| c.is_ascii()) && line.starts_with(|c: char| c.is_ascii());
        if !out.is_empty() && needs_space {
            out.push(' ');
        }
        out.push_str(line);
    }
    out
}

/// A name with half-width kana and full-width letters and digits made normal; brackets and marks as they were.
pub(super) fn tidy_name(text: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    let is_odd = |c: char| matches!(c, '\u{ff66}'..='\u{ff9f}' | '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ');
    let mut out = String::with_capacity(text.len());
    let mut run = String::new();
    for character in one_line(text).chars() {
        if is_odd(character) {
            run.push(character);
        } else {
            out.extend(std::mem::take(&mut run).nfkc());
            out.push(character);
        }
    }
    out.extend(run.nfkc());
    out
}

/// The reference that a kind's end rules make of an end: what may stand there.
pub(super) fn end_kinds(metamodel: &Metamodel, kind: &Kind, at_source: bool) -> Vec<String> {
    let rules = kind.relationship.as_ref().map(|traits| traits.ends.as_slice()).unwrap_or_default();
    let ends = rules.iter().flat_map(|rule| if at_source { &rule.sources } else { &rule.targets });
    let named = ends.filter_map(|end| match end {
        EndKind::Kind(kind) => Some(metamodel.kind(*kind).name.to_string()),
        EndKind::AnyElement | EndKind::AnyRelationship => None,
    });
    named.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_tidied_without_losing_marks() {
        assert_eq!(tidy_name("全国瞬時警報ｼｽﾃﾑ（J-ALERT）"), "全国瞬時警報システム（J-ALERT）");
        assert_eq!(tidy_name("統合型\nＧＩＳ"), "統合型GIS");
        assert_eq!(one_line("Resident\nRecord"), "Resident Record");
    }
}
