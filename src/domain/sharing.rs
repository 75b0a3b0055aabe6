//! Texts that stand in a model many times, held once.
//!
//! A ledger says 「なし」, a vendor or a section's name in every second row. Who makes a value asks here for its text; what
//! was asked for lately is shared, the rest is made new. Nothing grows: each thread remembers a fixed number of short texts.

use std::cell::RefCell;
use std::hash::{BuildHasher as _, Hash};
use std::sync::Arc;

use rustc_hash::FxBuildHasher;

use super::localized::Localized;

/// How many texts of each kind a thread remembers; each has one place, where a newer one takes the older's.
const PLACES: usize = 4_096;
/// The longest text that is remembered, in bytes: longer ones seldom stand twice.
const LONGEST: usize = 96;

thread_local! {
    static TEXTS: RefCell<Recent<Arc<str>>> = const { RefCell::new(Recent(Vec::new())) };
    static LOCALIZED: RefCell<Recent<Localized>> = const { RefCell::new(Recent(Vec::new())) };
}

/// What was made last, by a hash of its content.
struct Recent<T>(Vec<Option<T>>);

impl<T: Clone> Recent<T> {
    fn get(&mut self, content: impl Hash, is_it: impl Fn(&T) -> bool, make: impl FnOnce() -> T) -> T {
        if self.0.is_empty() {
            self.0.resize(PLACES, None);
        }
        // The upper half: the lower bits of this hash depend on few bits of the content.
        let hash = FxBuildHasher.hash_one(content) >> 32;
        let place = usize::try_from(hash).unwrap_or(0) % PLACES;
        if let Some(held) = self.0[place].as_ref().filter(|held| is_it(held)) {
            return held.clone();
        }
        let made = make();
        self.0[place] = Some(made.clone());
        made
    }
}

/// The text, shared with an equal one that was asked for lately.
pub fn text(text: &str) -> Arc<str> {
    if text.len() > LONGEST {
        return text.into();
    }
    TEXTS.with_borrow_mut(|recent| recent.get(text, |held| &**held == text, || text.into()))
}

/// The texts, shared with equal ones that were given lately.
pub fn localized(texts: Localized) -> Localized {
    let length: usize = texts.iter().map(|(_, text)| text.len()).sum();
    if length > LONGEST {
        return texts;
    }
    LOCALIZED.with_borrow_mut(|recent| recent.get(&texts, |held| *held == texts, || texts.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_short_texts_are_held_once_and_long_ones_are_not_remembered() {
        assert!(Arc::ptr_eq(&text("なし"), &text("なし")));
        let long = "長".repeat(LONGEST);
        assert!(!Arc::ptr_eq(&text(&long), &text(&long)));
        assert_eq!(&*text(&long), long);
        let one = || Localized::from_iter([("ja", "なし")]);
        let both = Localized::ja_en("なし", "none");
        assert!(std::ptr::eq(localized(one()).get("ja"), localized(one()).get("ja")));
        assert_eq!(localized(both.clone()), both);
    }

    #[test]
    fn whatever_was_asked_for_before_the_text_is_the_one_asked_for() {
        // Many more than there are places, twice, so that places change hands.
        for number in (0..3 * PLACES).chain(0..3 * PLACES) {
            let wanted = format!("値{number}");
            assert_eq!(&*text(&wanted), wanted);
            let language = ["ja", "en", "nl"][number % 3];
            let texts = Localized::from_iter([(language, wanted.as_str()), ("fr", "constant")]);
            assert_eq!(localized(texts.clone()), texts);
        }
    }
}
