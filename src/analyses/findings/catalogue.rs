//! All rules, read from data.

use std::collections::BTreeMap;
use std::sync::Arc;

use rustc_hash::FxHashMap;
use serde::Deserialize;
use serde_json::Value as Json;

use super::finding::Severity;
use super::path::{Need, PathError, ReadPath};
use super::rule::{Condition, Rule, RuleForm};
use super::terms::{TermDefinition, TermDefinitions};
use crate::analyses::rules;
use crate::domain::document::{self, DocumentError, Node};
use crate::domain::metamodel::{AttributeName, KindId, Metamodel};
use crate::domain::{Localized, nearest};

/// All rules, in the order in which they are written.
#[derive(Debug, Clone, Default)]
pub struct Catalogue {
    rules: Vec<Rule>,
    by_id: FxHashMap<Arc<str>, usize>,
    terms: TermDefinitions,
}

/// A rule as it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleText {
    id: String,
    set: String,
    severity: Severity,
    title: BTreeMap<String, String>,
    sentence: BTreeMap<String, String>,
    #[serde(default)]
    advice: BTreeMap<String, String>,
    #[serde(default)]
    source: String,
    judges: OneOrMany,
    #[serde(default)]
    when: BTreeMap<String, Vec<Json>>,
    #[serde(default)]
    needs: Vec<String>,
    #[serde(default)]
    reads: Vec<String>,
    #[serde(default)]
    labels: BTreeMap<String, String>,
    #[serde(default)]
    parameters: BTreeMap<String, Json>,
    code: Option<String>,
    query: Option<String>,
}

/// A word, or several.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

impl OneOrMany {
    fn words(&self) -> &[String] {
        match self {
            Self::One(word) => std::slice::from_ref(word),
            Self::Many(words) => words,
        }
    }
}

impl Catalogue {
    /// Reads rule files, each a name and a YAML text; a rule that stands in a later file replaces one of the same id.
    ///
    /// What a metamodel does not know makes a rule unusable under it, and the rule says so.
    ///
    /// # Errors
    /// The first fault, with file, line and what to write instead.
    pub fn read(metamodel: &Metamodel, files: &[(String, String)]) -> Result<Self, DocumentError> {
        let mut catalogue = Self::default();
        for (name, text) in files {
            let document = document::parse(name, text)?;
            catalogue.read_terms(&document)?;
            for entry in entries(&document)? {
                catalogue.insert(read_rule(metamodel, entry)?);
            }
        }
        Ok(catalogue)
    }

    fn read_terms(&mut self, document: &Node) -> Result<(), DocumentError> {
        let Some(terms) = document.get("terms") else { return Ok(()) };
        let read: Result<BTreeMap<String, TermDefinition>, _> = serde_json::from_value(terms.to_json());
        self.terms.0.extend(read.map_err(|error| terms.error(error.to_string()))?);
        Ok(())
    }

    fn insert(&mut self, rule: Rule) {
        if let Some(place) = self.by_id.get(&rule.id) {
            self.rules[*place] = rule;
            return;
        }
        self.by_id.insert(Arc::clone(&rule.id), self.rules.len());
        self.rules.push(rule);
    }

    /// The rules, in order.
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// The rule with this id.
    pub fn rule(&self, id: &str) -> Option<&Rule> {
        self.by_id.get(id).map(|place| &self.rules[*place])
    }

    /// An id that a misspelt one could have meant.
    pub fn similar(&self, id: &str) -> Option<&str> {
        let same = self.rules.iter().map(|rule| &*rule.id).find(|held| held.eq_ignore_ascii_case(id));
        same.or_else(|| nearest::nearest(id, self.rules.iter().map(|rule| &*rule.id)))
    }

    /// The sets of rules, in the order of their first rule.
    pub fn sets(&self) -> Vec<&Arc<str>> {
        let mut sets: Vec<&Arc<str>> = Vec::new();
        for rule in &self.rules {
            if !sets.contains(&&rule.set) {
                sets.push(&rule.set);
            }
        }
        sets
    }

    /// What the words of the domain mean.
    pub fn terms(&self) -> &TermDefinitions {
        &self.terms
    }
}

/// The entries of the list `rules`.
fn entries(document: &Node) -> Result<&[Node], DocumentError> {
    match document.get("rules") {
        None => Ok(&[]),
        Some(Node { content: document::Content::Sequence(entries), .. }) => Ok(entries),
        Some(other) => Err(other.error("\"rules\" is a list of rules")),
    }
}

fn read_rule(metamodel: &Metamodel, entry: &Node) -> Result<Rule, DocumentError> {
    let text: RuleText = serde_json::from_value(entry.to_json()).map_err(|error| entry.error(error.to_string()))?;
    let form = form(&text).map_err(|message| entry.error(message))?;
    let judges: Vec<Arc<str>> = text.judges.words().iter().map(|word| word.as_str().into()).collect();
    let known = judges.iter().filter_map(|word| metamodel.kind_named(word));
    let kinds = known.flat_map(|kind| metamodel.descendants(kind.id)).collect::<Vec<_>>();
    if judges.is_empty() {
        return Err(entry.error("\"judges\" names at least one kind"));
    }
    let mut rule = Rule {
        id: text.id.as_str().into(),
        set: text.set.as_str().into(),
        severity: text.severity,
        title: localized(&text.title),
        sentence: localized(&text.sentence),
        advice: localized(&text.advice),
        source: text.source.as_str().into(),
        judges,
        kinds,
        when: Vec::new(),
        needs: Vec::new(),
        reads: Vec::new(),
        labels: labels(metamodel, &text.labels),
        parameters: text.parameters.clone(),
        form,
        unusable: None,
    };
    if rule.kinds.is_empty() {
        rule.unusable = Some(unknown_kind(&rule.judges.join(", ")));
    } else if let Err(error) = read_paths(metamodel, &text, &mut rule) {
        rule.unusable = Some(unknown_part(&error));
    }
    Ok(rule)
}

fn form(text: &RuleText) -> Result<RuleForm, String> {
    match (&text.code, &text.query) {
        (Some(name), None) => rules::code(name).map(RuleForm::Code).ok_or_else(|| {
            format!("rule {}: \"{name}\" is no code that ezu has; one of {}", text.id, rules::names().join(", "))
        }),
        (None, Some(query)) => Ok(RuleForm::Query(query.as_str().into())),
        _ => Err(format!("rule {}: write either \"query\" or \"code\"", text.id)),
    }
}

fn read_paths(metamodel: &Metamodel, text: &RuleText, rule: &mut Rule) -> Result<(), PathError> {
    let parse = |path: &str| ReadPath::parse(metamodel, &rule.kinds, path);
    let need = |path: &String| Need::parse(metamodel, &rule.kinds, path);
    let when = text.when.iter().map(|(path, values)| Ok(Condition { path: parse(path)?, values: values.clone() }));
    let when = when.collect::<Result<Vec<_>, PathError>>()?;
    let needs = text.needs.iter().map(need).collect::<Result<Vec<_>, _>>()?;
    let reads = text.reads.iter().map(|path| parse(path)).collect::<Result<Vec<_>, _>>()?;
    (rule.when, rule.needs, rule.reads) = (when, needs, reads);
    Ok(())
}

/// `kind.attribute` by fact; what the metamodel does not have is read as it is.
fn labels(metamodel: &Metamodel, texts: &BTreeMap<String, String>) -> BTreeMap<String, (KindId, AttributeName)> {
    let find = |text: &String| {
        let (kind, attribute) = text.split_once('.')?;
        let kind = metamodel.kind_named(kind)?;
        Some((kind.id, kind.attribute_named(attribute)?.name))
    };
    texts.iter().filter_map(|(fact, text)| Some((fact.clone(), find(text)?))).collect()
}

fn localized(texts: &BTreeMap<String, String>) -> Localized {
    texts.iter().map(|(language, text)| (language.as_str(), text.as_str())).collect()
}

fn unknown_kind(kind: &str) -> Localized {
    Localized::ja_en(
        &format!("このメタモデルには種類「{kind}」がない。"),
        &format!("The metamodel has no kind \"{kind}\"."),
    )
}

fn unknown_part(error: &PathError) -> Localized {
    Localized::ja_en(
        &format!("このメタモデルでは「{}」を読めない（{}がない）。", error.path, error.part),
        &format!("Under this metamodel \"{}\" cannot be read: there is no {}.", error.path, error.part),
    )
}

impl Rule {
    /// Kinds that the judged kind specialises: their items could be judged if more were recorded of them.
    pub(super) fn ancestors(&self, metamodel: &Metamodel) -> Vec<KindId> {
        let judged = self.judges.iter().filter_map(|word| metamodel.kind_named(word));
        let mut found: Vec<KindId> = judged.flat_map(|kind| kind.lineage.iter().copied().skip(1)).collect();
        found.sort_unstable();
        found.dedup();
        found
    }
}
