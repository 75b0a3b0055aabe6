//! The attributes of one element or relationship.

use super::metamodel::AttributeName;
use super::value::Value;

/// Attribute values by interned name, sorted by name; two words an entry.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Attributes(Box<[(AttributeName, Value)]>);

impl Attributes {
    /// The value of an attribute. Takes O(log n).
    pub fn get(&self, name: AttributeName) -> Option<&Value> {
        let place = self.0.binary_search_by_key(&name, |(held, _)| *held).ok()?;
        Some(&self.0[place].1)
    }

    /// Names and values, sorted by interned name.
    pub fn iter(&self) -> impl Iterator<Item = (AttributeName, &Value)> {
        self.0.iter().map(|(name, value)| (*name, value))
    }

    /// How many attributes have a value.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether none has.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Pairs in any order; sorted ones cost no comparison beyond one each. Of several values for one name the
    /// last is kept.
    pub fn from_pairs(pairs: Vec<(AttributeName, Value)>) -> Self {
        if pairs.is_sorted_by(|(one, _), (next, _)| one < next) {
            return Self(pairs.into_boxed_slice());
        }
        pairs.into_iter().collect()
    }

    /// A copy with some values set and some removed.
    #[must_use]
    pub fn with(&self, set: impl IntoIterator<Item = (AttributeName, Value)>, unset: &[AttributeName]) -> Self {
        let mut entries: Vec<(AttributeName, Value)> = self.0.to_vec();
        entries.retain(|(name, _)| !unset.contains(name));
        for (name, value) in set {
            match entries.binary_search_by_key(&name, |(held, _)| *held) {
                Ok(place) => entries[place].1 = value,
                Err(place) => entries.insert(place, (name, value)),
            }
        }
        Self(entries.into_boxed_slice())
    }
}

impl FromIterator<(AttributeName, Value)> for Attributes {
    /// Of several values for one name the last is kept.
    fn from_iter<T: IntoIterator<Item = (AttributeName, Value)>>(pairs: T) -> Self {
        Self::default().with(pairs, &[])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn set_replaces_and_unset_removes() {
        let name = AttributeName::from_index;
        let first: Attributes = [(name(5), Value::Integer(1)), (name(2), Value::Integer(2))].into_iter().collect();
        let second = first.with([(name(5), Value::Integer(9))], &[name(2)]);
        assert_eq!(first.get(name(2)), Some(&Value::Integer(2)));
        assert_eq!(second.get(name(2)), None);
        assert_eq!(second.get(name(5)), Some(&Value::Integer(9)));
        assert_eq!(second.len(), 1);
    }
}
