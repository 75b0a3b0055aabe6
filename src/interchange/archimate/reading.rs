//! What every reader of `ArchiMate` files shares: limits, places, problems.

use std::sync::Arc;

use rustc_hash::FxHashSet;

use super::document::{Document, Line, Text};
use super::{exchange_reading, native_reading};
use crate::interchange::limits::Limits;
use crate::interchange::place::Place;
use crate::interchange::problem::{Problem, ProblemKind, Said};
use crate::interchange::source::{ReadProgress, Unreadable};
use crate::interchange::xml::{XmlElement, XmlError, XmlLimits, XmlReader};

/// A document, and what there is to say about the file it was read from.
#[derive(Debug, Default)]
pub struct Reading {
    /// What was read.
    pub document: Document,
    /// What was assumed, refused or is worth knowing, with its place.
    pub problems: Vec<Problem>,
}

/// How many elements are read between two reports of progress.
const REPORT_EVERY: usize = 1_000;

/// Carries what readers need and what they find.
pub(super) struct Context<'c> {
    file: String,
    limits: &'c Limits,
    progress: &'c (dyn Fn(ReadProgress) + Sync),
    problems: Vec<Problem>,
    left_out: usize,
    items: usize,
    languages: Vec<Arc<str>>,
}

impl<'c> Context<'c> {
    pub(super) fn new(file: &str, limits: &'c Limits, progress: &'c (dyn Fn(ReadProgress) + Sync)) -> Self {
        Self {
            file: file.to_owned(),
            limits,
            progress,
            problems: Vec::new(),
            left_out: 0,
            items: 0,
            languages: Vec::new(),
        }
    }

    pub(super) fn xml_limits(&self) -> XmlLimits {
        XmlLimits { depth: self.limits.depth, text_bytes: self.limits.text_bytes, ..XmlLimits::default() }
    }

    pub(super) fn limits(&self) -> &'c Limits {
        self.limits
    }

    pub(super) fn file(&self) -> &str {
        &self.file
    }

    /// From now on reading is in this file.
    pub(super) fn set_file(&mut self, file: &str) {
        file.clone_into(&mut self.file);
    }

    /// Counts an item and reports progress now and then.
    pub(super) fn item(&mut self, reader: &XmlReader<'_>, of: usize) -> Result<(), Unreadable> {
        self.items += 1;
        if self.items.is_multiple_of(REPORT_EVERY) {
            (self.progress)(ReadProgress { done: reader.position() as u64, of: of as u64 });
        }
        self.count(0)
    }

    /// Counts items that come without a reader of their own.
    pub(super) fn count(&mut self, more: usize) -> Result<(), Unreadable> {
        self.items += more;
        if self.items > self.limits.items {
            return Err(Unreadable::beyond(Place::file(&self.file), "items", self.limits.items as u64));
        }
        Ok(())
    }

    pub(super) fn unreadable(&self, error: XmlError) -> Unreadable {
        let place = if error.line == 0 { Place::file(&self.file) } else { Place::line(&self.file, error.line) };
        let remedy = Said::new(
            "作成したソフトウェアで書き出し直すか、その行を直してください",
            "export the file again from the program that made it, or correct that line",
        );
        Unreadable::new(error.code, place, Said::new(error.japanese, error.english), remedy)
    }

    /// Notes a problem; answers with it, so that assumption and remedy can be added.
    pub(super) fn problem(
        &mut self,
        kind: ProblemKind,
        code: &str,
        line: Line,
        text: &str,
        wrong: Said,
    ) -> Option<&mut Problem> {
        if self.problems.len() >= self.limits.problems {
            self.left_out += 1;
            return None;
        }
        let place = Place::line(&self.file, line.0);
        self.problems.push(Problem::new(kind, code, place, text, wrong));
        self.problems.last_mut()
    }

    /// Notes that something was refused.
    pub(super) fn refuse(&mut self, code: &str, line: Line, text: &str, wrong: Said, remedy: Said) {
        if let Some(problem) = self.problem(ProblemKind::Refused, code, line, text, wrong) {
            problem.remedy = Some(remedy);
        }
    }

    /// Notes what was assumed.
    pub(super) fn assume(&mut self, code: &str, line: Line, text: &str, wrong: Said, assumed: Said) {
        if let Some(problem) = self.problem(ProblemKind::Assumed, code, line, text, wrong) {
            problem.assumed = Some(assumed);
        }
    }

    /// A text element with its language.
    pub(super) fn text(&mut self, element: &mut XmlElement) -> Text {
        let language = element.take_language().map(|tag| self.language(&tag));
        Text { language, value: element.text() }
    }

    /// A language tag, kept once however often it is used.
    fn language(&mut self, tag: &str) -> Arc<str> {
        if let Some(held) = self.languages.iter().find(|held| &***held == tag) {
            return Arc::clone(held);
        }
        let made: Arc<str> = tag.into();
        self.languages.push(Arc::clone(&made));
        made
    }

    pub(super) fn finish(mut self, document: Document) -> Reading {
        self.check(&document);
        if self.left_out > 0 {
            let wrong = Said::new(
                format!("ほかに{}件の問題がありますが、上限（imports.problems）のため示しません", self.left_out),
                format!("{} more problems are not shown, because of the limit imports.problems", self.left_out),
            );
            self.problems.push(Problem::new(
                ProblemKind::Notice,
                "problems_left_out",
                Place::file(&self.file),
                "",
                wrong,
            ));
        }
        Reading { document, problems: self.problems }
    }

    /// What concerns the document as a whole: ids twice, ends that are not there.
    fn check(&mut self, document: &Document) {
        let mut ids: FxHashSet<&str> = FxHashSet::default();
        let concepts = document.elements.iter().map(|held| (held.id.as_str(), held.line));
        let concepts = concepts.chain(document.relationships.iter().map(|held| (held.id.as_str(), held.line)));
        for (id, line) in concepts.chain(document.views.iter().map(|held| (held.id.as_str(), held.line))) {
            if !ids.insert(id) {
                let wrong =
                    Said::new("同じ識別子がほかにもあります", "the same identifier occurs elsewhere in the file");
                let assumed = Said::new("最初のものだけを取り込みます", "only the first one is imported");
                self.assume("identifier_twice", line, id, wrong, assumed);
            }
        }
        for held in &document.relationships {
            for end in [&held.source, &held.target].into_iter().filter(|end| !ids.contains(end.as_str())) {
                let wrong = Said::new(
                    format!("関係「{}」の端「{end}」がファイルにありません", held.id),
                    format!("the end {end:?} of the relationship {:?} is not in the file", held.id),
                );
                let remedy =
                    Said::new("端を直すか、関係を削除してください", "correct the end, or delete the relationship");
                self.refuse("dangling_end", held.line, end, wrong, remedy);
            }
        }
    }
}

/// Reads a file of the Open Group's exchange format, any version.
///
/// # Errors
/// A file that is not well-formed XML, is no such model, or goes beyond a limit.
pub fn read_exchange(
    file: &str,
    bytes: &[u8],
    limits: &Limits,
    progress: &(dyn Fn(ReadProgress) + Sync),
) -> Result<Reading, Unreadable> {
    let mut context = Context::new(file, limits, progress);
    refuse_large(&context, bytes.len())?;
    let document = exchange_reading::read(&mut context, bytes)?;
    Ok(context.finish(document))
}

/// Reads a file of Archi, plain or zipped.
///
/// # Errors
/// A file that is not well-formed, is no such model, or goes beyond a limit.
pub fn read_archi(
    file: &str,
    bytes: &[u8],
    limits: &Limits,
    progress: &(dyn Fn(ReadProgress) + Sync),
) -> Result<Reading, Unreadable> {
    let mut context = Context::new(file, limits, progress);
    refuse_large(&context, bytes.len())?;
    if !bytes.starts_with(b"PK") {
        let document = native_reading::read(&mut context, bytes)?;
        return Ok(context.finish(document));
    }
    let (model, images) = native_reading::unpack(&context, bytes)?;
    let mut document = native_reading::read(&mut context, &model)?;
    document.images = images;
    Ok(context.finish(document))
}

pub(super) fn refuse_large(context: &Context<'_>, bytes: usize) -> Result<(), Unreadable> {
    if bytes as u64 > context.limits.file_bytes {
        return Err(Unreadable::beyond(Place::file(&context.file), "file_bytes", context.limits.file_bytes));
    }
    Ok(())
}
