//! `ezu what-if`: a supposition about systems, tried and not recorded.

use super::arguments::{SuppositionKind, TableFormat, WhatIf};
use super::failure::Failure;
use super::language::Language;
use super::output::Output;
use super::{opening, output, table};
use crate::analyses::Tabular;
use crate::analyses::findings::{ChangedFindings, Draft, Finding, FindingsTable, Wording};
use crate::application::files::load_rules;
use crate::application::findings::Rulebook;
use crate::application::what_if::{Supposition, WhatIf as Asked};
use crate::graph::View;
use crate::reports;
use crate::settings::Settings;

pub(super) fn run(
    settings: &Settings,
    arguments: &WhatIf,
    language: Language,
    out: &mut Output,
) -> Result<(), Failure> {
    let workspace = opening::existing_model(settings)?;
    let rulebook = Rulebook::new(load_rules(&workspace.metamodel(), settings.rules.as_deref())?);
    let supposed = workspace.suppose(&asked(arguments)).map_err(|error| Failure::refused(error.to_string()))?;
    let tried = workspace.dry_run(&supposed.change_set);
    let Some((before, after, change)) = rulebook.of_dry_run(&workspace, &tried) else {
        let reasons: Vec<&str> = tried.refusals.iter().map(|refusal| refusal.message.as_str()).collect();
        return Err(Failure::refused(reasons.join("\n")));
    };
    let words = |view: &View, found: &[(usize, Draft)]| -> Vec<Finding> {
        let wording = Wording::new(view, rulebook.catalogue());
        found.iter().map(|(rule, draft)| wording.finding(*rule, draft)).collect()
    };
    let (created, resolved) = (words(&after, &change.created), words(&before, &change.resolved));
    let both = |created, resolved| ChangedFindings {
        created: FindingsTable::new(&after, created),
        resolved: FindingsTable::new(&before, resolved),
    };
    match arguments.format {
        TableFormat::Json => out.json(&serde_json::json!({
            "flows_to_rebuild": supposed.flows, "processes_touched": supposed.processes,
            "findings": {"created": created, "resolved": resolved},
        })),
        TableFormat::Csv => out.text(&reports::to_csv(&both(created, resolved), language.tag())),
        TableFormat::Xlsx => out.bytes(&output::workbook(&both(created, resolved), language)?),
        TableFormat::Table => {
            out.line(language.pick("生じる指摘", "Findings that it would create"))?;
            out.text(&listed(&after, created, language))?;
            out.line(language.pick("なくなる指摘", "Findings that it would resolve"))?;
            out.text(&listed(&before, resolved, language))?;
            out.line(&format!("{}: {}", language.pick("作り直す連携", "Flows to rebuild"), supposed.flows.join(" ")))?;
            let label = language.pick("関わる業務", "Processes touched");
            out.line(&format!("{label}: {}", supposed.processes.join(" ")))
        }
    }
}

fn asked(arguments: &WhatIf) -> Asked {
    // The parser has seen to it that `merge` names a system and `move` a zone.
    let supposition = match arguments.change {
        SuppositionKind::Remove => Supposition::Remove,
        SuppositionKind::Merge => Supposition::MergeInto(arguments.into.clone().unwrap_or_default()),
        SuppositionKind::Move => Supposition::MoveTo(arguments.zone.clone().unwrap_or_default()),
    };
    Asked { systems: arguments.systems.clone(), supposition }
}

fn listed(view: &View, findings: Vec<Finding>, language: Language) -> String {
    let table = FindingsTable::new(view, findings);
    let columns = table.columns();
    let heading: Vec<&str> = columns.iter().take(3).map(|column| column.label.get(language.tag())).collect();
    let rows = table.rows(language.tag()).into_iter().map(|row| row.into_iter().take(3).collect::<Vec<_>>());
    table::render(&heading, &rows.collect::<Vec<_>>())
}
