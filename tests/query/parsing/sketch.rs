//! A tree in one line: every operator in parentheses, every pattern in one spelling.

use ezu::query::syntax::parse;
use ezu::query::syntax::tree::{
    BinaryOperator, Clause, ComparisonOperator, Expression, ExpressionKind, LabelExpression, Length, Match, Name,
    NodePattern, PathPattern, PathSearch, PatternDirection, Projection, Query, RelationshipPattern, SortItem, Subquery,
    UnaryOperator, UnionKind, Yields,
};

/// The expression in `RETURN expression`.
pub fn of_expression(text: &str) -> String {
    match parse(&format!("RETURN {text}")) {
        Ok(query) => match &query.first.clauses[..] {
            [Clause::Return(projection)] if projection.items.len() == 1 => expression(&projection.items[0].expression),
            clauses => format!("not one expression: {clauses:?}"),
        },
        Err(error) => format!("{}: {error}", error.detail.as_str()),
    }
}

/// The patterns in `MATCH patterns RETURN 1`.
pub fn of_patterns(text: &str) -> String {
    match parse(&format!("MATCH {text} RETURN 1")) {
        Ok(query) => clause(&query.first.clauses[0]).trim_start_matches("match ").to_owned(),
        Err(error) => format!("{}: {error}", error.detail.as_str()),
    }
}

/// A whole query, one part behind the other.
pub fn of_query(text: &str) -> String {
    match parse(text) {
        Ok(found) => query(&found),
        Err(error) => format!("{}: {error}", error.detail.as_str()),
    }
}

fn query(query: &Query) -> String {
    let mut text: String = query.at.iter().map(|at| format!("at {:?} {}; ", at.point, expression(&at.value))).collect();
    text += &joined(&query.first.clauses, "; ", clause);
    for (kind, single) in &query.unions {
        let word = if *kind == UnionKind::All { "union all" } else { "union" };
        text += &format!(" {word} {}", joined(&single.clauses, "; ", clause));
    }
    text
}

fn clause(clause: &Clause) -> String {
    match clause {
        Clause::Match(found) => format!("{}match {}", if found.optional { "optional " } else { "" }, matched(found)),
        Clause::Unwind(unwind) => format!("unwind {} as {}", expression(&unwind.list), unwind.variable.text),
        Clause::With(with) => format!("with {}{}", projection(&with.projection), condition(with.predicate.as_ref())),
        Clause::Return(returned) => format!("return {}", projection(returned)),
        Clause::Call(call) => {
            let arguments =
                call.arguments.as_ref().map_or(String::new(), |all| format!("({})", joined(all, ", ", expression)));
            let yields = match &call.yields {
                Yields::Unsaid => String::new(),
                Yields::Star => " yield *".to_owned(),
                Yields::Items(items) => {
                    format!(
                        " yield {}",
                        joined(items, ", ", |item| format!("{}={}", item.variable.text, item.field.text))
                    )
                }
            };
            format!("call {}{arguments}{yields}{}", call.name.text, condition(call.predicate.as_ref()))
        }
        Clause::Filter(filter) => format!("filter {}", expression(&filter.predicate)),
        Clause::Let(set) => {
            format!("let {}", joined(&set.items, ", ", |(name, value)| format!("{}={}", name.text, expression(value))))
        }
        Clause::Page(page) => format!("page{}", order(&page.order, page.skip.as_ref(), page.limit.as_ref())),
        Clause::Write(write) => format!("{} {}", write.keyword, joined(&write.patterns, ", ", path)),
    }
}

fn matched(found: &Match) -> String {
    format!("{}{}", joined(&found.patterns, ", ", path), condition(found.predicate.as_ref()))
}

fn projection(projection: &Projection) -> String {
    let mut columns: Vec<String> = projection.star.then(|| "*".to_owned()).into_iter().collect();
    columns.extend(projection.items.iter().map(|item| {
        let alias = item.alias.as_ref().map_or(String::new(), |alias| format!(" as {}", alias.text));
        format!("{}{alias}", expression(&item.expression))
    }));
    let distinct = if projection.distinct { "distinct " } else { "" };
    let order = order(&projection.order, projection.skip.as_ref(), projection.limit.as_ref());
    format!("{distinct}{}{order}", columns.join(", "))
}

fn order(order: &[SortItem], skip: Option<&Expression>, limit: Option<&Expression>) -> String {
    let mut text = String::new();
    if !order.is_empty() {
        let one =
            |item: &SortItem| format!("{}{}", expression(&item.expression), if item.descending { "-" } else { "+" });
        text += &format!(" order {}", joined(order, ", ", one));
    }
    text += &skip.map_or(String::new(), |skip| format!(" skip {}", expression(skip)));
    text + &limit.map_or(String::new(), |limit| format!(" limit {}", expression(limit)))
}

fn condition(predicate: Option<&Expression>) -> String {
    predicate.map_or(String::new(), |predicate| format!(" where {}", expression(predicate)))
}

fn path(path: &PathPattern) -> String {
    let name = path.variable.as_ref().map_or(String::new(), |name| format!("{}=", name.text));
    let search = match path.search {
        PathSearch::All => "",
        PathSearch::Any => "any ",
        PathSearch::AnyShortest => "any shortest ",
        PathSearch::AllShortest => "all shortest ",
    };
    let steps: String = path.steps.iter().map(|(step, end)| format!("{}{}", relationship(step), node(end))).collect();
    format!("{name}{search}{}{steps}", node(&path.start))
}

fn node(node: &NodePattern) -> String {
    let labels = node.labels.as_ref().map_or(String::new(), |found| format!(":{}", labels(found)));
    format!(
        "({}{labels}{})",
        variable(node.variable.as_ref()),
        inside(node.properties.as_ref(), node.predicate.as_ref())
    )
}

fn relationship(step: &RelationshipPattern) -> String {
    let types = if step.types.is_empty() {
        String::new()
    } else {
        format!(":{}", joined(&step.types, "|", |name| name.text.to_string()))
    };
    let length = step.length.map_or(String::new(), length);
    let inside = inside(step.properties.as_ref(), step.predicate.as_ref());
    let (left, right) = match step.direction {
        PatternDirection::Left => ("<-", "-"),
        PatternDirection::Right => ("-", "->"),
        PatternDirection::Either => ("-", "-"),
    };
    format!("{left}[{}{types}{length}{inside}]{right}", variable(step.variable.as_ref()))
}

fn length(length: Length) -> String {
    let bound = |bound: Option<u64>| bound.map_or(String::new(), |bound| bound.to_string());
    format!("*{}..{}", bound(length.minimum), bound(length.maximum))
}

fn inside(properties: Option<&Expression>, predicate: Option<&Expression>) -> String {
    let properties = properties.map_or(String::new(), |found| format!(" {}", expression(found)));
    format!("{properties}{}", condition(predicate))
}

fn variable(name: Option<&Name>) -> &str {
    name.map_or("", |name| &name.text)
}

fn labels(label: &LabelExpression) -> String {
    match label {
        LabelExpression::Label(name) => name.text.to_string(),
        LabelExpression::And(left, right) => format!("({}&{})", labels(left), labels(right)),
        LabelExpression::Or(left, right) => format!("({}|{})", labels(left), labels(right)),
        LabelExpression::Not(label) => format!("!{}", labels(label)),
        LabelExpression::Any(_) => "%".to_owned(),
    }
}

fn joined<T>(all: &[T], between: &str, one: impl Fn(&T) -> String) -> String {
    all.iter().map(one).collect::<Vec<_>>().join(between)
}

fn expression(found: &Expression) -> String {
    use ExpressionKind as K;
    match &found.kind {
        K::Null => "null".to_owned(),
        K::Boolean(value) => value.to_string(),
        K::Integer(value) => value.to_string(),
        K::Float(value) => format!("{value:?}"),
        K::String(text) => format!("{text:?}"),
        K::Parameter(name) => format!("${name}"),
        K::Variable(name) => name.to_string(),
        K::List(items) => format!("[{}]", joined(items, ", ", expression)),
        K::Map(entries) => {
            format!("{{{}}}", joined(entries, ", ", |(key, value)| format!("{}: {}", key.text, expression(value))))
        }
        K::Property(of, key) => format!("{}.{}", expression(of), key.text),
        K::Index(of, place) => format!("{}[{}]", expression(of), expression(place)),
        K::Slice(of, from, to) => format!("{}[{}..{}]", expression(of), boxed(from), boxed(to)),
        K::Unary(operator, of) => {
            let operator = match operator {
                UnaryOperator::Not => "not ",
                UnaryOperator::Minus => "-",
                UnaryOperator::Plus => "+",
            };
            format!("({operator}{})", expression(of))
        }
        K::Binary(operator, left, right) => {
            format!("({} {} {})", expression(left), binary(*operator), expression(right))
        }
        K::Comparison(first, rest) => {
            let rest = joined(rest, " ", |(operator, next)| format!("{} {}", comparison(*operator), expression(next)));
            format!("({} {rest})", expression(first))
        }
        K::IsNull { operand, negated } => {
            format!("({} is {}null)", expression(operand), if *negated { "not " } else { "" })
        }
        K::HasLabels(of, found) => format!("({}:{})", expression(of), labels(found)),
        K::Function { name, distinct, arguments } => {
            let distinct = if *distinct { "distinct " } else { "" };
            format!("{}({distinct}{})", name.text, joined(arguments, ", ", expression))
        }
        K::CountStar => "count(*)".to_owned(),
        K::Case { operand, branches, otherwise } => {
            let branches =
                joined(branches, "", |(when, then)| format!(" when {} then {}", expression(when), expression(then)));
            format!("<case {}{branches} else {}>", boxed(operand), boxed(otherwise))
        }
        _ => more(found),
    }
}

fn more(found: &Expression) -> String {
    use ExpressionKind as K;
    match &found.kind {
        K::ListComprehension { variable, list, predicate, projection } => format!(
            "<each {} in {} where {} give {}>",
            variable.text,
            expression(list),
            boxed(predicate),
            boxed(projection)
        ),
        K::PatternComprehension { pattern, predicate, projection } => {
            format!("<each {} where {} give {}>", path(pattern), boxed(predicate), expression(projection))
        }
        K::Quantifier { quantifier, variable, list, predicate } => {
            format!("<{quantifier:?} {} in {} where {}>", variable.text, expression(list), boxed(predicate))
        }
        K::Reduce { accumulator, initial, variable, list, body } => format!(
            "<reduce {}={} {} in {} by {}>",
            accumulator.text,
            expression(initial),
            variable.text,
            expression(list),
            expression(body)
        ),
        K::Pattern(pattern) => format!("<{}>", path(pattern)),
        K::Exists(inner) => format!("exists{{{}}}", subquery(inner)),
        K::Count(inner) => format!("count{{{}}}", subquery(inner)),
        other => format!("{other:?}"),
    }
}

fn subquery(inner: &Subquery) -> String {
    match inner {
        Subquery::Pattern(found) => matched(found),
        Subquery::Query(found) => query(found),
    }
}

#[allow(clippy::ref_option, clippy::borrowed_box)]
fn boxed(found: &Option<Box<Expression>>) -> String {
    found.as_ref().map_or(String::new(), |found| expression(found))
}

fn binary(operator: BinaryOperator) -> &'static str {
    match operator {
        BinaryOperator::Or => "or",
        BinaryOperator::Xor => "xor",
        BinaryOperator::And => "and",
        BinaryOperator::Add => "+",
        BinaryOperator::Subtract => "-",
        BinaryOperator::Multiply => "*",
        BinaryOperator::Divide => "/",
        BinaryOperator::Modulo => "%",
        BinaryOperator::Power => "^",
        BinaryOperator::In => "in",
        BinaryOperator::StartsWith => "starts",
        BinaryOperator::EndsWith => "ends",
        BinaryOperator::Contains => "contains",
        BinaryOperator::Matches => "=~",
    }
}

fn comparison(operator: ComparisonOperator) -> &'static str {
    match operator {
        ComparisonOperator::Equal => "=",
        ComparisonOperator::NotEqual => "<>",
        ComparisonOperator::Less => "<",
        ComparisonOperator::LessOrEqual => "<=",
        ComparisonOperator::Greater => ">",
        ComparisonOperator::GreaterOrEqual => ">=",
    }
}
