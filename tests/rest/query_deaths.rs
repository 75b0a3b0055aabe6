//! Queries that would run for ever or fill the memory, asked of a real service all at once: each is stopped by its budget
//! and says what ran away and what would help, and everybody else is answered meanwhile.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use ezu::settings::Settings;
use serde_json::{Value as Json, json};

use crate::support::{Service, start};

/// How long a query may run here.
const LIMIT: Duration = Duration::from_millis(1500);

/// What a busy machine may add. A query that is not stopped takes for ever.
const MARGIN: Duration = Duration::from_secs(60);

/// Queries and what each runs away in, one of these words: what gathers rows or, where the time is up before the memory is
/// full, what makes them; or what is made too large. The reference city has some 2,000 nodes and 6,000 relationships.
const DEATHS: [(&str, &str); 16] = [
    ("MATCH (a), (b), (c), (d), (e), (f) RETURN count(*)", "AllNodes"),
    (
        "MATCH (a:System), (b:System), (c:System), (d:System) WHERE a.users + b.users < c.users RETURN count(*)",
        "NodesByLabel",
    ),
    ("MATCH (a)-[*]->(b) RETURN count(*)", "ExpandPaths"),
    ("MATCH p = (a)-[*]-(b) RETURN max(length(p))", "ExpandPaths"),
    ("MATCH (a) RETURN size([(a)-[*]-(b) | b])", "ExpandPaths"),
    ("MATCH (a:System), (b:System), (c:System) RETURN a.id, b.id, c.id", "Result NodesByLabel"),
    ("MATCH (a:System), (b:System), (c:System) RETURN a, b, c ORDER BY a.users", "Sort NodesByLabel"),
    ("MATCH (a:System), (b:System), (c:System) WITH DISTINCT a, b, c RETURN count(*)", "Distinct NodesByLabel"),
    ("MATCH (a:System), (b:System), (c:System) RETURN collect([a, b, c]) AS all", "Aggregate NodesByLabel"),
    ("MATCH (a:System), (b:System), (c:System) RETURN a.id + b.id + c.id AS key, count(*)", "Aggregate NodesByLabel"),
    ("UNWIND range(1, 900000) AS x UNWIND range(1, 900000) AS y RETURN count(*)", "Unwind"),
    ("RETURN range(0, 1000000000000)", "range"),
    ("RETURN size([x IN range(1, 90000) WHERE any(y IN range(1, 90000) WHERE y < 0)])", "List"),
    ("RETURN reduce(a = [1], x IN range(1, 60) | [a, a])", "list text"),
    ("RETURN reduce(a = 'x', x IN range(1, 60) | a + a)", "list text"),
    ("RETURN reduce(a = [], x IN range(1, 90000) | [a])", "list text"),
];

/// A service with small budgets, in which all these queries run at once.
fn service() -> Service {
    let mut settings = Settings::default();
    settings.limits.query_milliseconds = u64::try_from(LIMIT.as_millis()).expect("small");
    (settings.limits.query_rows, settings.limits.query_memory_bytes) = (20_000, 8 << 20);
    settings.limits.queries_at_once = DEATHS.len();
    start(settings, true)
}

/// Asks and waits for the problem; with how long that took.
fn stopped(service: &Service, query: &str) -> (Json, Duration) {
    let began = Instant::now();
    let answer = service.post("/api/v1/query", &json!({"query": query}));
    assert_eq!((answer.status, answer.code().as_str()), (422, "query_stopped"), "{query}: {}", answer.text);
    (answer.json(), began.elapsed())
}

#[test]
fn queries_of_death_are_stopped_and_nobody_else_notices() {
    let service = service();
    let running = AtomicUsize::new(DEATHS.len());
    let (ended, healthy) = std::thread::scope(|scope| {
        let health = scope.spawn(|| healthy_while(&service, || running.load(Ordering::SeqCst) > 0));
        let asked: Vec<_> = DEATHS
            .iter()
            .map(|(query, _)| {
                scope.spawn(|| {
                    let ended = stopped(&service, query);
                    (ended, running.fetch_sub(1, Ordering::SeqCst))
                })
            })
            .collect();
        let ended: Vec<_> = asked.into_iter().map(|thread| thread.join().expect("it is stopped")).collect();
        (ended, health.join().expect("healthy"))
    });
    for ((query, operation), ((problem, took), _)) in DEATHS.iter().zip(&ended) {
        let detail = problem["detail"].as_str().expect("a text");
        let named = operation.split(' ').any(|operation| detail.contains(operation));
        assert!(named, "{query}: {detail} names {operation}");
        let (_, advice) = detail.rsplit_once("; ").unwrap_or_else(|| panic!("{query}: {detail} says what would help"));
        assert!(advice.len() > 10 && problem["errors"][0]["pointer"] == "/query", "{query}: {problem}");
        assert!(*took < LIMIT + MARGIN, "{query}: {took:?}");
    }
    assert!(healthy.answers > 0 && healthy.longest < MARGIN, "{healthy:?}");
    // Nothing is left behind: the service answers as before.
    let answer = service.post("/api/v1/query", &json!({"query": "MATCH (s:System) RETURN count(s) AS n"}));
    assert_eq!(answer.json()["rows"], json!([[161]]));
}

/// Health checks beside the queries.
#[derive(Debug, Default)]
struct Healthy {
    answers: usize,
    longest: Duration,
}

fn healthy_while(service: &Service, busy: impl Fn() -> bool) -> Healthy {
    let mut healthy = Healthy::default();
    while busy() {
        let began = Instant::now();
        for path in ["/healthz", "/api/v1/systems/sys-juki"] {
            assert_eq!(service.get(path).status, 200, "{path}");
        }
        // Only what was answered before the last query ended was answered beside queries.
        healthy.answers += usize::from(busy());
        healthy.longest = healthy.longest.max(began.elapsed());
        std::thread::sleep(Duration::from_millis(20));
    }
    healthy
}

#[test]
fn what_would_be_a_death_elsewhere_is_answered_or_refused_at_once() {
    let service = service();
    let ask = |query: &str| service.post("/api/v1/query", &json!({"query": query}));
    // Exponential for engines that try again and again.
    let answer = ask("RETURN reduce(a = '', x IN range(1, 5000) | a + 'a') + '!' =~ '(a+)+$' AS fits");
    assert_eq!(answer.json()["rows"], json!([[false]]), "{}", answer.text);
    for query in
        ["RETURN 'x' =~ '(a{1000}){1000}'".to_owned(), "MATCH (a)-[*5..2]->(b) RETURN toUpper(1) + a".to_owned()]
    {
        assert_eq!(ask(&query).code(), "invalid_query", "{query}");
    }
    for query in [
        format!("RETURN {}1{}", "(".repeat(50_000), ")".repeat(50_000)),
        format!("RETURN {}1{}", "[".repeat(50_000), "]".repeat(50_000)),
        format!("RETURN {}true", "NOT ".repeat(50_000)),
        format!("MATCH {}() RETURN 1", "()-->".repeat(30_000)),
        format!("MATCH {}() RETURN 1", "()-->(),".repeat(20_000)),
        format!("{} RETURN 1", "LET a = 1 ".repeat(20_000)),
        // As many steps as would overflow the stack, and what seems shorter and is not.
        format!("MATCH (){} RETURN 1 AS one LIMIT 1", "--()".repeat(900)),
        format!("MATCH (){} RETURN count(*)", "--()".repeat(900)),
        format!("MATCH (a) WHERE {} a.users > 1 RETURN a LIMIT 1", "a.users > 0 AND ".repeat(1_500)),
        format!("MATCH (a) RETURN [x IN [1] WHERE EXISTS {{ MATCH (a){} }}]", "--()".repeat(400)),
        format!("MATCH (n{}) RETURN 1", ":System|".repeat(25_000).trim_end_matches('|')),
    ] {
        let answer = ask(&query);
        assert_eq!(answer.code(), "query_stopped", "{}", &query[..60]);
        assert!(answer.text.contains("ComplexityLimit"), "{}", answer.text);
    }
    // What is just allowed fits on the stack.
    for query in [
        format!("MATCH (){} RETURN 1 AS one LIMIT 1", "--()".repeat(250)),
        format!("MATCH (a:System) WHERE {} a.users > 1 RETURN 1 AS one LIMIT 1", "a.users > 0 AND ".repeat(200)),
    ] {
        let answer = ask(&query);
        assert_eq!(answer.json()["rows"], json!([[1]]), "{}", answer.text);
    }
    let answer = ask(&format!("MATCH (){} RETURN count(*)", "--()".repeat(250)));
    assert_eq!(answer.code(), "query_stopped", "{}", answer.text);
    // All the ends of unlimited paths are found without walking the paths.
    let answer = ask("MATCH (a:System)-[:DATA_FLOW*]->(b) RETURN count(DISTINCT b) AS ends");
    assert_eq!(answer.status, 200, "{}", answer.text);
}

#[test]
fn a_stream_that_is_stopped_says_so_in_its_last_line() {
    let service = service();
    let query = "MATCH (a:System), (b:System), (c:System) RETURN a.id, b.id, c.id";
    let answer = service.post("/api/v1/query", &json!({"query": query, "format": "ndjson"}));
    let last: Json = serde_json::from_str(answer.text.lines().last().expect("a line")).expect("JSON");
    assert_eq!(last["problem"]["code"], "query_stopped");
    assert_eq!(answer.text.lines().count(), 20_000 + 2, "the rows up to the limit, a head and an end");
}

#[test]
fn an_answer_that_is_small_until_it_is_written_out_is_stopped_too() {
    let mut settings = Settings::default();
    settings.limits.query_memory_bytes = 2 << 20;
    let service = start(settings, true);
    for (query, format) in [
        ("MATCH (a:System), (b:System) RETURN a, b", "json"),
        ("MATCH (a:System), (b:System) RETURN collect(a) AS a", "json"),
        ("MATCH (a:System), (b:System) WITH collect(a) AS all RETURN {all: all}", "json"),
        // Four bytes a node are held, and some thousand written.
        ("MATCH (a:System), (b:System) WITH b, collect(a) AS all RETURN {all: all}", "csv"),
        ("MATCH (a:System), (b:System) WITH b, collect(a) AS all RETURN {all: all}", "xlsx"),
        ("UNWIND range(1, 1000) AS x RETURN range(1, 1000)", "json"),
        ("UNWIND range(1, 1000) AS x RETURN range(1, 1000)", "csv"),
        ("WITH range(1, 1000) AS list UNWIND range(1, 1000) AS x RETURN list", "xlsx"),
    ] {
        let answer = service.post("/api/v1/query", &json!({"query": query, "format": format}));
        assert_eq!((answer.status, answer.code().as_str()), (422, "query_stopped"), "{query}");
        let problem = answer.json();
        assert_eq!(problem["errors"][0]["code"], "MemoryLimit", "{query}: {problem}");
        assert!(answer.text.contains("2097152 bytes") && answer.text.contains("LIMIT"), "{problem}");
    }
    // A stream holds one row at a time; a row that is too long ends it.
    let streamed = |query: &str| {
        let answer = service.post("/api/v1/query", &json!({"query": query, "format": "ndjson"}));
        serde_json::from_str::<Json>(answer.text.lines().last().expect("a line")).expect("JSON")
    };
    let last = streamed("MATCH (a:System), (b:System) WHERE a.zone = 'zone-ot' RETURN a, b");
    assert!(last["statistics"]["rows"].as_u64() > Some(500), "{last}");
    let last = streamed("MATCH (a:System), (b:System) RETURN collect(a) AS a");
    assert_eq!(last["problem"]["errors"][0]["code"], "MemoryLimit", "{last}");
}
