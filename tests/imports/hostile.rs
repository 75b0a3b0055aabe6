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
    workbook_with(rows, &[])
}

/// The same with more parts.
fn workbook_with(rows: &str, more: &[(&str, &[u8])]) -> Vec<u8> {
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
    let parts: [(&str, &[u8]); 5] = [
        ("[Content_Types].xml", types.as_bytes()),
        ("_rels/.rels", root.as_bytes()),
        ("xl/workbook.xml", book.as_bytes()),
        ("xl/_rels/workbook.xml.rels", links.as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
    ];
    packed(&[&parts, more].concat())
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

/// A record of an old workbook.
fn record(kind: u16, content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len()).expect("short");
    [&kind.to_le_bytes()[..], &length.to_le_bytes(), content].concat()
}

/// What an old workbook's parts begin with.
fn begin(kind: u8) -> Vec<u8> {
    record(0x0809, &[0, 6, kind, 0, 0, 0, 0, 0, 0, 0, 0, 0, 6, 0, 0, 0])
}

/// An old workbook of one sheet with these records, behind `aside`; the sheet is said to begin `shift` bytes early.
fn old_workbook(aside: &[u8], sheet: &[u8], shift: usize) -> Vec<u8> {
    let globals = |start: u32| {
        let bound = [&start.to_le_bytes()[..], &[0, 0, 1, 0, b'a']].concat();
        [begin(5), record(0x0085, &bound), record(0x000A, &[])].concat()
    };
    let start = globals(0).len() + aside.len() - shift;
    let all = [globals(u32::try_from(start).expect("short")), aside.to_vec(), sheet.to_vec()].concat();
    let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).expect("created");
    file.create_stream("/Workbook").and_then(|mut stream| stream.write_all(&all)).expect("written");
    file.flush().expect("written");
    file.into_inner().into_inner()
}

fn old_sheet(records: &[Vec<u8>]) -> Vec<u8> {
    [begin(16), records.concat(), record(0x000A, &[])].concat()
}

/// [MS-XLS] §2.4.90: the first row and the one behind the last, and the same of columns.
fn dimensions(rows: (u32, u32), columns: (u16, u16)) -> Vec<u8> {
    let rows = [rows.0.to_le_bytes(), rows.1.to_le_bytes()].concat();
    let columns = [columns.0.to_le_bytes(), columns.1.to_le_bytes()].concat();
    record(0x0200, &[rows, columns, vec![0; 2]].concat())
}

/// [MS-XLS] §2.4.180.
fn number(row: u16, column: u16) -> Vec<u8> {
    let place = [row.to_le_bytes(), column.to_le_bytes(), [0; 2]].concat();
    record(0x0203, &[place, 7_f64.to_le_bytes().to_vec()].concat())
}

#[test]
fn an_old_sheet_that_is_said_to_be_larger_than_sheets_can_be_is_refused() {
    let with = |dimensions: Vec<u8>| tried("old.xls", old_workbook(&[], &old_sheet(&[dimensions, number(0, 0)]), 0));
    assert_eq!(with(dimensions((0, 65_536), (0, 256))), Ok(1));
    assert_eq!(with(dimensions((0, 0), (0, 0))), Ok(1));
    // The first two would make the library ask for more memory than there is, which ends the process.
    for said in [((5, 2), (0, 4)), ((0, u32::MAX), (0, 255)), ((0, 65_537), (0, 1)), ((0, 1), (0, 257))] {
        assert_eq!(with(dimensions(said.0, said.1)), Err("damaged_workbook".to_owned()), "{said:?}");
    }
    let before = record(0x0200, &[9, 0, 2, 0, 0, 0, 4, 0, 0, 0]);
    assert_eq!(with(before), Err("damaged_workbook".to_owned()));
}

#[test]
fn an_old_sheet_is_looked_at_where_it_begins() {
    // A sheet within what is the content of another record for whoever reads from the beginning.
    let hidden = old_sheet(&[dimensions((0, 70_000), (0, 1)), number(0, 0)]);
    let aside = record(0x00EC, &hidden);
    let plain = old_workbook(&aside, &old_sheet(&[number(0, 0)]), 0);
    assert_eq!(tried("old.xls", plain), Ok(1));
    let within = old_workbook(&aside, &old_sheet(&[number(0, 0)]), hidden.len());
    assert_eq!(tried("old.xls", within), Err("damaged_workbook".to_owned()));
}

#[test]
fn old_cells_far_apart_take_no_memory() {
    let far = old_sheet(&[number(0, 0), number(65_535, 255)]);
    assert_eq!(tried("old.xls", old_workbook(&[], &far, 0)), Err("limit_exceeded".to_owned()));
    // Six bytes for each of a hundred numbers in a row, which make the sheet as wide.
    let place = [0_u16, 0].map(u16::to_le_bytes).concat();
    let wide = record(0x00BD, &[place, vec![0; 600], 99_u16.to_le_bytes().to_vec()].concat());
    let tall = old_sheet(&[wide, number(9_999, 0)]);
    assert_eq!(tried("old.xls", old_workbook(&[], &tall, 0)), Err("limit_exceeded".to_owned()));
}

#[test]
fn a_workbook_that_says_it_holds_more_texts_than_it_can_is_refused() {
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let with = |count: &str| {
        let texts = format!(r#"<x:sst xmlns:x="{main}" uniqueCount="{count}"><x:si><x:t>課名</x:t></x:si></x:sst>"#);
        let sheet = r#"<row r="1"><c r="A1" t="s"><v>0</v></c></row>"#;
        tried("texts.xlsx", workbook_with(sheet, &[("xl/sharedStrings.xml", texts.as_bytes())]))
    };
    assert_eq!(with("1"), Ok(1));
    assert_eq!(with("500000"), Ok(1), "some programs count wrongly");
    for count in ["9999999999", "99999999999999999999999"] {
        assert_eq!(with(count), Err("damaged_workbook".to_owned()), "{count}");
    }
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
fn a_file_is_told_as_what_it_is_called() {
    let part = br#"<archimate:Driver xmlns:archimate="http://www.archimatetool.com/archimate" name="a" id="b"/>"#;
    let cases: [(&str, &[u8], &str); 6] = [
        ("a.bpmn", b"", "empty_file"),
        ("a.archimate", b" \n", "empty_file"),
        ("a.archimate", b"no model", "malformed_xml"),
        ("a.bpmn", b"no drawing", "malformed_xml"),
        ("Driver_b.xml", part, "no_archi_model"),
        ("a.archimate", &packed(&[("other.xml", b"<a/>")]), "damaged_zip"),
    ];
    for (name, bytes, code) in cases {
        assert_eq!(tried(name, bytes.to_vec()), Err(code.to_owned()), "{name}");
    }
}

#[test]
fn ledgers_with_nothing_in_them_say_so() {
    let told = |name: &str, text: &str| {
        let workspace = empty();
        let files = vec![ImportFile { name: name.to_owned(), bytes: text.as_bytes().to_vec() }];
        let options = ImportOptions::default();
        let readers = Readers::new(Limits::default());
        let (models, digests) =
            read_files(&readers, &workspace.current(), files, None, &options, &|_| {}).expect("read");
        let report = propose(&workspace, models, &digests, &options, 10, &|_, _| {}).report;
        let problem = report.problems.first().expect("a problem");
        (problem.code.clone(), problem.remedy.as_ref().map(|remedy| remedy.en.clone()).unwrap_or_default())
    };
    assert_eq!(told("a.csv", "").0, "empty_file");
    assert_eq!(told("a.csv", "\n\n").0, "empty_file");
    assert_eq!(told("a.csv", "システム名,所管課\n").0, "no_rows");
    let (code, remedy) = told("a.dsl", "workspace {\n  model {\n  }\n}\n");
    assert!(code == "no_table" && remedy.contains("as JSON"), "{code} {remedy}");
}

/// Programs export models without a name; that of the file is taken for the record of the import.
#[test]
fn a_model_without_a_name_can_be_recorded() {
    let text = r#"<model xmlns="http://www.opengroup.org/xsd/archimate/3.0/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" identifier="id-m"><name/><elements><element identifier="id-a" xsi:type="Driver"><name/></element></elements></model>"#;
    let workspace = empty();
    let readers = Readers::new(Limits::default());
    let files = vec![ImportFile { name: "export.xml".to_owned(), bytes: text.as_bytes().to_vec() }];
    let options = ImportOptions::default();
    let (models, digests) = read_files(&readers, &workspace.current(), files, None, &options, &|_| {}).expect("read");
    assert_eq!(models[0].title, "export.xml");
    let proposal = propose(&workspace, models, &digests, &options, 10, &|_, _| {});
    assert_eq!((proposal.is_refused, proposal.report.problems.len()), (false, 0), "{:?}", proposal.report.problems);
    let kinds: Vec<String> = proposal.changes().map(|change| change.kind).collect();
    assert!(kinds.contains(&"driver".to_owned()), "{kinds:?}");
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
