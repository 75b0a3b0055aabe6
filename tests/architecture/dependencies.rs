//! What is built into ezu keeps to `deny.toml`: licences, banned crates, sources.
//!
//! The same as `cargo deny check licenses bans sources` for what that file sets, without a tool that takes longer to
//! build than to run.

use std::path::Path;
use std::process::Command;

use serde_json::Value as Json;
use toml::Table;

fn policy() -> Table {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("deny.toml");
    std::fs::read_to_string(path).expect("deny.toml").parse().expect("it is TOML")
}

/// Every package of the lock file, those for tests included.
fn packages() -> Vec<Json> {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let mut command = Command::new(cargo);
    command.args(["metadata", "--format-version", "1", "--locked", "--offline", "--all-features", "--filter-platform"]);
    command.arg(host()).current_dir(env!("CARGO_MANIFEST_DIR"));
    let output = command.output().expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Json = serde_json::from_slice(&output.stdout).expect("JSON");
    let packages = metadata["packages"].as_array().expect("packages").clone();
    packages.into_iter().filter(|package| package["name"] != "ezu").collect()
}

fn host() -> String {
    format!("{}-unknown-linux-gnu", std::env::consts::ARCH)
}

fn texts<'t>(table: &'t Table, path: [&str; 2]) -> Vec<&'t toml::Value> {
    table[path[0]][path[1]].as_array().expect("a list").iter().collect()
}

/// The licences of packages of which one is not allowed, or none is stated.
fn refused_licences(policy: &Table, packages: &[Json]) -> Vec<String> {
    let allowed: Vec<spdx::Licensee> = texts(policy, ["licenses", "allow"])
        .into_iter()
        .filter_map(toml::Value::as_str)
        .map(|text| spdx::Licensee::parse(text).expect("a licence"))
        .collect();
    let mut refused = Vec::new();
    for package in packages {
        let stated = package["license"].as_str().unwrap_or("none stated");
        let fits = spdx::Expression::parse_mode(stated, spdx::ParseMode::LAX)
            .is_ok_and(|expression| expression.evaluate(|wanted| allowed.iter().any(|held| held.satisfies(wanted))));
        if !fits {
            refused.push(format!("{} {}: {stated}", package["name"], package["version"]));
        }
    }
    refused
}

/// Packages that are banned, or do not come from a registry.
fn refused_packages(policy: &Table, packages: &[Json]) -> Vec<String> {
    let banned: Vec<&str> =
        texts(policy, ["bans", "deny"]).into_iter().filter_map(|entry| entry["crate"].as_str()).collect();
    // A git repository or a folder is no registry.
    let of_a_registry =
        |package: &Json| package["source"].as_str().is_some_and(|source| source.starts_with("registry+"));
    packages
        .iter()
        .filter(|package| banned.contains(&package["name"].as_str().unwrap_or("")) || !of_a_registry(package))
        .map(|package| format!("{} from {}", package["name"], package["source"]))
        .collect()
}

#[test]
fn dependencies_keep_to_the_policy() {
    let (policy, packages) = (policy(), packages());
    assert!(packages.len() > 100, "{} packages", packages.len());
    assert_eq!(refused_licences(&policy, &packages), Vec::<String>::new());
    assert_eq!(refused_packages(&policy, &packages), Vec::<String>::new());
}

#[test]
fn what_the_policy_refuses_is_found() {
    let policy = policy();
    let package = |name: &str, license: &str, source: &str| serde_json::json!({"name": name, "version": "1.0.0", "license": license, "source": source});
    let registry = "registry+https://registry.invalid/index";
    let packages = [
        package("a", "MIT OR GPL-3.0", registry),
        package("b", "GPL-3.0-only", registry),
        package("c", "MIT AND AGPL-3.0-only", registry),
        package("d", "MIT/Apache-2.0", "git+https://example.invalid/d"),
        package("bincode", "MIT", registry),
    ];
    assert_eq!(refused_licences(&policy, &packages).len(), 2, "b and c");
    assert_eq!(refused_packages(&policy, &packages).len(), 2, "d and bincode");
}
