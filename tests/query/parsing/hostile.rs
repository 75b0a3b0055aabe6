//! Texts made to break a parser: deep, long, cut, mixed up.

use std::time::{Duration, Instant};

use ezu::query::error::{ErrorDetail, ErrorKind};
use ezu::query::syntax::{SyntaxLimits, parse, parse_with};
use proptest::prelude::*;

/// Deep enough to overflow any stack that is not counted.
const DEEP: usize = 100_000;

/// What can stand in itself: what opens it, what stands in the middle, what closes it.
const NESTS: [(&str, &str, &str); 26] = [
    ("(", "1", ")"),
    ("[", "1", "]"),
    ("{a: ", "1", "}"),
    ("NOT ", "true", ""),
    ("- ", "1", ""),
    ("f(", "1", ")"),
    ("CASE WHEN true THEN ", "1", " END"),
    ("CASE ", "1", " WHEN 1 THEN 1 END"),
    ("[x IN ", "[1]", " | x]"),
    ("[x IN [1] | ", "x", "]"),
    ("all(x IN [1] WHERE ", "x", ")"),
    ("reduce(a = 0, x IN [1] | ", "x", ")"),
    ("EXISTS { MATCH (n) WHERE ", "true", " }"),
    ("EXISTS { MATCH (n) WITH n WHERE ", "true", " RETURN n }"),
    ("COUNT { (n WHERE ", "true", ") }"),
    ("(n {x: ", "1", "})-->()"),
    ("[(n {x: ", "1", "})-->() | 1]"),
    ("(a)-[{x: ", "1", "}]-(b)"),
    ("1 + ", "1", ""),
    ("1 ^ (", "1", ")"),
    ("1 = (", "1", ")"),
    ("", "a", ".b"),
    ("", "a", "[0]"),
    ("", "a", " IS NULL"),
    ("", "a", " IN [1]"),
    ("a = [", "1", "]"),
];

/// The same so many times in itself.
fn nested((before, middle, after): (&str, &str, &str), times: usize) -> String {
    format!("RETURN {}{middle}{}", before.repeat(times), after.repeat(times))
}

const UNLIMITED: SyntaxLimits = SyntaxLimits { bytes: usize::MAX, depth: 200, parts: usize::MAX };

#[test]
fn what_is_nested_too_deeply_is_refused() {
    for nest in NESTS {
        let text = nested(nest, DEEP);
        // `1 + 1 + …` leans to the left, so that it is refused for its height and not for its depth.
        let error = parse_with(&text, &UNLIMITED).expect_err(nest.0);
        assert_eq!(
            (error.kind, error.detail),
            (ErrorKind::BudgetExceeded, ErrorDetail::ComplexityLimit),
            "{nest:?}: {error}"
        );
        parse_with(&format!("RETURN {}", nest.0.repeat(DEEP)), &UNLIMITED)
            .expect_err("cut off in the middle, it is no better");
    }
    for (before, middle, after) in [("(", "a", ")"), ("(a:", "", ""), ("(a:!", "A)", ""), ("(a:(", "A", ")")] {
        let (first, again) = before.split_at(before.find(':').map_or(0, |colon| colon + 1));
        let text = format!("MATCH {first}{}{middle}{} RETURN 1", again.repeat(DEEP), after.repeat(DEEP));
        parse_with(&text, &UNLIMITED).expect_err(before);
    }
}

/// Debug builds have large frames, and a thread has 2 MiB: a quarter is left to whoever calls.
#[test]
fn what_is_just_allowed_fits_on_the_stack_of_a_thread() {
    let thread = std::thread::Builder::new().stack_size(3 << 19).spawn(|| {
        for nest in NESTS {
            let deepest = (1..200).rev().find(|times| parse(&nested(nest, *times)).is_ok());
            assert!(deepest.is_some_and(|times| times >= 15), "{nest:?}: {deepest:?}");
        }
    });
    thread.expect("a thread").join().expect("no overflow");
}

#[test]
fn what_is_only_long_is_read() {
    let long = |part: &str, between: &str| vec![part; 20_000].join(between);
    for text in [
        format!("RETURN {}", long("a = 1", " AND ")),
        format!("RETURN {}", long("NOT a", " OR ")),
        format!("RETURN [{}]", long("1", ",")),
        format!("RETURN f({})", long("{a: 1}", ",")),
        format!("RETURN {}", long("1", " < ")),
        format!("RETURN CASE {} END", long("WHEN a THEN b", " ")),
        format!("MATCH {} RETURN 1", long("(n:A)", "-->")),
        format!("MATCH {} RETURN 1", long("(n:A)", ",")),
        format!("MATCH (n:{}) RETURN 1", long("A", "|")),
        format!("MATCH (n) RETURN {}", long("(a)-[r]-(b)", ",")),
        long("RETURN 1 AS a", " UNION "),
        format!("{} RETURN 1", long("MATCH (n)", " ")),
    ] {
        assert!(parse(&text).is_ok(), "{}: {:?}", &text[..40], parse(&text).err());
    }
}

#[test]
fn limits_are_the_callers() {
    let limits = SyntaxLimits { bytes: 8, ..SyntaxLimits::default() };
    assert!(parse_with("RETURN 1", &limits).is_ok());
    assert_eq!(parse_with("RETURN 12", &limits).expect_err("long").detail, ErrorDetail::ComplexityLimit);
    let limits = SyntaxLimits { bytes: 100, depth: 3, ..SyntaxLimits::default() };
    assert!(parse_with("RETURN ((1))", &limits).is_ok());
    assert_eq!(parse_with("RETURN (((1)))", &limits).expect_err("deep").detail, ErrorDetail::ComplexityLimit);
    // Two clauses, two nodes, a label and a type.
    let text = "MATCH (:A)-[:T]->() RETURN 1";
    assert!(parse_with(text, &SyntaxLimits { parts: 6, ..SyntaxLimits::default() }).is_ok());
    let refused = parse_with(text, &SyntaxLimits { parts: 5, ..SyntaxLimits::default() }).expect_err("large");
    assert_eq!(refused.detail, ErrorDetail::ComplexityLimit);
}

/// Looking ahead must not look over the same text again and again.
#[test]
fn time_does_not_explode() {
    let nests =
        ["[x IN [", "(a)-[{x: (b)-[{x: ", "[(a)-->(b {x: ", "[x IN a, ", "(a:B {x: ", "[p = (", "(a WHERE (b {c: "];
    let started = Instant::now();
    for nest in nests {
        for tail in ["", "1", "]", "})]"] {
            let text = format!("RETURN {}{tail}", nest.repeat(100_000 / nest.len()));
            assert!(parse(&text).is_err());
            let flat = format!("RETURN {}", format!("{nest}{tail}, ").repeat(20_000 / nest.len()));
            assert!(parse(&flat).is_err());
        }
    }
    // A hundredth of this is usual; going back would take longer than anybody waits.
    assert!(started.elapsed() < Duration::from_secs(60), "{:?}", started.elapsed());
}

const SEEDS: [&str; 14] = [
    "MATCH (a:System {name: 'x'})-[r:FLOW*1..3]->(b) WHERE a.cost >= 10 AND NOT b.name =~ '.*' RETURN a, count(*) AS n ORDER BY n DESC LIMIT 5",
    "MATCH p = shortestPath((a)-[:A|:B*..5 {x: 1}]-(b)) RETURN [n IN nodes(p) WHERE n:X | n.`日 本`]",
    "UNWIND [1, 2.5, .5e-3, 0x1F, 0o17, -9223372036854775808] AS x WITH x WHERE x IS NOT NULL RETURN x[1..], x[..2]",
    "MATCH (n) WHERE EXISTS { MATCH (n)-->(m) WHERE m.x IN [1, 2] RETURN m } OR COUNT { (n)--() } > 3 RETURN n",
    "RETURN CASE n.x WHEN 1 THEN 'a\\u0041' ELSE \"b\" END, reduce(a = 0, x IN [1] | a + x), all(x IN [] WHERE x)",
    "AT DATE '2028-04-01' MATCH ANY SHORTEST (a IS System)-[:T]->{1,5}(b:A&!B|%) FILTER a.x LET y = 1 RETURN y;",
    "CALL ezu.impact($id, {a: 1}) YIELD element AS e, effect WHERE effect <> 'x' RETURN e UNION ALL RETURN 1 AS e",
    "EXPLAIN MATCH (a)<-[r WHERE r.x > 1]-(b WHERE b.y), (c)->+(d) OPTIONAL MATCH (e)-->*(f) RETURN DISTINCT *",
    "FOR x IN list ORDER BY x OFFSET 2 LIMIT 3 RETURN [(a)-[r]-(b) WHERE r | a.x], (a)-[r]-(b), (a) - [1] - (b)",
    "CREATE (a:A {x: $p})-[:T]->(b) CREATE (c)",
    "RETURN a.b.c[0].d['e'] ^ -2 % 3 STARTS WITH 'x' XOR true, date.truncate('day', d), $`a``b`, n IS LABELED :A",
    "MATCH (システム:業務) WHERE システム.名称 = '住民記録' RETURN システム // 終わり",
    "RETURN “a”, （b）, 'it''s' == 1 != 2 && 3 /* open",
    "MATCH (n) SET n.x = 1 MERGE (m) DETACH DELETE n",
];

const PIECES: [&str; 48] = [
    "(", ")", "[", "]", "{", "}", ",", ":", ";", ".", "..", "|", "&", "!", "$", "+", "-", "*", "/", "%", "^", "=",
    "=~", "<>", "<", ">", "'", "\"", "`", "\\", "//", "/*", "*/", "\\u", "MATCH", "RETURN", "WHERE", "IN", "NOT",
    "CASE", "END", "EXISTS", "COUNT", "WITH", "0", "1e", "住", "\u{301}",
];

/// A seed of which parts were cut out, doubled, or replaced by pieces of this and other queries.
fn mutated() -> impl Strategy<Value = String> {
    let change = (any::<prop::sample::Index>(), 0..6_usize, 0..PIECES.len() + SEEDS.len(), 0..3_u8);
    (0..SEEDS.len(), prop::collection::vec(change, 1..12)).prop_map(|(seed, changes)| {
        let mut characters: Vec<char> = SEEDS[seed].chars().collect();
        for (place, length, piece, kind) in changes {
            let start = place.index(characters.len() + 1);
            let end = (start + length).min(characters.len());
            let inserted: Vec<char> = match kind {
                0 => Vec::new(),
                1 => characters[start..end].repeat(2),
                _ => PIECES.get(piece).copied().unwrap_or_else(|| SEEDS[piece - PIECES.len()]).chars().collect(),
            };
            characters.splice(start..end, inserted);
        }
        characters.into_iter().collect()
    })
}

fn check_any(text: &str) {
    match parse(text) {
        Ok(query) => {
            let place = query.first.span;
            assert!(text.get(place.start as usize..place.end as usize).is_some(), "{text:?}: {place:?}");
        }
        Err(error) => {
            let place = error.span.expect("a place");
            assert!(text.get(place.start as usize..place.end as usize).is_some(), "{text:?}: {error:?}");
            assert!(!error.message.is_empty());
            assert!(!error.with_excerpt(text).is_empty());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    #[test]
    fn a_mixed_up_query_is_read_or_refused_at_a_place(text in mutated()) {
        check_any(&text);
    }

    #[test]
    fn so_is_anything_else(text in any::<String>()) {
        check_any(&text);
    }
}

#[test]
fn every_beginning_of_a_query_is_read_or_refused() {
    for seed in SEEDS {
        for (end, _) in seed.char_indices() {
            check_any(&seed[..end]);
        }
    }
}
