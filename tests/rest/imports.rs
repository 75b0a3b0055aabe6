//! Files in over REST: sent, looked at, decided, agreed to, forgotten.

use ezu::settings::Settings;
use serde_json::json;

use crate::support::{Service, start};

/// A service whose waiting imports lie in a folder of its own, that goes away.
struct Running {
    service: Service,
    folder: tempfile::TempDir,
}

fn running(change: impl FnOnce(&mut Settings)) -> Running {
    let folder = tempfile::tempdir().expect("a folder");
    let mut settings = Settings { data: folder.path().to_owned(), ..Settings::default() };
    change(&mut settings);
    Running { service: start(settings, true), folder }
}

const LEDGER: &str = "課名,ｼｽﾃﾑ名,利用者数,接続系\n市民課,住民記録,93,基幹系\n,番号発券機,３,その他\n計,,96,\n";

#[test]
fn a_ledger_is_previewed_decided_and_committed() {
    let running = running(|_| {});
    let service = &running.service;
    let sent = service.send(
        "POST",
        "/api/v1/imports?name=a.csv&author=dept-joho",
        &[("content-type", "text/csv")],
        LEDGER.as_bytes(),
    );
    assert_eq!(sent.status, 201, "{}", sent.text);
    let import = sent.json();
    let id = import["id"].as_str().expect("an id").to_owned();
    assert_eq!(sent.header("location"), format!("/api/v1/imports/{id}"));
    let report = &import["report"];
    assert_eq!(report["records"], json!({"read": 0, "assumed": 0, "question": 2, "refused": 0, "skipped": 2}));
    // The model has 92 users, the ledger 93, and they were never compared; where 番号発券機 stands is not said.
    assert_eq!(report["conflicts"][0]["field"], "users");
    assert_eq!(report["questions"][0]["kind"], "which_value");
    assert_eq!(service.get("/api/v1/elements/sys-juki").json()["attributes"]["users"], 92, "nothing is changed");
    // The files are there for their owner only.
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let file = running.folder.path().join("imports").join(&id).join("0.file");
        assert_eq!(std::fs::metadata(file).expect("there").permissions().mode() & 0o777, 0o600);
    }
    let conflict = report["conflicts"][0]["id"].as_str().expect("an id");
    let question = report["questions"][0]["id"].as_str().expect("an id");
    let decisions = json!({"answers": {conflict: {"take": "file"}, question: {"use": "zone-standalone"}}});
    let decided = service.send(
        "PATCH",
        &format!("/api/v1/imports/{id}"),
        &[("content-type", "application/json")],
        decisions.to_string().as_bytes(),
    );
    assert_eq!(decided.status, 200, "{}", decided.text);
    assert_eq!(
        decided.json()["report"]["totals"],
        json!({"changes": 2, "conflicts": 0, "questions": 0, "problems": 2, "rows": 4})
    );
    let rows = service.get(&format!("/api/v1/imports/{id}/rows?outcome=assumed"));
    assert_eq!(rows.json()["items"][0]["place"]["row"], 3, "{}", rows.text);
    let table = service.get(&format!("/api/v1/imports/{id}/rows?format=csv"));
    assert!(table.text.contains("上の行の「市民課」が続くとしました"), "{}", table.text);

    let wrong = service.send(
        "POST",
        &format!("/api/v1/imports/{id}/commit"),
        &[("content-type", "application/json")],
        br#"{"digest": "0"}"#,
    );
    assert_eq!((wrong.status, wrong.code()), (409, "import_changed".to_owned()));
    let committed = service.send(
        "POST",
        &format!("/api/v1/imports/{id}/commit"),
        &[("content-type", "application/json")],
        br#"{"author": "dept-joho"}"#,
    );
    assert_eq!(committed.status, 200, "{}", committed.text);
    assert_eq!(committed.json()["committed"]["revision"], 2);
    assert_eq!(service.get("/api/v1/elements/sys-juki").json()["attributes"]["users"], 93);
    let change_set = service.get("/api/v1/change-sets/2").json();
    assert_eq!((change_set["author"].as_str(), change_set["source"].as_str()), (Some("dept-joho"), Some("a.csv")));
    assert!(!running.folder.path().join("imports").join(&id).join("0.file").exists(), "the file is gone");
    let again =
        service.send("POST", &format!("/api/v1/imports/{id}/commit"), &[("content-type", "application/json")], b"{}");
    assert_eq!(again.code(), "import_committed");
    // The same file again has nothing to say; the answers are remembered.
    let same =
        service.send("POST", "/api/v1/imports?name=b.csv", &[("content-type", "text/csv")], LEDGER.as_bytes()).json();
    assert_eq!(same["report"]["is_empty"], true, "{same}");
    assert_eq!(same["report"]["totals"]["questions"], 0);
}

#[test]
fn what_was_shown_is_what_is_written() {
    let running = running(|_| {});
    let service = &running.service;
    let import = service
        .send(
            "POST",
            "/api/v1/imports",
            &[("content-type", "text/csv")],
            "システム名,利用者数\n番号発券機,3\n".as_bytes(),
        )
        .json();
    let id = import["id"].as_str().expect("an id");
    // In the meantime somebody enters the same system by hand.
    let body = json!({"message": "x", "operations": [{"op": "create_element", "id": "sys-x", "kind": "system", "name": "番号発券機"}]});
    assert_eq!(
        service
            .send("POST", "/api/v1/change-sets", &[("content-type", "application/json")], body.to_string().as_bytes())
            .status,
        201
    );
    let refused =
        service.send("POST", &format!("/api/v1/imports/{id}/commit"), &[("content-type", "application/json")], b"{}");
    assert_eq!(refused.code(), "import_changed");
    let shown = service.get(&format!("/api/v1/imports/{id}")).json();
    assert_eq!(shown["report"]["changes"][0]["id"], "sys-x");
    assert_eq!(
        service
            .send("POST", &format!("/api/v1/imports/{id}/commit"), &[("content-type", "application/json")], b"{}")
            .status,
        200
    );
}

#[test]
fn a_form_brings_several_files() {
    let running = running(|_| {});
    let service = &running.service;
    let part = |name: &str, text: &str| {
        format!(
            "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: text/csv\r\n\r\n{text}\r\n"
        )
    };
    let body = format!(
        "{}{}--x--\r\n",
        part("a.csv", "システム名,課名\n甲,市民課\n"),
        part("b.csv", "送信元,送信先,方式\n甲,住民記録システム,紙\n")
    );
    let sent = service.send(
        "POST",
        "/api/v1/imports",
        &[("content-type", "multipart/form-data; boundary=x")],
        body.as_bytes(),
    );
    assert_eq!(sent.status, 201, "{}", sent.text);
    let json = sent.json();
    assert_eq!(json["files"], json!(["a.csv", "b.csv"]));
    let kinds: Vec<&str> =
        json["report"]["changes"].as_array().expect("a list").iter().filter_map(|one| one["kind"].as_str()).collect();
    assert_eq!(kinds, ["system", "data_flow"], "the flow finds the system of the other file");
}

#[test]
fn what_cannot_be_read_does_not_wait() {
    let running = running(|settings| {
        settings.imports.rows = 3;
        settings.imports.waiting = 1;
    });
    let service = &running.service;
    let post =
        |body: &[u8]| service.send("POST", "/api/v1/imports", &[("content-type", "application/octet-stream")], body);
    let long = post("課名,システム名\n1,2\n3,4\n5,6\n".as_bytes());
    assert_eq!((long.status, long.code()), (422, "limit_exceeded".to_owned()));
    assert!(long.json()["detail"].as_str().is_some_and(|detail| detail.contains("imports.rows")), "{}", long.text);
    assert_eq!(post(b"PK\x03\x04 no workbook").code(), "unreadable_file");
    assert_eq!(post(b"").code(), "invalid_request");
    assert_eq!(service.get("/api/v1/imports").json()["items"], json!([]));
    let first = post("システム名,課名\n甲,市民課\n".as_bytes()).json();
    assert_eq!(post("システム名,課名\n乙,市民課\n".as_bytes()).code(), "limit_exceeded", "one may wait");
    let id = first["id"].as_str().expect("an id");
    assert_eq!(
        service.send("DELETE", &format!("/api/v1/imports/{id}"), &[("content-type", "application/json")], b"").status,
        204
    );
    assert_eq!(service.get(&format!("/api/v1/imports/{id}")).code(), "not_found");
    for odd in ["..", "%2e%2e%2fledger", "x%00", "about.json"] {
        assert_eq!(service.get(&format!("/api/v1/imports/{odd}")).status, 404, "{odd}");
    }
}

#[test]
fn a_workbook_of_the_model_goes_out_and_comes_back() {
    let running = running(|_| {});
    let service = &running.service;
    let bytes = service.bytes("/api/v1/export?format=xlsx&kinds=system,department&calendar=japanese");
    assert!(bytes.starts_with(b"PK"));
    let same =
        service.send("POST", "/api/v1/imports?name=ezu.xlsx", &[("content-type", "application/octet-stream")], &bytes);
    assert_eq!(same.json()["report"]["is_empty"], true, "{}", same.text);
    let csv = service.get("/api/v1/export?format=csv&kinds=system");
    assert!(csv.text.starts_with("\u{feff}ID,名称,フリガナ"), "{}", &csv.text[..80]);
    assert_eq!(service.get("/api/v1/export?format=csv").code(), "invalid_parameter");
    assert_eq!(service.get("/api/v1/export?format=xlsx&kinds=sistem").code(), "invalid_parameter");
    let impact = service.bytes("/api/v1/analyses/impact?subjects=sys-juki&change=stop&format=xlsx");
    assert!(impact.starts_with(b"PK"));
}
