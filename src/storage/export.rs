//! The ledger as lines of JSON that a person can read, and `restore` accepts.
//!
//! The first line names format, revision and hash; then one line a frame. A payload that is JSON stands
//! there as it is; other text as `payload_text`; anything else as hexadecimal `payload_hex`.

use std::io::{BufRead, Read as _, Write};

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::codec::Header;
use super::error::StorageError;
use super::hash::{Hash, bytes_from_hex, hex_from_bytes};
use super::types::Head;
use super::writer::LedgerWriter;

const NAME: &str = "ezu ledger export";

#[derive(Debug, Serialize, Deserialize)]
struct Preface {
    format: String,
    version: u32,
    revision: u64,
    hash: Hash,
}

#[derive(Debug, Serialize, Deserialize)]
struct Line<'a> {
    revision: u64,
    /// Microseconds since 1970, and the same for people.
    time: i64,
    at: String,
    #[serde(default, skip_serializing_if = "is_zero")]
    redacts: u64,
    #[serde(default, skip_serializing_if = "is_zero")]
    redacted_by: u64,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    payload: Option<&'a RawValue>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    payload_text: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    payload_hex: Option<String>,
    salt: String,
    commitment: Hash,
    previous: Hash,
    hash: Hash,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_zero(number: &u64) -> bool {
    *number == 0
}

fn wrong(line: u64, reason: &str) -> StorageError {
    StorageError::Format { what: format!("line {line} of the export"), reason: reason.to_owned() }
}

fn failed(action: &'static str) -> impl Fn(std::io::Error) -> StorageError {
    move |source| StorageError::Io { action, path: "the export".into(), source }
}

/// Writes the frames up to `head` as `read` gives them. O(bytes).
pub(super) fn write(
    out: &mut dyn Write,
    head: Head,
    read: impl Fn(u64) -> Result<(Header, Vec<u8>), StorageError>,
) -> Result<(), StorageError> {
    let preface = Preface { format: NAME.to_owned(), version: 1, revision: head.revision, hash: head.hash };
    put(out, &preface)?;
    for revision in 1..=head.revision {
        let (header, payload) = read(revision)?;
        put(out, &line(&header, &payload))?;
    }
    out.flush().map_err(failed("write"))
}

fn put(out: &mut dyn Write, value: &impl Serialize) -> Result<(), StorageError> {
    let mut text = serde_json::to_vec(value).map_err(|error| wrong(0, &error.to_string()))?;
    text.push(b'\n');
    out.write_all(&text).map_err(failed("write"))
}

fn line<'a>(header: &Header, payload: &'a [u8]) -> Line<'a> {
    let mut line = Line {
        revision: header.revision,
        time: header.time,
        at: readable_time(header.time),
        redacts: header.redacts,
        redacted_by: header.redacted_by,
        payload: None,
        payload_text: None,
        payload_hex: None,
        salt: hex_from_bytes(&header.salt),
        commitment: header.commitment,
        previous: header.previous,
        hash: header.hash(),
    };
    if header.redacted_by == 0 {
        match std::str::from_utf8(payload) {
            Ok(text) => match verbatim(text) {
                Some(json) => line.payload = Some(json),
                None => line.payload_text = Some(text.to_owned()),
            },
            Err(_) => line.payload_hex = Some(hex_from_bytes(payload)),
        }
    }
    line
}

/// The text as JSON that survives being put into a line and taken out again, byte for byte.
fn verbatim(text: &str) -> Option<&RawValue> {
    let json: &RawValue = serde_json::from_str(text).ok()?;
    // `null` would read back as "no payload", and surrounding blanks would be lost.
    let same = json.get().len() == text.len() && text != "null" && !text.contains(['\n', '\r']);
    same.then_some(json)
}

/// Reads an export and gives its frames up to `last` to the writer.
pub(super) fn read(
    input: &mut dyn BufRead,
    writer: &mut LedgerWriter<'_>,
    last: u64,
    limit: u64,
) -> Result<Head, StorageError> {
    // Every byte may take two hexadecimal digits, or six as an escape in JSON.
    let longest = limit.saturating_mul(6).saturating_add(4096);
    let first = next_line(input, longest)?.ok_or_else(|| wrong(1, "it is empty"))?;
    let preface: Preface = serde_json::from_slice(&first).map_err(|error| wrong(1, &error.to_string()))?;
    if preface.format != NAME || preface.version != 1 {
        return Err(wrong(1, "it is no ledger export of version 1"));
    }
    let mut head = Head::empty();
    let mut number = 1;
    while let Some(bytes) = next_line(input, longest)? {
        number += 1;
        let line: Line<'_> = serde_json::from_slice(&bytes).map_err(|error| wrong(number, &error.to_string()))?;
        let (header, payload) = frame(&line).ok_or_else(|| wrong(number, "it is no frame"))?;
        if header.hash() != line.hash || header.previous != head.hash {
            return Err(wrong(number, "its hash is not that of its content"));
        }
        head = Head { revision: header.revision, hash: line.hash, time: header.time };
        if header.revision <= last {
            writer.push(&header, &payload)?;
        }
    }
    if (head.revision, head.hash) != (preface.revision, preface.hash) {
        return Err(wrong(number, "it ends elsewhere than its first line says"));
    }
    Ok(head)
}

fn frame(line: &Line<'_>) -> Option<(Header, Vec<u8>)> {
    let payload = match (&line.payload, &line.payload_text, &line.payload_hex) {
        (Some(json), None, None) => json.get().as_bytes().to_vec(),
        (None, Some(text), None) => text.as_bytes().to_vec(),
        (None, None, Some(hex)) => bytes_from_hex(hex)?,
        (None, None, None) if line.redacted_by != 0 => Vec::new(),
        _ => return None,
    };
    let header = Header {
        payload_bytes: u32::try_from(payload.len()).ok()?,
        payload_crc: crc32c::crc32c(&payload),
        revision: line.revision,
        batch: line.revision,
        time: line.time,
        redacts: line.redacts,
        redacted_by: line.redacted_by,
        salt: bytes_from_hex(&line.salt)?.try_into().ok()?,
        previous: line.previous,
        commitment: line.commitment,
    };
    Some((header, payload))
}

fn next_line(input: &mut dyn BufRead, longest: u64) -> Result<Option<Vec<u8>>, StorageError> {
    let mut bytes = Vec::new();
    let read = input.take(longest).read_until(b'\n', &mut bytes).map_err(failed("read"))?;
    Ok((read > 0).then_some(bytes))
}

/// A time in microseconds since 1970 as `2026-11-01T09:30:00.000000Z`.
fn readable_time(time: i64) -> String {
    const DAY: i64 = 86_400_000_000;
    let (days, rest) = (time.div_euclid(DAY), time.rem_euclid(DAY));
    // The calendar repeats every 400 years of 146,097 days; years begin in March here, so that the leap
    // day is the last of a year.
    let shifted = days + 719_468;
    let (era, day_of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = era * 400 + year_of_era + i64::from(month <= 2);
    let seconds = rest / 1_000_000;
    format!(
        "{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}.{:06}Z",
        seconds / 3600,
        seconds / 60 % 60,
        seconds % 60,
        rest % 1_000_000
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_readable() {
        assert_eq!(readable_time(0), "1970-01-01T00:00:00.000000Z");
        assert_eq!(readable_time(-1), "1969-12-31T23:59:59.999999Z");
        // 2024-02-29 is day 19,782 after 1970-01-01: 54 years with 13 leap days, then 59 days.
        assert_eq!(readable_time(19_782 * 86_400_000_000 + 3_661_000_002), "2024-02-29T01:01:01.000002Z");
    }

    #[test]
    fn only_json_that_survives_is_put_in_as_it_is() {
        assert!(verbatim("{\"a\": 1.50}").is_some());
        for text in ["null", " 1", "1 ", "[1,\n2]", "not json", ""] {
            assert!(verbatim(text).is_none(), "{text:?}");
        }
    }
}
