//! Which form a file has, told from its bytes.

use memchr::memmem;
use serde::{Deserialize, Serialize};

use super::source::SourceFile;

/// How far into a text the first marks of its form are looked for, in bytes.
const LOOKED_AT: usize = 64 << 10;

/// The forms that ezu knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// ezu's own model files (YAML or JSON).
    Native,
    /// A workbook of Excel 2007 and later, Excel 97 to 2003, or `OpenDocument`.
    Workbook,
    /// Delimited text: commas, tabs or semicolons.
    Csv,
    /// The Open Group's exchange format for `ArchiMate` models (XML).
    ArchimateExchange,
    /// Archi's own file (`.archimate`), plain or zipped.
    Archi,
    /// The tree of files that coArchi keeps, one element a file.
    CoArchi,
    /// BPMN 2.0 (XML).
    Bpmn,
    /// A Structurizr workspace (JSON).
    Structurizr,
}

impl Format {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Native,
        Self::Workbook,
        Self::Csv,
        Self::ArchimateExchange,
        Self::Archi,
        Self::CoArchi,
        Self::Bpmn,
        Self::Structurizr,
    ];

    /// The word for it in a request (`?format=`).
    pub fn word(self) -> &'static str {
        match self {
            Self::Native => "native",
            Self::Workbook => "xlsx",
            Self::Csv => "csv",
            Self::ArchimateExchange => "archimate-exchange",
            Self::Archi => "archi",
            Self::CoArchi => "coarchi",
            Self::Bpmn => "bpmn",
            Self::Structurizr => "structurizr",
        }
    }

    /// Whether files of this form call other items by their names, and not by identifiers only.
    pub fn refers_by_name(self) -> bool {
        !matches!(self, Self::Native | Self::ArchimateExchange | Self::Archi | Self::CoArchi)
    }

    /// The format of a word, endings of file names included.
    pub fn from_word(word: &str) -> Option<Self> {
        Some(match word.to_ascii_lowercase().trim_start_matches('.') {
            "native" | "ezu" | "yaml" | "yml" => Self::Native,
            "xlsx" | "xlsm" | "xls" | "xlsb" | "ods" | "workbook" => Self::Workbook,
            "csv" | "tsv" | "txt" => Self::Csv,
            "archimate-exchange" | "exchange" => Self::ArchimateExchange,
            "archi" | "archimate" => Self::Archi,
            "coarchi" => Self::CoArchi,
            "bpmn" => Self::Bpmn,
            "structurizr" => Self::Structurizr,
            _ => return None,
        })
    }

    /// Guesses the form of a file from its bytes, and where they leave it open (text) from its name.
    ///
    /// Every file has some form here, as any text could be a table of one column; reading decides.
    pub fn guess(file: &SourceFile<'_>) -> Self {
        let bytes = file.bytes;
        if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
            return packed(bytes, file.name);
        }
        if bytes.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]) {
            return Self::Workbook;
        }
        let text = beginning(bytes);
        match text.trim_start().chars().next() {
            Some('<') => marked_up(&text, file.name),
            Some('{' | '[') => json(bytes, &text),
            _ => by_name(file.name),
        }
    }
}

fn packed(bytes: &[u8], name: &str) -> Format {
    // Names of the parts stand unpacked in a zip file.
    let holds = |name: &str| memmem::find(bytes, name.as_bytes()).is_some();
    let is_archi = holds("model.xml") && !holds("xl/workbook") && !holds("mimetypeapplication/vnd.oasis");
    // A tree of coArchi, packed.
    let is_tree = || holds("folder.xml") && !holds("[Content_Types].xml");
    if is_archi || ends_with(name, ".archimate") {
        Format::Archi
    } else if is_tree() {
        Format::CoArchi
    } else {
        Format::Workbook
    }
}

/// The beginning of a text as characters, whether it is UTF-8, UTF-16 or something else that extends ASCII.
fn beginning(bytes: &[u8]) -> String {
    let head = &bytes[..bytes.len().min(LOOKED_AT)];
    let wide = match head {
        [0xFF, 0xFE, ..] => Some(u16::from_le_bytes as fn([u8; 2]) -> u16),
        [0xFE, 0xFF, ..] => Some(u16::from_be_bytes as fn([u8; 2]) -> u16),
        _ => None,
    };
    match wide {
        Some(unit) => {
            let units = head[2..].chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
            char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
        }
        None => String::from_utf8_lossy(head).trim_start_matches('\u{feff}').to_owned(),
    }
}

fn marked_up(text: &str, name: &str) -> Format {
    if text.contains("http://www.archimatetool.com/archimate") || text.contains("http://www.bolton.ac.uk/archimate") {
        return if name.contains('/') && !name.ends_with(".archimate") { Format::CoArchi } else { Format::Archi };
    }
    if text.contains("opengroup.org/xsd/archimate") {
        return Format::ArchimateExchange;
    }
    if text.contains("omg.org/spec/BPMN") {
        return Format::Bpmn;
    }
    let named =
        [(".archimate", Format::Archi), (".bpmn", Format::Bpmn)].into_iter().find(|(end, _)| ends_with(name, end));
    named.map_or(Format::ArchimateExchange, |(_, format)| format)
}

fn ends_with(name: &str, ending: &str) -> bool {
    name.to_ascii_lowercase().ends_with(ending)
}

/// A workspace of Structurizr may begin with documentation of any length. In a model of ezu's own that keeps a workspace as a
/// text the quotes of that text are escaped.
fn json(bytes: &[u8], text: &str) -> Format {
    let is_structurizr = memmem::find(bytes, b"\"softwareSystems\"").is_some()
        || text.contains("\"structurizr.")
        || text.split("\"model\"").skip(1).any(begins_an_object);
    if is_structurizr { Format::Structurizr } else { Format::Native }
}

/// Whether what follows a key is an object: in ezu's own files `model` is a name.
fn begins_an_object(rest: &str) -> bool {
    let value = rest.trim_start().strip_prefix(':').unwrap_or_default();
    value.trim_start().starts_with('{')
}

fn by_name(name: &str) -> Format {
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending).to_ascii_lowercase();
    match ending.as_str() {
        "yaml" | "yml" | "json" => Format::Native,
        // Not what they are called; the reader of what they are called says so best.
        "archimate" => Format::Archi,
        "bpmn" => Format::Bpmn,
        "xml" => Format::ArchimateExchange,
        _ => Format::Csv,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guessed(name: &str, bytes: &[u8]) -> Format {
        Format::guess(&SourceFile { name, bytes })
    }

    #[test]
    fn bytes_decide_before_names() {
        assert_eq!(guessed("a.csv", b"PK\x03\x04........xl/workbook.xml"), Format::Workbook);
        assert_eq!(guessed("a.archimate", b"PK\x03\x04........model.xml"), Format::Archi);
        assert_eq!(guessed("a", &[0xD0, 0xCF, 0x11, 0xE0, 0xA1]), Format::Workbook);
        assert_eq!(guessed("a.txt", "課名,システム名\n".as_bytes()), Format::Csv);
        assert_eq!(guessed("a.yaml", b"systems: []"), Format::Native);
        assert_eq!(guessed("", b""), Format::Csv);
        let exchange = br#"<?xml version="1.0"?><model xmlns="http://www.opengroup.org/xsd/archimate/3.0/">"#;
        assert_eq!(guessed("m.xml", exchange), Format::ArchimateExchange);
        let archi = br#"<archimate:model xmlns:archimate="http://www.archimatetool.com/archimate">"#;
        assert_eq!(guessed("m.xml", archi), Format::Archi);
        let bpmn = br#"<semantic:definitions xmlns:semantic="http://www.omg.org/spec/BPMN/20100524/MODEL">"#;
        assert_eq!(guessed("m.xml", bpmn), Format::Bpmn);
        assert_eq!(guessed("m.archimate", b"no model"), Format::Archi);
        assert_eq!(guessed("m.archimate", b"PK\x03\x04........other.xml"), Format::Archi);
        assert_eq!(guessed("m.bpmn", b"<a/>"), Format::Bpmn);
        assert_eq!(guessed("m.xml", b"no markup"), Format::ArchimateExchange);
        assert_eq!(guessed("w.json", br#"{"model": {"softwareSystems": []}}"#), Format::Structurizr);
        let late =
            format!(r#"{{"documentation": "{}", "model": {{"softwareSystems": []}}}}"#, "x".repeat(2 * LOOKED_AT));
        assert_eq!(guessed("w.json", late.as_bytes()), Format::Structurizr);
        assert_eq!(guessed("w.json", br#"{"name": "n", "model" : { "people": [] }}"#), Format::Structurizr);
        assert_eq!(guessed("m.json", br#"{"model": "a", "systems": []}"#), Format::Native);
        let kept =
            br#"{"model": "a", "structurizr_workspaces": [{"id": "x", "content": "{\"softwareSystems\": []}"}]}"#;
        assert_eq!(guessed("m.json", kept), Format::Native);
    }

    #[test]
    fn wide_text_is_read_as_text() {
        let text = "<model xmlns=\"http://www.opengroup.org/xsd/archimate/3.0/\">";
        let bytes: Vec<u8> = [0xFF, 0xFE].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
        assert_eq!(guessed("m.xml", &bytes), Format::ArchimateExchange);
    }

    #[test]
    fn every_word_names_its_format() {
        for format in Format::ALL {
            assert_eq!(Format::from_word(format.word()), Some(format));
        }
    }
}
