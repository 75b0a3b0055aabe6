//! Reading the words that are not kinds, and what an answer needs to know.

use std::sync::Arc;

use super::fields::{Fields, mapping, text};
use super::reading::{Entries, KindIndex, Sources};
use super::vocabulary::{
    Change, Effect, Layer, ModelDate, NeededFacts, ProbableDependents, UseWithoutRole, Vocabulary,
};
use super::{AttributeName, AttributeNames, Kind, KindId};
use crate::domain::document::{Content, DocumentError, Node};

/// What reading needs to know of the kinds.
pub(super) struct Known<'a, 'b> {
    pub(super) index: &'b KindIndex<'a>,
    pub(super) names: &'b AttributeNames,
    pub(super) kinds: &'b [Kind],
}

impl Known<'_, '_> {
    fn kinds(&self, written: &[(&Node, &str)]) -> Result<Vec<KindId>, DocumentError> {
        written.iter().map(|(node, word)| self.index.find(node, word)).collect()
    }

    fn required_kind(&self, fields: &mut Fields<'_>, key: &'static str) -> Result<KindId, DocumentError> {
        let node = fields.required(key)?;
        self.index.find(node, text(node)?)
    }

    /// An attribute that `kind` has.
    fn attribute(&self, kind: KindId, node: &Node) -> Result<AttributeName, DocumentError> {
        let (kind, word) = (&self.kinds[kind.index()], text(node)?);
        let name = self.names.index.get(word).copied().filter(|name| kind.attribute(*name).is_some());
        name.ok_or_else(|| {
            node.error(format!("{} has no attribute \"{word}\"{}", kind.name, kind.attribute_hint(word)))
        })
    }
}

pub(super) fn read_vocabulary(
    fields: &mut Fields<'_>,
    sources: Sources,
    known: &Known<'_, '_>,
) -> Result<Vocabulary, DocumentError> {
    let mut effects = read_each(fields.mapping("effects")?, read_effect)?;
    effects.sort_by(|a, b| b.rank.cmp(&a.rank).then(a.name.cmp(&b.name)));
    let changes = read_each(fields.mapping("changes")?, read_change)?;
    let mut layers = read_each(fields.mapping("layers")?, read_layer)?;
    let mut ds467_layers = read_each(fields.mapping("ds467_layers")?, read_layer)?;
    layers.sort_by_key(|layer| layer.order);
    ds467_layers.sort_by_key(|layer| layer.order);
    Ok(Vocabulary {
        sources,
        facts: read_facts(fields.mapping("facts")?, &changes, known)?,
        changes,
        effects,
        layers,
        ds467_layers,
        uses_without_role: read_coverage(fields, known)?,
        probable_dependents: read_probable_dependents(fields, known)?,
        model_date: read_model_date(fields, known)?,
    })
}

fn read_each<T>(
    entries: Entries<'_>,
    read: fn(&str, &Node) -> Result<T, DocumentError>,
) -> Result<Vec<T>, DocumentError> {
    entries.iter().map(|(key, node)| read(&key.text, node)).collect()
}

fn read_change(name: &str, node: &Node) -> Result<Change, DocumentError> {
    let mut fields = Fields::new(node)?;
    let change = Change { name: name.into(), label: fields.localized("label")?, help: fields.localized("help")? };
    fields.finish()?;
    Ok(change)
}

fn read_effect(name: &str, node: &Node) -> Result<Effect, DocumentError> {
    let mut fields = Fields::new(node)?;
    let rank = fields.required("rank")?;
    let effect = Effect {
        name: name.into(),
        rank: rank.to_json().as_i64().ok_or_else(|| rank.error("\"rank\" is a whole number"))?,
        label: fields.localized("label")?,
        sentence: fields.localized("sentence")?,
    };
    fields.take("help");
    fields.finish()?;
    Ok(effect)
}

fn read_layer(name: &str, node: &Node) -> Result<Layer, DocumentError> {
    let mut fields = Fields::new(node)?;
    let order = fields.required("order")?;
    let layer = Layer {
        name: name.into(),
        order: order.to_json().as_i64().ok_or_else(|| order.error("\"order\" is a whole number"))?,
        label: fields.localized("label")?,
    };
    fields.take("help");
    fields.finish()?;
    Ok(layer)
}

fn read_facts(
    entries: Entries<'_>,
    changes: &[Change],
    known: &Known<'_, '_>,
) -> Result<Vec<NeededFacts>, DocumentError> {
    let mut facts = Vec::new();
    for (change, node) in entries {
        let declared = changes.iter().find(|held| *held.name == *change.text);
        let change = declared.ok_or_else(|| node.error(format!("\"{}\" is no change", change.text)))?;
        for (kind, list) in mapping(node)? {
            let kind = known.index.find(list, &kind.text)?;
            let attributes = sequence(list)?.iter().map(|item| known.attribute(kind, item));
            let attributes = attributes.collect::<Result<_, _>>()?;
            facts.push(NeededFacts { change: Arc::clone(&change.name), kind, attributes });
        }
    }
    Ok(facts)
}

fn sequence(node: &Node) -> Result<&[Node], DocumentError> {
    match &node.content {
        Content::Sequence(items) => Ok(items),
        Content::Null => Ok(&[]),
        _ => Err(node.error("a list is expected here")),
    }
}

fn read_coverage(fields: &mut Fields<'_>, known: &Known<'_, '_>) -> Result<Vec<UseWithoutRole>, DocumentError> {
    fields.mapping("coverage")?.iter().map(|(_, node)| read_use_without_role(node, known)).collect()
}

fn read_use_without_role(node: &Node, known: &Known<'_, '_>) -> Result<UseWithoutRole, DocumentError> {
    let mut fields = Fields::new(node)?;
    let words = |list: Vec<(&Node, &str)>| list.into_iter().map(|(_, word)| word.into()).collect();
    for (key, only) in [("direction", "backward"), ("report", "owner")] {
        if let Some(written) = fields.take(key).filter(|written| written.text() != Some(only)) {
            return Err(written.error(format!("only `{key}: {only}` is supported")));
        }
    }
    let coverage = UseWithoutRole {
        changes: words(fields.texts("change")?),
        part_uses: known.required_kind(&mut fields, "relationship")?,
        from: words(fields.texts("from")?),
        owner_uses: known.required_kind(&mut fields, "unless")?,
        label: fields.localized("label")?,
        sentence: fields.localized("sentence")?,
    };
    fields.finish()?;
    Ok(coverage)
}

fn read_probable_dependents(
    fields: &mut Fields<'_>,
    known: &Known<'_, '_>,
) -> Result<Vec<ProbableDependents>, DocumentError> {
    let Some(list) = fields.take("probable_dependents") else {
        return Ok(Vec::new());
    };
    let read = |node: &Node| {
        let mut fields = Fields::new(node)?;
        let subject = known.kinds(&fields.texts("subject")?)?;
        let item = known.kinds(&fields.texts("item")?)?;
        let same = fields.required("same")?;
        let first = subject.first().ok_or_else(|| node.error("\"subject\" names at least one kind"))?;
        let same = known.attribute(*first, same)?;
        let label = fields.localized("label")?;
        fields.finish()?;
        Ok(ProbableDependents { subject, item, same, label })
    };
    sequence(list)?.iter().map(read).collect()
}

fn read_model_date(fields: &mut Fields<'_>, known: &Known<'_, '_>) -> Result<Option<ModelDate>, DocumentError> {
    let Some(node) = fields.take("model_date") else {
        return Ok(None);
    };
    let mut fields = Fields::new(node)?;
    let kind = known.required_kind(&mut fields, "element_kind")?;
    let attribute = known.attribute(kind, fields.required("attribute")?)?;
    fields.finish()?;
    Ok(Some(ModelDate { kind, attribute }))
}
