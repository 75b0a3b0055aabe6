//! All rules, read from data.

use std::collections::BTreeMap;
use std::sync::Arc;

use rustc_hash::FxHashMap;
use serde::Deserialize;
use serde_json::Value as Json;

use super::finding::Severity;
use super::path::{Need, PathError, ReadPath};
use super::querying::RuleQuery;
use super::rule::{Condition, RecordedKind, Rule, RuleForm};
use super::terms::{TermDefinition, TermDefinitions};
use crate::analyses::rules;
use crate::domain::document::{self, DocumentError, Node};
use crate::domain::metamodel::{AttributeName, KindId, Metamodel};
use crate::domain::{Localized, nearest};
use crate::query::over_view::ViewCatalog;

/// All rules, in the order in which they are written.
#[derive(Debug, Clone, Default)]
pub struct Catalogue {
    rules: Vec<Rule>,
    by_id: FxHashMap<Arc<str>, usize>,
    terms: TermDefinitions,
}

/// What rules are read against.
struct Language<'m> {
    metamodel: &'m Metamodel,
    names: Arc<ViewCatalog>,
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
    records: Vec<String>,
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
        let language = Language { metamodel, names: Arc::new(ViewCatalog::new(metamodel)) };
        for (name, text) in files {
            let document = document::parse(name, text)?;
            catalogue.read_terms(&document)?;
            for entry in entries(&document)? {
                catalogue.insert(read_rule(&language, entry)?);
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

fn read_rule(language: &Language<'_>, entry: &Node) -> Result<Rule, DocumentError> {
    let metamodel = language.metamodel;
    let text: RuleText = serde_json::from_value(entry.to_json()).map_err(|error| entry.error(error.to_string()))?;
    let judges: Vec<Arc<str>> = text.judges.words().iter().map(|word| word.as_str().into()).collect();
    let known = judges.iter().filter_map(|word| metamodel.kind_named(word));
    let kinds = known.flat_map(|kind| metamodel.descendants(kind.id)).collect::<Vec<_>>();
    if judges.is_empty() {
        return Err(entry.error("\"judges\" names at least one kind"));
    }
    let paths = if kinds.is_empty() {
        Err(unknown_kind(&judges.join(", ")))
    } else {
        read_paths(metamodel, &kinds, &text).map_err(|error| unknown_part(&error))
    };
    let (records, paths) = match read_records(metamodel, &text) {
        Ok(records) => (records, paths),
        Err(why) => (Vec::new(), Err(why)),
    };
    // What the metamodel does not have makes the rule unusable; so its query need not be understood.
    let form = form(language, &text, &judges, paths.is_ok()).map_err(|message| entry.error(message))?;
    let unusable = paths.as_ref().err().cloned();
    let Paths { when, needs, reads } = paths.unwrap_or_default();
    Ok(Rule {
        id: text.id.as_str().into(),
        set: text.set.as_str().into(),
        severity: text.severity,
        title: localized(&text.title),
        sentence: localized(&text.sentence),
        advice: localized(&text.advice),
        source: text.source.as_str().into(),
        judges,
        kinds,
        when,
        records,
        needs,
        reads,
        labels: labels(metamodel, &text.labels),
        parameters: text.parameters.clone(),
        form,
        unusable,
    })
}

/// The ways along which a rule reads.
#[derive(Debug, Default)]
struct Paths {
    when: Vec<Condition>,
    needs: Vec<Need>,
    reads: Vec<ReadPath>,
}

fn form(language: &Language<'_>, text: &RuleText, judges: &[Arc<str>], known: bool) -> Result<RuleForm, String> {
    match (&text.code, &text.query) {
        (Some(name), None) => rules::code(name).map(RuleForm::Code).ok_or_else(|| {
            format!("rule {}: \"{name}\" is no code that ezu has; one of {}", text.id, rules::names().join(", "))
        }),
        (None, Some(query)) => {
            let read = RuleQuery::read(query, &language.names, language.metamodel, judges, known);
            read.map(|read| RuleForm::Query(Arc::new(read))).map_err(|error| format!("rule {}: {error}", text.id))
        }
        _ => Err(format!("rule {}: write either \"query\" or \"code\"", text.id)),
    }
}

fn read_paths(metamodel: &Metamodel, kinds: &[KindId], text: &RuleText) -> Result<Paths, PathError> {
    let parse = |path: &str| ReadPath::parse(metamodel, kinds, path);
    let need = |path: &String| Need::parse(metamodel, kinds, path);
    let when = text.when.iter().map(|(path, values)| Ok(Condition { path: parse(path)?, values: values.clone() }));
    Ok(Paths {
        when: when.collect::<Result<Vec<_>, PathError>>()?,
        needs: text.needs.iter().map(need).collect::<Result<Vec<_>, _>>()?,
        reads: text.reads.iter().map(|path| parse(path)).collect::<Result<Vec<_>, _>>()?,
    })
}

/// The kinds that a model must record, by name, with those that specialise them.
fn read_records(metamodel: &Metamodel, text: &RuleText) -> Result<Vec<RecordedKind>, Localized> {
    let read = |name: &String| {
        let kind = metamodel.kind_named(name).ok_or_else(|| unknown_kind(name))?;
        Ok((name.as_str().into(), metamodel.descendants(kind.id)))
    };
    text.records.iter().map(read).collect()
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
