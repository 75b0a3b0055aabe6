//! Identifiers of other tools as identifiers of the model, and back.

use crate::domain::identifier::{Identifier, LONGEST_IDENTIFIER};

/// The identifier for an id of another tool: itself where it is one, else with every character that is not
/// permitted written as `_xHEX_`. [`source_id`] is its inverse.
///
/// Answers with nothing for a text too long to be an identifier.
pub fn identifier(source_id: &str) -> Option<String> {
    let mut out = String::with_capacity(source_id.len());
    for (place, character) in source_id.char_indices() {
        let looks_escaped = character == '_' && source_id[place + 1..].starts_with('x');
        let permitted = character.is_alphanumeric() || matches!(character, '-' | '_' | '.' | ':');
        if permitted && !looks_escaped {
            out.push(character);
        } else {
            out.push_str(&format!("_x{:X}_", u32::from(character)));
        }
    }
    let fits = out.len() <= LONGEST_IDENTIFIER / 4;
    fits.then_some(out).filter(|out| Identifier::new(out).is_ok())
}

/// The id that [`identifier`] was made from.
pub fn source_id(identifier: &str) -> String {
    let mut out = String::with_capacity(identifier.len());
    let mut rest = identifier;
    while let Some(start) = rest.find("_x") {
        out.push_str(&rest[..start]);
        let after = &rest[start + 2..];
        let escaped = after.split_once('_').and_then(|(hex, rest)| {
            let code = u32::from_str_radix(hex, 16).ok()?;
            Some((char::from_u32(code)?, rest))
        });
        if let Some((character, remainder)) = escaped {
            out.push(character);
            rest = remainder;
        } else {
            out.push_str("_x");
            rest = after;
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn ids_that_are_identifiers_stay() {
        for id in ["id-1234", "4a2f", "住民記録", "a_b", "_x"] {
            let made = identifier(id);
            assert_eq!(made.as_deref() == Some(id), id != "_x", "{id}: {made:?}");
        }
        assert_eq!(identifier("a b/c").as_deref(), Some("a_x20_b_x2F_c"));
        assert_eq!(identifier(""), None);
        assert_eq!(identifier(&"x".repeat(2_000)), None);
    }

    proptest! {
        #[test]
        fn every_id_comes_back(id in "\\PC{1,40}|[_x0-9A-F ]{1,20}") {
            if let Some(made) = identifier(&id) {
                prop_assert_eq!(source_id(&made), id);
            }
        }
    }
}
