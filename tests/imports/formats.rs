//! The same survey in every form in which staff keep one.

use ezu::application::imports::{ImportFile, ImportOptions, RecordOutcome};
use rust_xlsxwriter::{Format, Workbook};
use serde_json::json;

use crate::support::{empty, proposal, text_file};

/// A survey with a title, a heading over two rows, merged and empty cells, a hidden row and sheet, a row of sums.
pub fn survey() -> Vec<u8> {
    let mut workbook = Workbook::new();
    let plain = Format::new();
    let sheet = workbook.add_worksheet();
    sheet.set_name("調査票").expect("a name");
    sheet.merge_range(0, 0, 0, 6, "情報システム調査（令和８年度）", &plain).expect("a title");
    for (from, to, text) in
        [(0, 0, "所管\n課"), (1, 1, "ｼｽﾃﾑ名"), (4, 4, "経費\n（百万円）"), (5, 5, "冗長化"), (6, 6, "備考")]
    {
        sheet.merge_range(2, from, 3, to, text, &plain).expect("a heading");
    }
    sheet.merge_range(2, 2, 2, 3, "契約", &plain).expect("a group");
    sheet.write(3, 2, "開始日").expect("a heading").write(3, 3, "終了日").expect("a heading");
    let rows = [
        ("市民課", "住民記録ｼｽﾃﾑ", "R3.4.1", "令和8年3月31日", "1.2", "○", "二\n行"),
        ("", "印鑑登録", "H31.4.1", "R8.3", "〃", "×", ""),
        ("税務課", "課税台帳", "2020/4/1", "2026-03-31", "0.5", "○", "隠れた行"),
        ("", "計", "", "", "1.7", "", ""),
    ];
    for (row, cells) in (4_u32..).zip(rows) {
        for (column, text) in (0_u16..).zip([cells.0, cells.1, cells.2, cells.3, cells.4, cells.5, cells.6]) {
            match text.parse::<f64>() {
                Ok(number) => sheet.write(row, column, number).map(drop).expect("a cell"),
                Err(_) if text.is_empty() => {}
                Err(_) => sheet.write(row, column, text).map(drop).expect("a cell"),
            }
        }
    }
    sheet.merge_range(4, 0, 5, 0, "市民課", &plain).expect("merged");
    sheet.set_row_hidden(6).expect("hidden");
    let hidden = workbook.add_worksheet();
    hidden.set_name("旧").expect("a name").set_hidden(true);
    for (column, text) in (0_u16..).zip(["システム名", "課名"]) {
        hidden.write(0, column, text).expect("a heading");
    }
    hidden.write(1, 0, "廃止予定台帳").expect("a cell").write(1, 1, "市民課").expect("a cell");
    workbook.save_to_buffer().expect("written")
}

fn fixture(name: &str) -> Vec<u8> {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/imports/fixtures").join(name);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// What is read of each system, and how many rows came to what.
fn read(name: &str, bytes: Vec<u8>) -> (Vec<serde_json::Value>, Vec<(Option<u32>, RecordOutcome)>) {
    let report = proposal(&empty(), &[ImportFile { name: name.to_owned(), bytes }], &ImportOptions::default()).report;
    let systems = report.changes.iter().filter(|change| change.kind == "system").map(|change| {
        let fields: serde_json::Map<_, _> =
            change.fields.iter().map(|one| (one.field.clone(), one.after.clone().unwrap_or_default())).collect();
        json!({"name": change.name, "fields": fields})
    });
    let rows = report
        .rows
        .iter()
        .filter(|row| row.place.sheet.as_deref() != Some("旧"))
        .map(|row| (row.place.row, row.outcome));
    (systems.collect(), rows.collect())
}

#[test]
fn a_survey_reads_the_same_from_every_kind_of_workbook() {
    if std::env::var_os("EZU_WRITE_FIXTURES").is_some() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/imports/fixtures");
        std::fs::create_dir_all(&folder).expect("a folder");
        std::fs::write(folder.join("survey.xlsx"), survey()).expect("written");
    }
    let (systems, rows) = read("survey.xlsx", survey());
    let expected = json!([
        {"name": "住民記録システム", "fields": {"owner_department": "dept-市民課", "installed": "2021-04-01",
            "contract_end": "2026-03-31", "annual_cost_kyen": 1200, "availability.redundant": true, "remarks": "二\n行"}},
        {"name": "印鑑登録", "fields": {"owner_department": "dept-市民課", "installed": "2019-04-01",
            "contract_end": "2026-03-31", "annual_cost_kyen": 1200, "availability.redundant": false}},
        {"name": "課税台帳", "fields": {"owner_department": "dept-税務課", "installed": "2020-04-01",
            "contract_end": "2026-03-31", "annual_cost_kyen": 500, "availability.redundant": true, "remarks": "隠れた行"}},
        {"name": "廃止予定台帳", "fields": {"owner_department": "dept-市民課"}},
    ]);
    assert_eq!(serde_json::Value::from(systems.clone()), expected);
    let outcomes: Vec<RecordOutcome> = rows.iter().map(|(_, outcome)| *outcome).collect();
    use RecordOutcome::{Assumed, Read, Skipped};
    // The title, two rows of headings, three systems (of one the day is missing, one is hidden), the sum.
    assert_eq!(outcomes, [Skipped, Skipped, Skipped, Read, Assumed, Assumed, Skipped]);
    let numbers: Vec<u32> = rows.iter().filter_map(|(row, _)| *row).collect();
    assert_eq!(numbers, [1, 3, 4, 5, 6, 7, 8]);
    for name in ["survey.ods", "survey.xls"] {
        let (held, held_rows) = read(name, fixture(name));
        assert_eq!(held, systems, "{name}");
        if name.ends_with(".ods") {
            assert_eq!(held_rows, rows, "{name}");
        }
    }
}

#[test]
fn delimited_text_in_every_encoding() {
    let text = "所管課\tシステム名\t経費\n市民課\t甲\t12,000千円\n\t乙\t△3\n";
    let utf8 = read("a.tsv", text.as_bytes().to_vec());
    assert_eq!(utf8.0[0]["fields"]["annual_cost_kyen"], json!(12_000));
    assert_eq!(utf8.0[1]["fields"]["owner_department"], json!("dept-市民課"), "carried down");
    let sjis = encoding_rs::SHIFT_JIS.encode(text).0.into_owned();
    let utf16: Vec<u8> = [0xFF, 0xFE].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    for bytes in [sjis, utf16] {
        assert_eq!(read("a.tsv", bytes), utf8);
    }
}

#[test]
fn a_file_that_is_no_list_is_told_row_by_row() {
    let report =
        proposal(&empty(), &[text_file("memo.csv", "お知らせ\n来週は休みです\n")], &ImportOptions::default()).report;
    assert_eq!(report.records.refused, 2);
    assert_eq!(report.problems[0].code, "no_table");
    assert!(report.is_empty);
}
