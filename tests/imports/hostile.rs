//! Files that are broken, lie about themselves or are meant to do harm: refused or read, never a panic, within limits.

use std::io::{Cursor, Write};

use ezu::application::imports::{ImportFile, ImportOptions, Readers, propose, read_files};
use ezu::interchange::Limits;
use proptest::prelude::*;
use zip::write::SimpleFileOptions;

use crate::support::empty;

/// Reads and, if it can be read, proposes.
fn tried(name: &str, bytes: Vec<u8>) -> Result<usize, String> {
    let limits = Limits { cells: 200_000, unpacked_bytes: 64 << 20, ..Limits::default() };
    let workspace = empty();
    let readers = Readers::new(limits);
    let files = vec![ImportFile { name: name.to_owned(), bytes }];
    let options = ImportOptions::default();
    match read_files(&readers, &workspace.current(), files, None, &options, &|_| {}) {
        Ok((models, digests)) => {
            Ok(propose(&workspace, models, &digests, &options, 10_000, &|_, _| {}).report.rows.len())
        }
        Err(unreadable) => {
            println!("{}: {}", unreadable.0.place, unreadable.0.wrong.en);
            Err(unreadable.0.code.clone())
        }
    }
}

fn fixture(name: &str) -> Vec<u8> {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/imports/fixtures").join(name);
    std::fs::read(path).expect("a fixture")
}

fn packed(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        zip.start_file(*name, SimpleFileOptions::default()).expect("a part");
        zip.write_all(content).expect("written");
    }
    zip.finish().expect("finished").into_inner()
}

/// A workbook of one sheet with this content of `sheetData`.
fn workbook(rows: &str) -> Vec<u8> {
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let types = r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>"#;
    let book = format!(
        r#"<workbook xmlns="{main}" xmlns:r="{relations}"><sheets><sheet name="a" sheetId="1" r:id="r1"/></sheets></workbook>"#
    );
    let links = format!(
        r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="{relations}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#
    );
    let sheet = format!(r#"<worksheet xmlns="{main}"><sheetData>{rows}</sheetData></worksheet>"#);
    let root = format!(
        r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="{relations}/officeDocument" Target="xl/workbook.xml"/></Relationships>"#
    );
    packed(&[
        ("[Content_Types].xml", types.as_bytes()),
        ("_rels/.rels", root.as_bytes()),
        ("xl/workbook.xml", book.as_bytes()),
        ("xl/_rels/workbook.xml.rels", links.as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
    ])
}

#[test]
fn what_unpacks_to_too_much_is_refused() {
    let bomb = packed(&[("[Content_Types].xml", &vec![b' '; 100 << 20])]);
    assert!(bomb.len() < 200_000);
    assert_eq!(tried("bomb.xlsx", bomb), Err("limit_exceeded".to_owned()));
}

#[test]
fn cells_far_apart_take_no_memory() {
    let cell = |at: &str| format!(r#"<c r="{at}" t="inlineStr"><is><t>課名</t></is></c>"#);
    let far = workbook(&format!("<row r=\"1\">{}</row><row r=\"1048576\">{}</row>", cell("A1"), cell("XFD1048576")));
    assert_eq!(tried("far.xlsx", far), Err("limit_exceeded".to_owned()));
    let repeated = r#"<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet><table:table table:name="a"><table:table-row table:number-rows-repeated="1000000"><table:table-cell office:value-type="string" table:number-columns-repeated="1000"><text:p>x</text:p></table:table-cell></table:table-row></table:table></office:spreadsheet></office:body></office:document-content>"#;
    let ods = packed(&[
        ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
        ("content.xml", repeated.as_bytes()),
    ]);
    assert_eq!(tried("repeated.ods", ods), Err("limit_exceeded".to_owned()));
}

#[test]
fn entities_are_not_followed() {
    let rows = r#"<row r="1"><c r="A1" t="inlineStr"><is><t>&a;</t></is></c></row>"#;
    let mut text = String::from("<!DOCTYPE x [<!ENTITY a SYSTEM \"file:///etc/passwd\">]>");
    text.push_str(rows);
    let read = tried("entity.xlsx", workbook(&text));
    assert!(read.is_err() || read.is_ok_and(|rows| rows <= 1));
}

#[test]
fn wide_and_long_text_is_refused() {
    assert_eq!(tried("wide.csv", ",".repeat(5_000).into_bytes()), Err("limit_exceeded".to_owned()));
    assert_eq!(tried("long.csv", "x".repeat(2 << 20).into_bytes()), Err("limit_exceeded".to_owned()));
    assert_eq!(tried("program.exe", b"MZ\0\0\x01\x02".to_vec()), Err("not_a_text".to_owned()));
}

#[test]
fn names_that_look_like_paths_or_formulas_are_names() {
    let text = "システム名,課名\n../../etc/passwd,=1+1\n<script>,@SUM(A1)\n\u{202e}逆,\u{0}x\n";
    assert_eq!(tried("odd.csv", text.replace('\0', "\u{1}").into_bytes()), Ok(4));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..400), name in "[a-z]{1,4}\\.(csv|xlsx|xls|ods|txt)") {
        let _ = tried(&name, bytes);
    }

    #[test]
    fn any_text_is_read_or_refused(text in "[課名システムID,\\t;\n\"0-9○×計-]{0,200}") {
        let _ = tried("a.csv", text.into_bytes());
    }

    #[test]
    fn damaged_workbooks_are_read_or_refused(
        which in 0_usize..3,
        cuts in proptest::collection::vec((any::<proptest::sample::Index>(), any::<u8>()), 1..12),
        length in proptest::option::of(any::<proptest::sample::Index>()),
    ) {
        let name = ["survey.xlsx", "survey.xls", "survey.ods"][which];
        let mut bytes = fixture(name);
        for (place, byte) in cuts {
            let at = place.index(bytes.len());
            bytes[at] = byte;
        }
        if let Some(length) = length {
            bytes.truncate(length.index(bytes.len()));
        }
        let _ = tried(name, bytes);
    }

    #[test]
    fn damaged_sheets_are_read_or_refused(place in any::<proptest::sample::Index>(), text in "[<>&\"'/a-z0-9= ]{0,12}") {
        let mut rows = r#"<row r="1"><c r="A1" t="inlineStr"><is><t>課名</t></is></c><c r="B1"><v>3</v></c></row><row r="2" hidden="1"><c r="A2" t="b"><v>1</v></c></row>"#.to_owned();
        let mut at = place.index(rows.len());
        while !rows.is_char_boundary(at) { at -= 1; }
        rows.insert_str(at, &text);
        let _ = tried("a.xlsx", workbook(&rows));
    }
}
