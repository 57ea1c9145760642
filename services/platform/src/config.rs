//! Options: defaults, then one TOML file, then the environment. Nothing is global.
//!
//! An environment variable `OVERTURN_SECTION__KEY` sets `key` in `[section]`; variables without a
//! double underscore are not ours to judge (Kubernetes invents some). A key or section nobody
//! knows is refused and the nearest known one is named: a misspelt limit is no limit. Secrets are
//! never printed by `Debug`.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde::de::DeserializeOwned;
use toml::{Table, Value};

use crate::cache::CacheSettings;
use crate::serve::ServerSettings;
use crate::telemetry::TelemetrySettings;
use crate::tenant_tx::DatabaseSettings;

mod known;

use known::{fields_of, nearest};

/// What every variable of ours starts with.
const PREFIX: &str = "OVERTURN_";
/// The platform's own sections.
const PLATFORM: [&str; 7] = ["server", "database", "cache", "access", "peers", "telemetry", "keys"];
/// The services' sections; a file may be shared by processes that run some of them.
const SERVICES: [&str; 6] =
    ["identity", "dictionary", "routing", "appeals", "reporting", "gateway"];

/// What is wrong with the options.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("cannot read {0}: {1}")]
    File(PathBuf, std::io::Error),
    /// The file is not TOML.
    #[error("the configuration is not TOML: {0}")]
    Syntax(#[from] toml::de::Error),
    /// A section or key that nobody knows.
    #[error("unknown option `{0}`; did you mean `{1}`?")]
    Unknown(String, String),
    /// A value of the wrong kind or outside its range.
    #[error("option section [{0}]: {1}")]
    Value(String, String),
}

/// Who issues tokens and for whom, section `access`.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AccessSettings {
    /// The issuer that access tokens must name.
    pub issuer: String,
    /// The audience that access tokens must name.
    pub audience: String,
    /// Whether anyone may read the contracts by gRPC reflection, without a token.
    pub open_reflection: bool,
}

impl Default for AccessSettings {
    fn default() -> Self {
        Self {
            issuer: "http://127.0.0.1:8080".to_owned(),
            audience: "overturn".to_owned(),
            open_reflection: false,
        }
    }
}

/// Where the master key is, section `keys`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct KeySettings {
    /// A file of exactly 32 random bytes that only the service can read. Empty: beside the SQLite
    /// file, made on first use; PostgreSQL needs one.
    pub master_key_file: PathBuf,
}

/// All options of one process.
#[derive(Clone, Default)]
pub struct Settings {
    /// The listener and its limits.
    pub server: ServerSettings,
    /// The database.
    pub database: DatabaseSettings,
    /// The cache.
    pub cache: CacheSettings,
    /// Tokens.
    pub access: AccessSettings,
    /// Where services run that this process does not: name to URL.
    pub peers: BTreeMap<String, String>,
    /// Logs, traces and metrics.
    pub telemetry: TelemetrySettings,
    /// The master key.
    pub keys: KeySettings,
    services: Table,
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("server", &self.server)
            .field("database", &self.database)
            .field("cache", &self.cache)
            .field("access", &self.access)
            .field("peers", &self.peers)
            .field("telemetry", &self.telemetry)
            .field("keys", &self.keys)
            .field("services", &self.services.keys().collect::<Vec<_>>())
            .finish()
    }
}

impl Settings {
    /// Reads `file`, if one is named, and then `environment`.
    ///
    /// # Errors
    /// When the file cannot be read, or anything in it or the environment is unknown or wrong.
    pub fn load(
        file: Option<&Path>,
        environment: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, ConfigError> {
        let text = match file {
            Some(path) => std::fs::read_to_string(path)
                .map_err(|error| ConfigError::File(path.to_owned(), error))?,
            None => String::new(),
        };
        Self::parse(&text, environment)
    }

    /// Reads TOML text and then `environment`.
    ///
    /// # Errors
    /// As [`Settings::load`].
    pub fn parse(
        text: &str,
        environment: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, ConfigError> {
        let mut table: Table = text.parse()?;
        for (name, value) in environment {
            overlay(&mut table, &name, &value)?;
        }
        let known: Vec<&str> = PLATFORM.into_iter().chain(SERVICES).collect();
        for section in table.keys() {
            refuse_unknown(section, &known, "")?;
        }
        let mut settings = Self {
            server: take(&mut table, "server")?,
            database: take(&mut table, "database")?,
            cache: take(&mut table, "cache")?,
            access: take(&mut table, "access")?,
            telemetry: take(&mut table, "telemetry")?,
            keys: take(&mut table, "keys")?,
            ..Self::default()
        };
        if let Some(peers) = table.remove("peers") {
            settings.peers = peers
                .try_into()
                .map_err(|error| ConfigError::Value("peers".to_owned(), error.to_string()))?;
            for name in settings.peers.keys() {
                refuse_unknown(name, &SERVICES, "peers.")?;
            }
        }
        settings.services = table;
        Ok(settings)
    }

    /// Sets `key` of a service's section, as a file would: for embedded defaults and tests.
    pub fn set(&mut self, service: &str, key: &str, value: impl Into<Value>) {
        let section = self.services.entry(service).or_insert_with(|| Table::new().into());
        if let Some(section) = section.as_table_mut() {
            section.insert(key.to_owned(), value.into());
        }
    }

    /// The options of `service`, with `T`'s defaults where nothing is said. `T` is a plain struct
    /// with `#[serde(default)]`.
    ///
    /// # Errors
    /// When a key is unknown or a value has the wrong kind.
    pub fn service<T: DeserializeOwned + Default>(&self, service: &str) -> Result<T, ConfigError> {
        match self.services.get(service) {
            Some(section) => read(section.clone(), service),
            None => Ok(T::default()),
        }
    }
}

fn take<T: DeserializeOwned + Default>(table: &mut Table, name: &str) -> Result<T, ConfigError> {
    table.remove(name).map_or_else(|| Ok(T::default()), |section| read(section, name))
}

fn read<T: DeserializeOwned>(section: Value, name: &str) -> Result<T, ConfigError> {
    let wrong = |error: String| ConfigError::Value(name.to_owned(), error);
    let keys = section.as_table().ok_or_else(|| wrong("is not a section".to_owned()))?;
    if let Some(known) = fields_of::<T>() {
        for key in keys.keys() {
            refuse_unknown(key, known, &format!("{name}."))?;
        }
    }
    // The message alone: the error's text would quote the value, which may be a secret.
    section.try_into().map_err(|error: toml::de::Error| wrong(error.message().to_owned()))
}

fn refuse_unknown(name: &str, known: &[&str], under: &str) -> Result<(), ConfigError> {
    if known.contains(&name) {
        return Ok(());
    }
    let meant = nearest(name, known).unwrap_or_default();
    Err(ConfigError::Unknown(format!("{under}{name}"), format!("{under}{meant}")))
}

/// Lays one environment variable over the file, if it is one of ours.
fn overlay(table: &mut Table, name: &str, value: &str) -> Result<(), ConfigError> {
    let Some((section, key)) = name.strip_prefix(PREFIX).and_then(|rest| rest.split_once("__"))
    else {
        return Ok(());
    };
    let (section, key) = (section.to_ascii_lowercase(), key.to_ascii_lowercase());
    let entry = table.entry(section.clone()).or_insert_with(|| Table::new().into());
    let Some(entry) = entry.as_table_mut() else {
        return Err(ConfigError::Value(section, "is not a section".to_owned()));
    };
    entry.insert(key, literal(value));
    Ok(())
}

/// `value` as TOML when it is a number, a boolean, a list or quoted; else as the text it is.
fn literal(value: &str) -> Value {
    let parsed = format!("value = {value}").parse::<Table>().ok();
    parsed
        .filter(|table| table.len() == 1)
        .and_then(|mut table| table.remove("value"))
        // A date is text to us, and so is `{..}`.
        .filter(|value| !matches!(value, Value::Datetime(_) | Value::Table(_)))
        .unwrap_or_else(|| Value::String(value.to_owned()))
}

#[cfg(test)]
mod tests;
