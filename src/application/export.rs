//! The whole model in another form.

use crate::domain::element::Model;
use crate::graph::View;
use crate::interchange::native::{self, ItemsByKind};

/// The model as one native YAML file. The same model gives the same bytes.
pub fn to_yaml(view: &View) -> String {
    let metamodel = view.metamodel();
    let items = metamodel.kinds().iter().map(|kind| (kind.id, view.items_of_kinds(&[kind.id], None).collect()));
    native::write(view, "export", &ItemsByKind(items.collect()))
}
