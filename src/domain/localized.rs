//! Text in several languages.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;

/// A text by language tag (BCP 47), for labels, names and documentation.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(transparent)]
pub struct Localized(BTreeMap<Arc<str>, Arc<str>>);

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
            .find_map(|tag| self.0.get(*tag))
            .or_else(|| self.0.values().next())
            .map_or("", |text| text)
    }

    /// The text in exactly this language.
    pub fn exactly(&self, language: &str) -> Option<&str> {
        self.0.get(language).map(|text| &**text)
    }

    /// Sets the text of one language.
    pub fn insert(&mut self, language: &str, text: &str) {
        self.0.insert(language.into(), text.into());
    }

    /// Language tags and texts, sorted by tag.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(language, text)| (&**language, &**text))
    }

    /// Whether there is no text at all.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<'a> FromIterator<(&'a str, &'a str)> for Localized {
    fn from_iter<T: IntoIterator<Item = (&'a str, &'a str)>>(pairs: T) -> Self {
        Self(pairs.into_iter().map(|(language, text)| (language.into(), text.into())).collect())
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
}
