use serde::Deserialize;

/// Options of the dictionary, section `dictionary`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DictionarySettings {
    /// Public keys (Ed25519, base64url) of other installations whose exported revisions may be
    /// imported; each is the `x` in the header of their signatures.
    pub trusted_keys: Vec<String>,
}
