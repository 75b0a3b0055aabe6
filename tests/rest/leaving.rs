//! A client that goes away takes its query with it.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use ezu::settings::Settings;
use serde_json::json;

use crate::support::{Service, start};

/// All paths between all pairs of the city: nobody lives to see the end.
const ENDLESS: &str = "MATCH (a)-[*]-(b) RETURN count(*) AS paths";
/// The limits of the service: far beyond what the test waits.
const LIMIT: u64 = 120_000;

fn one_at_a_time() -> Service {
    let mut settings = Settings::default();
    settings.limits.queries_at_once = 1;
    settings.limits.query_milliseconds = LIMIT;
    settings.limits.request_milliseconds = LIMIT;
    settings.limits.query_expansions = u64::MAX;
    start(settings, true)
}

/// Sends a query and leaves the answer unread.
fn send(service: &Service, query: &str, format: &str) -> TcpStream {
    let mut stream = TcpStream::connect(("127.0.0.1", service.port)).expect("connects");
    let body = json!({"query": query, "format": format}).to_string();
    let head = format!(
        "POST /api/v1/query HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body.as_bytes())).expect("sends");
    stream
}

/// Waits until the only place is taken: a small query gets no answer any more.
fn wait_until_busy(service: &Service) {
    for _ in 0..100 {
        let mut asked = send(service, "RETURN 1 AS one", "json");
        asked.set_read_timeout(Some(Duration::from_millis(300))).expect("a time limit");
        if asked.read(&mut [0; 16]).is_err() {
            return;
        }
    }
    panic!("the long query never ran");
}

fn leaves_the_place(format: &str) {
    let service = one_at_a_time();
    let long = send(&service, ENDLESS, format);
    wait_until_busy(&service);
    drop(long);
    let begun = Instant::now();
    let answer = service.post("/api/v1/query", &json!({"query": "RETURN 1 AS one"}));
    assert_eq!(answer.status, 200, "{}", answer.text);
    assert_eq!(answer.json()["rows"], json!([[1]]));
    assert!(begun.elapsed() < Duration::from_millis(LIMIT / 2), "waited {:?}", begun.elapsed());
}

#[test]
fn a_query_ends_when_its_client_goes() {
    leaves_the_place("json");
}

#[test]
fn a_streamed_query_ends_when_its_reader_goes() {
    leaves_the_place("ndjson");
}

#[test]
fn a_reader_who_takes_nothing_does_not_keep_the_place_of_others() {
    let mut settings = Settings::default();
    (settings.limits.queries_at_once, settings.limits.query_milliseconds) = (1, 1_000);
    settings.limits.request_milliseconds = LIMIT;
    let service = start(settings, true);
    let unread = send(&service, "MATCH (a), (b), (c) RETURN a.name, b.name, c.name", "ndjson");
    wait_until_busy(&service);
    let begun = Instant::now();
    let answer = service.post("/api/v1/query", &json!({"query": "RETURN 1 AS one"}));
    assert_eq!(answer.status, 200, "{}", answer.text);
    assert!(begun.elapsed() < Duration::from_millis(LIMIT / 2), "waited {:?}", begun.elapsed());
    drop(unread);
}
