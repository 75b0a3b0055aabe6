//! The two languages in which a picture explains itself.

/// Whether a language tag asks for English; every other tag is answered in Japanese.
pub fn is_english(language: &str) -> bool {
    language.split('-').next().is_some_and(|primary| primary.eq_ignore_ascii_case("en"))
}

/// One of two texts.
pub fn pick<'a>(language: &str, ja: &'a str, en: &'a str) -> &'a str {
    if is_english(language) { en } else { ja }
}

/// Several names in one line.
pub fn list(language: &str, names: &[String]) -> String {
    names.join(pick(language, "、", ", "))
}

/// The first names of several, and how many more there are.
pub fn first_of(language: &str, names: &[String], most: usize) -> String {
    let shown = list(language, &names[..names.len().min(most)]);
    match names.len().saturating_sub(most) {
        0 => shown,
        more if is_english(language) => format!("{shown} and {more} more"),
        more => format!("{shown} ほか{more}件"),
    }
}
