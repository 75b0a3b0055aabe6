//! Invented cities.

use crate::support::Folder;

#[test]
fn the_same_seed_gives_the_same_file_and_another_does_not() {
    let folder = Folder::new();
    for (name, seed) in [("a.yaml", "7"), ("b.yaml", "7"), ("c.yaml", "8")] {
        folder.succeeds(&["generate", "--elements", "500", "--seed", seed, "--output", name]);
    }
    assert_eq!(folder.read("a.yaml"), folder.read("b.yaml"));
    assert_ne!(folder.read("a.yaml"), folder.read("c.yaml"));
    assert!(!folder.path("data").exists());
    let piped = folder.succeeds(&["generate", "--elements", "500", "--seed", "7", "--output", "-"]);
    assert_eq!(piped, folder.read("a.yaml"));
}

#[test]
fn the_file_and_the_folder_are_the_same_city_with_exact_counts() {
    let folder = Folder::new();
    folder.succeeds(&["generate", "--elements", "700", "--seed", "3", "--output", "city.yaml"]);
    folder.succeeds(&["import", "city.yaml", "--data", "imported"]);
    let said = folder.succeeds(&["generate", "--elements", "700", "--seed", "3"]);
    assert_eq!(said, "revision 1: 700 elements, 2800 relationships\n");
    assert!(folder.succeeds(&["export"]) == folder.succeeds(&["export", "--data", "imported"]), "they differ");
    folder.succeeds(&["verify"]);
}

#[test]
fn a_model_that_is_there_is_left_alone() {
    let folder = Folder::new();
    folder.succeeds(&["generate", "--elements", "50"]);
    let error = folder.fails(1, &["generate", "--elements", "50"]);
    assert!(error.contains("holds a model already"), "{error}");
    folder.fails(2, &["generate", "--elements", "49"]);
}
