//! From a cell to what it says of an attribute.

use serde_json::{Value as Json, json};

use super::cells::dates::{self, DayRead};
use super::cells::lists;
use super::cells::numbers::{self, Measure, NumberRead};
use super::cells::spelling::{heading_and_unit, is_dash, plain, word};
use super::dictionary::Dictionary;
use super::grid::Cell;
use crate::domain::metamodel::{AttributeDefinition, AttributeType, Enumeration};
use crate::interchange::problem::Said;
use crate::interchange::read_model::Statement;

/// What a cell says, and what there is to know about how it was read.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct CellRead {
    pub statement: Statement,
    pub remarks: Vec<Remark>,
}

/// Something to know about how a cell was read.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Remark {
    pub code: &'static str,
    pub wrong: Said,
    /// What was assumed; where nothing was, the value was not taken.
    pub assumed: Option<Said>,
}

impl CellRead {
    fn sure(statement: Statement) -> Self {
        Self { statement, remarks: Vec::new() }
    }

    fn value(json: Json) -> Self {
        Self::sure(Statement::Value(json))
    }

    fn assuming(json: Json, code: &'static str, wrong: Said, assumed: Said) -> Self {
        let remark = Remark { code, wrong, assumed: Some(assumed) };
        Self { statement: Statement::Value(json), remarks: vec![remark] }
    }

    fn refused(code: &'static str, wrong: Said) -> Self {
        Self { statement: Statement::Blank, remarks: vec![Remark { code, wrong, assumed: None }] }
    }
}

/// The column that a cell stands in.
#[derive(Clone, Copy)]
pub(super) struct Column<'a> {
    pub heading: &'a str,
    pub definition: &'a AttributeDefinition,
    /// Words that stand for values.
    pub values: &'a [(String, Vec<Json>)],
    pub dictionary: &'a Dictionary,
}

/// Reads a cell of an attribute that is no reference.
pub(super) fn read(cell: &Cell, column: Column<'_>) -> CellRead {
    let text = cell.text();
    let spelt = word(&text);
    if let Cell::Error(_) = cell {
        let wrong = Said::new("数式がエラーになっています", "a formula failed here");
        return CellRead::refused("formula_error", wrong);
    }
    if let Some((_, codes)) = column.values.iter().find(|(held, _)| *held == spelt) {
        return one_of(&text, codes);
    }
    if let Some(statement) = word_statement(&text, &spelt, column) {
        return CellRead::sure(statement);
    }
    typed(cell, &text, column.definition, &column.definition.value_type, column)
}

fn one_of(text: &str, codes: &[Json]) -> CellRead {
    match codes {
        [code] => CellRead::value(code.clone()),
        codes => CellRead::sure(Statement::Unclear { text: text.to_owned(), among: codes.to_vec() }),
    }
}

/// Nothing, "none", "unknown" and "other", where the attribute has no value that is called so.
fn word_statement(text: &str, spelt: &str, column: Column<'_>) -> Option<Statement> {
    let definition = column.definition;
    if spelt.is_empty() {
        return Some(Statement::Blank);
    }
    let named = definition.enumeration().and_then(|codes| code(codes, text, column.heading));
    if named.is_some() {
        return None;
    }
    if column.dictionary.unknown.contains(spelt) {
        return Some(Statement::Unknown);
    }
    let is_boolean = matches!(definition.value_type, AttributeType::Boolean);
    if is_dash(text) || (column.dictionary.none.contains(spelt) && !is_boolean) {
        return Some(Statement::None);
    }
    let is_text = matches!(definition.value_type, AttributeType::Text | AttributeType::LocalizedText);
    let unclear = column.dictionary.unclear.contains(spelt) && !is_text;
    unclear.then(|| Statement::Unclear { text: text.to_owned(), among: Vec::new() })
}

fn typed(
    cell: &Cell,
    text: &str,
    definition: &AttributeDefinition,
    value_type: &AttributeType,
    column: Column<'_>,
) -> CellRead {
    match value_type {
        AttributeType::Text | AttributeType::SourceFragment => CellRead::value(json!(tidy(text))),
        AttributeType::LocalizedText => CellRead::value(json!({ "ja": tidy(text) })),
        AttributeType::Integer { .. } => number(cell, text, column, true),
        AttributeType::Number { .. } | AttributeType::Money { .. } => number(cell, text, column, false),
        AttributeType::Boolean => boolean(cell, text, column),
        AttributeType::Date => day(cell, text, definition),
        AttributeType::Duration => CellRead::value(json!(plain(text))),
        AttributeType::Enumeration(codes) => enumeration(codes, text, column),
        AttributeType::List(item) => list(text, definition, item, column),
        AttributeType::Record(_) | AttributeType::Reference(_) => structured(text),
    }
}

/// Text as it was written, lines kept, white space around it not.
fn tidy(text: &str) -> String {
    text.trim().replace("\r\n", "\n")
}

fn number(cell: &Cell, text: &str, column: Column<'_>, whole: bool) -> CellRead {
    let read = match cell {
        Cell::Number(value) => Some(NumberRead { value: *value, unit: String::new(), is_about: false }),
        _ => numbers::number(text),
    };
    let Some(read) = read else {
        return CellRead::refused("not_a_number", Said::new("数として読めません", "it does not read as a number"));
    };
    let heading_unit = heading_and_unit(column.heading).1.unwrap_or_default();
    let own = column.definition.unit.get("ja");
    let Some(value) = converted(read.value, &read.unit, &heading_unit, own) else {
        let wrong = Said::new(
            format!("単位「{}」を「{own}」に直せません", read.unit),
            format!("the unit \"{}\" cannot be turned into \"{own}\"", read.unit),
        );
        return CellRead::refused("unknown_unit", wrong);
    };
    let rounded = value.round();
    let json =
        if (whole || value.fract() == 0.0) && rounded.abs() < 9e15 { whole_number(rounded) } else { json!(value) };
    if whole && (value - rounded).abs() > 1e-9 {
        let wrong = Said::new("整数の欄に小数があります", "a whole number is expected here");
        return CellRead::assuming(json, "rounded", wrong, Said::new("四捨五入しました", "it was rounded"));
    }
    if read.is_about {
        let wrong = Said::new("概数です", "it is not exact");
        return CellRead::assuming(json, "about", wrong, Said::new("その数としました", "it was taken as it stands"));
    }
    CellRead::value(json)
}

fn whole_number(value: f64) -> Json {
    #[expect(clippy::cast_possible_truncation, reason = "below 2^53")]
    let whole = value as i64;
    json!(whole)
}

/// A number in the attribute's own unit; none if the units measure different things.
fn converted(value: f64, cell_unit: &str, heading_unit: &str, own: &str) -> Option<f64> {
    let unit = if cell_unit.is_empty() { heading_unit } else { cell_unit };
    if unit.is_empty() || word(unit) == word(own) {
        return Some(value);
    }
    let from = numbers::unit(unit);
    let own_unit = numbers::unit(own);
    match (from, own_unit) {
        // The words in the brackets of a heading need not be a unit.
        (None, _) if cell_unit.is_empty() => Some(value),
        (Some(from), Some(to)) if from.measure == to.measure => Some(tame(value * from.factor / to.factor)),
        (Some(from), None) if from.measure == Measure::Count || cell_unit.is_empty() => Some(value * from.factor),
        (Some(_), Some(_)) if cell_unit.is_empty() => Some(value),
        _ => None,
    }
}

/// Without the dust of floating point: `0.1 * 3` is `0.3`.
fn tame(value: f64) -> f64 {
    let rounded = (value * 1e6).round() / 1e6;
    if rounded.is_finite() { rounded } else { value }
}

fn boolean(cell: &Cell, text: &str, column: Column<'_>) -> CellRead {
    if let Cell::Boolean(value) = cell {
        return CellRead::value(json!(value));
    }
    let spelt = word(text);
    if column.dictionary.yes.contains(&spelt) {
        return CellRead::value(json!(true));
    }
    if column.dictionary.no.contains(&spelt) {
        return CellRead::value(json!(false));
    }
    CellRead::refused("not_yes_or_no", Said::new("○か×かが分かりません", "it is neither yes nor no"))
}

fn day(cell: &Cell, text: &str, definition: &AttributeDefinition) -> CellRead {
    if let Cell::Date(day) = cell {
        return CellRead::value(json!(day.to_string()));
    }
    if let Cell::Number(number) = cell
        && let Some(day) = dates::serial_day(*number)
    {
        let wrong = Said::new("日付ではなく数です", "it is a number, no day");
        let assumed =
            Said::new(format!("Excelの日付の値として{day}としました"), format!("taken as Excel's number of {day}"));
        return CellRead::assuming(json!(day.to_string()), "serial_day", wrong, assumed);
    }
    match dates::day(text) {
        None => CellRead::refused("not_a_day", Said::new("日付として読めません", "it does not read as a day")),
        Some(DayRead::Day(day)) => CellRead::value(json!(day.to_string())),
        Some(DayRead::OutsideEra(day)) => {
            let wrong = Said::new("その元号にない日です", "the era does not have this day");
            let assumed = Said::new(format!("{day}としました"), format!("taken as {day}"));
            CellRead::assuming(json!(day.to_string()), "outside_era", wrong, assumed)
        }
        Some(between) => {
            let day = between.choose(is_last(&definition.text));
            let wrong = Said::new("日までは書かれていません", "it does not say which day");
            let assumed = Said::new(format!("{day}としました"), format!("taken as {day}"));
            CellRead::assuming(json!(day.to_string()), "part_of_a_day", wrong, assumed)
        }
    }
}

/// Whether an attribute is the end of something, so that of a month its last day is meant.
fn is_last(name: &str) -> bool {
    ["end", "due", "to", "until", "expiry"].iter().any(|word| name.split(['_', '.']).any(|part| part == *word))
}

fn enumeration(codes: &Enumeration, text: &str, column: Column<'_>) -> CellRead {
    if let Some(code) = code(codes, text, column.heading) {
        return CellRead::value(json!(code));
    }
    if codes.open {
        let wrong = Said::new("用意された区分にない言葉です", "it is none of the listed values");
        let assumed = Said::new("新しい区分としました", "taken as a new value");
        return CellRead::assuming(json!(plain(text)), "new_value", wrong, assumed);
    }
    let labels: Vec<&str> = codes.values.iter().map(|(_, label)| label.get("ja")).collect();
    let wrong = Said::new(
        format!("区分にありません。{}のどれかです", labels.join("、")),
        format!("it is none of the values {}", labels.join(", ")),
    );
    CellRead::refused("unknown_value", wrong)
}

/// The code whose name, label, or label without the heading in front of it a text is.
pub(super) fn code(codes: &Enumeration, text: &str, heading: &str) -> Option<String> {
    let spelt = word(text);
    let with_heading = word(&format!("{}{text}", heading_and_unit(heading).0));
    for wanted in [&spelt, &with_heading] {
        for (code, label) in &codes.values {
            if [&**code, label.get("ja"), label.get("en")].iter().any(|known| word(known) == **wanted) {
                return Some(code.to_string());
            }
        }
    }
    None
}

fn list(text: &str, definition: &AttributeDefinition, item: &AttributeType, column: Column<'_>) -> CellRead {
    if matches!(item, AttributeType::Record(_)) {
        return structured(text);
    }
    if let Ok(items @ Json::Array(_)) = serde_json::from_str::<Json>(text) {
        return CellRead::value(items);
    }
    let (mut values, mut remarks) = (Vec::new(), Vec::new());
    for piece in pieces(text, item, column) {
        let read = typed(&Cell::of(piece), piece, definition, item, column);
        remarks.extend(read.remarks);
        if let Statement::Value(value) = read.statement {
            values.push(value);
        }
    }
    let statement = if values.is_empty() { Statement::Blank } else { Statement::Value(Json::Array(values)) };
    CellRead { statement, remarks }
}

/// The values in a cell; `・` separates them only where each is then a known code.
fn pieces<'a>(text: &'a str, item: &AttributeType, column: Column<'_>) -> Vec<&'a str> {
    let AttributeType::Enumeration(codes) = item else { return lists::split(text) };
    let known = |piece: &str| code(codes, piece, column.heading).is_some();
    lists::split(text)
        .into_iter()
        .flat_map(|piece| if known(piece) { vec![piece] } else { lists::split_weakly(piece) })
        .collect()
}

/// What no cell can hold in words stands there as JSON.
fn structured(text: &str) -> CellRead {
    match serde_json::from_str::<Json>(text) {
        Ok(json) => CellRead::value(json),
        Err(_) => CellRead::refused(
            "not_structured",
            Said::new("この項目は一つのセルに書けません", "this attribute cannot be written in one cell"),
        ),
    }
}
