//! Expressions and patterns, with the trees that the grammar of openCypher 9 (and GQL's where it says so) gives them.

use super::sketch::{of_expression, of_patterns};

fn check(read: fn(&str) -> String, table: &[(&str, &str)]) {
    for (text, tree) in table {
        assert_eq!(read(text), *tree, "{text}");
    }
}

#[test]
fn numbers() {
    check(
        of_expression,
        &[
            ("0", "0"),
            ("0x1F", "31"),
            ("-0x8000000000000000", "-9223372036854775808"),
            ("0o17", "15"),
            ("-9223372036854775808", "-9223372036854775808"),
            ("9223372036854775807", "9223372036854775807"),
            (".5", "0.5"),
            ("-.5", "-0.5"),
            ("1e9", "1000000000.0"),
            ("1.5E-3", "0.0015"),
            ("- 5", "(-5)"),
            ("--5", "(--5)"),
            ("1 -1", "(1 - 1)"),
            (
                "2e",
                "InvalidNumberLiteral: `2e` is not a number, such as 42, 1.5, 1e9, 0x1F or 0o17, nor a name, which starts with a letter.",
            ),
        ],
    );
}

#[test]
fn texts_and_names() {
    check(
        of_expression,
        &[
            (r"'a\'b\\c\n'", r#""a'b\\c\n""#),
            (r#""it's""#, r#""it's""#),
            (r"'\u65E5本\U0001F600\uD83D\uDE00'", r#""日本😀😀""#),
            ("'住民\n記録'", r#""住民\n記録""#),
            ("n.`a.b`", "n.a.b"),
            ("`tick``ed`.x", "tick`ed.x"),
            ("システム.名称", "システム.名称"),
            ("n.return", "n.return"),
            ("order + limit_ + end + date + count", "((((order + limit_) + end) + date) + count)"),
            ("starts - ends + contains.x", "((starts - ends) + contains.x)"),
            ("[in, limit, where.x = set]", "[in, limit, (where.x = set)]"),
            ("$0 + $name + $`a b`.c + $limit", "((($0 + $name) + $a b.c) + $limit)"),
            ("{match: 1, `a b`: 2, 種別: 3}", "{match: 1, a b: 2, 種別: 3}"),
            ("TRUE = false", "(true = false)"),
            ("NULL", "null"),
            ("nullable", "nullable"),
        ],
    );
}

#[test]
fn precedence() {
    check(
        of_expression,
        &[
            ("a OR b XOR c AND NOT d = e", "(a or (b xor (c and (not (d = e)))))"),
            ("NOT a = b AND c", "((not (a = b)) and c)"),
            ("NOT NOT a", "(not (not a))"),
            ("a + b * c ^ d", "(a + (b * (c ^ d)))"),
            ("a - b - c", "((a - b) - c)"),
            ("a ^ b ^ c", "((a ^ b) ^ c)"),
            ("-a ^ b", "((-a) ^ b)"),
            ("-2 ^ 2", "(-2 ^ 2)"),
            ("-a.b[0]", "(-a.b[0])"),
            ("a * -b % +c", "((a * (-b)) % (+c))"),
            ("a < -b", "(a < (-b))"),
            ("a<-1", "(a < -1)"),
            ("a < b <= c <> d", "(a < b <= c <> d)"),
            ("a = b IS NULL", "(a = (b is null))"),
            ("a + b IS NOT NULL", "((a + b) is not null)"),
            ("a + b IN c + d", "((a + b) in (c + d))"),
            ("a = b IN c", "(a = (b in c))"),
            (
                "a STARTS WITH b + c AND d ENDS WITH e OR f CONTAINS g",
                "(((a starts (b + c)) and (d ends e)) or (f contains g))",
            ),
            ("a =~ b + 'x'", "(a =~ (b + \"x\"))"),
            ("a IN b IN c", "((a in b) in c)"),
            ("x IN list[0]", "(x in list[0])"),
            ("(a + b) * c", "((a + b) * c)"),
            ("a AND b AND c AND d", "(((a and b) and c) and d)"),
            ("n:A AND m.x", "((n:A) and m.x)"),
            ("NOT n:A:B", "(not (n:(A&B)))"),
        ],
    );
}

#[test]
fn lists_and_slices() {
    check(
        of_expression,
        &[
            ("[]", "[]"),
            ("[1, [2], a]", "[1, [2], a]"),
            ("a[1..2]", "a[1..2]"),
            ("a[1..]", "a[1..]"),
            ("a[..-1]", "a[..-1]"),
            ("a[..]", "a[..]"),
            ("a[b.c..d+1][0]", "a[b.c..(d + 1)][0]"),
            ("a[1...5]", "a[1..0.5]"),
            ("[x IN list | x + 1]", "<each x in list where  give (x + 1)>"),
            ("[x IN list WHERE x > 1]", "<each x in list where (x > 1) give >"),
            ("[x IN list WHERE x:A | x.b]", "<each x in list where (x:A) give x.b>"),
            ("[x IN list WHERE (x:A|B) | x.b]", "<each x in list where (x:(A|B)) give x.b>"),
            ("[x IN list]", "<each x in list where  give >"),
            ("[x IN list, 2]", "[(x in list), 2]"),
            ("[x IN [1, 2] | [x, 3]]", "<each x in [1, 2] where  give [x, 3]>"),
            ("[end IN end | end]", "<each end in end where  give end>"),
            ("[(x) IN list]", "[(x in list)]"),
            ("[x IN a WHERE y IN b]", "<each x in a where (y in b) give >"),
            ("[(a)-->(b) | b.x]", "<each (a)-[]->(b) where  give b.x>"),
            ("[p = (a)-[:T]->(:B) WHERE a.x | length(p)]", "<each p=(a)-[:T]->(:B) where a.x give length(p)>"),
            ("[(a)-->(b), c]", "[<(a)-[]->(b)>, c]"),
            ("[(a)-[r]->(b)]", "[<(a)-[r]->(b)>]"),
        ],
    );
}

#[test]
fn functions_and_their_kin() {
    check(
        of_expression,
        &[
            ("count(*)", "count(*)"),
            ("count( * ) + 1", "(count(*) + 1)"),
            ("COUNT(DISTINCT n.x)", "COUNT(distinct n.x)"),
            ("f()", "f()"),
            ("date.truncate('day', d)", "date.truncate(\"day\", d)"),
            ("date().year", "date().year"),
            ("exists(n.x)", "exists(n.x)"),
            ("exists((a)-->(b))", "exists(<(a)-[]->(b)>)"),
            (
                "all(x IN xs WHERE x > 0) AND none(x IN xs WHERE x)",
                "(<All x in xs where (x > 0)> and <None x in xs where x>)",
            ),
            ("any(x IN xs WHERE x:A)", "<Any x in xs where (x:A)>"),
            ("single(x IN xs WHERE true)", "<Single x in xs where true>"),
            ("reduce(a = 0, x IN xs | a + x)", "<reduce a=0 x in xs by (a + x)>"),
            ("extract(x IN xs | x.y)", "<each x in xs where  give x.y>"),
            ("filter(x IN xs WHERE x)", "<each x in xs where x give >"),
            ("CASE WHEN a THEN 1 ELSE 2 END", "<case  when a then 1 else 2>"),
            ("CASE a WHEN 1 THEN 'x' WHEN 2 THEN 'y' END", "<case a when 1 then \"x\" when 2 then \"y\" else >"),
            (
                "[x IN xs | CASE WHEN x:A|B THEN 1 END]",
                "<each x in xs where  give <case  when (x:(A|B)) then 1 else >>",
            ),
            ("shortestPath((a)-[*]->(b))", "<any shortest (a)-[*..]->(b)>"),
            ("length(allShortestPaths((a)-[:T*..5]-(b)))", "length(<all shortest (a)-[:T*..5]-(b)>)"),
            ("EXISTS { (a)-->(b) WHERE b.x }", "exists{(a)-[]->(b) where b.x}"),
            ("EXISTS { MATCH (a)-->(b) WHERE b.x }", "exists{(a)-[]->(b) where b.x}"),
            ("exists { MATCH (a) RETURN true }", "exists{match (a); return true}"),
            (
                "exists { MATCH (a) WITH a WHERE exists { MATCH (a)-->() } RETURN true }",
                "exists{match (a); with a where exists{(a)-[]->()}; return true}",
            ),
            ("COUNT { (a)--() } > 2", "(count{(a)-[]-()} > 2)"),
            (
                "COUNT { MATCH (a) RETURN a UNION MATCH (b) RETURN b }",
                "count{match (a); return a union match (b); return b}",
            ),
        ],
    );
}

#[test]
fn patterns_or_arithmetic() {
    check(
        of_expression,
        &[
            ("(a)-[r]-(b)", "<(a)-[r]-(b)>"),
            ("(a) - (b)", "(a - b)"),
            ("(a) - [1] - (b)", "((a - [1]) - b)"),
            ("(a) - [r, s] - (b)", "((a - [r, s]) - b)"),
            ("(a) - [r.x] - (b)", "((a - [r.x]) - b)"),
            ("(a) - [r * 2 + 1] - (b)", "((a - [((r * 2) + 1)]) - b)"),
            ("(a)-[r*2]-(b)", "<(a)-[r*2..2]-(b)>"),
            ("(a)-[r]", "(a - [r])"),
            ("(a) - -(b)", "<(a)-[]-(b)>"),
            ("(a) - -(b.x)", "(a - (-b.x))"),
            ("(1) - -(2)", "(1 - (-2))"),
            ("(a) < -(b)", "(a < (-b))"),
            ("(a)<--(b)", "<(a)<-[]-(b)>"),
            ("(a)<-[:T]-(b)", "<(a)<-[:T]-(b)>"),
            ("(a)->(b)", "<(a)-[]->(b)>"),
            ("(a)-->(b) AND NOT (b)<-[{x: 1}]-(:C {y: 2})", "(<(a)-[]->(b)> and (not <(b)<-[ {x: 1}]-(:C {y: 2})>))"),
            ("(:A)--()", "<(:A)-[]-()>"),
            ("(n:A)", "(n:A)"),
            ("(n:A OR m:B) AND (n)-->()", "(((n:A) or (m:B)) and <(n)-[]->()>)"),
            ("((a)-->(b))", "<(a)-[]->(b)>"),
            ("size([(a)-->() | 1]) + (a).x", "(size(<each (a)-[]->() where  give 1>) + a.x)"),
        ],
    );
}

#[test]
fn relationships() {
    check(
        of_patterns,
        &[
            ("(a)--(b)", "(a)-[]-(b)"),
            ("(a)-->(b)<--(c)", "(a)-[]->(b)<-[]-(c)"),
            ("(a)<-->(b)", "(a)-[]-(b)"),
            ("(a) - [ r : T ] - > (b)", "(a)-[r:T]->(b)"),
            ("()-[:A|B|:C]-()", "()-[:A|B|C]-()"),
            ("()-[*]->()", "()-[*..]->()"),
            ("()-[*2]->()", "()-[*2..2]->()"),
            ("()-[*2..]->()", "()-[*2..]->()"),
            ("()-[*..3]->()", "()-[*..3]->()"),
            ("()-[*1..3]->()", "()-[*1..3]->()"),
            ("()-[*..]->()", "()-[*..]->()"),
            ("()-[r:T*0..1 {x: 1}]->()", "()-[r:T*0..1 {x: 1}]->()"),
            ("()-[r:T {x: 1} WHERE r.y > 2]->()", "()-[r:T {x: 1} where (r.y > 2)]->()"),
            ("()-[r WHERE r.y]->()", "()-[r where r.y]->()"),
            ("()-[IS T]->()", "()-[:T]->()"),
            ("()-[r IS A|B]->()", "()-[r:A|B]->()"),
            ("()-[:%]->()", "()-[]->()"),
            ("()-[:T]->{1,5}()", "()-[:T*1..5]->()"),
            ("()-[:T]->{2}()", "()-[:T*2..2]->()"),
            ("()-[:T]-{2,}()", "()-[:T*2..]-()"),
            ("()<-[:T]-{,5}()", "()<-[:T*0..5]-()"),
            ("()->+()", "()-[*1..]->()"),
            ("()-->*()", "()-[*0..]->()"),
            ("()<-()", "()<-[]-()"),
            ("()-()", "()-[]-()"),
            ("()<->()", "()-[]-()"),
        ],
    );
}

#[test]
fn nodes_and_paths() {
    check(
        of_patterns,
        &[
            ("()", "()"),
            ("(n:A:B)", "(n:(A&B))"),
            ("(n:A&B|C)", "(n:((A&B)|C))"),
            ("(:A&(B|!C))", "(:(A&(B|!C)))"),
            ("(:!A&!B)", "(:(!A&!B))"),
            ("(:%)", "(:%)"),
            ("(n IS System)", "(n:System)"),
            ("(IS System)", "(:System)"),
            ("(is:System)", "(is:System)"),
            ("(n:`業務 システム` {名称: 'x'})", "(n:業務 システム {名称: \"x\"})"),
            ("(業務:システム)", "(業務:システム)"),
            ("(n WHERE n.x > 1)", "(n where (n.x > 1))"),
            ("(n:A {x: 1} WHERE n.y)", "(n:A {x: 1} where n.y)"),
            ("(where:A)", "(where:A)"),
            ("(match)-->(return)", "(match)-[]->(return)"),
            ("(a), (b)-->(c)", "(a), (b)-[]->(c)"),
            ("p = (a)-->(b)", "p=(a)-[]->(b)"),
            ("((a)-->(b))", "(a)-[]->(b)"),
            ("p = (((a)))", "p=(a)"),
            ("p = shortestPath((a)-[*]-(b))", "p=any shortest (a)-[*..]-(b)"),
            ("ALLSHORTESTPATHS((a)-[:T*]->(b))", "all shortest (a)-[:T*..]->(b)"),
            ("p = ANY SHORTEST (a)-->+(b)", "p=any shortest (a)-[*1..]->(b)"),
            ("ALL SHORTEST PATHS (a)-->*(b)", "all shortest (a)-[*0..]->(b)"),
            ("SHORTEST 1 (a)-->+(b)", "any shortest (a)-[*1..]->(b)"),
            ("ANY (a)-->+(b)", "any (a)-[*1..]->(b)"),
            ("any = (a)", "any=(a)"),
            ("(a) WHERE a:A|B OR (a)--()", "(a) where ((a:(A|B)) or <(a)-[]-()>)"),
        ],
    );
    check(
        of_expression,
        &[
            ("n IS LABELED A", "(n:A)"),
            ("n IS LABELED :A&!B", "(n:(A&!B))"),
            ("n IS NOT LABELED A", "(not (n:A))"),
            ("n:A|B", "(n:(A|B))"),
            ("n:% = true", "((n:%) = true)"),
        ],
    );
}
