//! Reference attributes of the naive model: each entry is a relationship.

use ezu::domain::change_set::JsonObject;
use ezu::domain::validation::RefusalCode;
use serde_json::Value as Json;

use super::applying::{Trial, check_id, said};
use super::kinds::Reference;
use super::{Item, outgoing};

/// What one entry of a reference attribute says.
pub struct Entry {
    pub id: Option<String>,
    pub target: String,
    pub attributes: JsonObject,
}

/// The entries of a reference attribute's value.
pub fn entries(reference: Reference, value: &Json) -> Result<Vec<Entry>, RefusalCode> {
    match value {
        Json::Null => Ok(Vec::new()),
        Json::Array(all) if reference.many => all.iter().map(|one| entry(reference, one)).collect(),
        Json::Array(_) => Err(RefusalCode::InvalidValue),
        _ if reference.many => Err(RefusalCode::InvalidValue),
        one => Ok(vec![entry(reference, one)?]),
    }
}

fn entry(reference: Reference, value: &Json) -> Result<Entry, RefusalCode> {
    match value {
        Json::String(target) => Ok(Entry { id: None, target: target.clone(), attributes: JsonObject::new() }),
        Json::Object(fields) => {
            let mut attributes = fields.clone();
            let id = attributes.remove("id").and_then(|id| id.as_str().map(str::to_owned));
            let target = attributes.remove(reference.key).ok_or(RefusalCode::InvalidValue)?;
            let target = target.as_str().ok_or(RefusalCode::InvalidValue)?.to_owned();
            Ok(Entry { id, target, attributes })
        }
        _ => Err(RefusalCode::InvalidValue),
    }
}

impl Trial {
    /// Afterwards an item has exactly the relationships that its references say.
    pub(super) fn set_references(
        &mut self,
        owner: &str,
        references: Vec<(Reference, Vec<Entry>)>,
    ) -> Result<(), RefusalCode> {
        for (reference, entries) in references {
            let kind = reference.relationship;
            let mut held: Vec<String> =
                outgoing(&self.state, owner, Some(kind)).into_iter().map(str::to_owned).collect();
            for entry in entries {
                check_id(&entry.target)?;
                let attributes = said(kind, &entry.attributes)?.values.into_iter().collect();
                let is_meant = |id: &String| {
                    self.state[id].target() == Some(&entry.target)
                        && entry.id.as_ref().is_none_or(|wanted| wanted == id)
                };
                if let Some(place) = held.iter().position(is_meant) {
                    let id = held.remove(place);
                    self.state.get_mut(&id).expect("held").attributes = attributes;
                    continue;
                }
                let id = entry.id.unwrap_or_else(|| self.derived_id(owner, kind, &entry.target));
                self.check_new(&id)?;
                let ends = Some((owner.to_owned(), entry.target));
                self.state.insert(id, Item { kind: kind.to_owned(), name: None, ends, attributes });
            }
            for id in held {
                self.remove(&id);
            }
        }
        Ok(())
    }
}
