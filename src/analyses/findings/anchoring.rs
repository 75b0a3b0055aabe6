//! A query for some of what its rule judges: the same query behind a few words that bind what is judged.
//!
//! The variable of the first node or relationship of a judged kind in the first `MATCH` is what the rule judges. Binding
//! it in front narrows the query without changing what it says, for every pattern it stands in then means that one item.

use std::sync::Arc;

use super::querying::ANCHORS;
use crate::domain::Metamodel;
use crate::query::over_view::{label_of, type_of};
use crate::query::syntax;
use crate::query::syntax::tree::{
    Clause, LabelExpression, Name, NodePattern, PathPattern, PatternDirection, RelationshipPattern,
};

/// The query with what it judges bound in front; nothing where the text does not show it.
pub(super) fn anchored(text: &str, metamodel: &Metamodel, judges: &[Arc<str>]) -> Option<String> {
    let tree = syntax::parse(text).ok()?;
    let Clause::Match(first) = tree.first.clauses.first()? else { return None };
    if !tree.unions.is_empty() {
        return None;
    }
    let names = Names::of(metamodel, judges);
    let prefix = first.patterns.iter().find_map(|pattern| names.prefix(pattern))?;
    Some(format!("{prefix}\n{text}"))
}

/// How judged kinds are spelt in queries.
struct Names {
    labels: Vec<String>,
    types: Vec<String>,
}

impl Names {
    fn of(metamodel: &Metamodel, judges: &[Arc<str>]) -> Self {
        let kinds = || judges.iter().filter_map(|word| metamodel.kind_named(word));
        let elements = kinds().filter(|kind| !kind.is_relationship()).map(|kind| label_of(&kind.name));
        let relationships = kinds().filter(|kind| kind.is_relationship()).map(|kind| type_of(&kind.name));
        Self { labels: elements.collect(), types: relationships.collect() }
    }

    fn prefix(&self, pattern: &PathPattern) -> Option<String> {
        let mut before = &pattern.start;
        if let Some(prefix) = self.of_node(before) {
            return Some(prefix);
        }
        for (relationship, after) in &pattern.steps {
            if let Some(prefix) = self.of_relationship(before, relationship, after) {
                return Some(prefix);
            }
            if let Some(prefix) = self.of_node(after) {
                return Some(prefix);
            }
            before = after;
        }
        None
    }

    fn of_node(&self, node: &NodePattern) -> Option<String> {
        let variable = quoted(node.variable.as_ref()?);
        let Some(LabelExpression::Label(label)) = &node.labels else { return None };
        let is_judged = self.labels.iter().any(|held| **held == *label.text);
        is_judged.then(|| {
            format!(
                "UNWIND ${ANCHORS} AS anchor_ MATCH ({variable}:{}) WHERE {variable}.id = anchor_.id WITH {variable}",
                quoted(label)
            )
        })
    }

    fn of_relationship(
        &self,
        before: &NodePattern,
        relationship: &RelationshipPattern,
        after: &NodePattern,
    ) -> Option<String> {
        let variable = quoted(relationship.variable.as_ref()?);
        let [held] = &relationship.types[..] else { return None };
        let is_judged = relationship.length.is_none() && self.types.iter().any(|name| **name == *held.text);
        let (source, target) = match relationship.direction {
            PatternDirection::Right => (before, after),
            PatternDirection::Left => (after, before),
            PatternDirection::Either => return None,
        };
        let name = |node: &NodePattern, other: &str| node.variable.as_ref().map_or_else(|| other.to_owned(), quoted);
        let (from, to) = (name(source, "source_"), name(target, "target_"));
        let bound = [source, target].into_iter().filter_map(|node| node.variable.as_ref()).map(quoted);
        let bound: Vec<String> = std::iter::once(variable.clone()).chain(bound).collect();
        is_judged.then(|| {
            format!(
                "UNWIND ${ANCHORS} AS anchor_ MATCH ({from})-[{variable}:{}]->({to}) WHERE {from}.id = anchor_.source \
                 AND {to}.id = anchor_.target AND {variable}.id = anchor_.id WITH {}",
                quoted(held),
                bound.join(", ")
            )
        })
    }
}

fn quoted(name: &Name) -> String {
    format!("`{}`", name.text.replace('`', "``"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::metamodel::MetamodelFile;

    fn metamodel() -> Metamodel {
        let text = "
metamodel: toy
element_kinds:
  system: {label: {ja: 系, en: System}, help: {ja: 系, en: A system}, collection: systems}
relationship_kinds:
  data_flow: {label: {ja: 流, en: Flow}, help: {ja: 流, en: A flow}, wording: {forward: {ja: a, en: a}, backward: {ja: b, en: b}}, ends: [{source: [system], target: [system]}], impact: []}
";
        Metamodel::read(&[MetamodelFile { name: "toy.yaml", text }]).expect("a sound metamodel")
    }

    #[test]
    fn what_is_judged_is_bound_in_front() {
        let of = |text: &str, kind: &str| anchored(text, &metamodel(), &[kind.into()]);
        let query = "MATCH (s:System) RETURN s.id AS subjects";
        let expected = "UNWIND $anchors_ AS anchor_ MATCH (`s`:`System`) WHERE `s`.id = anchor_.id WITH `s`\n";
        assert_eq!(of(query, "system"), Some(format!("{expected}{query}")));
        let query = "MATCH (b)<-[f:DATA_FLOW {method: 'mail'}]-() RETURN f.id AS subjects";
        let prefix = of(query, "data_flow").expect("the flow is judged");
        assert!(prefix.starts_with("UNWIND $anchors_ AS anchor_ MATCH (source_)-[`f`:`DATA_FLOW`]->(`b`)"), "{prefix}");
        assert!(prefix.contains("WITH `f`, `b`\n"), "{prefix}");
        for query in [
            "MATCH (s:System)-[:DATA_FLOW]->(t) RETURN s.id AS subjects",
            "MATCH (s)-[f:DATA_FLOW]-(t) RETURN f.id AS subjects",
            "MATCH (s)-[f:DATA_FLOW*]->(t) RETURN s.id AS subjects",
        ] {
            assert_eq!(of(query, "data_flow"), None, "{query}");
        }
    }
}
