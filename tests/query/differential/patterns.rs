//! Random patterns.

use super::scope::{Kind, Writer};

/// A pattern's text, and the variables that it brings.
pub type Written = (String, Vec<(String, Kind)>);

/// What a pattern may have.
#[derive(Debug, Clone, Copy)]
pub struct Allowed {
    /// New variables.
    pub variables: bool,
    /// At most so many relationships, or parts with variable length.
    pub steps: usize,
    /// At least so many.
    pub least: usize,
}

impl Writer {
    /// A path of nodes and relationships.
    pub fn pattern(&mut self, allowed: Allowed) -> Written {
        let mut brought = Vec::new();
        let mut text = self.node(allowed, &mut brought);
        let more = allowed.steps - allowed.least;
        let steps = allowed.least + self.dice.below(2 * more + 1) / 2;
        for _ in 0..steps {
            let relationship = self.relationship(allowed, &mut brought);
            text = format!("{text}{relationship}{}", self.node(allowed, &mut brought));
        }
        (text, brought)
    }

    fn node(&mut self, allowed: Allowed, brought: &mut Vec<(String, Kind)>) -> String {
        let known: Vec<String> = self
            .scope
            .iter()
            .chain(brought.iter())
            .filter(|(_, kind)| *kind == Kind::Node)
            .map(|(name, _)| name.clone())
            .collect();
        let variable = match self.dice.below(10) {
            0..4 if !known.is_empty() => self.dice.pick(&known),
            0..8 if allowed.variables => {
                let name = self.fresh("n");
                brought.push((name.clone(), Kind::Node));
                name
            }
            _ => String::new(),
        };
        let labels = if self.dice.percent(18) { self.label() } else { String::new() };
        let properties = self.properties();
        let filter = if variable.is_empty() || !self.gql || self.dice.percent(93) {
            ""
        } else {
            self.dice.pick(&["num > 0", "ok", "num IS NULL"])
        };
        let filter = if filter.is_empty() { String::new() } else { format!(" WHERE {variable}.{filter}") };
        format!("({variable}{labels}{properties}{filter})")
    }

    /// `:A`, `:A:B`, `:A|B`, `:!A`.
    pub fn label(&mut self) -> String {
        let [first, second] = [self.dice.pick(&["A", "A", "A", "B", "B", "C", "D"]), self.dice.pick(&["A", "B", "C"])];
        match self.dice.below(10) {
            0 => format!(":{first}:{second}"),
            1 if self.gql => format!(":{first}|{second}"),
            2 if self.gql => format!(":!{first}"),
            _ => format!(":{first}"),
        }
    }

    fn properties(&mut self) -> String {
        match self.dice.below(30) {
            0 => " {num: 1}".to_owned(),
            1 => " {name: 'a'}".to_owned(),
            2 => match self.variable(Kind::Node) {
                Some(other) => format!(" {{num: {other}.num}}"),
                None => String::new(),
            },
            _ => String::new(),
        }
    }

    fn relationship(&mut self, allowed: Allowed, brought: &mut Vec<(String, Kind)>) -> String {
        let length = if self.dice.percent(22) { self.length() } else { "" };
        let quantifier =
            if length.is_empty() && self.gql && self.dice.percent(5) { self.quantifier_of_gql() } else { "" };
        let many = length.len() + quantifier.len() > 0;
        let kind = if many { Kind::Relationships } else { Kind::Relationship };
        let mut variable = String::new();
        if allowed.variables && self.dice.percent(45) {
            variable = self.fresh("r");
            brought.push((variable.clone(), kind));
        }
        let types = self.dice.pick(&["", "", "", "", "", "", ":R", ":S", ":R|S", ":S|T", ":R|T", ":Missing"]);
        let properties = self.dice.pick(&["", "", "", "", "", "", "", "", "", "", "", " {num: 1}"]);
        let inside = format!("{variable}{types}{length}{properties}");
        let inside = if inside.is_empty() { inside } else { format!("[{inside}]") };
        match self.dice.below(5) {
            0 | 1 => format!("-{inside}->{quantifier}"),
            2 => format!("<-{inside}-{quantifier}"),
            _ => format!("-{inside}-{quantifier}"),
        }
    }

    fn quantifier_of_gql(&mut self) -> &'static str {
        self.dice.pick(&["+", "*", "{2}", "{0,1}", "{1,3}", "{,2}", "{2,}"])
    }

    fn length(&mut self) -> &'static str {
        self.dice.pick(&["*", "*", "*1..2", "*1..2", "*2", "*0..1", "*0..2", "*0..", "*..3", "*2..", "*0", "*3..1"])
    }
}
