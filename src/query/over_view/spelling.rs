//! How kinds are spelt in queries.

/// The label of a kind: `business_process` is `BusinessProcess`.
pub fn label_of(kind: &str) -> String {
    let words = kind.split('_').filter(|word| !word.is_empty());
    words
        .map(|word| {
            let mut letters = word.chars();
            letters.next().map_or_else(String::new, |first| first.to_uppercase().collect::<String>() + letters.as_str())
        })
        .collect()
}

/// The type of a relationship kind: `data_flow` is `DATA_FLOW`.
pub fn type_of(kind: &str) -> String {
    kind.to_uppercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_spelt_as_graph_people_expect() {
        assert_eq!(label_of("business_process"), "BusinessProcess");
        assert_eq!(label_of("system"), "System");
        assert_eq!(type_of("data_flow"), "DATA_FLOW");
    }
}
