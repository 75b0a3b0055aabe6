//! Texts that are no queries: the word of the suite, the place, and what to do about it.

use ezu::query::error::{ErrorKind, QueryError};
use ezu::query::syntax::parse;

fn refused(text: &str) -> QueryError {
    match parse(text) {
        Ok(query) => panic!("{text} was read as {query:?}"),
        Err(error) => error,
    }
}

fn marked<'t>(text: &'t str, error: &QueryError) -> &'t str {
    error.span.expect("a place").text(text)
}

#[test]
fn the_suites_words() {
    let table = [
        ("RETURN 9223372036854775808", "IntegerOverflow", "9223372036854775808"),
        ("RETURN -9223372036854775809", "IntegerOverflow", "9223372036854775809"),
        ("RETURN 0xFFFFFFFFFFFFFFFFFFFF", "IntegerOverflow", "0xFFFFFFFFFFFFFFFFFFFF"),
        ("RETURN 1e999", "FloatingPointOverflow", "1e999"),
        ("RETURN 12abc", "InvalidNumberLiteral", "12abc"),
        ("RETURN 0x", "InvalidNumberLiteral", "0x"),
        ("RETURN 0o8", "InvalidNumberLiteral", "0o8"),
        ("RETURN 007", "InvalidNumberLiteral", "007"),
        (r"RETURN 'a\uH'", "InvalidUnicodeLiteral", r"\u"),
        (r"RETURN '\uD83D'", "InvalidUnicodeLiteral", r"\u"),
        (r"RETURN '\U00110000'", "InvalidUnicodeLiteral", r"\U"),
        (r"RETURN 'a\d'", "UnexpectedSyntax", r"\d"),
        ("RETURN 42 — 41", "InvalidUnicodeCharacter", "—"),
        ("RETURN ‘a’", "InvalidUnicodeCharacter", "‘"),
        ("MATCH （n） RETURN n", "InvalidUnicodeCharacter", "（"),
        ("MATCH ()-[:T..]->() RETURN 1", "InvalidRelationshipPattern", ".."),
        ("MATCH ()-[:T*-2]->() RETURN 1", "InvalidRelationshipPattern", "-"),
        ("MATCH ()-[:T*1.5]->() RETURN 1", "InvalidRelationshipPattern", "1.5"),
        ("MATCH ()-[:T*99999999999999999999]->() RETURN 1", "IntegerOverflow", "99999999999999999999"),
        ("MATCH ()-[:A&B]->() RETURN 1", "InvalidRelationshipPattern", "&"),
        ("MATCH ()-[:!A]->() RETURN 1", "InvalidRelationshipPattern", "!"),
        ("MATCH ()-[*1..2]->{3}() RETURN 1", "InvalidRelationshipPattern", "{3}"),
        ("MATCH (n $p) RETURN n", "InvalidParameterUse", "$"),
        ("MATCH ()-[r:T $p]->() RETURN r", "InvalidParameterUse", "$"),
        ("MATCH ()-[*$p]->() RETURN 1", "InvalidParameterUse", "$"),
        ("RETURN 1 AS a UNION RETURN 2 AS a UNION ALL RETURN 3 AS a", "InvalidClauseComposition", "UNION"),
        ("RETURN 1 MATCH (n) RETURN n", "InvalidClauseComposition", "MATCH"),
        ("MATCH (n) WHERE exists { MATCH (n) SET n.x = 1 } RETURN n", "InvalidClauseComposition", "SET"),
        ("MATCH (n) CALL a.b RETURN n", "InvalidArgumentPassingMode", "a.b"),
        ("MATCH (n) CALL a.b() YIELD * RETURN n", "UnexpectedSyntax", "CALL a.b() YIELD *"),
        ("MATCH (n)", "UnexpectedSyntax", ""),
        ("RETURN {1a: 1}", "UnexpectedSyntax", "1a"),
        ("RETURN 1 # 2", "UnexpectedSyntax", "#"),
        ("RETURN 'a", "UnexpectedSyntax", "'"),
        ("RETURN `a", "UnexpectedSyntax", "`"),
        ("RETURN 1 /* a", "UnexpectedSyntax", "/"),
        ("RETURN 1 = NOT true", "UnexpectedSyntax", "NOT"),
        ("RETURN $ a", "UnexpectedSyntax", "a"),
        ("MATCH shortestPath((a)) RETURN a", "UnexpectedSyntax", "shortestPath"),
        ("AT REVISION 1.5 RETURN 1", "InvalidArgumentType", "1.5"),
    ];
    for (text, detail, place) in table {
        let error = refused(text);
        assert_eq!((error.detail.as_str(), marked(text, &error)), (detail, place), "{text}: {error}");
        assert_eq!(error.kind, ErrorKind::SyntaxError, "{text}");
    }
}

#[test]
fn the_usual_slips_are_answered_with_what_to_write() {
    let table = [
        ("RETURN a == b", "one `=`"),
        ("RETURN a != b", "`<>`"),
        ("RETURN a && b", "AND"),
        ("RETURN a || b", "OR"),
        ("RETURN a ** b", "`^`"),
        ("RETURN a => b", "`>=`"),
        ("RETURN x NOT IN list", "NOT x IN list"),
        ("MATCH (n) WHERE n.x LIKE 'a%' RETURN n", "CONTAINS"),
        ("MATCH (n) WHERE n.x BETWEEN 1 AND 5 RETURN n", "1 <= x <= 5"),
        ("SELECT * FROM systems", "MATCH"),
        ("MATCH (n) RETURN n.x, count(*) GROUP BY n.x", "grouped by the items"),
        ("MATCH (n) RETURN count(*) HAVING count(*) > 1", "WITH"),
        ("MATCH (n)", "RETURN"),
        ("MATCH (n) WHERE n.x = 1", "RETURN"),
        ("", "The query is empty"),
        ("  // nothing", "The query is empty"),
        ("MATHC (n) RETURN n", "Did you mean MATCH?"),
        ("MATCH (n) RETRUN n", "Did you mean RETURN?"),
        ("MATCH (n) WEHRE n.x RETURN n", "Did you mean WHERE?"),
        ("MATCH (n) RETURN n ODER BY n.x", "Did you mean ORDER?"),
        ("MATCH (n) RETURN n LIMT 5", "Did you mean LIMIT?"),
        ("ＭＡＴＣＨ (n) RETURN n", "Did you mean MATCH?"),
        ("MATCH (n：A) RETURN n", "write `:`"),
        ("RETURN “a”", "write `\"`"),
        ("RETURN ‘a’", "write `'`"),
        ("RETURN [1、2]", "write `,`"),
        ("RETURN １", "write `1`"),
        ("MATCH (a)→(b) RETURN a", "write `->`"),
        ("RETURN (1 + 2", "The `(` of line 1, column 8 is still open."),
        ("MATCH (n)\nRETURN [n.x, {a: 1]", "The `{` of line 2, column 14 is still open."),
        ("RETURN 1)", "No bracket is open that `)` would close."),
        ("RETURN 'it's'", "quotation mark"),
        ("RETURN 1; RETURN 2", "One query"),
        ("AT DATE 2028-04-01 RETURN 1", "'2028-04-01'"),
        ("AT DAWN RETURN 1", "DATE or REVISION"),
        ("RETURN 1 MATCH (n) RETURN n", "WITH"),
        ("MATCH ((a)-->(b)){1,3} RETURN a", "single relationship"),
        ("MATCH SHORTEST 2 (a)-->+(b) RETURN a", "SHORTEST 1"),
        ("CALL { MATCH (n) RETURN n } RETURN n", "not supported"),
        ("RETURN 'C:\\dir'", "\\\\"),
        ("MATCH (n {name = 'x'}) RETURN n", "`:`"),
        ("MATCH n RETURN n", "a node such as (n)"),
        ("MATCH (n) WHERE RETURN n", "an expression"),
        ("RETURN", "an expression"),
        ("UNWIND [1] RETURN 1", "AS"),
        ("RETURN CASE WHEN a THEN 1", "END of CASE"),
        ("RETURN @a", "$"),
        ("RETURN {'a': 1}", "key"),
    ];
    for (text, advice) in table {
        let error = refused(text);
        assert!(error.message.contains(advice), "{text}: {error}");
    }
}

#[test]
fn writing_points_at_change_sets() {
    let table = [
        ("MATCH (n) SET n.x = 1", "SET"),
        ("MATCH (n) REMOVE n.x", "REMOVE"),
        ("MATCH (n) DELETE n", "DELETE"),
        ("MATCH (n) DETACH DELETE n", "DETACH"),
        ("MERGE (n)", "MERGE"),
        ("FOREACH (x IN [1] | CREATE (n))", "FOREACH"),
        ("LOAD CSV FROM 'file' AS row RETURN row", "LOAD"),
        ("CREATE INDEX ON :A(x)", "CREATE"),
        ("CREATE CONSTRAINT c", "CREATE"),
        ("DROP INDEX i", "DROP"),
        ("INSERT (:A)", "INSERT"),
        ("UPDATE systems", "UPDATE"),
        ("RETURN 1 AS a UNION MERGE (n)", "MERGE"),
    ];
    for (text, keyword) in table {
        let error = refused(text);
        assert_eq!((error.kind, marked(text, &error)), (ErrorKind::WriteRefused, keyword), "{text}");
        assert!(error.message.contains("change set"), "{error}");
    }
}

#[test]
fn every_error_shows_its_place() {
    let error = refused("MATCH (n)\nWHERE n.名称 == '住民'\nRETURN n");
    let shown = error.with_excerpt("MATCH (n)\nWHERE n.名称 == '住民'\nRETURN n");
    assert!(shown.ends_with("2 | WHERE n.名称 == '住民'\n                  ^"), "{shown}");
}
