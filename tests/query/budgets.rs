//! Queries that would run for ever or fill the memory: each is stopped by its budget, and says what ran away.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use ezu::graph::Node;
use ezu::query::value::Map;
use ezu::query::{ErrorDetail, ErrorKind, Limits, Options, Parameters, QueryError, Value, compile};

use crate::engine::clock;
use crate::toy::Toy;

/// A clique of 30 nodes: the paths of unlimited length in it can never all be walked.
fn clique() -> Toy {
    let mut toy = Toy::default();
    let nodes: Vec<Node> =
        (1..=30).map(|n| toy.add_node(&["N".into()], Map::from([("n".into(), Value::Integer(n))]))).collect();
    for source in &nodes {
        for target in nodes.iter().filter(|target| *target != source) {
            toy.add_relationship(*source, *target, &"R".into(), Map::new());
        }
    }
    toy
}

/// Small enough for a test, large enough that what is stopped by it really ran away.
fn limits() -> Limits {
    Limits { time: Duration::from_secs(600), rows: 100_000, memory: 32 << 20, expansions: 3_000_000, longest: 100_000 }
}

fn stopped(toy: &Toy, query: &str, limits: Limits) -> QueryError {
    let clock = clock();
    let prepared = compile(query, toy, toy).unwrap_or_else(|error| panic!("{query}: {error}"));
    let options = Options { limits, clock: &clock, cancelled: None, counted: false };
    let mut rows = 0_u64;
    let ended = prepared.stream(toy, &Parameters::default(), &options, &mut |_| {
        rows += 1;
        std::ops::ControlFlow::Continue(())
    });
    match ended {
        Err(error) => error,
        Ok(used) => panic!("{query} ended by itself after {rows} rows and {} steps", used.expansions),
    }
}

#[test]
fn every_query_of_death_is_stopped_by_its_budget() {
    let toy = clique();
    let deaths = [
        ("MATCH (a), (b), (c), (d), (e), (f) RETURN count(*)", ErrorDetail::ExpansionLimit, "AllNodes"),
        ("MATCH (a)-[*]->(b) RETURN count(*)", ErrorDetail::ExpansionLimit, "ExpandPaths"),
        ("MATCH p = (a)-[*]-(b) RETURN max(length(p))", ErrorDetail::ExpansionLimit, "ExpandPaths"),
        ("MATCH (a)-[r*..12]->(b) RETURN size(r)", ErrorDetail::RowLimit, "Result"),
        ("MATCH (a), (b), (c), (d) RETURN a, b, c, d ORDER BY a.n", ErrorDetail::MemoryLimit, "Sort"),
        ("MATCH (a), (b), (c), (d) WITH DISTINCT a, b, c, d RETURN count(*)", ErrorDetail::MemoryLimit, "Distinct"),
        ("MATCH (a), (b), (c), (d) RETURN collect([a, b, c, d]) AS all", ErrorDetail::MemoryLimit, "Aggregate"),
        (
            "MATCH (a), (b), (c), (d) RETURN a.n + b.n * 100 + c.n * 10000 + d.n * 1000000 AS key, count(*)",
            ErrorDetail::MemoryLimit,
            "Aggregate",
        ),
        (
            "UNWIND range(1, 50000) AS x UNWIND range(1, 50000) AS y RETURN count(*)",
            ErrorDetail::ExpansionLimit,
            "Unwind",
        ),
        ("RETURN range(0, 1000000000000)", ErrorDetail::MemoryLimit, ""),
        ("RETURN reduce(a = [1], x IN range(1, 60) | [a, a])", ErrorDetail::MemoryLimit, ""),
        ("RETURN reduce(a = [], x IN range(1, 90000) | [a])", ErrorDetail::ComplexityLimit, ""),
        ("RETURN reduce(a = {}, x IN range(1, 90000) | {k: a})", ErrorDetail::ComplexityLimit, ""),
        ("RETURN reduce(a = 'x', x IN range(1, 60) | a + a)", ErrorDetail::MemoryLimit, ""),
        ("RETURN reduce(a = [1], x IN range(1, 60) | a + a)", ErrorDetail::MemoryLimit, ""),
        ("RETURN reduce(a = 'x', x IN range(1, 60) | replace(a, 'x', 'xxxx'))", ErrorDetail::MemoryLimit, ""),
        (
            "RETURN size([x IN range(1, 50000) WHERE any(y IN range(1, 50000) WHERE y > 60000)])",
            ErrorDetail::ExpansionLimit,
            "List",
        ),
        ("MATCH (a) RETURN size([(a)-[*]->(b) | b])", ErrorDetail::ExpansionLimit, "ExpandPaths"),
        (
            "MATCH (a:N {n: 1}), (b:N {n: 1}) MATCH p = allShortestPaths((a)-[*]-(c)) MATCH (c)-[*..9]->() RETURN count(*)",
            ErrorDetail::ExpansionLimit,
            "ExpandPaths",
        ),
    ];
    for (query, detail, operation) in deaths {
        let error = stopped(&toy, query, limits());
        assert_eq!((error.kind, error.detail), (ErrorKind::BudgetExceeded, detail), "{query}: {error}");
        assert!(error.message.contains(operation), "{query}: {error} names {operation}");
    }
}

#[test]
fn a_regular_expression_cannot_run_away() {
    let toy = Toy::default();
    let clock = clock();
    let options = Options { limits: limits(), clock: &clock, cancelled: None, counted: false };
    // Exponential for engines that try again and again; this one answers at once.
    let query = "RETURN reduce(a = '', x IN range(1, 5000) | a + 'a') + '!' =~ '(a+)+$' AS fits";
    let prepared = compile(query, &toy, &toy).expect("it compiles");
    let answer = prepared.run(&toy, &Parameters::default(), &options).expect("it answers");
    assert_eq!(format!("{:?}", answer.rows), "[[Boolean(false)]]");
    let error = compile("RETURN 'x' =~ '(a{1000}){1000}'", &toy, &toy).expect_err("it is too large");
    assert_eq!(error.detail, ErrorDetail::InvalidRegularExpression);
}

#[test]
fn time_stops_a_query_and_so_does_whoever_waits_no_more() {
    let toy = clique();
    let unlimited = Limits { expansions: u64::MAX, rows: u64::MAX, ..limits() };
    let error =
        stopped(&toy, "MATCH (a)-[*]->(b) RETURN count(*)", Limits { time: Duration::from_millis(20), ..unlimited });
    assert_eq!(error.detail, ErrorDetail::TimeLimit);
    let cancelled = AtomicBool::new(false);
    let ended = std::thread::scope(|scope| {
        let waiting = scope.spawn(|| {
            let clock = clock();
            let options = Options { limits: unlimited, clock: &clock, cancelled: Some(&cancelled), counted: false };
            let prepared = compile("MATCH (a)-[*]->(b) RETURN count(*)", &toy, &toy).expect("it compiles");
            prepared.run(&toy, &Parameters::default(), &options).expect_err("it never ends by itself")
        });
        cancelled.store(true, Ordering::Relaxed);
        waiting.join().expect("no panic")
    });
    assert_eq!((ended.kind, ended.detail), (ErrorKind::Cancelled, ErrorDetail::Stopped));
}

#[test]
fn a_request_can_only_lower_the_limits() {
    let wide =
        Limits { time: Duration::MAX, rows: u64::MAX, memory: u64::MAX, expansions: u64::MAX, longest: usize::MAX };
    assert_eq!(limits().within(wide), limits());
    let narrow = Limits { rows: 1, ..limits() };
    assert_eq!(limits().within(narrow), narrow);
    let error = stopped(&clique(), "MATCH (a) RETURN a", Limits { rows: 5, ..limits() });
    assert!(error.message.contains("more than 5 rows") && error.message.contains("LIMIT"), "{error}");
}
