//! Small pieces that the readers of both formats take out of an element.

use super::document::{Extra, KeptAttribute, Line};
use super::reading::Context;
use crate::interchange::problem::Said;
use crate::interchange::xml::{XSI_NAMESPACE, XmlAttribute, XmlElement};

/// The attributes that nobody has taken out, to be kept.
pub(super) fn left_attributes(element: &XmlElement) -> Vec<KeptAttribute> {
    let held = element.attributes.iter().filter(|held| &*held.name.namespace != XSI_NAMESPACE);
    held.map(kept_attribute).collect()
}

fn kept_attribute(held: &XmlAttribute) -> KeptAttribute {
    KeptAttribute { name: held.name.written(), namespace: held.name.namespace.to_string(), value: held.value.clone() }
}

/// Keeps what is left of an element of the exchange format.
pub(super) fn keep_exchange(extra: &mut Extra, element: &XmlElement) {
    let attributes = left_attributes(element);
    if !attributes.is_empty() {
        extra.make().exchange = attributes;
    }
}

/// Keeps what is left of an element of Archi's format.
pub(super) fn keep_native(extra: &mut Extra, element: &XmlElement) {
    let attributes = left_attributes(element);
    if !attributes.is_empty() {
        extra.make().native.extend(attributes);
    }
}

/// A whole number of an attribute.
pub(super) fn integer(context: &mut Context<'_>, element: &mut XmlElement, name: &str) -> Option<i64> {
    let text = element.take(name)?;
    let trimmed = text.trim();
    let whole = trimmed.parse::<i64>().ok().or_else(|| rounded(trimmed));
    let whole = whole.filter(|number| number.abs() <= i64::from(i32::MAX));
    if whole.is_none() || trimmed.parse::<i64>().is_err() {
        let wrong = Said::new(format!("{name} は整数ではありません"), format!("{name} is not a whole number"));
        let used = whole.map_or_else(|| "-".to_owned(), |number| number.to_string());
        let assumed = Said::new(format!("{used} とみなします"), format!("taken as {used}"));
        context.assume("no_whole_number", Line(element.line), &text, wrong, assumed);
    }
    whole
}

/// Some tools write coordinates with a fraction.
fn rounded(text: &str) -> Option<i64> {
    let number = text.parse::<f64>().ok().filter(|number| number.abs() < f64::from(i32::MAX))?;
    #[expect(clippy::cast_possible_truncation, reason = "just compared with the largest 32-bit number")]
    Some(number.round() as i64)
}
