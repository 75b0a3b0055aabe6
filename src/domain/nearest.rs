//! "Did you mean …": the existing word closest to a misspelt one.

/// The candidate most like `word`, when one is alike enough to be worth saying.
///
/// Jaro-Winkler similarity of at least 0.8; ties go to the alphabetically first.
/// Takes time proportional to the number of candidates.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let mut best: Option<(f64, &str)> = None;
    for candidate in candidates {
        let likeness = strsim::jaro_winkler(word, candidate);
        let better = match best {
            None => likeness >= 0.8,
            Some((score, held)) => likeness > score || (likeness >= score && candidate < held),
        };
        if better {
            best = Some((likeness, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// A sentence's tail, `; did you mean "x"?`, or nothing.
pub fn hint<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> String {
    nearest(word, candidates).map_or_else(String::new, |found| format!("; did you mean \"{found}\"?"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_closest_word_and_stays_silent_when_nothing_is_close() {
        let words = ["sys-juki", "sys-jite", "dat-juki"];
        assert_eq!(nearest("sys-jukki", words), Some("sys-juki"));
        assert_eq!(nearest("qqqq", words), None);
        assert_eq!(hint("sys-jukki", words), "; did you mean \"sys-juki\"?");
    }
}
