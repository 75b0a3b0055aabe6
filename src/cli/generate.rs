//! `ezu generate`: an invented city, as a file or into an empty data folder.

use super::arguments::Generate;
use super::failure::Failure;
use super::output::Output;
use super::{opening, progress};
use crate::application::generate::{City, generate_into, write_model_file};
use crate::settings::Settings;

pub(super) fn run(settings: &Settings, arguments: &Generate, out: &mut Output) -> Result<(), Failure> {
    let elements = usize::try_from(arguments.elements).unwrap_or(usize::MAX);
    match &arguments.output {
        Some(path) => {
            let mut file = Output::to(Some(path))?;
            let bar = progress::bar(u64::from(arguments.elements), "writing");
            let done = write_model_file(file.writer(), elements, arguments.seed, || bar.inc(1));
            bar.finish_and_clear();
            done.map_err(|error| file.failure(&error))?;
            file.finish()
        }
        None => fill(settings, elements, arguments.seed, out),
    }
}

fn fill(settings: &Settings, elements: usize, seed: u64, out: &mut Output) -> Result<(), Failure> {
    let workspace = opening::new_or_existing_model(settings)?;
    if workspace.current().revision() > 0 {
        return Err(Failure::refused(format!(
            "{} holds a model already; name an empty folder with --data, or write a file with --output",
            settings.data.display()
        )));
    }
    let records = City::new(elements, seed).count();
    let bar = progress::bar(u64::try_from(records).unwrap_or(u64::MAX), "writing");
    let done = generate_into(&workspace, elements, seed, |count| bar.set_position(u64::try_from(count).unwrap_or(0)));
    bar.finish_and_clear();
    done?;
    let (revision, counts) = (workspace.current().revision(), workspace.current().counts());
    out.line(&format!("revision {revision}: {} elements, {} relationships", counts.elements, counts.relationships))
}
