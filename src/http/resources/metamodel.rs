//! The metamodel as it is in force.

use actix_web::{HttpRequest, HttpResponse, get};
use serde_json::{Map, Value as Json, json};

use crate::domain::metamodel::{
    AttributeDefinition, AttributeType, EndKind, ImpactMeaning, Kind, MeaningDirection, Metamodel, Naming, Need,
    TemplatePart,
};
use crate::http::problem::Answer;
use crate::http::query::Query;
use crate::http::state::Shared;

/// The metamodel
///
/// Kinds with their attributes, labels in Japanese and English, permitted ends and impact meanings; changes
/// and effects; layers.
#[utoipa::path(tag = "metamodel", responses((status = OK, description = "The metamodel", body = std::collections::HashMap<String, Json>)))]
#[get("/metamodel")]
pub async fn get_metamodel(state: Shared, request: HttpRequest) -> Answer {
    Query::of(&request)?.finish()?;
    Ok(HttpResponse::Ok().json(metamodel_json(&state.workspace.metamodel())))
}

fn metamodel_json(metamodel: &Metamodel) -> Json {
    let vocabulary = metamodel.vocabulary();
    let layers = |layers: &[crate::domain::metamodel::Layer]| -> Vec<Json> {
        layers.iter().map(|layer| json!({"name": layer.name, "order": layer.order, "label": layer.label})).collect()
    };
    json!({
        "sources": vocabulary.sources.iter().map(|(name, version)| json!({"metamodel": name, "version": version})).collect::<Vec<_>>(),
        "element_kinds": metamodel.element_kinds().map(|kind| kind_json(metamodel, kind)).collect::<Vec<_>>(),
        "relationship_kinds": metamodel.relationship_kinds().map(|kind| kind_json(metamodel, kind)).collect::<Vec<_>>(),
        "changes": vocabulary.changes.iter().map(|change| json!({"name": change.name, "label": change.label, "help": change.help})).collect::<Vec<_>>(),
        "effects": vocabulary.effects.iter().map(|effect| json!({"name": effect.name, "rank": effect.rank, "label": effect.label, "sentence": effect.sentence})).collect::<Vec<_>>(),
        "layers": layers(&vocabulary.layers),
        "ds467_layers": layers(&vocabulary.ds467_layers),
    })
}

fn kind_json(metamodel: &Metamodel, kind: &Kind) -> Json {
    let mut json = json!({
        "name": kind.name,
        "specialises": kind.lineage.get(1).map(|parent| &metamodel.kind(*parent).name),
        "abstract": kind.is_abstract,
        "archimate": kind.archimate,
        "layer": kind.layer,
        "ds467_layer": kind.ds467_layer,
        "label": kind.label,
        "help": kind.help,
        "collection": kind.rest_collection(),
        "id_prefix": kind.id_prefix,
        "name_from": naming_json(metamodel, &kind.naming),
        "attributes": kind.attributes.iter().map(|held| attribute_json(metamodel, held)).collect::<Vec<_>>(),
    });
    if let (Some(traits), Json::Object(fields)) = (&kind.relationship, &mut json) {
        fields.insert("reversed".into(), traits.reversed.into());
        fields
            .insert("wording".into(), json!({"forward": traits.wording.forward, "backward": traits.wording.backward}));
        let ends = traits.ends.iter().map(|rule| {
            let names = |ends: &[EndKind]| ends.iter().map(|end| end_name(metamodel, *end)).collect::<Vec<_>>();
            json!({"source": names(&rule.sources), "target": names(&rule.targets)})
        });
        fields.insert("ends".into(), ends.collect());
        fields.insert("impact".into(), traits.impact.iter().map(|meaning| meaning_json(metamodel, meaning)).collect());
    }
    json
}

fn naming_json(metamodel: &Metamodel, naming: &Naming) -> Json {
    match naming {
        Naming::Own => json!("own"),
        Naming::Attribute(name) => json!({"attribute": metamodel.attribute_text(*name)}),
        Naming::Template(parts) => {
            let piece = |part: &TemplatePart| match part {
                TemplatePart::Literal(text) => text.to_string(),
                TemplatePart::Attribute(name) => format!("{{{}}}", metamodel.attribute_text(*name)),
            };
            json!({"template": parts.iter().map(piece).collect::<String>()})
        }
    }
}

fn end_name(metamodel: &Metamodel, end: EndKind) -> String {
    match end {
        EndKind::AnyElement => "any_element".to_owned(),
        EndKind::AnyRelationship => "any_relationship".to_owned(),
        EndKind::Kind(kind) => metamodel.kind(kind).name.to_string(),
    }
}

fn attribute_json(metamodel: &Metamodel, definition: &AttributeDefinition) -> Json {
    let mut json = type_json(metamodel, &definition.value_type);
    json.insert("name".into(), json!(definition.text));
    json.insert("label".into(), json!(definition.label));
    json.insert("help".into(), json!(definition.help));
    let need = match definition.need {
        Need::Required => "required",
        Need::Recommended => "recommended",
        Need::Optional => "optional",
    };
    json.insert("need".into(), need.into());
    if definition.sensitive {
        json.insert("sensitive".into(), true.into());
    }
    if !definition.unit.is_empty() {
        json.insert("unit".into(), json!(definition.unit));
    }
    if !definition.bands.is_empty() {
        let bands = definition.bands.iter().map(|band| json!({"below": band.below, "label": band.label}));
        json.insert("bands".into(), bands.collect());
    }
    Json::Object(json)
}

fn type_json(metamodel: &Metamodel, value_type: &AttributeType) -> Map<String, Json> {
    let mut json = Map::new();
    let mut put = |key: &str, value: Json| drop(json.insert(key.to_owned(), value));
    match value_type {
        AttributeType::Text => put("type", "text".into()),
        AttributeType::LocalizedText => put("type", "localized_text".into()),
        AttributeType::Integer { minimum, maximum } => {
            put("type", "integer".into());
            put("minimum", json!(minimum));
            put("maximum", json!(maximum));
        }
        AttributeType::Number { minimum, maximum } => {
            put("type", "number".into());
            put("minimum", json!(minimum));
            put("maximum", json!(maximum));
        }
        AttributeType::Money { minimum } => {
            put("type", "money".into());
            put("minimum", json!(minimum));
        }
        AttributeType::Boolean => put("type", "boolean".into()),
        AttributeType::Date => put("type", "date".into()),
        AttributeType::Duration => put("type", "duration".into()),
        AttributeType::SourceFragment => put("type", "source_fragment".into()),
        AttributeType::Enumeration(enumeration) => {
            put("type", "enumeration".into());
            let values = enumeration.values.iter().map(|(code, label)| json!({"code": code, "label": label}));
            put("values", values.collect());
            put("open", enumeration.open.into());
        }
        AttributeType::List(item) => {
            put("type", "list".into());
            put("of", Json::Object(type_json(metamodel, item)));
        }
        AttributeType::Record(fields) => {
            put("type", "record".into());
            let fields = fields.iter().map(|field| {
                let mut json = type_json(metamodel, &field.value_type);
                json.insert("name".into(), json!(field.name));
                json.insert("label".into(), json!(field.label));
                Json::Object(json)
            });
            put("fields", fields.collect());
        }
        AttributeType::Reference(reference) => {
            put("type", "reference".into());
            put("many", reference.many.into());
            put("relationship", json!(metamodel.kind(reference.relationship).name));
            put("targets", reference.targets.iter().map(|end| end_name(metamodel, *end)).collect());
            put("key", json!(reference.key));
            put("owned", reference.owned.is_some().into());
        }
    }
    json.retain(|_, value| !value.is_null());
    json
}

fn meaning_json(metamodel: &Metamodel, meaning: &ImpactMeaning) -> Json {
    let kinds =
        |kinds: &[crate::domain::KindId]| kinds.iter().map(|kind| &metamodel.kind(*kind).name).collect::<Vec<_>>();
    let when: Map<String, Json> =
        meaning.when.iter().map(|(name, codes)| (metamodel.attribute_text(*name).to_string(), json!(codes))).collect();
    let direction = match meaning.direction {
        MeaningDirection::Forward => "forward",
        MeaningDirection::Backward => "backward",
        MeaningDirection::ToRelationship { .. } => "to_relationship",
        MeaningDirection::ToEnds { .. } => "to_ends",
    };
    json!({
        "change": meaning.changes, "when": when, "direction": direction, "from": meaning.from, "gives": meaning.gives,
        "from_kinds": kinds(&meaning.from_kinds), "to_kinds": kinds(&meaning.to_kinds), "remaining": meaning.remaining,
    })
}
