//! Names, documentation and properties as attributes, and back.

use std::collections::BTreeMap;
use std::sync::Arc;

use rustc_hash::FxHashMap;
use serde_json::{Map, Value as Json};

use super::super::document::{Document, Profile, Property, PropertyDefinition, SPECIALIZATION, Text, Texts, first};
use super::said::{Said, clean};
use super::values;
use super::words::Words;
use crate::domain::metamodel::{Kind, Naming};

/// What stands for a name in the model where the file has none.
pub(super) const UNNAMED: &str = "（名称なし）";
/// The longest name that the model takes, in characters.
const LONGEST_NAME: usize = 1_000;
/// The language tag of a text whose language is not stated (BCP 47).
const UNDETERMINED: &str = "und";

const NAME_LANGUAGE: &str = "archimate.name_language";
const OTHER_NAMES: &str = "archimate.other_names";
const PROPERTIES: &str = "archimate.properties";
/// The specialisation, where no kind goes by that name.
pub(super) const SPECIALIZED: &str = "archimate.specialization";

/// The attributes that hold names.
pub(super) const NAMES: [&str; 2] = [NAME_LANGUAGE, OTHER_NAMES];

/// Definitions of properties and specialisations of a document.
pub(super) struct Dictionary {
    /// Identifiers of definitions by their name.
    definitions: FxHashMap<Arc<str>, Vec<Arc<str>>>,
    /// Specialisations that are declared.
    pub(super) profiles: Vec<Profile>,
}

impl Dictionary {
    /// Of a document.
    pub(super) fn of(document: &Document) -> Self {
        Self::from(&document.property_definitions, document.profiles.clone())
    }

    /// Of definitions and profiles.
    pub(super) fn from(definitions: &[PropertyDefinition], profiles: Vec<Profile>) -> Self {
        let mut held: FxHashMap<Arc<str>, Vec<Arc<str>>> = FxHashMap::default();
        for definition in definitions {
            held.entry(first(&definition.names).into()).or_default().push(definition.id.as_str().into());
        }
        Self { definitions: held, profiles }
    }

    /// The identifier that a property needs besides its key: none where the key says it all.
    fn needed(&self, property: &Property) -> Option<Arc<str>> {
        let usual = self.usual(&property.key);
        property.definition.clone().filter(|id| usual.as_ref() != Some(id))
    }

    /// The definition of a key, if there is one and only one.
    fn usual(&self, key: &str) -> Option<Arc<str>> {
        match self.definitions.get(key).map(Vec::as_slice) {
            Some([only]) => Some(Arc::clone(only)),
            _ => None,
        }
    }

    /// The definition that a property of this key refers to.
    pub(super) fn usual_definition(&self, key: &str) -> Option<Arc<str>> {
        self.usual(key)
    }

    /// The name of the one profile of a concept.
    pub(super) fn profile_name(&self, profiles: &[String]) -> Option<&str> {
        let [only] = profiles else { return None };
        self.profiles.iter().find(|held| held.id == *only).map(|held| held.name.as_str())
    }

    /// The profile of a name and type.
    pub(super) fn profile(&self, name: &str, concept: &str) -> Option<&str> {
        let held = self.profiles.iter().find(|held| held.name == name && held.concept == concept);
        held.map(|held| held.id.as_str())
    }
}

/// The name that the model takes for a text.
pub(super) fn model_name(text: &str) -> Option<String> {
    let name: String = clean(text).chars().take(LONGEST_NAME).collect();
    (!name.trim().is_empty()).then_some(name)
}

/// Names: the first is the name, further ones go where the kind has a place for their language.
pub(super) fn put_names(said: &mut Said, kind: &Kind, words: &Words<'_>, names: &[Text]) {
    let name = names.first().and_then(|text| model_name(&text.value));
    match &kind.naming {
        _ if kind.is_relationship() => said.name = name,
        Naming::Own => said.name = Some(name.unwrap_or_else(|| UNNAMED.to_owned())),
        Naming::Attribute(attribute) => said.set(words.metamodel().attribute_text(*attribute), name),
        Naming::Template(_) => {}
    }
    let language = names.first().and_then(|text| text.language.as_deref());
    let language = match (language, implied(kind)) {
        // Archi does not say which language its one name is in.
        (None, Some(_)) if !names.is_empty() => Some(UNDETERMINED),
        (language, implied) => language.filter(|tag| Some(*tag) != implied),
    };
    said.set(NAME_LANGUAGE, language.map(clean));
    let mut others = Vec::new();
    for text in names.iter().skip(1) {
        let place = kind.name_in.iter().find(|(held, _)| Some(&**held) == text.language.as_deref());
        let place = place.map(|(_, attribute)| words.metamodel().attribute_text(*attribute));
        match place.filter(|place| !said.fields.contains_key(&***place) && !text.value.is_empty()) {
            Some(place) => said.set(place, Some(clean(&text.value))),
            None => others.push(tagged(text)),
        }
    }
    if !others.is_empty() {
        said.set(OTHER_NAMES, Some(others));
    }
}

/// A kind that has names in other languages has its own in Japanese.
fn implied(kind: &Kind) -> Option<&'static str> {
    (!kind.name_in.is_empty()).then_some("ja")
}

fn tagged(text: &Text) -> Json {
    let mut entry = Map::new();
    if let Some(language) = &text.language {
        entry.insert("language".into(), Json::String(clean(language)));
    }
    entry.insert("text".into(), Json::String(clean(&text.value)));
    Json::Object(entry)
}

/// The names that attributes say.
pub(super) fn names(said: &Said, kind: &Kind, words: &Words<'_>) -> Texts {
    let own = match &kind.naming {
        _ if kind.is_relationship() => said.name.as_deref(),
        Naming::Attribute(attribute) => said.text(words.metamodel().attribute_text(*attribute)),
        _ => said.name.as_deref().filter(|name| *name != UNNAMED),
    };
    let others = said.list(OTHER_NAMES);
    let language = said.text(NAME_LANGUAGE).or(implied(kind));
    let is_only_one = language == Some(UNDETERMINED);
    let language = language.filter(|_| !is_only_one).map(Arc::from);
    let mut names = Vec::new();
    let in_places = kind.name_in.iter().filter_map(|(language, attribute)| {
        let value = said.text(words.metamodel().attribute_text(*attribute))?;
        Some(Text::tagged(language, value))
    });
    let in_places: Vec<Text> = in_places.filter(|_| !is_only_one).collect();
    if own.is_some() || !others.is_empty() || !in_places.is_empty() || said.text(NAME_LANGUAGE).is_some() {
        names.push(Text { language, value: own.unwrap_or_default().to_owned() });
    }
    names.extend(in_places);
    names.extend(others.iter().map(untagged));
    names
}

fn untagged(entry: &Json) -> Text {
    let field = |name: &str| entry.get(name).and_then(Json::as_str);
    Text { language: field("language").map(Arc::from), value: field("text").unwrap_or_default().to_owned() }
}

/// Documentation by language.
pub(super) fn put_documentation(said: &mut Said, documentation: &[Text]) {
    // The model keeps languages in the order of their tags.
    let mut texts: BTreeMap<String, Json> = BTreeMap::new();
    for text in documentation {
        let tag = text.language.as_deref().unwrap_or(UNDETERMINED);
        let tag: String = tag.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).take(35).collect();
        texts
            .entry(if tag.is_empty() { UNDETERMINED.to_owned() } else { tag })
            .or_insert_with(|| clean(&text.value).into());
    }
    if !texts.is_empty() {
        said.set("documentation", Some(Json::Object(texts.into_iter().collect())));
    }
}

/// The documentation that attributes say.
pub(super) fn documentation(said: &Said) -> Texts {
    let texts = said.fields.get("documentation").and_then(Json::as_object);
    let text = |(tag, value): (&String, &Json)| {
        let language = (tag != UNDETERMINED).then(|| Arc::from(tag.as_str()));
        Text { language, value: value.as_str().unwrap_or_default().to_owned() }
    };
    texts.into_iter().flatten().map(text).collect()
}

/// Properties: those that are attributes of the kind become these, the others stay properties.
pub(super) fn put_properties(
    said: &mut Said,
    kind: &Kind,
    words: &Words<'_>,
    held: &[Property],
    dictionary: &Dictionary,
) {
    let kind = words.metamodel().kind(kind.id);
    let mut rest: Vec<&Property> = Vec::new();
    let mut done: Vec<&str> = Vec::new();
    for property in held {
        if done.contains(&&*property.key) {
            continue;
        }
        match attribute_value(words, kind, held, &property.key) {
            Some((name, value)) => {
                said.fields.insert(name.to_string(), value);
                done.push(&property.key);
            }
            None => rest.push(property),
        }
    }
    let entries: Vec<Json> = rest.into_iter().flat_map(|property| entries(property, dictionary)).collect();
    if !entries.is_empty() {
        said.set(PROPERTIES, Some(entries));
    }
}

/// The attribute that a key stands for, with the value of all properties of that key; nothing if they do not fit.
fn attribute_value<'m>(
    words: &Words<'m>,
    kind: &'m Kind,
    held: &[Property],
    key: &str,
) -> Option<(&'m Arc<str>, Json)> {
    let definition = words.attribute(kind, key)?;
    let alike: Vec<&Property> = held.iter().filter(|property| &*property.key == key).collect();
    let plain = |property: &&Property| property.values.len() == 1 && property.values[0].language.is_none();
    let texts: Vec<&str> = alike.iter().filter(|held| plain(held)).map(|held| first(&held.values)).collect();
    let value = values::value(definition, &texts).filter(|_| texts.len() == alike.len())?;
    Some((&definition.text, value))
}

fn entries(property: &Property, dictionary: &Dictionary) -> Vec<Json> {
    let definition = dictionary.needed(property);
    let one = |(place, text): (usize, &Text)| {
        let mut entry = Map::new();
        entry.insert("key".into(), Json::String(clean(&property.key)));
        entry.insert("value".into(), Json::String(clean(&text.value)));
        if let Some(language) = &text.language {
            entry.insert("language".into(), Json::String(clean(language)));
        }
        if place > 0 {
            entry.insert("continues".into(), Json::Bool(true));
        }
        if let Some(definition) = &definition {
            entry.insert("definition".into(), Json::String(clean(definition)));
        }
        Json::Object(entry)
    };
    property.values.iter().enumerate().map(one).collect()
}

/// The properties that attributes say: first those of the file, then the kind's own attributes.
pub(super) fn properties(said: &Said, kind: &Kind, words: &Words<'_>, dictionary: &Dictionary) -> Vec<Property> {
    let mut held: Vec<Property> = Vec::new();
    for entry in said.list(PROPERTIES) {
        let text = |name: &str| entry.get(name).and_then(Json::as_str);
        let value =
            Text { language: text("language").map(Arc::from), value: text("value").unwrap_or_default().to_owned() };
        let continues = entry.get("continues").and_then(Json::as_bool) == Some(true);
        if let Some(last) = held.last_mut().filter(|_| continues) {
            last.values.push(value);
            continue;
        }
        let key: Arc<str> = text("key").unwrap_or_default().into();
        let definition = text("definition").map(Arc::from).or_else(|| dictionary.usual(&key));
        held.push(Property { key, definition, values: vec![value] });
    }
    let kind = words.metamodel().kind(kind.id);
    for (key, definition) in words.properties(kind) {
        let value = said.fields.get(&*definition.text);
        for text in value.into_iter().flat_map(|value| values::texts(definition, value)) {
            let definition = dictionary.usual(key);
            held.push(Property { key: Arc::clone(key), definition, values: vec![Text::plain(text)] });
        }
    }
    held
}

/// The one plain specialisation among properties, with its place.
pub(super) fn specialization(held: &[Property]) -> Option<(usize, &str)> {
    let mut found = held.iter().enumerate().filter(|(_, property)| &*property.key == SPECIALIZATION);
    let (place, property) = found.next()?;
    let is_plain = property.values.len() == 1 && property.values[0].language.is_none();
    let name = first(&property.values);
    (is_plain && found.next().is_none() && clean(name) == name && !name.is_empty()).then_some((place, name))
}
