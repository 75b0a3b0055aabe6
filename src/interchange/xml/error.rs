//! Why a text is not accepted as XML.

/// What is wrong in an XML document, where, and what to do; in Japanese and English.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {english}")]
pub struct XmlError {
    /// A stable name in `snake_case`.
    pub code: &'static str,
    /// The line, counted from 1; 0 when it concerns the whole file.
    pub line: u32,
    /// What is wrong, in Japanese.
    pub japanese: String,
    /// What is wrong, in English.
    pub english: String,
}

impl XmlError {
    /// An error at a line.
    pub fn new(code: &'static str, line: u32, japanese: impl Into<String>, english: impl Into<String>) -> Self {
        Self { code, line, japanese: japanese.into(), english: english.into() }
    }

    /// Text that is not well-formed XML.
    pub(super) fn malformed(line: u32, detail: &str) -> Self {
        let japanese = format!("XMLとして正しくありません（{detail}）");
        Self::new("malformed_xml", line, japanese, format!("this is not well-formed XML: {detail}"))
    }

    /// A limit that the document goes beyond.
    pub(super) fn beyond(line: u32, what: &str, limit: usize) -> Self {
        let japanese = format!("上限を超えています（{what}：{limit}）");
        Self::new("limit_exceeded", line, japanese, format!("it goes beyond the limit of {limit} for {what}"))
    }
}
