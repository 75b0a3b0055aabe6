//! All ids and facts of the city are there, and export of import is identical.

use ezu::application::{export, files};

use crate::support;

#[test]
fn export_import_export_is_byte_identical() {
    let first = export::to_yaml(&support::city().current_view());
    let workspace = support::empty();
    let text = vec![("export.yaml".to_owned(), first.clone())];
    files::load_model_files(&workspace, &text, "again", None).unwrap_or_else(|error| {
        if let files::LoadError::Problems(problems) = &error {
            problems.iter().take(20).for_each(|problem| eprintln!("{problem}"));
        }
        panic!("{error}")
    });
    let second = export::to_yaml(&workspace.current_view());

    assert!(first == second, "the second export differs");
    assert_eq!(workspace.current().counts(), support::city().current().counts());
}
