//! Text in several languages.

use std::sync::Arc;

use serde::{Serialize, Serializer};
use smol_str::SmolStr;

/// A text by language tag (BCP 47), for labels, names and documentation. A clone shares the texts.
///
/// Sorted by tag. Nearly every one has one or two languages and a model has hundreds of thousands, so what counts is what
/// one takes: a tree of maps takes some 400 bytes more.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Localized(Arc<[(SmolStr, Box<str>)]>);

impl Localized {
    /// A text in the two languages that ezu itself speaks.
    pub fn ja_en(ja: &str, en: &str) -> Self {
        Self::from_iter([("ja", ja), ("en", en)])
    }

    /// The text in `language`, else in Japanese, else in English, else in any; empty if there is none.
    pub fn get(&self, language: &str) -> &str {
        let primary = language.split('-').next().unwrap_or(language);
        [language, primary, "ja", "en"]
            .iter()
            .find_map(|tag| self.exactly(tag))
            .or_else(|| self.iter().next().map(|(_, text)| text))
            .unwrap_or_default()
    }

    /// The text in exactly this language.
    pub fn exactly(&self, language: &str) -> Option<&str> {
        self.iter().find(|(tag, _)| *tag == language).map(|(_, text)| text)
    }

    /// Sets the text of one language. Takes O(languages).
    pub fn insert(&mut self, language: &str, text: &str) {
        *self = self.iter().chain([(language, text)]).collect();
    }

    /// Language tags and texts, sorted by tag.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(language, text)| (language.as_str(), &**text))
    }

    /// Whether there is no text at all.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<'a> FromIterator<(&'a str, &'a str)> for Localized {
    /// Of several texts in one language the last is kept.
    fn from_iter<T: IntoIterator<Item = (&'a str, &'a str)>>(pairs: T) -> Self {
        let mut texts: Vec<(&str, &str)> = Vec::new();
        for (language, text) in pairs {
            match texts.binary_search_by_key(&language, |(held, _)| *held) {
                Ok(place) => texts[place].1 = text,
                Err(place) => texts.insert(place, (language, text)),
            }
        }
        Self(texts.into_iter().map(|(language, text)| (language.into(), text.into())).collect())
    }
}

impl Serialize for Localized {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn falls_back_from_region_to_language_to_japanese() {
        let label = Localized::ja_en("停止", "stopped");
        assert_eq!(label.get("en-GB"), "stopped");
        assert_eq!(label.get("fr"), "停止");
        assert_eq!(Localized::from_iter([("nl", "gestopt")]).get("en"), "gestopt");
        assert_eq!(Localized::default().get("ja"), "");
    }

    #[test]
    fn the_last_text_of_a_language_is_kept_and_tags_are_sorted() {
        let mut label = Localized::from_iter([("nl", "a"), ("en", "b"), ("nl", "c")]);
        label.insert("de", "d");
        label.insert("en", "e");
        assert_eq!(label.iter().collect::<Vec<_>>(), [("de", "d"), ("en", "e"), ("nl", "c")]);
        assert_eq!(serde_json::to_string(&label).expect("JSON"), r#"{"de":"d","en":"e","nl":"c"}"#);
    }
}
