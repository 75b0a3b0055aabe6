//! Processes as BPMN: the drawing that was imported where it can still be used, else a new one.

use super::{Drawing, TextError, TextFile, TextRequest, known, of_kinds};
use crate::domain::element::{Item, Model};
use crate::graph::View;
use crate::interchange::bpmn::{self, KeptDrawing, Part, Unfit};
use crate::interchange::loss::Losses;

/// The processes asked for, else all that have steps.
pub(super) fn write(view: &View, request: &TextRequest) -> Result<TextFile, TextError> {
    request.around.iter().try_for_each(|id| known(view, id))?;
    let mut processes = request.around.clone();
    if processes.is_empty() {
        let kinds = of_kinds(view, &["business_process".to_owned()])?;
        processes = view.items_of_kinds(&kinds, None).map(|item| item.id().to_string()).collect();
    }
    let (drawn, without_steps): (Vec<String>, Vec<String>) =
        processes.iter().cloned().partition(|id| bpmn::has_steps(view, id));
    // An imported drawing may show what is no step: events, gateways. Who asks for all processes asks for those with steps.
    let wanted = if request.around.is_empty() && !drawn.is_empty() { &drawn } else { &processes };
    let mut losses = Losses::default();
    if let Some(text) = kept_drawing(view, wanted, request, &mut losses) {
        return Ok(TextFile { text, losses: losses.into_list() });
    }
    if drawn.is_empty() {
        let asked = if request.around.is_empty() { "no process".to_owned() } else { without_steps.join(", ") };
        return Err(TextError::NoSteps(asked));
    }
    for id in without_steps.iter().filter(|_| !request.around.is_empty()) {
        losses.add("without_steps", id, "手順がなく、描かれない業務", "processes without steps, which are not drawn");
    }
    let text = bpmn::write(view, &drawn).text;
    Ok(TextFile { text, losses: losses.into_list() })
}

/// The drawing imported last of those that show all of some processes, with what the model says today. Why there is none is
/// told.
fn kept_drawing(view: &View, processes: &[String], request: &TextRequest, losses: &mut Losses) -> Option<String> {
    if request.drawing == Drawing::New || processes.is_empty() {
        return None;
    }
    let kinds = of_kinds(view, &["process_diagram".to_owned()]).ok()?;
    let needs_places = request.drawing == Drawing::Fitting;
    let mut unfit: Vec<String> = Vec::new();
    let mut records: Vec<Item<'_>> = view.items_of_kinds(&kinds, None).collect();
    // Of several drawings the one that was imported last.
    records.sort_by_cached_key(|record| std::cmp::Reverse(view.snapshot().revision_of(record.id().as_str())));
    for record in records {
        let kept = kept(view, &record);
        if processes.iter().all(|id| kept.shows(id)) {
            match bpmn::redraw(view, &kept, processes, needs_places, &request.limits) {
                Ok(text) => {
                    for id in &unfit {
                        losses.add(
                            "older_drawing",
                            id,
                            "後から取り込んだ図に書き込めないため、前に取り込んだ図にしたもの",
                            "given as an older imported drawing, since one that was imported later cannot show it",
                        );
                    }
                    return Some(text);
                }
                Err(Unfit { items }) if items.is_empty() => unfit.push(record.id().to_string()),
                Err(Unfit { items }) => unfit.extend(items),
            }
        } else {
            unfit.extend(processes.iter().filter(|id| kept.shows(id)).cloned());
        }
    }
    for id in &unfit {
        losses.add(
            "drawn_anew",
            id,
            "取り込んだ図に書き込めない変更がある、一部しかない、又は位置の情報がないため、新しく描いたもの（分岐やイベントは描かれません）",
            "drawn anew, without gateways and events, since an imported drawing cannot show what is said of it today, shows \
             a part only, or does not say where things stand",
        );
    }
    None
}

/// What a record of a drawing holds, if nobody took it out.
fn kept<'r>(view: &View, record: &Item<'r>) -> KeptDrawing<'r> {
    let value = |name: &str| record.attributes().get(view.metamodel().attribute_name(name)?);
    let parts = value("parts").map(crate::domain::Value::to_json).unwrap_or_default();
    let part = |part: &serde_json::Value| {
        Some(Part { item: part["item"].as_str()?.to_owned(), shape: part["shape"].as_str()?.to_owned() })
    };
    KeptDrawing {
        title: record.name().map(|name| &**name).unwrap_or_default(),
        content: value("content").and_then(crate::domain::Value::as_text).unwrap_or_default(),
        parts: parts.as_array().into_iter().flatten().filter_map(part).collect(),
    }
}
