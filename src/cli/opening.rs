//! The data folder for a command: one that is there, or one that may be made.

use std::io::ErrorKind;

use super::failure::Failure;
use crate::application::Workspace;
use crate::application::folder::{self, OpeningReport, Store};
use crate::settings::Settings;

/// The model in a data folder that must hold one.
pub(super) fn existing_model(settings: &Settings) -> Result<Workspace, Failure> {
    must_exist(settings)?;
    new_or_existing_model(settings)
}

/// The model in a data folder, which is made if there is none.
pub(super) fn new_or_existing_model(settings: &Settings) -> Result<Workspace, Failure> {
    let (workspace, report) = folder::open_workspace(settings)?;
    tell_repairs(&report);
    Ok(workspace)
}

/// The ledger in a data folder that must hold one, without building the model.
pub(super) fn existing_store(settings: &Settings) -> Result<Store, Failure> {
    must_exist(settings)?;
    let (store, report) = folder::open_store(settings)?;
    tell_repairs(&report);
    Ok(store)
}

/// Refuses a folder that is not there, empty or not to be read, rather than making one that answers "nothing".
pub(super) fn must_exist(settings: &Settings) -> Result<(), Failure> {
    if folder::has_data(&settings.data) {
        return Ok(());
    }
    let data = settings.data.display();
    if let Err(error) = std::fs::read_dir(&settings.data)
        && error.kind() != ErrorKind::NotFound
    {
        return Err(Failure::cannot(format!("{data} cannot be read as a data folder: {error}")));
    }
    Err(Failure::cannot(format!(
        "there is no model in {data}; name the folder with --data, or make one: ezu serve --sample, ezu import, ezu restore"
    )))
}

fn tell_repairs(report: &OpeningReport) {
    for repair in &report.repairs {
        eprintln!("ezu: repaired: {repair}");
    }
}
