//! The forms of a query's answer: each read back by what people read it with.

use calamine::{Data, Reader as _, Xlsx};
use serde_json::{Value as Json, json};

use crate::support::{Answer, percent, shared_city};

/// Cells that must not run, numbers, days, nothing, lists, a node.
const QUERY: &str = "MATCH (s:System {id: 'sys-juki'}) UNWIND ['=1+1', '+a1', '-x', '@a', 'plain, \"quoted\"', '市'] AS text \
    RETURN text, 2 AS number, 1.5 AS float, s.contract_end AS day, null AS nothing, [1, 'x'] AS list, s";

fn asked(format: &str, query: &str) -> Answer {
    let answer = shared_city().post("/api/v1/query", &json!({"query": query, "format": format}));
    assert_eq!(answer.status, 200, "{format}: {}", answer.text);
    answer
}

#[test]
fn every_line_of_ndjson_is_json_and_the_last_one_holds_the_statistics() {
    let answer =
        asked("ndjson", "UNWIND range(1, 3000) AS x MATCH (s:System {id: 'sys-juki'}) RETURN x, s.name AS name");
    assert_eq!(answer.header("content-type"), "application/x-ndjson");
    let lines: Vec<Json> = answer.text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(lines.len(), 3002);
    assert_eq!(lines[0], json!({"columns": ["x", "name"], "revision": 1, "date": "2026-11-01"}));
    assert_eq!((&lines[1], &lines[3000]), (&json!([1, "住民記録システム"]), &json!([3000, "住民記録システム"])));
    assert_eq!(lines[3001]["statistics"]["rows"], 3000);
    // What shows only while it runs ends the lines with a problem instead.
    let answer = asked("ndjson", "UNWIND [2, 1, 0] AS x RETURN 2 / x AS y");
    let lines: Vec<Json> = answer.text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(lines[1..3], [json!([1]), json!([2])]);
    assert_eq!((lines.len(), &lines[3]["problem"]["code"]), (4, &json!("invalid_query")), "{}", answer.text);
    assert_eq!(lines[3]["problem"]["errors"][0]["code"], "DivisionByZero");
    // What shows before is a problem, and no answer at all.
    let refused = shared_city().post("/api/v1/query", &json!({"query": "RETRUN 1", "format": "ndjson"}));
    assert_eq!((refused.status, refused.code().as_str()), (400, "invalid_query"));
}

#[test]
fn a_spreadsheet_opens_csv_and_runs_nothing() {
    let answer = asked("csv", QUERY);
    assert_eq!(answer.header("content-type"), "text/csv; charset=utf-8");
    assert!(answer.header("content-disposition").contains("query.csv"));
    assert!(answer.text.starts_with("\u{feff}text,number,float,day,nothing,list,s\r\n"), "{}", answer.text);
    let mut reader = csv::Reader::from_reader(answer.text.trim_start_matches('\u{feff}').as_bytes());
    let records: Vec<Vec<String>> =
        reader.records().map(|record| record.expect("sound").iter().map(str::to_owned).collect()).collect();
    let texts: Vec<&str> = records.iter().map(|record| record[0].as_str()).collect();
    assert_eq!(texts, ["'=1+1", "'+a1", "'-x", "'@a", "plain, \"quoted\"", "市"]);
    assert_eq!(records[0][1..], ["2", "1.5", "2031-03-31", "", "1; x", "sys-juki"]);
    // Numbers below zero are no formulas.
    assert_eq!(asked("csv", "RETURN -1 AS a, -1.5 AS b").text, "\u{feff}a,b\r\n-1,-1.5\r\n");
    assert_eq!(asked("csv", "MATCH (n:System {id: 'x'}) RETURN n.id AS `=id`").text, "\u{feff}'=id\r\n");
}

#[test]
fn a_workbook_holds_the_same_cells() {
    let answer = asked("xlsx", QUERY);
    let mut book = Xlsx::new(std::io::Cursor::new(answer.bytes)).expect("a workbook");
    let sheet = book.worksheet_range_at(0).expect("a sheet").expect("readable");
    let rows: Vec<&[Data]> = sheet.rows().collect();
    let text = |text: &str| Data::String(text.to_owned());
    let head: Vec<Data> = ["text", "number", "float", "day", "nothing", "list", "s"].map(text).to_vec();
    let start = rows.iter().position(|row| *row == head.as_slice()).expect("the heading");
    let texts: Vec<&Data> = rows[start + 1..].iter().map(|row| &row[0]).collect();
    let said = ["=1+1", "+a1", "-x", "@a", "plain, \"quoted\"", "市"].map(text);
    assert_eq!(texts, said.iter().collect::<Vec<_>>(), "texts stay texts");
    let expected =
        [Data::Float(2.0), Data::Float(1.5), text("2031-03-31"), Data::Empty, text("1; x"), text("sys-juki")];
    for (cell, expected) in rows[start + 1][1..].iter().zip(&expected) {
        let empty = *expected == Data::Empty && *cell == text("");
        assert!(cell == expected || empty, "{cell:?} is not {expected:?}");
    }
    let formulas = book.worksheet_formula("Query result").or_else(|_| book.worksheet_formula("照会結果"));
    assert!(formulas.is_ok_and(|formulas| formulas.used_cells().next().is_none()), "no formulas");
}

#[test]
fn what_the_answer_holds_is_drawn() {
    let query = "MATCH (a {id: 'sys-juki'})-[f:DATA_FLOW]->(b {id: 'sys-renkei'}) RETURN a.name AS name, f";
    let dot = asked("dot", query);
    assert!(dot.text.starts_with("digraph"), "{}", dot.text);
    for part in ["住民記録システム", "庁内データ連携基盤", "->"] {
        assert!(dot.text.contains(part), "{part}: {}", dot.text);
    }
    assert!(!dot.text.contains("印鑑登録"), "only what is in the answer: {}", dot.text);
    let path = asked("dot", "MATCH p = ({id: 'sys-juki'})-[:IN_ZONE]->() RETURN [p] AS paths");
    assert!(path.text.contains("マイナンバー利用事務系"), "{}", path.text);
    if std::process::Command::new("dot").arg("-V").output().is_err() {
        eprintln!("left out: Graphviz is not installed");
        return;
    }
    let svg = asked("svg", query);
    assert_eq!(svg.header("content-type"), "image/svg+xml");
    let document = roxmltree::Document::parse_with_options(
        &svg.text,
        roxmltree::ParsingOptions { allow_dtd: true, ..roxmltree::ParsingOptions::default() },
    );
    let document = document.expect("sound XML");
    let words: String = document.descendants().filter_map(|node| node.text()).collect();
    assert!(words.contains("住民記録システム") && words.contains("庁内データ連携基盤"), "{words}");
}

#[test]
fn a_header_or_an_address_chooses_the_form_too() {
    let service = shared_city();
    let path = format!("/api/v1/query?query={}", percent("RETURN 1 AS one"));
    for (accept, kind) in [
        ("application/json", "application/json"),
        ("*/*", "application/json"),
        ("text/csv", "text/csv; charset=utf-8"),
        ("application/x-ndjson", "application/x-ndjson"),
        (
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ),
    ] {
        assert_eq!(service.get_with(&path, &[("accept", accept)]).header("content-type"), kind, "{accept}");
    }
    let named = service.get_with(&format!("{path}&format=csv"), &[("accept", "application/json")]);
    assert_eq!(named.text, "\u{feff}one\r\n1\r\n", "what is named comes before what would be accepted");
}

#[test]
fn values_that_json_has_no_word_for_are_texts() {
    let query = "RETURN 0.0 / 0.0 AS nan, 1.0 / 0.0 AS infinite, date('2028-04-01') AS day, duration('P1Y2M') AS period, \
                 localdatetime('2028-04-01T12:30') AS moment, 9007199254740993 AS large";
    let rows = asked("json", query).json()["rows"].clone();
    assert_eq!(
        rows,
        json!([["NaN", "Infinity", "2028-04-01", "P1Y2M", "2028-04-01T12:30", 9_007_199_254_740_993_i64]])
    );
}
