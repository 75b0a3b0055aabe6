//! What holds for the model as a whole once all operations are done.

use std::sync::Arc;

use rustc_hash::FxHashSet;

use super::refusal::{Refusal, RefusalCode};
use super::resolving::Resolver;
use crate::domain::element::{Item, Model, Relationship};
use crate::domain::identifier::Identifier;
use crate::domain::metamodel::KindId;

impl Resolver<'_> {
    /// Every relationship touched must connect existing items as its kind permits.
    pub(super) fn check_ends(&mut self) {
        let touched: Vec<Arc<Relationship>> =
            self.draft.touched_relationships().filter_map(|transition| transition.after.clone()).collect();
        for relationship in touched {
            if self.refusals.len() >= self.most_refusals {
                return;
            }
            self.check_relationship(&relationship);
        }
    }

    fn check_relationship(&mut self, relationship: &Relationship) {
        let kind_of_end = |end: &Identifier| self.draft.item(end.as_str()).map(Item::kind);
        let (source, target) = (kind_of_end(&relationship.source), kind_of_end(&relationship.target));
        let (Some(source), Some(target)) = (source, target) else {
            let missing = if source.is_none() { &relationship.source } else { &relationship.target };
            let hint = self.hint(missing.as_str());
            let message = format!("{}: there is no item with the id \"{missing}\"{hint}", relationship.id);
            let refusal = Refusal::new(RefusalCode::UnknownItem, &self.origin(&relationship.id), message);
            return self.refusals.push(refusal.about(relationship.id.as_str()));
        };
        let origin = self.origin(&relationship.id);
        self.check_single(relationship, &origin);
        let metamodel = self.draft.metamodel();
        if !metamodel.permits(relationship.kind, source, target) {
            let name = |kind: KindId| &metamodel.kind(kind).name;
            let message = format!(
                "{}: no {} may run from a {} to a {}",
                relationship.id,
                name(relationship.kind),
                name(source),
                name(target)
            );
            let refusal = Refusal::new(RefusalCode::ForbiddenRelationship, &origin, message);
            self.refusals.push(refusal.about(relationship.id.as_str()));
        }
        if self.hangs_on_itself(relationship) {
            let message =
                format!("{}: a relationship cannot be an end of itself, nor of what it hangs on", relationship.id);
            let refusal = Refusal::new(RefusalCode::ForbiddenRelationship, &origin, message);
            self.refusals.push(refusal.about(relationship.id.as_str()));
        }
    }

    /// Whether the ends of a relationship, and the ends of those that are relationships, lead back to it.
    fn hangs_on_itself(&self, relationship: &Relationship) -> bool {
        let mut seen = FxHashSet::default();
        let mut waiting = vec![relationship.source.clone(), relationship.target.clone()];
        while let Some(id) = waiting.pop() {
            if id == relationship.id {
                return true;
            }
            if let Some(Item::Relationship(held)) = self.draft.item(id.as_str())
                && seen.insert(id)
            {
                waiting.extend([held.source.clone(), held.target.clone()]);
            }
        }
        false
    }

    fn origin(&self, id: &Identifier) -> String {
        self.origins.get(id).map_or_else(|| "/operations".to_owned(), Clone::clone)
    }

    /// Nothing may be left that points to what was removed.
    pub(super) fn check_leftovers(&mut self) {
        let removed: Vec<Identifier> = self.draft.removed().cloned().collect();
        for id in removed {
            if self.draft.item(id.as_str()).is_some() {
                continue;
            }
            let left = self.draft.incoming(id.as_str(), None).into_iter().chain(self.draft.outgoing(id.as_str(), None));
            let left: Vec<String> = left.map(|relationship| relationship.id.to_string()).collect();
            if !left.is_empty() {
                let message = format!(
                    "\"{id}\" cannot be deleted: {} relationship(s) of others touch it; delete them too, \
                     or say \"cascade\": true",
                    left.len()
                );
                let refusal = Refusal::new(RefusalCode::StillReferenced, &self.origin(&id), message);
                self.refusals.push(refusal.about(id.as_str()).related(left));
            }
        }
    }
}
