//! Issues that are still open.

use super::cells::form;
use crate::analyses::findings::Reader;
use crate::analyses::sheets::SheetTable;
use crate::graph::Place;

/// The status of an issue that is dealt with.
const DONE: &str = "完了";

/// Issues that nobody has marked as done, the most lost hours first.
pub(in crate::analyses) fn open_issues(reader: &Reader<'_>, issues: &[Place]) -> SheetTable {
    let open = issues.iter().copied().filter(|place| reader.text(*place, "status") != Some(DONE));
    let mut open: Vec<Place> = open.collect();
    open.sort_by_key(|place| std::cmp::Reverse(reader.integer(*place, "loss_hours_per_year").unwrap_or(0)));
    let attributes = [
        "cause",
        "severity",
        "loss_hours_per_year",
        "status",
        "assignee",
        "due",
        "process",
        "systems",
        "proposed_solution",
    ];
    form(reader, ("issues", "未解決の課題", "Open issues"), "issue", &open, &attributes)
}
