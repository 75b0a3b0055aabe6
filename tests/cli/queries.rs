//! `ezu query`: questions in the query language. Expected values are counted in the files of the reference city.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Command, Stdio};

use calamine::{Data, Reader as _, Xlsx, open_workbook};
use serde_json::Value;

use crate::support::{Folder, Ran, repository};

fn asked(folder: &Folder, arguments: &[&str], input: &str) -> Ran {
    let mut command = folder.command(&[&["query"], arguments].concat());
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the binary starts");
    // A binary that does not read its input closes it.
    let _ = child.stdin.take().expect("piped").write_all(input.as_bytes());
    Ran::of(&child.wait_with_output().expect("the binary ends"))
}

fn question(name: &str) -> String {
    repository(&format!("examples/queries/{name}.cypher"))
}

/// The rows of a question as JSON.
fn rows(folder: &Folder, name: &str, parameters: &[&str]) -> Vec<Vec<Value>> {
    let file = question(name);
    let mut arguments = vec!["query", "--file", &file, "--format", "json"];
    parameters.iter().for_each(|parameter| arguments.extend(["--param", parameter]));
    let answer: Value = serde_json::from_str(&folder.succeeds(&arguments)).expect("JSON");
    assert_eq!(answer["date"], "2026-11-01", "the model's own day");
    serde_json::from_value(answer["rows"].clone()).expect("rows")
}

#[test]
fn the_ten_questions_are_answered() {
    let folder = Folder::with_city();
    let rows = |name: &str, parameters: &[&str]| rows(&folder, name, parameters);
    assert_eq!(rows("01-systems-by-category", &[])[0], ["住民情報".into(), 12.into(), Value::from(88500)]);
    let machine = rows("02-standing-on-a-machine", &["machine=inf-vm-old"]);
    assert!(machine.iter().any(|row| row[0] == "sys-ninsho"), "{machine:?}");
    assert_eq!(rows("03-retyped-by-hand", &[])[0], ["会計課".into(), 30.into(), Value::from(1523)]);
    assert!(!rows("04-my-number-to-internet", &[]).is_empty());
    let work = rows("05-work-that-needs-it", &["system=sys-juki"]);
    assert_eq!(work[0], ["prc-inkan".into(), "印鑑登録・証明".into(), "市民課".into(), Value::from(24)]);
    assert_eq!(work.len(), 8);
    let alone: Vec<Value> = rows("06-known-by-one-person", &[]).into_iter().map(|row| row[0].clone()).collect();
    let expected =
        ["sys-acc-enjo", "sys-acc-jichikai", "sys-acc-jueki", "sys-acc-senyo", "sys-xls-kofuzei", "sys-xls-rosenka"];
    assert_eq!(alone, expected);
    let contracts = rows("07-contracts-that-end", &[]);
    assert_eq!(
        (contracts.len(), &contracts[0][0], &contracts[0][1]),
        (16, &"2026-12-31".into(), &"課税資料イメージ管理システム".into())
    );
    let meeting = rows("08-projects-that-meet", &[]);
    assert_eq!(meeting.len(), 6);
    assert!(meeting.contains(&vec![
        "児童手当システム".into(),
        "書かない窓口 本格展開".into(),
        "RPA・AI-OCR拡大".into()
    ]));
    let protected = rows("09-where-data-goes", &["data=dat-shien"]);
    let methods: Vec<(&Value, &Value)> = protected.iter().map(|row| (&row[0], &row[1])).collect();
    assert_eq!(methods, [(&"file".into(), &29.into()), (&"dbl".into(), &3.into()), (&"api".into(), &2.into())]);
    assert!(!rows("10-if-it-stops", &["system=sys-juki"]).is_empty());
}

#[test]
fn an_answer_is_a_table_that_stays_aligned() {
    let folder = Folder::with_city();
    let query = "MATCH (s {id: $id}) RETURN s.name AS name, 1.5 AS x, null AS y, s";
    let said = folder.succeeds(&["query", query, "--param", "id=sys-juki", "--language", "en"]);
    let lines: Vec<&str> = said.lines().collect();
    assert_eq!(lines[0], "name              x    y     s");
    assert_eq!(lines[1], "住民記録システム  1.5  null  (sys-juki:System 住民記録システム)");
    assert!(lines[2].starts_with("1 row (") && lines[2].ends_with("revision 1, 2026-11-01)"), "{said}");
    let path = folder.succeeds(&["query", "MATCH p = ({id: 'sys-juki'})-[:IN_ZONE]->() RETURN p"]);
    assert!(path.contains("(sys-juki:System 住民記録システム)-["), "{path}");
    assert!(path.contains(":IN_ZONE]->(zone-mynumber:Zone "), "{path}");
}

#[test]
fn formats() {
    let folder = Folder::with_city();
    let query = "RETURN '=1+1' AS a, 2 AS b, null AS c, [1, 'x'] AS d";
    assert_eq!(folder.succeeds(&["query", query, "--format", "csv"]), "\u{feff}a,b,c,d\r\n'=1+1,2,,1; x\r\n");
    let lines = folder.succeeds(&["query", "UNWIND [1, 2] AS x RETURN x", "--format", "ndjson"]);
    assert_eq!(lines, "{\"x\":1}\n{\"x\":2}\n");
    folder.succeeds(&["query", query, "--format", "xlsx", "--output", "answer.xlsx"]);
    let mut book: Xlsx<_> = open_workbook(folder.path("answer.xlsx")).expect("a workbook");
    let sheet = book.worksheet_range_at(0).expect("a sheet").expect("readable");
    let row: Vec<&Data> = sheet.rows().next_back().expect("a row").iter().collect();
    assert_eq!(row[..2], [&Data::String("=1+1".to_owned()), &Data::Float(2.0)], "text stays text, a number a number");
    let whole: Value = serde_json::from_str(&folder.succeeds(&["query", query, "--format", "json"])).expect("JSON");
    assert_eq!(whole["columns"], serde_json::json!(["a", "b", "c", "d"]));
    assert_eq!(whole["rows"], serde_json::json!([["=1+1", 2, null, [1, "x"]]]));
    assert_eq!((&whole["revision"], &whole["statistics"]["rows"]), (&1.into(), &1.into()));
    let picture = "MATCH (a {id: 'sys-juki'})-[f:DATA_FLOW]->(b {id: 'sys-renkei'}) RETURN a, f, b";
    let dot = folder.succeeds(&["query", picture, "--format", "dot"]);
    assert!(dot.starts_with("digraph") && dot.contains("住民記録システム") && dot.contains("->"), "{dot}");
    if Command::new("dot").arg("-V").output().is_err() {
        eprintln!("left out: Graphviz is not installed");
        return;
    }
    folder.succeeds(&["query", picture, "--format", "svg", "--output", "flows.svg"]);
    let svg = folder.read("flows.svg");
    assert!(svg.contains("<svg") && svg.contains("住民記録システム"), "{svg}");
}

/// A query that never ends by itself.
#[cfg(unix)]
const ENDLESS: &str = "MATCH (a), (b), (c), (d), (e) WHERE a.id + b.id = c.id + d.id RETURN count(*)";

#[test]
#[cfg(unix)]
fn ctrl_c_stops_the_query_with_a_word() {
    let folder = Folder::with_city();
    let text = format!("RETURN 1 AS one; {ENDLESS}; RETURN 2 AS two");
    let mut command = folder.command(&["query", &text, "--format", "ndjson", "--seconds", "100000"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the binary starts");
    let mut out = BufReader::new(child.stdout.take().expect("piped"));
    let mut first = String::new();
    out.read_line(&mut first).expect("the first answer comes while the second query runs");
    assert_eq!(first, "{\"one\":1}\n");
    let process = rustix::process::Pid::from_child(&child);
    rustix::process::kill_process(process, rustix::process::Signal::INT).expect("sent");
    let mut rest = String::new();
    out.read_to_string(&mut rest).expect("text");
    let ran = Ran::of(&child.wait_with_output().expect("the binary ends"));
    assert_eq!((ran.code, ran.err.as_str(), rest.as_str()), (130, "ezu: stopped by Ctrl-C\n", ""));
    // The folder is free, and all is well in it.
    folder.succeeds(&["verify"]);
}

#[test]
fn what_is_wrong_is_shown_where_it_stands() {
    let folder = Folder::with_city();
    let error = folder.fails(1, &["query", "MATCH (s:System)\nRETRUN s"]);
    assert!(error.contains("Did you mean RETURN?"), "{error}");
    assert!(error.ends_with("2 | RETRUN s\n    ^^^^^^\n"), "{error}");
    // In a file of several queries the line is that of the file.
    folder.write("several.cypher", "RETURN 1;\n\nMATCH (s:Sytem) RETURN s;\n");
    let error = folder.fails(1, &["query", "--file", "several.cypher"]);
    assert!(error.contains("3 | MATCH (s:Sytem) RETURN s;") && error.contains("System"), "{error}");
    let error = folder.fails(1, &["query", "MERGE (s:System)"]);
    assert!(error.contains("change set"), "{error}");
    assert!(folder.fails(1, &["query", "RETURN $x"]).contains("$x"));
    assert!(folder.fails(1, &["query", "RETURN 1", "--revision", "99"]).contains("99"));
    assert!(folder.fails(1, &["query", "UNWIND range(1, 100) AS x RETURN x", "--most-rows", "10"]).contains("10"));
    folder.fails(2, &["query", "RETURN 1; RETURN 2", "--format", "csv"]);
    folder.fails(2, &["query", "EXPLAIN RETURN 1", "--format", "csv"]);
    folder.fails(2, &["query", " // nothing"]);
    folder.fails(2, &["query", "RETURN 1", "--param", "x"]);
    folder.fails(3, &["query", "--file", "absent.cypher"]);
    folder.write("bytes.cypher", "RETURN 1");
    std::fs::write(folder.path("bytes.cypher"), b"RETURN '\xff'").expect("written");
    assert!(folder.fails(1, &["query", "--file", "bytes.cypher"]).contains("byte 8"));
}

#[test]
fn another_day_and_another_revision() {
    let folder = Folder::with_city();
    for arguments in [
        &["query", "RETURN date() AS d", "--at", "2028-04-01", "--format", "csv"][..],
        &["query", "AT DATE '2028-04-01' RETURN date() AS d", "--format", "csv"],
        &["query", "AT DATE $d RETURN date() AS d", "--param", "d=2028-04-01", "--format", "csv"],
    ] {
        assert_eq!(folder.succeeds(arguments), "\u{feff}d\r\n2028-04-01\r\n", "{arguments:?}");
    }
    let empty = folder.succeeds(&["query", "AT REVISION 0 MATCH (n) RETURN count(n) AS n", "--format", "csv"]);
    assert_eq!(empty, "\u{feff}n\r\n0\r\n");
}

#[test]
fn a_pipe_may_hold_queries_and_commands() {
    let folder = Folder::with_city();
    let input = "\
:help
:param id sys-juki
:params
:format ndjson
MATCH (s {id: $id})
RETURN s.name AS name; // a comment; nothing more
:labels syst
:format table
:explain MATCH (s:System) RETURN count(*)
:profile MATCH (s:System) RETURN count(*) AS n
:at 2028-04-01
RETURN date() AS today;
:quit
RETURN never";
    let ran = asked(&folder, &["--language", "en"], input);
    assert_eq!(ran.code, 0, "{}", ran.err);
    for expected in [
        ":explain QUERY",
        "$id = \"sys-juki\"\n",
        "{\"name\":\"住民記録システム\"}\n",
        "\nSystem\n",
        "operation ",
        "expected",
        "\n161\n",
        "2028-04-01\n1 row",
    ] {
        assert!(ran.out.contains(expected), "{expected:?} is missing in\n{}", ran.out);
    }
    let ran = asked(&folder, &[], ":fromat csv\n");
    assert!(ran.code == 2 && ran.err.contains("did you mean \"format\"?"), "{}", ran.err);
    let ran = asked(&folder, &["-", "--format", "csv"], "RETURN 1 AS one");
    assert_eq!(ran.out, "\u{feff}one\r\n1\r\n");
}

#[test]
fn a_query_that_fails_leaves_the_file_that_was_there() {
    let folder = Folder::with_city();
    let file = std::env::temp_dir().join(format!("ezu-kept-{}.csv", std::process::id()));
    let path = file.to_str().expect("a plain path");
    std::fs::write(&file, "precious").expect("written");
    for query in ["RETRUN 1", "UNWIND range(1, 900000) AS x UNWIND range(1, 900000) AS y RETURN count(*)"] {
        let ran = asked(&folder, &[query, "--format", "csv", "--output", path, "--seconds", "1"], "");
        assert_ne!(ran.code, 0, "{query}");
        assert_eq!(std::fs::read_to_string(&file).expect("still there"), "precious", "{query}");
    }
    folder.succeeds(&["query", "RETURN 1 AS one", "--format", "csv", "--output", path]);
    assert!(std::fs::read_to_string(&file).expect("written").contains("one"));
    let beside = std::fs::read_dir(std::env::temp_dir()).expect("a folder").filter_map(Result::ok);
    let name = file.file_name().expect("a name").to_string_lossy().into_owned();
    assert_eq!(beside.filter(|entry| entry.file_name().to_string_lossy().starts_with(&name)).count(), 1);
    std::fs::remove_file(&file).expect("removed");
}
