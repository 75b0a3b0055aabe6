//! Procedures whose rows stand in a table.

use std::sync::Arc;

use ezu::query::source::{Field, FieldType, Signature};
use ezu::query::value::Value;
use ezu::query::value::equality::same;

/// A procedure and all that it can answer.
#[derive(Debug, Clone)]
pub struct Procedure {
    /// What it takes and gives.
    pub signature: Arc<Signature>,
    /// Rows of arguments, followed by what they give.
    pub table: Vec<Vec<Value>>,
}

impl Procedure {
    /// The rows for these arguments; one row without columns where the procedure has none, so that a query goes on.
    pub fn call(&self, arguments: &[Value]) -> Vec<Vec<Value>> {
        if self.signature.columns.is_empty() {
            return vec![Vec::new()];
        }
        let fits = |row: &&Vec<Value>| row.iter().zip(arguments).all(|(cell, given)| same(cell, given));
        self.table.iter().filter(fits).map(|row| row[arguments.len()..].to_vec()).collect()
    }
}

/// Reads `name(argument :: TYPE?, …) :: (column :: TYPE?, …)`.
///
/// # Errors
/// What is not understood.
pub fn read_signature(text: &str) -> Result<(String, Signature), String> {
    let (called, given) = text.split_once(") ::").ok_or_else(|| format!("no `::` in {text}"))?;
    let (name, arguments) = called.split_once('(').ok_or_else(|| format!("no `(` in {text}"))?;
    let columns = given.trim().trim_start_matches('(').trim_end_matches(')');
    let signature =
        Signature { arguments: read_fields(arguments)?, columns: read_fields(columns)?, help: String::new() };
    Ok((name.trim().to_owned(), signature))
}

fn read_fields(text: &str) -> Result<Vec<Field>, String> {
    text.split(',').filter(|field| !field.trim().is_empty()).map(read_field).collect()
}

fn read_field(text: &str) -> Result<Field, String> {
    let (name, written) = text.split_once("::").ok_or_else(|| format!("no type in {text}"))?;
    let written = written.trim();
    let value_type = field_type(written.trim_end_matches('?')).ok_or_else(|| format!("no type {written}"))?;
    Ok(Field { name: name.trim().into(), value_type, nullable: written.ends_with('?') })
}

fn field_type(written: &str) -> Option<FieldType> {
    Some(match written {
        "ANY" => FieldType::Any,
        "BOOLEAN" => FieldType::Boolean,
        "INTEGER" => FieldType::Integer,
        "FLOAT" => FieldType::Float,
        "NUMBER" => FieldType::Number,
        "STRING" => FieldType::String,
        "MAP" => FieldType::Map,
        "NODE" => FieldType::Node,
        "RELATIONSHIP" => FieldType::Relationship,
        "PATH" => FieldType::Path,
        list if list.starts_with("LIST") => FieldType::List,
        _ => return None,
    })
}
