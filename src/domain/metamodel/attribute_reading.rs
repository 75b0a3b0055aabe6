//! Reading attribute definitions.

use super::attribute_definition::{
    AttributeDefinition, AttributeType, Band, Enumeration, Field, Need, OwnedPart, PartSuffix, ReferenceDefinition,
};
use super::fields::{Fields, localized, mapping, text};
use super::kind_reading::{end_kind, split_template};
use super::reading::KindIndex;
use super::{AttributeNames, EndKind};
use crate::domain::document::{Content, DocumentError, Key, Node};
use crate::domain::localized::Localized;

/// What reading an attribute needs to know.
pub(super) struct AttributeContext<'a, 'b> {
    pub(super) index: &'b KindIndex<'a>,
    pub(super) names: &'b mut AttributeNames,
}

/// More attribute names than anybody could mean; keeps them within 16 bits.
const MOST_NAMES: usize = 30_000;

/// Reads the attributes of a kind, in the order written.
pub(super) fn read_attributes(
    context: &mut AttributeContext<'_, '_>,
    entries: &[(Key, Node)],
) -> Result<Vec<AttributeDefinition>, DocumentError> {
    entries.iter().map(|(key, node)| read_attribute(context, key, node)).collect()
}

fn read_attribute(
    context: &mut AttributeContext<'_, '_>,
    key: &Key,
    node: &Node,
) -> Result<AttributeDefinition, DocumentError> {
    check_name(context, key, node)?;
    let mut fields = Fields::new(node)?;
    let value_type = read_type(context, node, &mut fields)?;
    let definition = AttributeDefinition {
        name: context.names.intern(&key.text),
        text: key.text.as_str().into(),
        value_type,
        label: fields.localized("label")?,
        help: fields.localized("help")?,
        unit: fields.localized("unit")?,
        need: read_need(&mut fields)?,
        sensitive: fields.boolean("sensitive")?.unwrap_or(false),
        search: fields.boolean("search")?.unwrap_or(false),
        bands: read_bands(&mut fields)?,
    };
    fields.finish()?;
    Ok(definition)
}

fn check_name(context: &AttributeContext<'_, '_>, key: &Key, node: &Node) -> Result<(), DocumentError> {
    let part_is_fine =
        |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    if !key.text.split('.').all(part_is_fine) {
        let message = format!("\"{}\" is no attribute name; use snake_case, with dots between groups", key.text);
        return Err(DocumentError::new(&node.file, key.line, message));
    }
    if matches!(key.text.as_str(), "id" | "kind" | "name" | "source" | "target" | "attributes") {
        let message = format!("\"{}\" is reserved; choose another attribute name", key.text);
        return Err(DocumentError::new(&node.file, key.line, message));
    }
    if context.names.names.len() >= MOST_NAMES {
        return Err(node.error(format!("more than {MOST_NAMES} attribute names")));
    }
    Ok(())
}

fn read_need(fields: &mut Fields<'_>) -> Result<Need, DocumentError> {
    let Some(node) = fields.take("need") else {
        return Ok(Need::Optional);
    };
    match text(node)? {
        "required" => Ok(Need::Required),
        "recommended" => Ok(Need::Recommended),
        "optional" => Ok(Need::Optional),
        other => Err(node.error(format!("\"{other}\" is no need; write required, recommended or optional"))),
    }
}

fn read_bands(fields: &mut Fields<'_>) -> Result<Vec<Band>, DocumentError> {
    let Some(node) = fields.take("bands") else {
        return Ok(Vec::new());
    };
    let Content::Sequence(items) = &node.content else {
        return Err(node.error("a list is expected here"));
    };
    let read = |item: &Node| {
        let mut fields = Fields::new(item)?;
        let band = Band { below: fields.number("below")?, label: fields.localized("label")? };
        fields.finish()?;
        Ok(band)
    };
    items.iter().map(read).collect()
}

fn read_type(
    context: &mut AttributeContext<'_, '_>,
    node: &Node,
    fields: &mut Fields<'_>,
) -> Result<AttributeType, DocumentError> {
    let written = fields.required("type")?;
    match text(written)? {
        "list" => {
            let of = fields.required("of")?;
            match text(of)? {
                "reference" => read_reference(context, node, fields, true),
                "record" => Ok(AttributeType::List(Box::new(read_record(fields)?))),
                "list" => Err(of.error("a list of lists is not supported; use a record")),
                scalar => Ok(AttributeType::List(Box::new(read_scalar(of, scalar, fields)?))),
            }
        }
        "reference" => read_reference(context, node, fields, false),
        "record" => read_record(fields),
        scalar => read_scalar(written, scalar, fields),
    }
}

fn read_scalar(node: &Node, word: &str, fields: &mut Fields<'_>) -> Result<AttributeType, DocumentError> {
    Ok(match word {
        "text" => AttributeType::Text,
        "localized_text" => AttributeType::LocalizedText,
        "integer" => AttributeType::Integer { minimum: whole(fields, "minimum")?, maximum: whole(fields, "maximum")? },
        "number" => AttributeType::Number { minimum: fields.number("minimum")?, maximum: fields.number("maximum")? },
        "money" => AttributeType::Money { minimum: Some(fields.number("minimum")?.unwrap_or(0.0)) },
        "boolean" => AttributeType::Boolean,
        "date" => AttributeType::Date,
        "duration" => AttributeType::Duration,
        "enumeration" => AttributeType::Enumeration(read_enumeration(fields)?),
        "source_fragment" => AttributeType::SourceFragment,
        other => {
            let known = "text, localized_text, integer, number, money, boolean, date, duration, enumeration, \
                         source_fragment, list, record, reference";
            return Err(node.error(format!("\"{other}\" is no attribute type; write one of {known}")));
        }
    })
}

fn whole(fields: &mut Fields<'_>, key: &'static str) -> Result<Option<i64>, DocumentError> {
    fields
        .take(key)
        .map(|node| node.to_json().as_i64().ok_or_else(|| node.error(format!("\"{key}\" is a whole number"))))
        .transpose()
}

fn read_enumeration(fields: &mut Fields<'_>) -> Result<Enumeration, DocumentError> {
    let node = fields.required("values")?;
    let values: Vec<_> = mapping(node)?
        .iter()
        .map(|(code, label)| Ok((code.text.as_str().into(), read_label(label)?)))
        .collect::<Result<_, DocumentError>>()?;
    if values.is_empty() {
        return Err(node.error("an enumeration has at least one value: `values: {code: {ja: …, en: …}}`"));
    }
    Ok(Enumeration { values, open: fields.boolean("open")?.unwrap_or(false) })
}

fn read_label(node: &Node) -> Result<Localized, DocumentError> {
    if matches!(node.content, Content::Null) { Ok(Localized::default()) } else { localized(node) }
}

fn read_record(fields: &mut Fields<'_>) -> Result<AttributeType, DocumentError> {
    let node = fields.required("fields")?;
    let read = |(key, node): &(Key, Node)| {
        let mut fields = Fields::new(node)?;
        let written = fields.required("type")?;
        let field = Field {
            name: key.text.as_str().into(),
            value_type: read_scalar(written, text(written)?, &mut fields)?,
            label: fields.localized("label")?,
        };
        fields.take("unit");
        fields.take("help");
        fields.finish()?;
        Ok(field)
    };
    Ok(AttributeType::Record(mapping(node)?.iter().map(read).collect::<Result<_, DocumentError>>()?))
}

fn read_reference(
    context: &mut AttributeContext<'_, '_>,
    node: &Node,
    fields: &mut Fields<'_>,
    many: bool,
) -> Result<AttributeType, DocumentError> {
    let written = fields.required("relationship")?;
    let relationship = context.index.find(written, text(written)?)?;
    if !context.index.is_relationship(relationship) {
        return Err(written.error("a reference names a relationship kind"));
    }
    let targets = fields.texts("targets")?;
    let mut targets: Vec<_> =
        targets.iter().map(|(node, word)| end_kind(context.index, node, word)).collect::<Result<_, _>>()?;
    let owned = read_owned(context, fields)?;
    targets.extend(owned.iter().map(|part| EndKind::Kind(part.kind)));
    if targets.is_empty() {
        return Err(node.error("a reference says what it may refer to: `targets: [KIND]`"));
    }
    let key = fields.text("key")?.map(Into::into);
    Ok(AttributeType::Reference(ReferenceDefinition { relationship, targets, many, key, owned }))
}

fn read_owned(
    context: &mut AttributeContext<'_, '_>,
    fields: &mut Fields<'_>,
) -> Result<Option<OwnedPart>, DocumentError> {
    let Some(node) = fields.take("owned") else {
        return Ok(None);
    };
    let kind = context.index.find(node, text(node)?)?;
    let suffix = fields.required("id_suffix")?;
    let pieces = split_template(text(suffix)?).ok_or_else(|| suffix.error("a `{` lacks its `}`"))?;
    let id_suffix = pieces
        .into_iter()
        .map(|piece| match piece {
            Ok(literal) => PartSuffix::Literal(literal.into()),
            Err("index") => PartSuffix::Index,
            Err(name) => PartSuffix::Attribute(context.names.intern(name)),
        })
        .collect();
    Ok(Some(OwnedPart { kind, id_suffix }))
}
