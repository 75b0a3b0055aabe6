//! What an answer could not judge.

use rustc_hash::FxHashSet;

use super::answer::{AnswerCoverage, Unjudged};
use super::answering::Asking;
use super::arguments::Arguments;
use super::calls::{self, Gathered};
use super::error::QuestionError;
use super::question::{Question, Reading};
use crate::analyses::findings::Reader;
use crate::analyses::gaps::{Gap, gaps_of_condition, gaps_of_need};
use crate::domain::Localized;
use crate::graph::Place;

/// How many items that lack something are named.
const EXAMPLES: usize = 5;

/// How many sorts of gaps a sentence names.
const MOST_SAID: usize = 4;

/// What is known of what a question reads, with what its call could not judge.
pub(super) fn coverage(
    asking: &Asking<'_>,
    question: &Question,
    chosen: &Arguments,
    found: &mut Gathered,
) -> Result<(AnswerCoverage, usize), QuestionError> {
    let mut tally = Tally { judged: found.judged, unjudged: std::mem::take(&mut found.unjudged), looked_at: 0 };
    for reading in &question.reads {
        let among = reading.among.as_ref().map(|query| calls::ids(asking, query, chosen)).transpose()?;
        tally.read(&asking.reader, reading, among.as_deref());
    }
    tally.unjudged.sort_by(|a, b| (b.count, &a.of, &a.lacks).cmp(&(a.count, &b.of, &b.lacks)));
    let remarks = std::mem::take(&mut found.remarks);
    let complete = tally.unjudged.is_empty() && remarks.is_empty() && !found.is_unknown;
    let sentence = sentence(&tally, &remarks, complete);
    let looked_at = tally.looked_at;
    Ok((AnswerCoverage { complete, judged: tally.judged, unjudged: tally.unjudged, remarks, sentence }, looked_at))
}

struct Tally {
    judged: usize,
    unjudged: Vec<Unjudged>,
    /// How many items the readings were about.
    looked_at: usize,
}

impl Tally {
    fn read(&mut self, reader: &Reader<'_>, reading: &Reading, among: Option<&[String]>) {
        let places: Vec<Place> = match among {
            None => reading.kinds.iter().flat_map(|kind| reader.members(*kind).to_vec()).collect(),
            Some(ids) => {
                let ids: FxHashSet<&str> = ids.iter().map(String::as_str).collect();
                reader.sorted(ids.into_iter().filter_map(|id| reader.place(id)).collect())
            }
        };
        for place in places {
            self.looked_at += 1;
            self.judge(reader, reading, place);
        }
    }

    fn judge(&mut self, reader: &Reader<'_>, reading: &Reading, place: Place) {
        if reading.when.iter().any(|condition| condition.holds(reader, place) == Some(false)) {
            self.judged += 1;
            return;
        }
        let conditions = reading.when.iter().map(|held| (held.path.text(), gaps_of_condition(reader, held, place)));
        let needs = reading.needs.iter().map(|held| (held.text(), gaps_of_need(reader, held, place)));
        let missing: Vec<(&str, Vec<Gap>)> = conditions.chain(needs).filter(|(_, gaps)| !gaps.is_empty()).collect();
        self.judged += usize::from(missing.is_empty());
        for (text, gaps) in missing {
            self.lacks(reader, reading, place, text, &gaps[0]);
        }
    }

    fn lacks(&mut self, reader: &Reader<'_>, reading: &Reading, place: Place, text: &str, gap: &Gap) {
        let id = reader.id(place).to_owned();
        if let Some(held) = self.unjudged.iter_mut().find(|held| held.of == reading.of && held.lacks == text) {
            held.count += 1;
            if held.examples.len() < EXAMPLES {
                held.examples.push(id);
            }
            return;
        }
        let label = gap.blank.label(reader, gap.place);
        let (of, lacks) = (reading.of.clone(), text.to_owned());
        self.unjudged.push(Unjudged { of, lacks, label, count: 1, examples: vec![id] });
    }
}

fn sentence(tally: &Tally, remarks: &[Localized], complete: bool) -> Localized {
    if complete {
        return Localized::ja_en(
            "この答えに使う事柄は、すべて記録されている。",
            "Everything that this answer draws on is on record.",
        );
    }
    let said = |language: &str| {
        let gaps = tally.unjudged.iter().take(MOST_SAID).map(|held| {
            let (count, label) = (held.count, held.label.get(language));
            if language == "en" {
                format!("{count} lack \"{label}\"")
            } else {
                format!("{count}件に「{label}」の記載がない")
            }
        });
        gaps.collect::<Vec<_>>().join(if language == "en" { ", " } else { "、" })
    };
    let first = |language: &str| remarks.first().map_or("", |remark| remark.get(language)).to_owned();
    let rest_ja = if tally.unjudged.len() > MOST_SAID { "など" } else { "" };
    let rest_en = if tally.unjudged.len() > MOST_SAID { " and so on" } else { "" };
    let (ja, en) = if tally.unjudged.is_empty() {
        (format!("分からないことがある。{}", first("ja")), format!("Something is not known. {}", first("en")))
    } else {
        (
            format!("分からないこと：{}{rest_ja}。その分は答えに入っていない。{}", said("ja"), first("ja")),
            format!("Not known: {}{rest_en}; the answer leaves that out. {}", said("en"), first("en")),
        )
    };
    Localized::ja_en(ja.trim(), en.trim())
}
