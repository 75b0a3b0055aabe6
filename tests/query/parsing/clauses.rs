//! Whole queries.

use ezu::query::syntax::parse;
use ezu::query::syntax::tree::{Clause, Mode};

use super::sketch::of_query;

#[test]
fn clauses_in_their_order() {
    let table = [
        ("RETURN 1", "return 1"),
        ("return 1 ;", "return 1"),
        ("MATCH (n) RETURN *", "match (n); return *"),
        ("MATCH (n) RETURN DISTINCT n.x AS x, 1", "match (n); return distinct n.x as x, 1"),
        (
            "MATCH (n) RETURN *, n.x ORDER BY n.x DESC, n.y ASCENDING SKIP 1 LIMIT $l",
            "match (n); return *, n.x order n.x-, n.y+ skip 1 limit $l",
        ),
        ("MATCH (n) RETURN n OFFSET 2", "match (n); return n skip 2"),
        (
            "OPTIONAL MATCH (n) WITH n ORDER BY n LIMIT 3 WHERE n.x RETURN n",
            "optional match (n); with n order n+ limit 3 where n.x; return n",
        ),
        ("UNWIND [1] AS x RETURN x", "unwind [1] as x; return x"),
        ("FOR x IN [1] RETURN x", "unwind [1] as x; return x"),
        ("MATCH (n) FILTER n.x > 1 FILTER WHERE n.y RETURN n", "match (n); filter (n.x > 1); filter n.y; return n"),
        ("MATCH (n) LET x = n.x, y = x + 1 RETURN y", "match (n); let x=n.x, y=(x + 1); return y"),
        ("MATCH (n) ORDER BY n.x OFFSET 1 LIMIT 2 RETURN n", "match (n); page order n.x+ skip 1 limit 2; return n"),
        ("MATCH (n) LIMIT 2 RETURN n", "match (n); page limit 2; return n"),
        (
            "RETURN 1 AS a UNION RETURN 2 AS a UNION DISTINCT RETURN 3 AS a",
            "return 1 as a union return 2 as a union return 3 as a",
        ),
        ("RETURN 1 AS a UNION ALL RETURN 2 AS a", "return 1 as a union all return 2 as a"),
        ("CALL db.labels", "call db.labels"),
        ("CALL db.labels()", "call db.labels()"),
        ("CALL a.b(1, $x) YIELD *", "call a.b(1, $x) yield *"),
        (
            "MATCH (n) CALL a.b(n) YIELD x, y AS z WHERE z > 1 RETURN *",
            "match (n); call a.b(n) yield x=x, z=y where (z > 1); return *",
        ),
        ("AT DATE '2028-04-01' MATCH (n) RETURN n", "at Date \"2028-04-01\"; match (n); return n"),
        ("AT REVISION 123 AT DATE $d RETURN 1", "at Revision 123; at Date $d; return 1"),
        ("CREATE (a)-[:T]->(b), (c $p) CREATE (d)", "CREATE (a)-[:T]->(b), (c $p); CREATE (d)"),
        ("// why\nRETURN /* one */ 1 // end", "return 1"),
        ("\u{3000}RETURN\u{A0}1\u{FEFF}", "return 1"),
        (
            "WITH 1 AS filter, 2 AS let, 3 AS for RETURN filter, let, for",
            "with 1 as filter, 2 as let, 3 as for; return filter, let, for",
        ),
    ];
    for (text, tree) in table {
        assert_eq!(of_query(text), tree, "{text}");
    }
}

#[test]
fn a_query_says_whether_to_explain() {
    for (text, mode) in
        [("RETURN 1", Mode::Answer), ("EXPLAIN RETURN 1", Mode::Explain), ("profile RETURN 1", Mode::Profile)]
    {
        assert_eq!(parse(text).expect(text).mode, mode);
    }
    let both = parse("EXPLAIN AT REVISION 3 RETURN 1").expect("both stand in front");
    assert_eq!((both.mode, both.at.len()), (Mode::Explain, 1));
}

#[test]
fn a_column_without_alias_is_called_as_it_was_written() {
    let query = parse("RETURN  ( a +  b ),count( * ), n . x AS y, '住'").expect("a query");
    let Clause::Return(projection) = &query.first.clauses[0] else { panic!("{query:?}") };
    let texts: Vec<&str> = projection.items.iter().map(|item| &*item.text).collect();
    assert_eq!(texts, ["( a +  b )", "count( * )", "n . x", "'住'"]);
}

#[test]
fn spans_are_those_of_the_text() {
    let text = "MATCH (n:A)-[:T]->(m) WHERE n.x + (1) > 2 RETURN m";
    let query = parse(text).expect("a query");
    let Clause::Match(found) = &query.first.clauses[0] else { panic!("{query:?}") };
    assert_eq!(found.span.text(text), "MATCH (n:A)-[:T]->(m) WHERE n.x + (1) > 2");
    assert_eq!(found.patterns[0].span.text(text), "(n:A)-[:T]->(m)");
    assert_eq!(found.patterns[0].start.span.text(text), "(n:A)");
    assert_eq!(found.patterns[0].steps[0].0.span.text(text), "-[:T]->");
    assert_eq!(found.predicate.as_ref().expect("a predicate").span.text(text), "n.x + (1) > 2");
}
