//! Property definitions: those of the document, and those that its properties need besides.

use std::borrow::Cow;

use rustc_hash::{FxHashMap, FxHashSet};

use super::super::document::{Document, Property, PropertyDefinition, SPECIALIZATION, Text, first};
use super::super::view::View;

/// Which definition each property refers to.
pub(super) struct Definitions<'d> {
    document: &'d Document,
    ids: FxHashSet<&'d str>,
    /// Definitions by name, for properties that name none.
    by_key: FxHashMap<&'d str, String>,
    made: Vec<PropertyDefinition>,
    specialization: Option<String>,
}

impl<'d> Definitions<'d> {
    /// The definitions of a document; properties without one get it by their key.
    pub(super) fn of(document: &'d Document) -> Self {
        let ids: FxHashSet<&str> = document.property_definitions.iter().map(|held| held.id.as_str()).collect();
        let mut definitions =
            Self { document, ids, by_key: FxHashMap::default(), made: Vec::new(), specialization: None };
        for held in &document.property_definitions {
            definitions.by_key.entry(first(&held.names)).or_insert_with(|| held.id.clone());
        }
        for property in all_properties(document) {
            definitions.see(property);
        }
        let has_profiles = document.elements.iter().any(|held| !held.profiles.is_empty())
            || document.relationships.iter().any(|held| !held.profiles.is_empty());
        if has_profiles {
            let id = definitions.by_key(SPECIALIZATION);
            definitions.specialization = Some(id);
        }
        definitions
    }

    fn see(&mut self, property: &'d Property) {
        let is_defined = property.definition.as_ref().is_some_and(|id| self.ids.contains(&**id));
        if !is_defined {
            self.by_key(&property.key);
        }
    }

    fn by_key(&mut self, key: &'d str) -> String {
        if let Some(id) = self.by_key.get(key) {
            return id.clone();
        }
        let taken = |id: &str| self.ids.contains(id);
        let mut number = self.made.len() + self.document.property_definitions.len() + 1;
        while taken(&format!("propid-{number}")) {
            number += 1;
        }
        let id = format!("propid-{number}");
        let names = super::super::document::plain(key.to_owned());
        let made = PropertyDefinition {
            id: id.clone(),
            names,
            data_type: "string".to_owned(),
            ..PropertyDefinition::default()
        };
        self.made.push(made);
        self.by_key.insert(key, id.clone());
        id
    }

    /// The identifier of a property's definition.
    pub(super) fn reference<'p>(&'p self, property: &'p Property) -> Cow<'p, str> {
        match &property.definition {
            Some(id) if self.ids.contains(&**id) => Cow::Borrowed(id),
            _ => Cow::Borrowed(self.by_key.get(&*property.key).map_or("", String::as_str)),
        }
    }

    /// The identifier of the definition that specialisations refer to.
    pub(super) fn specialization(&self) -> &str {
        self.specialization.as_deref().unwrap_or_default()
    }

    /// Whether there is a definition with this identifier.
    pub(super) fn has(&self, id: &str) -> bool {
        self.ids.contains(id)
    }

    /// All definitions, those of the document first.
    pub(super) fn all(&self) -> Vec<PropertyDefinition> {
        let named = |held: &PropertyDefinition| {
            let mut held = held.clone();
            if held.names.is_empty() {
                held.names.push(Text::default());
            }
            held
        };
        self.document.property_definitions.iter().chain(&self.made).map(named).collect()
    }
}

fn all_properties(document: &Document) -> impl Iterator<Item = &Property> {
    let elements = document.elements.iter().flat_map(|held| &held.properties);
    let relationships = document.relationships.iter().flat_map(|held| &held.properties);
    let views = document.views.iter().flat_map(|view: &View| &view.properties);
    document.properties.iter().chain(elements).chain(relationships).chain(views)
}
