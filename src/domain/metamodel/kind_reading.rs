//! Reading kinds, each after what it specialises.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::attribute_reading::{AttributeContext, read_attributes};
use super::fields::{Fields, text};
use super::impact_meaning::{ImpactMeaning, MeaningDirection};
use super::kind::{EndKind, EndRule, Kind, Naming, RelationshipTraits, TemplatePart, Wording};
use super::reading::KindIndex;
use super::{AttributeDefinition, AttributeName, AttributeNames, KindId};
use crate::domain::document::{Content, DocumentError, Key, Node};
use crate::domain::localized::Localized;

/// Attributes and the codes of which one must be held.
type Conditions = Vec<(AttributeName, Vec<Arc<str>>)>;

/// Reads kinds on demand, so that a parent is always read before its children.
pub(super) struct KindReader<'a, 'b> {
    index: &'b KindIndex<'a>,
    names: &'b mut AttributeNames,
    common: &'a [(Key, Node)],
    done: FxHashMap<KindId, Kind>,
}

impl<'a, 'b> KindReader<'a, 'b> {
    pub(super) fn new(index: &'b KindIndex<'a>, names: &'b mut AttributeNames, common: &'a [(Key, Node)]) -> Self {
        Self { index, names, common, done: FxHashMap::default() }
    }

    /// Reads a kind and everything that it specialises.
    pub(super) fn ensure(&mut self, id: KindId, below: &mut Vec<KindId>) -> Result<(), DocumentError> {
        if self.done.contains_key(&id) {
            return Ok(());
        }
        let node = self.index.node(id);
        if below.contains(&id) {
            let name = self.index.name(id);
            return Err(node.error(format!("\"{name}\" specialises itself; break the circle")));
        }
        let parent = self.parent_of(id, node)?;
        if let Some(parent) = parent {
            below.push(id);
            self.ensure(parent, below)?;
            below.pop();
        }
        let kind = self.read(id, node, parent)?;
        self.done.insert(id, kind);
        Ok(())
    }

    /// All kinds, by id.
    /// What all kinds have in common stands behind what each says of itself.
    pub(super) fn finish(mut self) -> Result<Vec<Kind>, DocumentError> {
        let common = self.attributes(self.common)?;
        let mut kinds: Vec<Kind> = self.done.into_values().collect();
        for kind in &mut kinds {
            let own: Vec<AttributeName> = kind.attributes.iter().map(|held| held.name).collect();
            add_attributes(kind, common.iter().filter(|held| !own.contains(&held.name)).cloned().collect());
        }
        kinds.sort_by_key(|kind| kind.id);
        Ok(kinds)
    }

    fn parent_of(&self, id: KindId, node: &Node) -> Result<Option<KindId>, DocumentError> {
        let Some(written) = node.get("specialises") else {
            return Ok(None);
        };
        let parent = self.index.find(written, text(written)?)?;
        if self.index.is_relationship(parent) != self.index.is_relationship(id) {
            return Err(written.error("elements specialise elements, and relationships relationships"));
        }
        Ok(Some(parent))
    }

    fn read(&mut self, id: KindId, node: &'a Node, parent: Option<KindId>) -> Result<Kind, DocumentError> {
        let mut fields = Fields::new(node)?;
        fields.take("specialises");
        let mut kind = self.inherited(id, parent);
        kind.name = self.index.name(id).into();
        kind.is_abstract = fields.boolean("abstract")?.unwrap_or(false);
        replace_text(&mut kind.archimate, fields.text("archimate")?);
        replace_text(&mut kind.layer, fields.text("layer")?);
        replace_text(&mut kind.ds467_layer, fields.text("ds467_layer")?);
        kind.label = fields.localized("label")?;
        kind.help = fields.localized("help")?;
        kind.id_prefix = fields.text("id_prefix")?.map(Into::into);
        self.read_collection(&mut kind, &mut fields)?;
        let own = self.attributes(fields.mapping("attributes")?)?;
        add_attributes(&mut kind, own);
        Self::read_naming(&mut kind, &mut fields)?;
        if self.index.is_relationship(id) {
            self.read_relationship(&mut kind, &mut fields)?;
        }
        fields.finish()?;
        Ok(kind)
    }

    fn attributes(&mut self, entries: &'a [(Key, Node)]) -> Result<Vec<AttributeDefinition>, DocumentError> {
        let mut context = AttributeContext { index: self.index, names: self.names };
        read_attributes(&mut context, entries)
    }

    /// A kind that has only what its parent gives it.
    fn inherited(&self, id: KindId, parent: Option<KindId>) -> Kind {
        let mut lineage = vec![id];
        if let Some(parent) = parent.and_then(|parent| self.done.get(&parent)) {
            lineage.extend(&parent.lineage);
            return Kind {
                id,
                lineage,
                id_prefix: None,
                collection: None,
                collection_aliases: Vec::new(),
                ..parent.clone()
            };
        }
        Kind {
            id,
            name: "".into(),
            lineage,
            is_abstract: false,
            archimate: None,
            layer: None,
            ds467_layer: None,
            label: Localized::default(),
            help: Localized::default(),
            collection: None,
            collection_aliases: Vec::new(),
            id_prefix: None,
            naming: Naming::Own,
            name_is_optional: false,
            name_in: Vec::new(),
            reading: None,
            attributes: Vec::new(),
            relationship: self.index.is_relationship(id).then(RelationshipTraits::default),
            index: FxHashMap::default(),
            by_text: FxHashMap::default(),
        }
    }

    fn read_collection(&self, kind: &mut Kind, fields: &mut Fields<'a>) -> Result<(), DocumentError> {
        let written = fields.text("collection")?;
        let has_default = !self.index.is_relationship(kind.id) && !kind.is_abstract;
        let default = has_default.then(|| format!("{}s", kind.name));
        kind.collection = written.map(str::to_owned).or(default).map(Into::into);
        let aliases = fields.texts("collection_aliases")?;
        kind.collection_aliases = aliases.into_iter().map(|(_, alias)| alias.into()).collect();
        Ok(())
    }

    fn read_naming(kind: &mut Kind, fields: &mut Fields<'a>) -> Result<(), DocumentError> {
        if let Some(node) = fields.take("name") {
            (kind.naming, kind.name_is_optional) = read_name(kind, node)?;
        }
        for (language, node) in fields.mapping("name_in")? {
            let name = attribute_of(kind, node, text(node)?)?;
            kind.name_in.retain(|(held, _)| **held != *language.text);
            kind.name_in.push((language.text.as_str().into(), name));
        }
        if let Some(node) = fields.take("reading") {
            kind.reading = Some(attribute_of(kind, node, text(node)?)?);
        }
        Ok(())
    }

    fn read_relationship(&self, kind: &mut Kind, fields: &mut Fields<'a>) -> Result<(), DocumentError> {
        let mut traits = kind.relationship.take().unwrap_or_default();
        if let Some(reversed) = fields.boolean("reversed")? {
            traits.reversed = reversed;
        }
        if let Some(node) = fields.take("wording") {
            traits.wording = read_wording(node)?;
        }
        if let Some(node) = fields.take("ends") {
            traits.ends = self.read_ends(node)?;
        }
        if let Some(node) = fields.take("impact") {
            traits.impact = self.read_impact(kind, node)?;
        }
        let shows = fields.boolean("shows_dependency")?;
        traits.shows_dependency = shows.unwrap_or_else(|| traits.impact.iter().any(means_stop));
        kind.relationship = Some(traits);
        Ok(())
    }

    fn read_ends(&self, node: &Node) -> Result<Vec<EndRule>, DocumentError> {
        let Content::Sequence(items) = &node.content else {
            return Err(node.error("a list is expected here: `ends: [{source: [system], target: [system]}]`"));
        };
        let read = |item: &Node| {
            let mut fields = Fields::new(item)?;
            let sources = self.end_kinds(&fields.texts("source")?)?;
            let targets = self.end_kinds(&fields.texts("target")?)?;
            fields.finish()?;
            Ok(EndRule { sources, targets })
        };
        items.iter().map(read).collect()
    }

    fn end_kinds(&self, written: &[(&Node, &str)]) -> Result<Vec<EndKind>, DocumentError> {
        written.iter().map(|(node, word)| end_kind(self.index, node, word)).collect()
    }

    fn read_impact(&self, kind: &Kind, node: &Node) -> Result<Vec<ImpactMeaning>, DocumentError> {
        match &node.content {
            Content::Null => Ok(Vec::new()),
            Content::Sequence(items) => items.iter().map(|item| self.read_meaning(kind, item)).collect(),
            _ => Err(node.error("a list of meanings is expected here; `impact: []` means none")),
        }
    }

    fn read_meaning(&self, kind: &Kind, node: &Node) -> Result<ImpactMeaning, DocumentError> {
        let mut fields = Fields::new(node)?;
        let words = |list: Vec<(&Node, &str)>| list.into_iter().map(|(_, word)| word.into()).collect();
        let changes = words(fields.texts("change")?);
        let from = words(fields.texts("from")?);
        let gives = text(fields.required("gives")?)?.into();
        let direction = read_direction(&mut fields)?;
        let when = Self::read_when(kind, &mut fields)?;
        let from_kinds = self.kinds(&fields.texts("from_kinds")?)?;
        let to_kinds = self.kinds(&fields.texts("to_kinds")?)?;
        let remaining = fields.take("remaining").map(|n| {
            let count = n.to_json().as_u64().and_then(|count| usize::try_from(count).ok());
            count.ok_or_else(|| n.error("\"remaining\" is a whole number, 0 or more"))
        });
        fields.finish()?;
        Ok(ImpactMeaning {
            changes,
            when,
            direction,
            from,
            gives,
            from_kinds,
            to_kinds,
            remaining: remaining.transpose()?,
        })
    }

    fn kinds(&self, written: &[(&Node, &str)]) -> Result<Vec<KindId>, DocumentError> {
        written.iter().map(|(node, word)| self.index.find(node, word)).collect()
    }

    fn read_when(kind: &Kind, fields: &mut Fields<'_>) -> Result<Conditions, DocumentError> {
        let mut conditions = Vec::new();
        for (key, node) in fields.mapping("when")? {
            let name = attribute_of(kind, node, &key.text)?;
            let values = match &node.content {
                Content::Sequence(items) => {
                    items.iter().map(|item| Ok(text(item)?.into())).collect::<Result<_, _>>()?
                }
                _ => vec![text(node)?.into()],
            };
            conditions.push((name, values));
        }
        Ok(conditions)
    }
}

fn means_stop(meaning: &ImpactMeaning) -> bool {
    meaning.changes.iter().any(|change| &**change == "stop")
}

/// An end of a relationship as the metamodel writes it.
pub(super) fn end_kind(index: &KindIndex<'_>, node: &Node, word: &str) -> Result<EndKind, DocumentError> {
    match word {
        "any_element" => Ok(EndKind::AnyElement),
        "any_relationship" => Ok(EndKind::AnyRelationship),
        other => index.find(node, other).map(EndKind::Kind),
    }
}

fn replace_text(held: &mut Option<Arc<str>>, written: Option<&str>) {
    if let Some(text) = written {
        *held = Some(text.into());
    }
}

fn add_attributes(kind: &mut Kind, own: Vec<AttributeDefinition>) {
    for definition in own {
        match kind.attributes.iter_mut().find(|held| held.name == definition.name) {
            Some(held) => *held = definition,
            None => kind.attributes.push(definition),
        }
    }
    kind.index = kind.attributes.iter().enumerate().map(|(place, held)| (held.name, place)).collect();
    kind.by_text = kind.attributes.iter().enumerate().map(|(place, held)| (Arc::clone(&held.text), place)).collect();
}

fn attribute_of(kind: &Kind, node: &Node, word: &str) -> Result<AttributeName, DocumentError> {
    kind.attribute_named(word)
        .map(|definition| definition.name)
        .ok_or_else(|| node.error(format!("{} has no attribute \"{word}\"{}", kind.name, kind.attribute_hint(word))))
}

fn read_name(kind: &Kind, node: &Node) -> Result<(Naming, bool), DocumentError> {
    let mut fields = Fields::new(node)?;
    let optional = fields.boolean("optional")?.unwrap_or(false);
    let (own, attribute, template) = (fields.boolean("own")?, fields.text("attribute")?, fields.text("template")?);
    fields.finish()?;
    let naming = match (own, attribute, template) {
        (Some(true), None, None) => Naming::Own,
        (None, Some(word), None) => Naming::Attribute(attribute_of(kind, node, word)?),
        (None, None, Some(template)) => Naming::Template(read_template(kind, node, template)?),
        _ => {
            return Err(node.error("write {own: true}, {attribute: NAME} or {template: \"… {NAME} …\"}"));
        }
    };
    Ok((naming, optional))
}

fn read_template(kind: &Kind, node: &Node, template: &str) -> Result<Vec<TemplatePart>, DocumentError> {
    let mut parts = Vec::new();
    for piece in split_template(template).ok_or_else(|| node.error("a `{` lacks its `}`"))? {
        parts.push(match piece {
            Ok(literal) => TemplatePart::Literal(literal.into()),
            Err(word) => TemplatePart::Attribute(attribute_of(kind, node, word)?),
        });
    }
    Ok(parts)
}

/// Splits `a{b}c` into literals (`Ok`) and names in braces (`Err`); `None` if a brace is open.
pub(super) fn split_template(template: &str) -> Option<Vec<Result<&str, &str>>> {
    let mut pieces = Vec::new();
    let mut rest = template;
    while let Some((literal, tail)) = rest.split_once('{') {
        let (name, tail) = tail.split_once('}')?;
        if !literal.is_empty() {
            pieces.push(Ok(literal));
        }
        pieces.push(Err(name));
        rest = tail;
    }
    if !rest.is_empty() {
        pieces.push(Ok(rest));
    }
    Some(pieces)
}

fn read_wording(node: &Node) -> Result<Wording, DocumentError> {
    let mut fields = Fields::new(node)?;
    let wording = Wording { forward: fields.localized("forward")?, backward: fields.localized("backward")? };
    fields.finish()?;
    Ok(wording)
}

fn read_direction(fields: &mut Fields<'_>) -> Result<MeaningDirection, DocumentError> {
    let node = fields.required("direction")?;
    let end = fields.take("end").map(|end| (end, text(end)));
    let (source, target) = match end {
        None => (true, true),
        Some((_, Ok("source"))) => (true, false),
        Some((_, Ok("target"))) => (false, true),
        Some((end, _)) => return Err(end.error("\"end\" is source or target")),
    };
    match text(node)? {
        "forward" => Ok(MeaningDirection::Forward),
        "backward" => Ok(MeaningDirection::Backward),
        "to_relationship" => Ok(MeaningDirection::ToRelationship { source, target }),
        "to_ends" => Ok(MeaningDirection::ToEnds { source, target }),
        other => {
            Err(node.error(format!("\"{other}\" is no direction; write forward, backward, to_relationship or to_ends")))
        }
    }
}
