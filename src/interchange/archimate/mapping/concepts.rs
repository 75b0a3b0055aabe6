//! Elements and relationships as items of the model, and back.

use std::sync::Arc;

use super::super::document::{Access, Element, Property, Relationship, SPECIALIZATION, Text};
use super::fields::{
    Dictionary, NAMES, SPECIALIZED, documentation, names, properties, put_documentation, put_names, put_properties,
    specialization,
};
use super::said::Said;
use super::words::Words;
use crate::domain::metamodel::{Kind, Naming};

/// The kind for relationships that `ArchiMate` does not permit between their ends.
pub(super) const UNPERMITTED: &str = "unpermitted_relationship";

/// What is needed to translate.
pub(super) struct Translator<'m> {
    pub(super) words: &'m Words<'m>,
    pub(super) dictionary: Dictionary,
}

/// A concept's parts that are translated alike.
struct Parts<'p> {
    names: &'p [Text],
    documentation: &'p [Text],
    properties: &'p [Property],
    profiles: &'p [String],
}

impl<'m> Translator<'m> {
    /// The name of a concept's one specialisation, and the properties besides.
    fn specialized(&self, profiles: &[String], properties: &[Property]) -> (Option<String>, Vec<Property>) {
        if let Some(name) = self.dictionary.profile_name(profiles) {
            return (Some(name.to_owned()), properties.to_vec());
        }
        match specialization(properties).filter(|_| profiles.is_empty()) {
            Some((place, name)) => {
                let mut rest = properties.to_vec();
                let name = name.to_owned();
                rest.remove(place);
                (Some(name), rest)
            }
            None => (None, properties.to_vec()),
        }
    }

    /// The kind of an element.
    pub(super) fn element_kind(&self, held: &Element) -> Option<&'m Kind> {
        let (special, _) = self.specialized(&held.profiles, &held.properties);
        self.words.kind(&held.kind, special.as_deref())
    }

    /// The kind of a relationship, if its ends did not matter.
    pub(super) fn relationship_kind(&self, held: &Relationship, special: bool) -> Option<&'m Kind> {
        let (name, _) = self.specialized(&held.profiles, &held.properties);
        self.words.kind(&held.kind, name.as_deref().filter(|_| special))
    }

    /// What the model says of an element.
    pub(super) fn element(&self, held: &Element, kind: &'m Kind) -> Said {
        let mut said = self.said_of_element(held, kind);
        let mut plain = self.element_of(&said, kind, &held.id);
        if matches!(kind.naming, Naming::Template(_)) {
            plain.names.clone_from(&held.names);
        }
        if plain != *held {
            said.keep(held);
        }
        said
    }

    fn said_of_element(&self, held: &Element, kind: &'m Kind) -> Said {
        let parts = Parts {
            names: &held.names,
            documentation: &held.documentation,
            properties: &held.properties,
            profiles: &held.profiles,
        };
        self.said(kind, &parts)
    }

    fn said(&self, kind: &'m Kind, parts: &Parts<'_>) -> Said {
        let mut said = Said::of(&kind.name);
        let (special, rest) = self.specialized(parts.profiles, parts.properties);
        put_names(&mut said, kind, self.words, parts.names);
        put_documentation(&mut said, parts.documentation);
        put_properties(&mut said, kind, self.words, &rest, &self.dictionary);
        let own = self.words.specialization(kind.id).map(|word| &**word);
        said.set(SPECIALIZED, special.filter(|name| Some(name.as_str()) != own));
        said
    }

    /// The element that attributes say, as if nothing were kept.
    pub(super) fn element_of(&self, said: &Said, kind: &Kind, id: &str) -> Element {
        let archimate = kind.archimate.as_deref().unwrap_or_default();
        let mut element =
            Element { id: id.to_owned(), kind: super::super::types::element_type(archimate), ..Element::default() };
        element.names = names(said, kind, self.words);
        element.documentation = documentation(said);
        (element.properties, element.profiles) = self.properties_of(said, kind, archimate);
        element
    }

    /// Properties and profiles that attributes say.
    fn properties_of(&self, said: &Said, kind: &Kind, archimate: &str) -> (Vec<Property>, Vec<String>) {
        let mut held = properties(said, kind, self.words, &self.dictionary);
        let own = self.words.specialization(kind.id).map(|word| &**word);
        let Some(name) = said.text(SPECIALIZED).or(own) else {
            return (held, Vec::new());
        };
        if let Some(profile) = self.dictionary.profile(name, archimate) {
            return (held, vec![profile.to_owned()]);
        }
        let property = self.specialization_property(name);
        held.push(property);
        (held, Vec::new())
    }

    fn specialization_property(&self, name: &str) -> Property {
        let key: Arc<str> = SPECIALIZATION.into();
        let definition = self.dictionary.usual_definition(&key);
        Property { key, definition, values: vec![Text::plain(name)] }
    }

    /// The element of an item, with what was kept of it wherever nobody has changed it since.
    pub(super) fn exported_element(&self, said: &Said, kind: &'m Kind, id: &str) -> Element {
        let plain = self.element_of(said, kind, id);
        let Some(source) = said.kept::<Element>() else { return plain };
        let was = self.said_of_element(&source, kind);
        let same = |fields: &[&str]| said.agrees(&was, fields);
        let same_name = said.name == was.name && same(&NAMES) && self.same_name_attributes(said, &was, kind);
        Element {
            id: id.to_owned(),
            names: if same_name { source.names.clone() } else { plain.names },
            documentation: if same(&["documentation"]) { source.documentation.clone() } else { plain.documentation },
            kind: if plain.kind == source.kind { source.kind.clone() } else { plain.kind },
            properties: if Self::same_properties(said, &was) { source.properties.clone() } else { plain.properties },
            profiles: if Self::same_properties(said, &was) { source.profiles.clone() } else { plain.profiles },
            extra: source.extra,
            line: plain.line,
        }
    }

    fn same_name_attributes(&self, said: &Said, was: &Said, kind: &Kind) -> bool {
        let mut attributes: Vec<&str> = Vec::new();
        if let Naming::Attribute(name) = &kind.naming {
            attributes.push(self.words.metamodel().attribute_text(*name));
        }
        attributes.extend(kind.name_in.iter().map(|(_, name)| &**self.words.metamodel().attribute_text(*name)));
        said.agrees(was, &attributes)
    }

    /// Whether nothing that is written as a property has changed.
    fn same_properties(said: &Said, was: &Said) -> bool {
        let others = |held: &Said| {
            let mut fields = held.fields.clone();
            for name in
                ["documentation", super::said::SOURCE, NAMES[0], NAMES[1], "access_type", "modifier", "directed"]
            {
                fields.remove(name);
            }
            fields
        };
        others(said) == others(was)
    }

    /// What the model says of a relationship.
    pub(super) fn relationship(&self, held: &Relationship, kind: &'m Kind) -> Said {
        let mut said = self.said_of_relationship(held, kind);
        if self.relationship_of(&said, kind, &held.id, &held.source, &held.target) != *held {
            said.keep(held);
        }
        said
    }

    fn said_of_relationship(&self, held: &Relationship, kind: &'m Kind) -> Said {
        let parts = Parts {
            names: &held.names,
            documentation: &held.documentation,
            properties: &held.properties,
            profiles: &held.profiles,
        };
        let mut said = self.said(kind, &parts);
        let takes = |name: &str| kind.attribute_named(name).is_some();
        if takes("access_type") {
            said.set("access_type", held.access.map(access_code));
        }
        if takes("modifier") {
            said.set("modifier", held.modifier.as_deref().filter(|text| !text.is_empty()).map(super::said::clean));
        }
        if takes("directed") {
            said.set("directed", held.directed);
        }
        if &*kind.name == UNPERMITTED {
            said.set("type", Some(held.kind.to_string()));
        }
        said
    }

    /// The relationship that attributes say, with its ends in the direction of the file.
    pub(super) fn relationship_of(
        &self,
        said: &Said,
        kind: &Kind,
        id: &str,
        source: &str,
        target: &str,
    ) -> Relationship {
        let archimate = said.text("type").filter(|_| &*kind.name == UNPERMITTED).or(kind.archimate.as_deref());
        let archimate = archimate.unwrap_or("Association");
        let mut held = Relationship {
            id: id.to_owned(),
            kind: super::super::types::relationship_type(archimate),
            source: source.to_owned(),
            target: target.to_owned(),
            ..Relationship::default()
        };
        held.names = names(said, kind, self.words);
        held.documentation = documentation(said);
        (held.properties, held.profiles) = self.properties_of(said, kind, archimate);
        match archimate {
            "Access" => held.access = said.text("access_type").and_then(access_of),
            "Influence" => held.modifier = said.text("modifier").map(str::to_owned),
            "Association" => held.directed = said.fields.get("directed").and_then(serde_json::Value::as_bool),
            _ => {}
        }
        held
    }

    /// The relationship of an item, with what was kept of it wherever nobody has changed it since.
    pub(super) fn exported_relationship(
        &self,
        said: &Said,
        kind: &'m Kind,
        id: &str,
        ends: (&str, &str),
    ) -> Relationship {
        let plain = self.relationship_of(said, kind, id, ends.0, ends.1);
        let Some(source) = said.kept::<Relationship>() else { return plain };
        let was = self.said_of_relationship(&source, kind);
        let same = |fields: &[&str]| said.agrees(&was, fields);
        let same_properties = Self::same_properties(said, &was);
        Relationship {
            names: if said.name == was.name && same(&NAMES) { source.names.clone() } else { plain.names },
            documentation: if same(&["documentation"]) { source.documentation.clone() } else { plain.documentation },
            properties: if same_properties { source.properties.clone() } else { plain.properties },
            profiles: if same_properties { source.profiles.clone() } else { plain.profiles },
            access: if same(&["access_type"]) { source.access } else { plain.access },
            modifier: if same(&["modifier"]) { source.modifier.clone() } else { plain.modifier },
            directed: if same(&["directed"]) { source.directed } else { plain.directed },
            extra: source.extra,
            ..plain
        }
    }
}

fn access_code(access: Access) -> &'static str {
    match access {
        Access::Access => "access",
        Access::Read => "read",
        Access::Write => "write",
        Access::ReadWrite => "read_write",
    }
}

fn access_of(code: &str) -> Option<Access> {
    [Access::Access, Access::Read, Access::Write, Access::ReadWrite].into_iter().find(|held| access_code(*held) == code)
}
