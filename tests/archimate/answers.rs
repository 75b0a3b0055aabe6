//! A plain `ArchiMate` model, hand-written or other people's: every rule, analysis and question gives a true answer or
//! says that it is not applicable and why. None succeeds with nothing.

use std::collections::BTreeSet;
use std::sync::Arc;

use ezu::analyses::findings::{CoverageState, RuleCoverage};
use ezu::analyses::impact::{HeadlineAnswer, ImpactRequest, impact};
use ezu::analyses::paths::{PathsRequest, paths};
use ezu::analyses::questions::{QuestionError, Verdict};
use ezu::analyses::standardization::{StandardizationRequest, standardization};
use ezu::analyses::structure::{QUESTIONS, ask};
use ezu::analyses::upstream::{UpstreamRequest, upstream};
use ezu::application::findings::Rulebook;
use ezu::application::questions::QuestionBook;
use ezu::application::{Workspace, WriteRequest, files as model_files};
use ezu::domain::Model;
use ezu::domain::change_set::ChangeSet;
use ezu::graph::View;
use ezu::interchange::Format;
use ezu::interchange::archimate::Reading;
use ezu::interchange::archimate::mapping::{Words, to_read_model};

use crate::support::{archi, corpora, exchange};
use crate::through::{empty, operations};

/// A file as a model of its own.
struct Plain {
    workspace: Workspace,
    rulebook: Arc<Rulebook>,
}

impl Plain {
    fn new(reading: Reading, format: Format) -> Self {
        let workspace = empty();
        let read = to_read_model(reading, format, "test.xml", &Words::of(&workspace.metamodel()));
        let change_set = ChangeSet { operations: operations(&read), ..ChangeSet::default() };
        workspace.commit_blocking(WriteRequest { change_set, ..WriteRequest::default() }).expect("sound");
        let rules = model_files::load_rules(&workspace.metamodel(), None).expect("sound");
        Self { workspace, rulebook: Arc::new(Rulebook::new(rules)) }
    }

    fn view(&self) -> View {
        self.workspace.current_view()
    }

    fn of_kind(&self, kind: &str) -> Vec<String> {
        let view = self.view();
        let kind = view.metamodel().kind_named(kind).expect("a kind").id;
        view.snapshot().ids_of_kind(kind, None).map(ToString::to_string).collect()
    }

    /// Data that no process accesses: rule D09c by its definition, over the relationships of the file.
    fn unused_data(&self) -> BTreeSet<String> {
        let view = self.view();
        let access = view.metamodel().kind_named("access").expect("a kind").id;
        let processes: BTreeSet<String> = self.of_kind("business_process").into_iter().collect();
        let is_used = |data: &String| {
            view.incoming(data, Some(access)).iter().any(|held| processes.contains(held.source.as_str()))
        };
        self.of_kind("data_object").into_iter().filter(|data| !is_used(data)).collect()
    }

    fn rules(&self) {
        let run = self.rulebook.run(&self.view());
        assert_eq!(run.coverage.len(), self.rulebook.catalogue().rules().len());
        let of_rule = |rule: &str| -> BTreeSet<String> {
            let held = run.findings.iter().filter(|(place, _)| *self.rulebook.catalogue().rules()[*place].id == *rule);
            held.map(|(_, draft)| draft.subjects()[0].to_string()).collect()
        };
        for held in &run.coverage {
            let found = of_rule(&held.rule);
            if &*held.rule == "D09c" && !self.of_kind("data_object").is_empty() {
                assert_eq!((held.state, &found), (CoverageState::Judged, &self.unused_data()), "{held:?}");
            } else {
                assert_eq!((held.state, found.len()), (CoverageState::NotApplicable, 0), "{held:?}");
                self.says_why(held);
            }
        }
    }

    /// "Not applicable: N elements lack X", with the right N where something could have been judged.
    fn says_why(&self, held: &RuleCoverage) {
        let [ja, en] = ["ja", "en"].map(|language| held.sentence.get(language));
        let named =
            held.lacking.iter().all(|lack| en.contains(&format!("{} elements lack {}", lack.count, lack.attribute)));
        let nothing = held.lacking.is_empty() && en.starts_with("Not applicable: the model has no ");
        let lacking = !held.lacking.is_empty() && en.starts_with("Not applicable: ") && named;
        assert!(nothing || lacking, "{held:?}");
        assert!(ja.starts_with("適用できない：") && held.judged == 0, "{held:?}");
        let known = |kind: &str| !self.of_kind(kind).is_empty();
        if &*held.rule == "S13" && known("application_component") {
            assert_eq!(held.unjudged, self.of_kind("application_component").len(), "{held:?}");
        }
    }

    fn structure(&self) {
        for question in &QUESTIONS {
            let parameters = match (question.name, self.of_kind("data_object").first()) {
                ("lineage", Some(data)) => [("data".to_owned(), data.clone())].into(),
                ("lineage", None) => continue,
                _ => std::collections::BTreeMap::new(),
            };
            let report = ask(question, &self.view(), self.rulebook.catalogue().terms(), &parameters).expect("answered");
            let (name, coverage) = (question.name, &report.coverage);
            // That nothing lies apart and nothing goes round is an answer where something could.
            let sound_when_empty = ["islands", "cycles"].contains(&name) && coverage.judged > 0;
            assert!(!coverage.applicable || !report.rows.is_empty() || sound_when_empty, "{name}: an empty success");
            assert!(coverage.applicable || !coverage.unknown.is_empty(), "{name}: {coverage:?}");
            assert!(coverage.applicable == (coverage.judged > 0), "{name}: {coverage:?}");
            let said = report.sentence.get("ja").starts_with("適用できない：");
            assert_eq!(said, !coverage.applicable, "{name}: {}", report.sentence.get("ja"));
        }
    }

    fn candidates(&self) {
        let terms = self.rulebook.catalogue().terms();
        let found = standardization(&self.view(), terms, &StandardizationRequest::default());
        for held in &found.coverage {
            let count = found.items.iter().filter(|item| item.kind == held.kind).count();
            assert!(count == 0 || held.applicable, "{held:?}");
            let is_said = held.sentence.get("en").starts_with("Not applicable: ");
            assert_eq!(is_said, !held.applicable, "{held:?}");
            assert_eq!(held.applicable, held.considered > held.lacking, "{held:?}");
        }
    }

    fn ways(&self) {
        let view = self.view();
        for id in self.of_kind("application_component").into_iter().take(5) {
            let request =
                ImpactRequest { subjects: vec![id.clone()], change: "stop".into(), ..ImpactRequest::default() };
            let report = impact(&view, &request).expect("answered");
            let is_empty = report.affected.is_empty();
            assert_eq!(is_empty, report.headline.answer != HeadlineAnswer::Affected, "{id}");
            assert!(!is_empty || !report.headline.sentence.get("ja").is_empty(), "{id}");
            let request = UpstreamRequest { subjects: vec![id.clone()], ..UpstreamRequest::default() };
            let report = upstream(&view, &request).expect("answered");
            assert!(!report.sentence.get("ja").is_empty(), "{id}");
            let others = self.of_kind("business_process").into_iter().take(1).collect();
            let request = PathsRequest { from: vec![id.clone()], to: others, ..PathsRequest::default() };
            if !request.to.is_empty() {
                assert!(!paths(&view, &request).expect("answered").sentence.get("ja").is_empty(), "{id}");
            }
        }
    }

    fn questions(&self) {
        let rules = self.rulebook.catalogue();
        let questions = model_files::load_questions(&self.workspace.metamodel(), rules, None).expect("sound");
        let book = QuestionBook::new(questions, Arc::clone(&self.rulebook), &ezu::settings::Limits::default());
        let view = self.view();
        for question in book.catalogue(&view).questions() {
            match book.answer(&view, &question.id, &serde_json::Map::new()) {
                Ok(answer) => {
                    let coverage = &answer.coverage;
                    let is_empty = answer.table.rows.is_empty();
                    assert_eq!(is_empty, answer.answer != Verdict::Found, "{}", question.id);
                    let is_sure = coverage.complete && coverage.judged > 0;
                    assert!(answer.answer != Verdict::None || is_sure, "{}: {coverage:?}", question.id);
                    assert!(!answer.headline.get("ja").is_empty(), "{}", question.id);
                }
                // What has to be chosen is not there.
                Err(QuestionError::Analysis(error)) => panic!("{}: {error}", question.id),
                Err(error) => assert!(error.to_string().contains("choose"), "{}: {error}", question.id),
            }
        }
    }

    fn all(&self) {
        self.rules();
        self.structure();
        self.candidates();
        self.ways();
        self.questions();
    }
}

#[test]
fn of_a_small_file() {
    let plain = Plain::new(exchange(include_bytes!("fixtures/plain.xml")), Format::ArchimateExchange);
    // Worked out by hand: the loans are accessed by a process, the books by a system only.
    assert_eq!(plain.unused_data().len(), 1);
    plain.all();
}

#[test]
fn of_other_peoples_models() {
    let Some(corpora) = corpora() else { return };
    let read = |path: &str| std::fs::read(corpora.join("archimate").join(path)).expect("readable");
    Plain::new(archi(&read("native/archi-tests/Archisurance.archimate")), Format::Archi).all();
    Plain::new(exchange(&read("exchange/Over GEMMA.xml")), Format::ArchimateExchange).all();
}
