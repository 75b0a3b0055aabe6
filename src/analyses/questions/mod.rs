//! Questions that people ask, in their own words, and how ezu answers each.
//!
//! A question is data (`models/questions`): who asks it, in Japanese and English; what has to be chosen for it; the
//! call that answers it, which is a query, a question about a change, rules, ways or what feeds something; what the
//! answer says; what it has to know for that; and what to ask next.
//!
//! Invariant: an answer says what it could not judge. Where nothing was found and something could not be judged, the
//! answer is "unknown", never "none".

mod answer;
mod answering;
mod arguments;
mod calls;
mod catalogue;
mod coverage;
mod error;
mod figures;
mod next;
mod question;
mod reading;
mod saved;
mod text;
mod variables;

pub use answer::{AnswerCoverage, DiagramLink, NextQuestion, QuestionAnswer, Unjudged, Verdict};
pub use answering::{Asking, answer};
pub use arguments::{Argument, Arguments};
pub use catalogue::QuestionCatalogue;
pub use error::QuestionError;
pub use question::{
    Call, DiagramTemplate, Group, Parameter, ParameterType, Question, QuestionQuery, Reading, Sentence, Sentences,
};
