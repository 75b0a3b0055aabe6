//! Where the next page begins. A cursor belongs to the list that gave it.

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::http::problem::{Problem, ProblemCode};

/// The last item of a page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Cursor {
    /// A digest of the list: what is listed, filters and order.
    #[serde(rename = "l")]
    pub list: u32,
    /// The value by which the last item was sorted.
    #[serde(rename = "k", default, skip_serializing_if = "Json::is_null")]
    pub key: Json,
    /// The last item's id.
    #[serde(rename = "i")]
    pub id: String,
}

const HEX: &[u8; 16] = b"0123456789abcdef";

impl Cursor {
    /// The opaque form: hexadecimal, ending in a checksum.
    pub fn encode(&self) -> String {
        let mut bytes = serde_json::to_vec(self).unwrap_or_default();
        let sum = crc32c::crc32c(&bytes);
        bytes.extend_from_slice(&sum.to_be_bytes());
        bytes
            .iter()
            .flat_map(|byte| [HEX[usize::from(byte >> 4)], HEX[usize::from(byte & 15)]])
            .map(char::from)
            .collect()
    }

    /// Reads a cursor that this very list has given.
    pub fn decode(text: &str, list: u32) -> Result<Self, Problem> {
        let foreign = || Problem::new(ProblemCode::InvalidCursor, "start again without a cursor");
        let bytes = from_hex(text).ok_or_else(foreign)?;
        let (content, sum) = bytes.split_last_chunk::<4>().ok_or_else(foreign)?;
        if crc32c::crc32c(content) != u32::from_be_bytes(*sum) {
            return Err(foreign());
        }
        let cursor: Self = serde_json::from_slice(content).map_err(|_| foreign())?;
        if cursor.list == list { Ok(cursor) } else { Err(foreign()) }
    }
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    if text.len() > 8_192 || !text.len().is_multiple_of(2) {
        return None;
    }
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    text.as_bytes().chunks_exact(2).map(|pair| Some(digit(pair[0])? << 4 | digit(pair[1])?)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_comes_back_to_its_own_list_only() {
        let cursor = Cursor { list: 7, key: serde_json::json!("住民"), id: "sys-juki".into() };
        let text = cursor.encode();
        assert_eq!(Cursor::decode(&text, 7).expect("its own"), cursor);
        assert!(Cursor::decode(&text, 8).is_err());
        for wrong in ["", "zz", "00", "é", &text[2..], &text.replace('7', "6")] {
            assert!(Cursor::decode(wrong, 7).is_err(), "{wrong}");
        }
    }
}
