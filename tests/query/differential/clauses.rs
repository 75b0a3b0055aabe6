//! Random clauses and queries.

use super::patterns::Allowed;
use super::scope::{Kind, Writer};

/// What a column of a generated result may hold and what it is made of.
const COLUMNS: [Kind; 11] = [
    Kind::Node,
    Kind::Node,
    Kind::Relationship,
    Kind::Relationships,
    Kind::Path,
    Kind::Number,
    Kind::Number,
    Kind::Text,
    Kind::Truth,
    Kind::List,
    Kind::Number,
];

impl Writer {
    /// A query.
    pub fn query(&mut self) -> String {
        if self.dice.percent(10) {
            let first = self.single_query(Some(2));
            self.scope.clear();
            let all = self.dice.pick(&["", " ALL"]);
            return format!("{first}\nUNION{all}\n{}", self.single_query(Some(2)));
        }
        self.single_query(None)
    }

    /// `columns`: exactly so many, without an order of rows.
    fn single_query(&mut self, columns: Option<usize>) -> String {
        let mut text = String::new();
        for place in 0..=self.dice.below(5) / 2 {
            let clause = self.clause(place == 0);
            text = format!("{text}{clause}\n");
        }
        match columns {
            Some(columns) => format!("{text}{}", self.plain_return(columns)),
            None => format!("{text}{}", self.full_return()),
        }
    }

    fn clause(&mut self, first: bool) -> String {
        match self.dice.below(12) {
            0..2 if !first || self.dice.percent(30) => self.match_clause("OPTIONAL MATCH"),
            2 => self.shortest(),
            6 if !first && self.gql && self.dice.percent(50) => self.filter_or_let(),
            3 => self.unwind(),
            4 | 5 if !first => self.with_clause(),
            _ => self.match_clause("MATCH"),
        }
    }

    fn match_clause(&mut self, keyword: &str) -> String {
        let mut parts = Vec::new();
        for _ in 0..=self.dice.below(5) / 3 {
            let (pattern, brought) = self.pattern(Allowed { variables: true, steps: 2, least: 0 });
            self.scope.extend(brought);
            let named = self.dice.percent(20);
            parts.push(if named { format!("{} = {pattern}", self.path_name()) } else { pattern });
        }
        // Only now, since a later pattern may not speak of a path.
        format!("{keyword} {}{}", parts.join(", "), self.filter(30))
    }

    fn path_name(&mut self) -> String {
        let name = self.fresh("p");
        self.scope.push((name.clone(), Kind::Path));
        name
    }

    /// Shortest paths between any ends; which of several is not known, so only its length is spoken of.
    fn shortest(&mut self) -> String {
        let [from, to, path, length] = ["n", "n", "p", "l"].map(|prefix| self.fresh(prefix));
        let types = self.dice.pick(&["", ":R", ":R|S"]);
        let arrow = self.dice.pick(&["->", "-"]);
        let (before, range, behind) = match self.dice.below(4) {
            0 if self.gql => ("ANY SHORTEST ", "", format!("{arrow}{}", self.dice.pick(&["+", "{1,3}", "*"]))),
            1 if self.gql => ("ALL SHORTEST ", "", format!("{arrow}{}", self.dice.pick(&["+", "{1,3}", "*"]))),
            2 => ("shortestPath(", self.dice.pick(&["*", "*1..3", "*..2"]), arrow.to_owned()),
            _ => ("allShortestPaths(", self.dice.pick(&["*", "*1..3", "*..2"]), arrow.to_owned()),
        };
        let close = if range.is_empty() { "" } else { ")" };
        let labels = if self.dice.percent(20) { self.label() } else { String::new() };
        let scope: Vec<String> = self.scope.iter().map(|(name, _)| name.clone()).collect();
        let kept: String = scope.iter().map(|name| format!("{name}, ")).collect();
        for end in [&from, &to] {
            self.scope.push((end.clone(), Kind::Node));
        }
        self.scope.push((length.clone(), Kind::Number));
        format!(
            "MATCH ({from}{labels}), ({to})\nWHERE {from} <> {to}\n\
             MATCH {path} = {before}({from})-[{types}{range}]{behind}({to}){close}\n\
             WITH {kept}{from}, {to}, length({path}) AS {length}"
        )
    }

    fn unwind(&mut self) -> String {
        let list = if self.dice.percent(30) { self.expression(Kind::Bag, 1) } else { self.expression(Kind::List, 2) };
        let name = self.fresh("u");
        self.scope.push((name.clone(), Kind::Number));
        format!("UNWIND {list} AS {name}")
    }

    fn filter(&mut self, percent: usize) -> String {
        if !self.dice.percent(percent) {
            return String::new();
        }
        let truth = self.truth(2);
        match self.dice.below(12) {
            0 => format!("\nWHERE {}", self.pattern_predicate()),
            1 => format!("\nWHERE NOT {} AND {truth}", self.pattern_predicate()),
            2 => format!("\nWHERE {truth} OR {}", self.pattern_predicate()),
            _ => format!("\nWHERE {truth}"),
        }
    }

    /// Clauses of GQL.
    fn filter_or_let(&mut self) -> String {
        if self.dice.percent(50) {
            return format!("FILTER {}", self.truth(1));
        }
        let value = self.expression(Kind::Number, 1);
        let name = self.fresh("l");
        self.scope.push((name.clone(), Kind::Number));
        format!("LET {name} = {value}")
    }

    fn with_clause(&mut self) -> String {
        let (text, columns, plain) = self.projection("w");
        if !plain {
            self.scope.clear();
        }
        // `WHERE` sees what was there before, too.
        self.scope.extend_from_slice(&columns);
        let filter = self.filter(30);
        self.scope = columns;
        format!("WITH {text}{filter}")
    }

    fn full_return(&mut self) -> String {
        format!("RETURN {}", self.projection("c").0)
    }

    fn plain_return(&mut self, columns: usize) -> String {
        let items: Vec<String> = (0..columns)
            .map(|place| {
                let (item, _) = self.item();
                format!("{item} AS c{place}")
            })
            .collect();
        format!("RETURN {}", items.join(", "))
    }

    /// Columns, in some cases grouped or distinct, with an order that leaves nothing open where rows are cut off; and
    /// whether each row comes from one row before.
    fn projection(&mut self, prefix: &str) -> (String, Vec<(String, Kind)>, bool) {
        let grouped = self.dice.percent(35);
        let distinct = !grouped && self.dice.percent(25);
        let mut items = Vec::new();
        let mut columns = Vec::new();
        for _ in 0..=self.dice.below(3) {
            let (item, kind) = self.item();
            let name = self.fresh(prefix);
            items.push(format!("{item} AS {name}"));
            columns.push((name, kind));
        }
        for _ in 0..if grouped { 1 + self.dice.below(2) } else { 0 } {
            let (item, kind) = self.aggregate();
            let name = self.fresh(prefix);
            items.push(format!("{item} AS {name}"));
            columns.push((name, kind));
        }
        if grouped && self.dice.percent(30) {
            items.drain(..items.len() - 1);
            columns.drain(..columns.len() - 1);
        }
        let plain = !grouped && !distinct;
        let page = self.page(&columns, plain);
        let keyword = if distinct { "DISTINCT " } else { "" };
        (format!("{keyword}{}{page}", items.join(", ")), columns, plain)
    }

    fn item(&mut self) -> (String, Kind) {
        let kind = self.dice.pick(&COLUMNS);
        let held = matches!(kind, Kind::Node | Kind::Relationship | Kind::Relationships | Kind::Path);
        let kind = if held && self.variable(kind).is_none() { Kind::Number } else { kind };
        (self.expression(kind, 2), kind)
    }

    fn aggregate(&mut self) -> (String, Kind) {
        let distinct = self.dice.pick(&["", "", "DISTINCT "]);
        let (any, _) = self.item();
        let number = self.expression(Kind::Number, 1);
        match self.dice.below(8) {
            0 => ("count(*)".to_owned(), Kind::Number),
            1 => (format!("count({distinct}{any})"), Kind::Number),
            2 => (format!("sum({distinct}{number})"), Kind::Number),
            3 => (format!("min({number})"), Kind::Number),
            4 => (format!("max({number})"), Kind::Number),
            5 => (format!("collect({distinct}{number})"), Kind::Bag),
            6 => (format!("size(collect({distinct}{any})) + 1"), Kind::Number),
            _ => (format!("avg({distinct}{number})"), Kind::Number),
        }
    }

    /// `before`: whether the order may look at what was there before.
    fn page(&mut self, columns: &[(String, Kind)], before: bool) -> String {
        let ordered: Vec<String> = columns
            .iter()
            .filter(|(_, kind)| *kind != Kind::Bag)
            .map(|(name, _)| format!("{name}{}", self.dice.pick(&["", " DESC"])))
            .collect();
        if ordered.is_empty() || self.dice.percent(60) {
            return String::new();
        }
        let first = if before && self.dice.percent(25) {
            format!("{}, ", self.expression(Kind::Number, 1))
        } else {
            String::new()
        };
        let order = format!(" ORDER BY {first}{}", ordered.join(", "));
        if ordered.len() < columns.len() || self.dice.percent(40) {
            return order;
        }
        let skip = if self.dice.percent(40) { format!(" SKIP {}", self.dice.below(3)) } else { String::new() };
        let limit = if self.dice.percent(70) { format!(" LIMIT {}", self.dice.below(4)) } else { String::new() };
        format!("{order}{skip}{limit}")
    }
}
