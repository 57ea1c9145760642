use serde::Deserialize;

/// Options of the dictionary, section `dictionary`.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DictionarySettings {
    /// Public keys (Ed25519, base64url) of other installations whose exported revisions may be
    /// imported; each is the `x` in the header of their signatures.
    pub trusted_keys: Vec<String>,
    /// How often the feed of appeals is looked at, in seconds; at least 1.
    pub follow_seconds: u16,
}

impl Default for DictionarySettings {
    fn default() -> Self {
        Self { trusted_keys: Vec::new(), follow_seconds: 5 }
    }
}
