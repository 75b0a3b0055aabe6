//! K02: the only person who knows a process is leaving or has been in post for long.

use crate::analyses::findings::{Case, Code};

pub(super) const CODE: Code = Code::each(judge);

fn judge(case: &mut Case<'_, '_>) {
    let (reader, process) = (case.reader, case.anchor);
    let [person] = reader.targets(process, "known_by")[..] else { return };
    let leaves = reader.value(person, "leaving").is_some();
    let years = reader.integer(person, "years_in_post");
    if years.is_none() && !leaves {
        return case.lacks("known_by.years_in_post");
    }
    if leaves || years.is_some_and(|years| years >= case.rule.number("years", 4)) {
        let draft = case.about(&[process]).item(reader, "person", person);
        let draft = draft.recorded(reader, "years_in_post", person, "years_in_post");
        case.report(draft.recorded(reader, "leaving", person, "leaving"));
    }
}
