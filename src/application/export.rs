//! What a view shows of the model, in another form.

use crate::domain::element::Model;
use crate::graph::View;
use crate::interchange::native::{self, ItemsByKind};

/// What is seen as one native YAML file. The same view gives the same bytes.
pub fn to_yaml(view: &View) -> String {
    let metamodel = view.metamodel();
    let items = metamodel.kinds().iter().map(|kind| (kind.id, view.items_of_kinds(&[kind.id], None).collect()));
    native::write(view, "export", &ItemsByKind(items.collect()))
}

/// The same as JSON.
///
/// # Errors
/// When what was written cannot be read back, which would be a fault of ezu.
pub fn to_json(view: &View) -> Result<String, String> {
    super::whole::json_of(&to_yaml(view))
}
