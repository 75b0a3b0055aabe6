//! What an operator can set: by a file (TOML), by `EZU_` variables, by flags; a later one wins.

mod imports;
mod limits;

use std::path::{Path, PathBuf};

use figment::Figment;
use figment::providers::{Env, Format, Serialized, Toml};
use serde::{Deserialize, Serialize};

pub use imports::Imports;
pub use limits::Limits;

/// All settings.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// The data folder.
    pub data: PathBuf,
    /// A folder of metamodel files (`*.yaml`) laid over the built-in ones, in the order of their names.
    pub metamodel: Option<PathBuf>,
    /// A folder of rule files (`*.yaml`) laid over the built-in ones, in the order of their names.
    pub rules: Option<PathBuf>,
    /// What an hour of work costs, in yen; hours are turned into yen only where this is set.
    pub yen_per_hour: Option<u64>,
    /// A folder of question files (`*.yaml`) laid over the built-in ones, in the order of their names.
    pub questions: Option<PathBuf>,
    /// Where and how ezu listens.
    pub server: Server,
    /// How much one request may ask for.
    pub limits: Limits,
    /// Imports.
    pub imports: Imports,
    /// Drawing.
    pub diagrams: Diagrams,
}

/// Where and how ezu listens.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Server {
    /// The address; anything but a loopback address needs `allow_remote`.
    pub host: String,
    /// The port; 0 takes any free one.
    pub port: u16,
    /// Whether addresses that other computers can reach are accepted.
    pub allow_remote: bool,
    /// Host names, besides the loopback ones, under which ezu may be asked.
    pub allowed_hosts: Vec<String>,
    /// Worker threads; 0 takes one a core.
    pub workers: usize,
}

/// Drawing.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Diagrams {
    /// Graphviz's `dot`; a name is looked up in `PATH`.
    pub dot: PathBuf,
    /// How long one drawing may take, in seconds.
    pub seconds: u64,
    /// The largest picture, in bytes.
    pub largest_bytes: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            data: PathBuf::from("./data"),
            metamodel: None,
            rules: None,
            yen_per_hour: None,
            questions: None,
            server: Server::default(),
            limits: Limits::default(),
            imports: Imports::default(),
            diagrams: Diagrams::default(),
        }
    }
}

impl Default for Server {
    fn default() -> Self {
        Self { host: "127.0.0.1".to_owned(), port: 8080, allow_remote: false, allowed_hosts: Vec::new(), workers: 0 }
    }
}

impl Default for Diagrams {
    fn default() -> Self {
        Self { dot: PathBuf::from("dot"), seconds: 30, largest_bytes: 32 << 20 }
    }
}

impl Settings {
    /// Reads a file, if one is given, and `EZU_` variables (`EZU_SERVER__PORT=8081`) over the defaults.
    ///
    /// # Errors
    /// What is set wrongly and where.
    pub fn load(file: Option<&Path>) -> Result<Self, SettingsError> {
        let mut figment = Figment::from(Serialized::defaults(Self::default()));
        if let Some(path) = file {
            if !path.is_file() {
                return Err(SettingsError(format!("there is no settings file {}", path.display())));
            }
            figment = figment.merge(Toml::file_exact(path));
        }
        let variables = Env::prefixed("EZU_").ignore(&["LOG", "CONFIG"]).split("__");
        let settings: Self = figment.merge(variables).extract().map_err(|error| SettingsError(error.to_string()))?;
        settings.check()
    }

    /// Values that are of the right type and still cannot be meant.
    fn check(self) -> Result<Self, SettingsError> {
        if self.server.workers > MOST_WORKERS {
            let message = format!("server.workers is {}, and at most {MOST_WORKERS} can run", self.server.workers);
            return Err(SettingsError(message));
        }
        let never_zero = [
            ("limits.page", self.limits.page),
            ("limits.body_bytes", self.limits.body_bytes),
            ("limits.queries_at_once", self.limits.queries_at_once),
        ];
        match never_zero.into_iter().find(|(_, value)| *value == 0) {
            Some((name, _)) => Err(SettingsError(format!("{name} is 0, and then nothing could be answered"))),
            None => Ok(self),
        }
    }
}

/// The most threads that answer requests; the server takes no more.
const MOST_WORKERS: usize = 512;

/// A wrong setting.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct SettingsError(String);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelt_setting_is_refused_by_name() {
        let folder = std::env::temp_dir().join(format!("ezu-settings-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        let file = folder.join("ezu.toml");
        std::fs::write(&file, "[limits]\nbody_bites = 3\n").expect("written");
        let error = Settings::load(Some(&file)).expect_err("misspelt").to_string();
        assert!(error.contains("body_bites"), "{error}");
        std::fs::write(&file, "[limits]\nbody_bytes = 3\n[server]\nport = 9\n").expect("written");
        let settings = Settings::load(Some(&file)).expect("well spelt");
        assert_eq!((settings.limits.body_bytes, settings.server.port), (3, 9));
        std::fs::remove_dir_all(&folder).expect("removed");
    }
}
