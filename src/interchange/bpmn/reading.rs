//! From XML to a document.

use super::collecting::Collector;
use super::document::Document;
use crate::interchange::json_text::is_unwelcome;
use crate::interchange::limits::Limits;
use crate::interchange::place::Place;
use crate::interchange::problem::Said;
use crate::interchange::source::{ReadContext, SourceFile, Unreadable};
use crate::interchange::xml::{XmlElement, XmlError, XmlEvent, XmlLimits, XmlReader, decode};

/// Reads a file.
///
/// # Errors
/// What is no BPMN 2.0, not well-formed, or beyond a limit, with its line.
pub fn parse(file: &SourceFile<'_>, context: ReadContext<'_>) -> Result<(Document, String), Unreadable> {
    let unreadable = |error: XmlError| unreadable(file.name, error);
    let text = decode(file.bytes).map_err(unreadable)?;
    let root = root(&text, xml_limits(context.limits)).map_err(unreadable)?;
    if !is_definitions(&root) {
        return Err(no_bpmn(file.name, &root));
    }
    let mut collector = Collector::new(file.name, context.limits.problems);
    collector.definitions(&root);
    Ok((collector.finish(), kept(&text)))
}

/// How much a file may hold.
pub(super) fn xml_limits(limits: &Limits) -> XmlLimits {
    XmlLimits { depth: limits.depth, text_bytes: limits.text_bytes, elements: limits.items, ..XmlLimits::default() }
}

/// The root with all that is in it; of another's file the bare root, as nothing else of it is needed.
fn root(text: &str, limits: XmlLimits) -> Result<XmlElement, XmlError> {
    let mut reader = XmlReader::new(text, limits);
    let mut root = None;
    loop {
        match reader.advance()? {
            XmlEvent::Start(start) if !is_definitions(&start) => return Ok(start),
            XmlEvent::Start(start) => root = Some(reader.subtree(start)?),
            XmlEvent::Finished => break,
            XmlEvent::End | XmlEvent::Text(_) => {}
        }
    }
    root.ok_or_else(|| XmlError::new("malformed_xml", 0, "要素がありません", "there is no element in it"))
}

fn is_definitions(element: &XmlElement) -> bool {
    is_bpmn(element) && element.local() == "definitions"
}

/// Whether an element is of BPMN's model, whatever its prefix. Programs that were written before the standard was finished
/// write other addresses (`…/20100501/BPMN20.xsd`, `schema.omg.org/spec/BPMN/2.0`).
pub(super) fn is_bpmn(element: &XmlElement) -> bool {
    let namespace = &*element.name.namespace;
    namespace.contains("omg.org/spec/BPMN/") && !namespace.ends_with("/DI")
}

fn unreadable(file: &str, error: XmlError) -> Unreadable {
    let place = if error.line == 0 { Place::file(file) } else { Place::line(file, error.line) };
    let remedy = Said::new(
        "作図ソフトで書き出し直すか、その行を直してください",
        "export the file again from the program that made it, or correct that line",
    );
    Unreadable::new(error.code, place, Said::new(error.japanese, error.english), remedy)
}

fn no_bpmn(file: &str, root: &XmlElement) -> Unreadable {
    let name = root.name.written();
    Unreadable::new(
        "not_bpmn",
        Place::line(file, root.line),
        Said::new(
            format!("BPMN 2.0のファイルではありません（最上位の要素が「{name}」）"),
            format!("it is no BPMN 2.0 file: its root is {name:?}"),
        ),
        Said::new("BPMN 2.0（.bpmn）として書き出してください", "export it as BPMN 2.0 (.bpmn)"),
    )
}

/// The text as it is kept: without a declaration, whose encoding would not be true any more, and with references for
/// characters that a text of the model may not hold.
fn kept(text: &str) -> String {
    let body = text.trim_start_matches('\u{feff}').trim_start();
    // `<?xml-stylesheet …?>` is no declaration.
    let declared = body.strip_prefix("<?xml").filter(|rest| rest.starts_with([' ', '\t', '\r', '\n']));
    let body = match (declared, body.find("?>")) {
        (Some(_), Some(end)) => body[end + 2..].trim_start(),
        _ => body,
    };
    let mut out = String::with_capacity(body.len());
    let mut rest = body;
    // References are none inside of CDATA, which is therefore interrupted.
    while let Some((before, data)) = rest.split_once("<![CDATA[") {
        referred(&mut out, before, "", "");
        out.push_str("<![CDATA[");
        // In a comment it begins nothing and need not end.
        let Some((data, after)) = data.split_once("]]>") else {
            rest = data;
            break;
        };
        referred(&mut out, data, "]]>", "<![CDATA[");
        out.push_str("]]>");
        rest = after;
    }
    referred(&mut out, rest, "", "");
    out
}

/// Writes a text with references, each between two texts, for characters that a text of the model may not hold.
fn referred(out: &mut String, text: &str, before: &str, behind: &str) {
    for character in text.chars() {
        if is_unwelcome(character) {
            out.push_str(&format!("{before}&#x{:X};{behind}", u32::from(character)));
        } else {
            out.push(character);
        }
    }
}
