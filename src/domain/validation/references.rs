//! Reference attributes: what is set becomes relationships, what is no longer there goes.

use std::sync::Arc;

use super::attributes::ReferenceEntry;
use super::refusal::{Refusal, RefusalCode};
use super::resolving::Resolver;
use crate::domain::element::{Item, Model, Relationship};
use crate::domain::identifier::Identifier;
use crate::domain::metamodel::{AttributeName, KindId};

impl Resolver<'_> {
    /// Makes the relationships of an item be exactly what its reference attributes say.
    pub(super) fn set_references(
        &mut self,
        owner: &Identifier,
        kind: KindId,
        references: Vec<(AttributeName, Vec<ReferenceEntry>)>,
    ) {
        for (name, entries) in references {
            let definition = self.kind_of(kind).attribute(name).and_then(|definition| definition.reference());
            let Some(relationship) = definition.map(|reference| reference.relationship) else {
                continue;
            };
            self.set_reference(owner, relationship, entries);
        }
    }

    fn set_reference(&mut self, owner: &Identifier, kind: KindId, entries: Vec<ReferenceEntry>) {
        let mut held = self.draft.outgoing(owner.as_str(), Some(kind));
        for entry in entries {
            let same = |relationship: &Arc<Relationship>| {
                *relationship.target.as_str() == *entry.target
                    && entry.id.as_deref().is_none_or(|id| relationship.id == *id)
            };
            match held.iter().position(same) {
                Some(place) => {
                    let relationship = held.remove(place);
                    self.set_reference_attributes(&relationship, &entry);
                }
                None => self.add_reference(owner, kind, &entry),
            }
        }
        for relationship in held {
            self.draft.remove_relationship(&relationship.id);
        }
    }

    fn add_reference(&mut self, owner: &Identifier, kind: KindId, entry: &ReferenceEntry) {
        let target = match Identifier::new(&entry.target) {
            Ok(target) => target,
            Err(error) => {
                return self.refuse(RefusalCode::InvalidIdentifier, &entry.pointer, error.to_string());
            }
        };
        let id = match &entry.id {
            Some(id) => self.new_identifier(id, &entry.pointer),
            None => self.derived_identifier(owner, kind, &target, &entry.pointer),
        };
        // Read also where the id will not do, so that every mistake is told at once.
        let parsed = self.parse(kind, &entry.attributes, &entry.pointer);
        let Some(id) = id else { return };
        let attributes = parsed.values.into_iter().collect();
        let source = owner.clone();
        let relationship = Relationship { id: id.clone(), kind, source, target, name: None, attributes };
        self.put_new_relationship(relationship, &entry.pointer);
        self.set_references(&id, kind, parsed.references);
    }

    /// The entry says all that is known of the relationship: what it leaves out is removed.
    fn set_reference_attributes(&mut self, held: &Arc<Relationship>, entry: &ReferenceEntry) {
        let parsed = self.parse(held.kind, &entry.attributes, &entry.pointer);
        let attributes = parsed.values.into_iter().collect();
        if attributes != held.attributes {
            self.draft.put_relationship(Relationship { attributes, ..(**held).clone() });
        }
        self.set_references(&held.id, held.kind, parsed.references);
    }

    /// Where a reference attribute holds one reference, a second relationship is refused.
    ///
    /// Asked when all operations are done, so that one may give way to another in any order.
    pub(super) fn check_single(&mut self, relationship: &Relationship, pointer: &str) {
        let source = &relationship.source;
        let Some(owner) = self.draft.item(source.as_str()).map(Item::kind) else {
            return;
        };
        let Some((definition, reference)) = self.kind_of(owner).reference_by(relationship.kind) else {
            return;
        };
        if reference.many {
            return;
        }
        let attribute = Arc::clone(&definition.text);
        let held = self.draft.outgoing(source.as_str(), Some(relationship.kind));
        if let Some(other) = held.iter().find(|held| held.id != relationship.id) {
            let message = format!("\"{source}\" has its one {attribute} already: {}; update it instead", other.target);
            let refusal = Refusal::new(RefusalCode::ForbiddenRelationship, pointer, message);
            self.refusals.push(refusal.about(source.as_str()));
        }
    }
}
