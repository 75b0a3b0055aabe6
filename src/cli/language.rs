//! In which language labels and sentences are written.

use clap::ValueEnum;

/// A language that ezu speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Language {
    Ja,
    En,
}

impl Language {
    /// Its tag (BCP 47).
    pub(super) fn tag(self) -> &'static str {
        match self {
            Self::Ja => "ja",
            Self::En => "en",
        }
    }

    /// The one of two texts that is in this language.
    pub(super) fn pick<'a>(self, ja: &'a str, en: &'a str) -> &'a str {
        match self {
            Self::Ja => ja,
            Self::En => en,
        }
    }
}

/// The language asked for, else that of the environment, else Japanese.
pub(super) fn choose(asked: Option<Language>) -> Language {
    let variables = ["LC_ALL", "LC_MESSAGES", "LANG"].map(|name| std::env::var(name).unwrap_or_default());
    asked.unwrap_or_else(|| of_environment(&variables))
}

/// The first variable that is set decides, as POSIX says.
fn of_environment(variables: &[String]) -> Language {
    match variables.iter().find(|value| !value.is_empty()) {
        Some(value) if value.to_lowercase().starts_with("en") => Language::En,
        _ => Language::Ja,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_variable_decides_and_japanese_is_the_default() {
        let of = |values: [&str; 3]| of_environment(&values.map(str::to_owned));
        assert_eq!(of(["", "", "en_GB.UTF-8"]), Language::En);
        assert_eq!(of(["ja_JP.UTF-8", "", "en_GB.UTF-8"]), Language::Ja);
        assert_eq!(of(["", "", "C.UTF-8"]), Language::Ja);
        assert_eq!(of(["", "", ""]), Language::Ja);
    }
}
