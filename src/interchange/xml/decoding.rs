//! From bytes to characters (XML 1.0 appendix F).

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

use super::error::XmlError;

/// How far into a document its encoding is looked for, in bytes.
const DECLARATION: usize = 200;

/// The characters of a document: by its byte order mark, else by its declaration, else UTF-8.
///
/// # Errors
/// An encoding that nobody knows, or bytes that it does not permit.
pub fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, XmlError> {
    let (encoding, mark) = encoding_of(bytes)?;
    let body = &bytes[mark..];
    if encoding == UTF_8 {
        return std::str::from_utf8(body).map(Cow::Borrowed).map_err(|error| undecodable(body, error.valid_up_to()));
    }
    encoding.decode_without_bom_handling_and_without_replacement(body).ok_or_else(|| {
        let name = encoding.name();
        let japanese = format!("文字コード {name} として読めないバイトがあります");
        XmlError::new("undecodable", 0, japanese, format!("there are bytes that are not {name}"))
    })
}

/// The encoding, and how many bytes its mark takes.
fn encoding_of(bytes: &[u8]) -> Result<(&'static Encoding, usize), XmlError> {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return Ok((encoding, mark));
    }
    match bytes {
        [0, b'<', 0, b'?', ..] => return Ok((UTF_16BE, 0)),
        [b'<', 0, b'?', 0, ..] => return Ok((UTF_16LE, 0)),
        _ => {}
    }
    match declared(bytes) {
        // A file that says UTF-16 in plain ASCII was converted by somebody who left the declaration alone.
        Some(label) if label.to_ascii_lowercase().starts_with("utf-16") => Ok((UTF_8, 0)),
        Some(label) => Encoding::for_label(label.as_bytes()).map(|encoding| (encoding, 0)).ok_or_else(|| {
            let japanese = format!("文字コード「{label}」は扱えません。UTF-8で保存してください");
            XmlError::new(
                "unknown_encoding",
                1,
                japanese,
                format!("the encoding {label:?} is not known; save as UTF-8"),
            )
        }),
        None => Ok((UTF_8, 0)),
    }
}

fn declared(bytes: &[u8]) -> Option<String> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(DECLARATION)]);
    let declaration = head.trim_start().strip_prefix("<?xml")?.split("?>").next()?;
    let value = declaration.split("encoding").nth(1)?.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    value[1..].split(quote).next().map(str::to_owned)
}

fn undecodable(body: &[u8], at: usize) -> XmlError {
    let line = u32::try_from(memchr::memchr_iter(b'\n', &body[..at]).count() + 1).unwrap_or(u32::MAX);
    XmlError::new(
        "undecodable",
        line,
        "UTF-8として読めないバイトがあります。文字コードの宣言を確かめてください",
        "there are bytes that are not UTF-8; check the encoding that the file declares",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_and_declarations_are_obeyed() {
        let utf16: Vec<u8> =
            [0xFF, 0xFE].into_iter().chain("<a>絵</a>".encode_utf16().flat_map(u16::to_le_bytes)).collect();
        assert_eq!(decode(&utf16).as_deref(), Ok("<a>絵</a>"));
        assert_eq!(decode(b"\xEF\xBB\xBF<a/>").as_deref(), Ok("<a/>"));
        let latin = b"<?xml version='1.0' encoding='ISO-8859-1'?><a>caf\xE9</a>";
        assert!(decode(latin).expect("Latin 1").ends_with("café</a>"));
        let shift = b"<?xml version=\"1.0\" encoding=\"Shift_JIS\"?><a>\x8A\x47</a>";
        assert!(decode(shift).expect("Shift_JIS").contains('絵'));
    }

    #[test]
    fn what_cannot_be_decoded_is_refused_with_its_line() {
        let error = decode(b"<a>\n\xE9</a>").expect_err("not UTF-8");
        assert_eq!((error.code, error.line), ("undecodable", 2));
        let error = decode(b"<?xml version='1.0' encoding='klingon'?><a/>").expect_err("unknown");
        assert_eq!(error.code, "unknown_encoding");
    }
}
