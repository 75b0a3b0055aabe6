//! Questions that make no sense are refused, with what to ask instead.

use ezu::analyses::AnalysisError;
use ezu::analyses::impact::{ImpactRequest, impact};
use ezu::analyses::paths::{PathsRequest, paths};
use ezu::analyses::upstream::{UpstreamRequest, upstream};

use crate::support::{city, city_with};

fn refused(change: &str, subjects: &[&str], kinds: &[&str]) -> AnalysisError {
    let owned = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
    let request = ImpactRequest {
        subjects: owned(subjects),
        change: change.into(),
        kinds: owned(kinds),
        ..ImpactRequest::default()
    };
    impact(&city(), &request).expect_err("refused")
}

#[test]
fn unknown_words_are_refused_with_the_nearest_known_one() {
    let suggestion = |error: AnalysisError| match error {
        AnalysisError::UnknownItem { suggestion, .. } | AnalysisError::UnknownWord { suggestion, .. } => suggestion,
        other => panic!("{other}"),
    };
    assert_eq!(suggestion(refused("stop", &["sys-jukki"], &[])).as_deref(), Some("sys-juki"));
    assert_eq!(suggestion(refused("stopp", &["sys-juki"], &[])).as_deref(), Some("stop"));
    assert_eq!(suggestion(refused("stop", &["sys-juki"], &["sistem"])).as_deref(), Some("system"));
    for strange in ["", "\u{202e}", "'; drop", "sys-juki\n", "🙂"] {
        assert_eq!(refused("stop", &[strange], &[]).code(), "unknown_item");
        assert_eq!(refused(strange, &["sys-juki"], &[]).code(), "unknown_word");
    }
}

#[test]
fn a_question_about_nothing_is_refused() {
    assert_eq!(refused("stop", &[], &[]), AnalysisError::NothingAsked { field: "subjects" });
    let error = paths(&city(), &PathsRequest { from: vec!["sys-juki".into()], ..PathsRequest::default() });
    assert_eq!(error.expect_err("refused"), AnalysisError::NothingAsked { field: "to" });
    assert_eq!(upstream(&city(), &UpstreamRequest::default()).expect_err("refused").code(), "nothing_asked");
}

#[test]
fn a_change_that_means_nothing_for_such_a_subject_is_refused() {
    let own = "
metamodel: own
changes:
  flood: {label: {ja: 浸水, en: flood}, help: {ja: \"浸水する。\", en: \"Water comes in.\"}}
relationship_kinds:
  runs_on:
    impact:
    - {change: [flood], direction: backward, from: [subject], gives: stopped}
";
    let request =
        |id: &str| ImpactRequest { subjects: vec![id.into()], change: "flood".into(), ..ImpactRequest::default() };
    let view = city_with(own);
    assert!(impact(&view, &request("inf-vm-old")).is_ok());
    match impact(&view, &request("sys-juki")).expect_err("nothing runs on a system") {
        AnalysisError::UnsuitableKind { kind, suitable, .. } => {
            assert_eq!(kind, "system");
            assert_eq!(suitable, ["infrastructure"]);
        }
        other => panic!("{other}"),
    }
}

#[test]
fn a_request_with_an_unknown_field_is_not_read() {
    let read = |text: &str| serde_json::from_str::<ImpactRequest>(text);
    assert!(read(r#"{"subjects": ["sys-juki"], "change": "stop", "direction": "inward", "limit": 3}"#).is_ok());
    assert!(read(r#"{"subjects": ["sys-juki"], "change": "stop", "depth": 3}"#).is_err());
    assert!(read(r#"{"subjects": "sys-juki", "change": "stop"}"#).is_err());
}
