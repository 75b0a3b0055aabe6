//! The report as a table: one row an affected item.

use crate::analyses::{Column, Tabular};
use crate::domain::Localized;

use super::report::{AffectedItem, ImpactReport};

impl Tabular for ImpactReport {
    fn title(&self) -> Localized {
        let title = |language: &str, of: &str| {
            let subjects: Vec<&str> = self.subjects.iter().map(|subject| subject.name.get(language)).collect();
            format!("{}{of}{}", self.change_label.get(language), subjects.join("・"))
        };
        Localized::ja_en(&title("ja", "の影響: "), &title("en", ": impact of "))
    }

    fn columns(&self) -> Vec<Column> {
        vec![
            Column::new("id", "ID", "ID"),
            Column::new("kind", "種類", "Kind"),
            Column::new("name", "名称", "Name"),
            Column::new("effect", "影響", "Effect"),
            Column::new("distance", "距離", "Distance").of_numbers(),
            Column::new("sentence", "説明", "Sentence"),
            Column::new("path", "経路", "Path"),
            Column::new("relationships", "関係のID", "Relationships"),
            Column::new("facts", "記録されている事実", "Facts"),
        ]
    }

    fn rows(&self, language: &str) -> Vec<Vec<String>> {
        self.affected.iter().map(|item| row(item, language)).collect()
    }
}

fn row(item: &AffectedItem, language: &str) -> Vec<String> {
    let between = if language.starts_with("en") { "; " } else { "。" };
    let path: Vec<&str> = item.path.iter().map(|step| step.text.get(language)).collect();
    let relationships: Vec<&str> = item.path.iter().map(|step| step.relationship.as_str()).collect();
    let facts: Vec<String> = item.facts.iter().map(|(name, value)| format!("{name}={value}")).collect();
    vec![
        item.id.clone(),
        item.kind.to_string(),
        item.name.get(language).to_owned(),
        item.effect_label.get(language).to_owned(),
        item.distance.to_string(),
        item.sentence.get(language).to_owned(),
        path.join(between),
        relationships.join(" "),
        facts.join(" "),
    ]
}
