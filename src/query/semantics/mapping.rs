//! Expressions with their parts replaced.

use super::bound::{Expression, Kind};

impl Expression {
    /// The same expression with each direct part replaced by what `map` makes of it.
    #[must_use]
    pub fn map_parts(self, map: &mut dyn FnMut(Expression) -> Expression) -> Expression {
        let span = self.span;
        let mut one = |part: Box<Expression>| Box::new(map(*part));
        let kind = match self.kind {
            Kind::Property(part, key, name) => Kind::Property(one(part), key, name),
            Kind::Not(part) => Kind::Not(one(part)),
            Kind::Negate(part) => Kind::Negate(one(part)),
            Kind::Plus(part) => Kind::Plus(one(part)),
            Kind::Matches(part, pattern) => Kind::Matches(one(part), pattern),
            Kind::IsNull(part, negated) => Kind::IsNull(one(part), negated),
            Kind::HasLabels(part, labels) => Kind::HasLabels(one(part), labels),
            Kind::Index(a, b) => Kind::Index(one(a), one(b)),
            Kind::Xor(a, b) => Kind::Xor(one(a), one(b)),
            Kind::Binary(operator, a, b) => Kind::Binary(operator, one(a), one(b)),
            Kind::Comparison(operator, a, b) => Kind::Comparison(operator, one(a), one(b)),
            Kind::Slice(list, from, to) => Kind::Slice(one(list), from.map(&mut one), to.map(&mut one)),
            Kind::List(items) => Kind::List(map_all(items, map)),
            Kind::And(items) => Kind::And(map_all(items, map)),
            Kind::Or(items) => Kind::Or(map_all(items, map)),
            Kind::Function(function, items) => Kind::Function(function, map_all(items, map)),
            Kind::Map(entries) => {
                let entries = entries.into_iter().map(|(key, value)| (key, map(value)));
                Kind::Map(entries.collect())
            }
            Kind::Case { operand, branches, otherwise } => {
                let operand = operand.map(&mut one);
                let otherwise = otherwise.map(&mut one);
                let branches = branches.into_iter().map(|(when, then)| (map(when), map(then)));
                Kind::Case { operand, branches: branches.collect(), otherwise }
            }
            Kind::ListComprehension { variable, list, predicate, projection } => Kind::ListComprehension {
                variable,
                list: one(list),
                predicate: predicate.map(&mut one),
                projection: projection.map(&mut one),
            },
            Kind::Quantifier { quantifier, variable, list, predicate } => {
                Kind::Quantifier { quantifier, variable, list: one(list), predicate: one(predicate) }
            }
            Kind::Reduce { accumulator, initial, variable, list, body } => {
                Kind::Reduce { accumulator, initial: one(initial), variable, list: one(list), body: one(body) }
            }
            kind @ (Kind::Constant(_) | Kind::Parameter(_) | Kind::Variable(_) | Kind::Exists(_) | Kind::Count(_)) => {
                kind
            }
            Kind::Collect(subquery, part) => Kind::Collect(subquery, one(part)),
        };
        Expression::new(kind, span)
    }
}

fn map_all(items: Vec<Expression>, map: &mut dyn FnMut(Expression) -> Expression) -> Vec<Expression> {
    items.into_iter().map(map).collect()
}
