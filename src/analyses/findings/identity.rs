//! The identity of findings and of their evidence.

use sha2::{Digest, Sha256};

/// The longest id that is written out; a longer one is a digest.
const LONGEST: usize = 160;

/// The id of the finding that a rule makes of a case. The same rule and the same keys give the same id for ever.
///
/// It is the rule and the keys, separated by `--`, so that people can read it; where that would be ambiguous
/// or too long, a digest stands for the keys.
pub(in crate::analyses) fn finding_id(rule: &str, keys: &[&str]) -> String {
    let ambiguous = keys.len() > 1 && keys.iter().any(|key| key.contains("--"));
    let length: usize = rule.len() + keys.iter().map(|key| key.len() + 2).sum::<usize>();
    let plain = keys.iter().all(|key| key.chars().all(is_plain));
    if ambiguous || length > LONGEST || !plain {
        return format!("{rule}--{}", &digest(keys.iter().copied())[..24]);
    }
    format!("{rule}--{}", keys.join("--"))
}

/// What may stand in an identifier and in an address as it is.
fn is_plain(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | ':')
}

/// A digest of parts, in hexadecimal; the parts cannot run into each other.
pub(super) fn digest<'a>(parts: impl IntoIterator<Item = &'a str>) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.len().to_le_bytes());
        hash.update(part.as_bytes());
    }
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_readable_where_that_is_clear() {
        assert_eq!(finding_id("S01", &["flw-a-to-b"]), "S01--flw-a-to-b");
        assert_eq!(finding_id("S01", &["a--uses--b"]), "S01--a--uses--b");
        assert_eq!(finding_id("P03", &["prj-a", "prj-b"]), "P03--prj-a--prj-b");
        assert_ne!(finding_id("P03", &["a--b", "c"]), finding_id("P03", &["a", "b--c"]));
        assert!(finding_id("P03", &["電", "話"]).is_ascii());
        assert!(finding_id("P03", &[&"x".repeat(500)]).len() < 40);
    }

    #[test]
    fn parts_do_not_run_into_each_other() {
        assert_ne!(digest(["ab", "c"]), digest(["a", "bc"]));
    }
}
