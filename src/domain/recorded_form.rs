//! A record as bytes: JSON, which from some length on is compressed as gzip (RFC 1952).
//!
//! What an import of a large file records is as large as the file, says much the same of every item, and is held in
//! memory while both copies of the ledger take it. Compressed it is a tenth. Either form can be read without ezu.

use std::io::{self, BufReader, BufWriter, Read as _, Write};

use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::gzip;

/// From how many bytes of JSON on a record is compressed: below, somebody who looks into the ledger reads it at once.
const COMPRESSED_FROM: usize = 1 << 20;
/// Records have less JSON than this, in bytes, so that the end of the compressed form says how much it is, and so that
/// a hostile backup does not unpack without end.
const MOST_BYTES: u64 = u32::MAX as u64;
/// How much is compressed or unpacked at a time, in bytes.
const PIECE: usize = 64 << 10;

/// The bytes of a record. The same record gives the same bytes. Never holds the JSON of a large one.
///
/// # Errors
/// When the record has 4 GiB of JSON.
pub fn write(record: &impl Serialize) -> serde_json::Result<Vec<u8>> {
    let mut out = BufWriter::with_capacity(PIECE, Form::Text(Vec::new()));
    serde_json::to_writer(&mut out, record)?;
    let form = out.into_inner().map_err(|error| serde_json::Error::io(error.into_error()))?;
    form.finish().map_err(serde_json::Error::io)
}

/// What bytes of a record say, in either form.
///
/// # Errors
/// When they are no such record, or have more JSON than records have.
pub fn read<Record: DeserializeOwned>(bytes: &[u8]) -> serde_json::Result<Record> {
    if !gzip::is_gzip(bytes) {
        return serde_json::from_slice(bytes);
    }
    // A record that is cut off at the limit is no JSON.
    serde_json::from_reader(BufReader::with_capacity(PIECE, GzDecoder::new(bytes)).take(MOST_BYTES))
}

/// How much JSON the bytes of a record are. O(1).
pub fn json_bytes(bytes: &[u8]) -> u64 {
    match bytes.last_chunk::<4>() {
        // RFC 1952 §2.3.1: the last four bytes are the length of what was compressed.
        Some(length) if gzip::is_gzip(bytes) => u64::from(u32::from_le_bytes(*length)),
        _ => bytes.len() as u64,
    }
}

/// A record that is being written.
enum Form {
    Text(Vec<u8>),
    Compressed { encoder: Box<GzEncoder<Vec<u8>>>, taken: u64 },
}

impl Form {
    fn finish(self) -> io::Result<Vec<u8>> {
        match self {
            Self::Text(text) => Ok(text),
            Self::Compressed { encoder, .. } => encoder.finish(),
        }
    }
}

impl Write for Form {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if let Self::Text(text) = self
            && text.len() + bytes.len() >= COMPRESSED_FROM
        {
            let mut encoder = Box::new(gzip::encoder());
            encoder.write_all(text)?;
            *self = Self::Compressed { encoder, taken: text.len() as u64 };
        }
        match self {
            Self::Text(text) => text.extend_from_slice(bytes),
            Self::Compressed { encoder, taken } => {
                *taken += bytes.len() as u64;
                if *taken >= MOST_BYTES {
                    return Err(io::Error::new(io::ErrorKind::FileTooLarge, "a change set has at most 4 GiB of JSON"));
                }
                encoder.write_all(bytes)?;
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(items: usize) -> Vec<(String, usize)> {
        (0..items).map(|number| (format!("項目 {number}"), number)).collect()
    }

    #[test]
    fn a_small_record_is_its_json() {
        let small = record(1_000);
        let bytes = write(&small).expect("written");
        assert_eq!(bytes, serde_json::to_vec(&small).expect("written"));
        assert_eq!(read::<Vec<(String, usize)>>(&bytes).expect("read"), small);
        assert_eq!(json_bytes(&bytes), bytes.len() as u64);
    }

    #[test]
    fn a_large_record_is_compressed_and_reads_back_the_same() {
        let large = record(200_000);
        let json = serde_json::to_vec(&large).expect("written");
        let bytes = write(&large).expect("written");
        assert!(bytes.len() * 3 < json.len(), "{} bytes of {}", bytes.len(), json.len());
        assert_eq!(json_bytes(&bytes), json.len() as u64);
        assert_eq!(bytes, write(&large).expect("written"), "the same record has the same bytes");
        assert_eq!(read::<Vec<(String, usize)>>(&bytes).expect("read"), large);
        let mut unpacked = Vec::new();
        GzDecoder::new(&bytes[..]).read_to_end(&mut unpacked).expect("any gzip reads it");
        assert!(unpacked == json);
    }

    #[test]
    fn what_is_cut_short_or_changed_is_not_read() {
        let bytes = write(&record(200_000)).expect("written");
        assert!(read::<Vec<(String, usize)>>(&bytes[..bytes.len() / 2]).is_err());
        assert!(read::<Vec<(String, usize)>>(&bytes[..bytes.len() - 1]).is_err(), "the checksum is missing");
        let mut changed = bytes.clone();
        let middle = changed.len() / 2;
        changed[middle] ^= 0x10;
        assert!(read::<Vec<(String, usize)>>(&changed).is_err());
        assert!(read::<Vec<(String, usize)>>(b"").is_err());
    }

    #[test]
    fn the_length_decides_the_form() {
        for (length, is_compressed) in [(COMPRESSED_FROM - 1, false), (COMPRESSED_FROM, true)] {
            let text = "x".repeat(length - 2);
            let bytes = write(&text).expect("written");
            assert_eq!(gzip::is_gzip(&bytes), is_compressed, "{length}");
            assert_eq!(read::<String>(&bytes).expect("read"), text);
        }
    }
}
