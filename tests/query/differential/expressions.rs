//! Random expressions of a type. None of them can fail while it runs, whatever it meets.

use super::patterns::Allowed;
use super::scope::{Kind, Writer};

/// Patterns in expressions.
const SMALL: Allowed = Allowed { variables: false, steps: 2, least: 1 };

impl Writer {
    /// An expression that gives this. `depth`: how deeply it may be nested.
    pub fn expression(&mut self, kind: Kind, depth: usize) -> String {
        match kind {
            Kind::Number => self.number(depth),
            Kind::Text => self.text(depth),
            Kind::Truth => self.truth(depth),
            Kind::List => self.list(depth),
            Kind::Bag => self.bag(depth),
            Kind::Node | Kind::Relationship | Kind::Relationships | Kind::Path => {
                self.variable(kind).unwrap_or_else(|| "null".to_owned())
            }
        }
    }

    /// Something with properties.
    fn thing(&mut self) -> Option<String> {
        if self.dice.percent(75) { self.variable(Kind::Node) } else { self.variable(Kind::Relationship) }
    }

    fn number(&mut self, depth: usize) -> String {
        if depth == 0 {
            return match self.dice.below(6) {
                0..3 => self.property("num").unwrap_or_else(|| "2".to_owned()),
                3 => self.variable(Kind::Number).unwrap_or_else(|| "0".to_owned()),
                _ => self.dice.pick(&["0", "1", "2", "3", "-1", "1.5", "null"]).to_owned(),
            };
        }
        let depth = depth - 1;
        match self.dice.below(12) {
            0..3 => self.number(0),
            3 => format!("({} {} {})", self.number(depth), self.dice.pick(&["+", "-", "*"]), self.number(depth)),
            4 => format!("coalesce({}, {})", self.number(depth), self.number(depth)),
            5 => format!("size({})", self.expression(Kind::Bag, depth)),
            6 => format!("size({})", self.list(depth)),
            7 => self.length_of_path(),
            8 => format!("CASE WHEN {} THEN {} ELSE {} END", self.truth(depth), self.number(depth), self.number(depth)),
            9 => format!(
                "CASE {} WHEN {} THEN {} WHEN 1 THEN 7 END",
                self.number(depth),
                self.number(depth),
                self.number(depth)
            ),
            10 => format!("head({})", self.list(depth)),
            _ => format!("reduce(acc = 0, x IN {} | acc + coalesce(x, 1))", self.list(depth)),
        }
    }

    fn length_of_path(&mut self) -> String {
        match (self.variable(Kind::Path), self.variable(Kind::Relationships)) {
            (Some(path), _) if self.dice.percent(60) => format!("length({path})"),
            (_, Some(list)) => format!("size({list})"),
            (Some(path), None) => format!("size(nodes({path}))"),
            (None, None) => "1".to_owned(),
        }
    }

    fn property(&mut self, name: &str) -> Option<String> {
        self.thing().map(|thing| format!("{thing}.{name}"))
    }

    fn text(&mut self, depth: usize) -> String {
        if depth == 0 {
            return match self.dice.below(5) {
                0..3 => self.property("name").unwrap_or_else(|| "'a'".to_owned()),
                3 => self.variable(Kind::Text).unwrap_or_else(|| "'b'".to_owned()),
                _ => self.dice.pick(&["'a'", "'b'", "'ab'", "''"]).to_owned(),
            };
        }
        let depth = depth - 1;
        match self.dice.below(6) {
            0 => format!("toUpper({})", self.text(depth)),
            1 => format!("({} + {})", self.text(depth), self.text(depth)),
            2 => match self.variable(Kind::Relationship) {
                Some(relationship) => format!("type({relationship})"),
                None => self.text(0),
            },
            3 => match self.variable(Kind::Node) {
                Some(node) => format!("labels({node})[0]"),
                None => self.text(0),
            },
            _ => self.text(0),
        }
    }

    /// A truth value; in many cases an unknown one.
    pub fn truth(&mut self, depth: usize) -> String {
        if depth == 0 {
            return self.simple_truth();
        }
        let depth = depth - 1;
        match self.dice.below(16) {
            0..3 => format!("({} {} {})", self.truth(depth), self.dice.pick(&["AND", "OR", "XOR"]), self.truth(depth)),
            3 => format!("NOT ({})", self.truth(depth)),
            4 => format!("{} IN {}", self.number(depth), self.list(depth)),
            5 => format!("{} IN {}", self.number(depth), self.bag(depth)),
            6 => self.quantifier(depth),
            7 | 8 => self.exists(depth),
            9 => format!("{} < {} <= {}", self.number(depth), self.number(depth), self.number(depth)),
            10 => format!("({}) IS NULL", self.truth(depth)),
            11 => format!("{} = {}", self.list(depth), self.list(depth)),
            12 => format!(
                "{} {} {}",
                self.text(depth),
                self.dice.pick(&["STARTS WITH", "ENDS WITH", "CONTAINS", "<", "="]),
                self.text(depth)
            ),
            _ => self.simple_truth(),
        }
    }

    fn simple_truth(&mut self) -> String {
        match self.dice.below(8) {
            0 => self.property("ok").unwrap_or_else(|| "true".to_owned()),
            1 => self.variable(Kind::Truth).unwrap_or_else(|| "null".to_owned()),
            2 => match self.variable(Kind::Node) {
                Some(node) if self.gql && self.dice.percent(20) => {
                    format!("{node} IS {}LABELED A", self.dice.pick(&["", "NOT "]))
                }
                Some(node) => format!("({node}{})", self.label()),
                None => "false".to_owned(),
            },
            3 => match (self.variable(Kind::Node), self.variable(Kind::Node)) {
                (Some(a), Some(b)) => format!("{a} {} {b}", self.dice.pick(&["=", "<>"])),
                _ => "true".to_owned(),
            },
            4 => format!("{} IS {}NULL", self.number(0), self.dice.pick(&["", "NOT ", "NOT "])),
            _ => {
                format!("{} {} {}", self.number(0), self.dice.pick(&["=", "<>", "<", "<=", ">", ">="]), self.number(0))
            }
        }
    }

    fn quantifier(&mut self, depth: usize) -> String {
        let list = if self.dice.percent(50) { self.list(depth) } else { self.bag(depth) };
        let name = self.fresh("q");
        let predicate = self.with(&[(name.clone(), Kind::Number)], |writer| writer.truth(depth));
        format!("{}({name} IN {list} WHERE {predicate})", self.dice.pick(&["all", "any", "none", "single"]))
    }

    /// A pattern about something that is there already, where a condition may be one.
    pub fn pattern_predicate(&mut self) -> String {
        let Some(node) = self.variable(Kind::Node) else { return "true".to_owned() };
        let (pattern, _) = self.pattern(SMALL);
        format!("(({node}){})", &pattern[pattern.find(')').map_or(0, |end| end + 1)..])
    }

    fn exists(&mut self, depth: usize) -> String {
        let (pattern, brought) = self.pattern(Allowed { variables: true, steps: 2, least: 0 });
        let filter = if self.dice.percent(50) {
            self.with(&brought, |writer| format!(" WHERE {}", writer.truth(depth.min(1))))
        } else {
            String::new()
        };
        match self.dice.below(4) {
            0 => format!("EXISTS {{ MATCH {pattern}{filter} RETURN 1 }}"),
            1 if self.gql => format!("COUNT {{ {pattern}{filter} }} > 1"),
            _ => format!("EXISTS {{ {pattern}{filter} }}"),
        }
    }

    fn list(&mut self, depth: usize) -> String {
        if depth == 0 {
            return match self.dice.below(5) {
                0 => self.variable(Kind::List).unwrap_or_else(|| "[]".to_owned()),
                1 => self.variable(Kind::Node).map_or_else(|| "[1]".to_owned(), |node| format!("{node}.list")),
                _ => self.dice.pick(&["[]", "[1, 2, 3]", "[1, null]", "range(0, 3)", "null", "[2, 1, 2]"]).to_owned(),
            };
        }
        let depth = depth - 1;
        match self.dice.below(6) {
            0 => format!("[{}, {}]", self.number(depth), self.number(depth)),
            1 => self.comprehension(depth),
            2 => format!("tail({})", self.list(depth)),
            3 => format!("{}[{}..{}]", self.list(0), self.dice.below(3), self.dice.below(3)),
            4 => format!("({} + {})", self.list(depth), self.list(depth)),
            _ => self.list(0),
        }
    }

    fn comprehension(&mut self, depth: usize) -> String {
        let list = self.list(depth);
        let name = self.fresh("x");
        self.with(&[(name.clone(), Kind::Number)], |writer| {
            let filter =
                if writer.dice.percent(60) { format!(" WHERE {}", writer.truth(depth)) } else { String::new() };
            let projection =
                if writer.dice.percent(60) { format!(" | {}", writer.number(depth)) } else { String::new() };
            format!("[{name} IN {list}{filter}{projection}]")
        })
    }

    /// A list in any order.
    fn bag(&mut self, depth: usize) -> String {
        if self.dice.percent(30)
            && let Some(bag) = self.variable(Kind::Bag)
        {
            return bag;
        }
        let (pattern, brought) = self.pattern(Allowed { variables: true, ..SMALL });
        self.with(&brought, |writer| {
            let filter =
                if writer.dice.percent(40) { format!(" WHERE {}", writer.truth(depth.min(1))) } else { String::new() };
            format!("[{pattern}{filter} | {}]", writer.number(0))
        })
    }
}
