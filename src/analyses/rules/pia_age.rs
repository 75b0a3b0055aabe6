//! S06b: a privacy impact assessment is looked at again within five years.

use jiff::Span;

use crate::analyses::findings::{Case, Code};

pub(super) const CODE: Code = Code::each(judge);

fn judge(case: &mut Case<'_, '_>) {
    let (reader, pia) = (case.reader, case.anchor);
    let Some(published) = reader.date_of(pia, "published") else { return };
    let years = Span::new().try_years(case.rule.number("years", 5)).unwrap_or_default();
    if published.checked_add(years).is_ok_and(|due| due < reader.date()) {
        let draft = case.about(&[pia]).recorded(reader, "published", pia, "published");
        case.report(draft);
    }
}
