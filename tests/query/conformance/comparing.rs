//! Rows and errors, held against what is expected.

use std::fmt::Write as _;

use ezu::query::error::{Phase, QueryError};

use super::notation::{read_cell, unescape_cell};
use super::shape::Shape;
use super::steps::{ExpectedError, ExpectedTable};
use crate::engine::Answer;
use crate::toy::Toy;

/// Whether the rows are those that are expected. `star`: the columns have no order.
///
/// # Errors
/// How they differ.
pub fn compare_rows(expected: &ExpectedTable, answer: &Answer, graph: &Toy, star: bool) -> Result<(), String> {
    let mut wanted = expected.table.iter();
    let header: Vec<String> =
        wanted.next().map(|row| row.iter().map(|cell| unescape_cell(cell)).collect()).unwrap_or_default();
    let places = places(&header, &answer.columns, star)?;
    let line = |shapes: Vec<Shape>| {
        shapes.iter().map(|shape| shape.canonical(expected.ignoring_list_order)).collect::<Vec<_>>().join(" | ")
    };
    let read = |row: &Vec<String>| row.iter().map(|cell| read_cell(cell)).collect::<Result<_, _>>().map(line);
    let wanted = wanted.map(read).collect::<Result<Vec<String>, _>>()?;
    let came = answer.rows.iter().map(|row| line(places.iter().map(|place| Shape::of(&row[*place], graph)).collect()));
    same_lines(wanted, came.collect(), expected.ordered)
}

/// For each column that is expected, where it stands.
fn places(wanted: &[String], came: &[String], star: bool) -> Result<Vec<usize>, String> {
    let (mut sorted_wanted, mut sorted_came) = (wanted.to_vec(), came.to_vec());
    if star {
        sorted_wanted.sort();
        sorted_came.sort();
    }
    if sorted_wanted != sorted_came {
        return Err(format!("columns {wanted:?} expected, {came:?} came"));
    }
    Ok(wanted.iter().filter_map(|name| came.iter().position(|column| column == name)).collect())
}

fn same_lines(mut wanted: Vec<String>, mut came: Vec<String>, ordered: bool) -> Result<(), String> {
    if !ordered {
        wanted.sort();
        came.sort();
    }
    if wanted == came {
        return Ok(());
    }
    let mut report = format!("{} rows expected, {} came", wanted.len(), came.len());
    for (sign, lines, others) in [('-', &wanted, &came), ('+', &came, &wanted)] {
        for line in lines.iter().filter(|line| ordered || !others.contains(line)).take(20) {
            let _ = write!(report, "\n    {sign} {line}");
        }
    }
    Err(report)
}

/// Whether the error is the one that is expected.
///
/// # Errors
/// How it differs.
pub fn compare_error(expected: &ExpectedError, answer: Option<&Result<Answer, QueryError>>) -> Result<(), String> {
    let wanted = format!("{} at {}: {}", expected.kind, expected.phase, expected.detail);
    match answer {
        None => Err("nothing was asked".to_owned()),
        Some(Ok(answer)) => Err(format!("{wanted} expected, {} rows came", answer.rows.len())),
        Some(Err(error)) if fits(expected, error) => Ok(()),
        Some(Err(error)) => {
            Err(format!("{wanted} expected, {:?} at {:?}: {:?} came: {error}", error.kind, error.phase, error.detail))
        }
    }
}

fn fits(expected: &ExpectedError, error: &QueryError) -> bool {
    let phase = match error.phase {
        Phase::CompileTime => "compile time",
        Phase::Runtime => "runtime",
    };
    expected.kind == format!("{:?}", error.kind)
        && [phase, "any time"].contains(&expected.phase.as_str())
        && [error.detail.as_str(), "*"].contains(&expected.detail.as_str())
}
