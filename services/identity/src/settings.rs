//! Options of this service, section `identity`.

use platform::config::{AccessSettings, Settings};
use serde::Deserialize;

/// What can be set about tokens, keys and quotas.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct IdentitySettings {
    /// Whether someone at the machine may sign a token for a user without a sign-in. Unset: on
    /// SQLite, where whoever reads the file can do anything anyway, and nowhere else.
    pub local_tokens: Option<bool>,
    /// The one `aud` that client assertions must name. Empty: the issuer followed by
    /// `/oauth2/token`.
    pub assertion_audience: String,
    /// After how many days a signing key is followed by the next one.
    pub signing_key_days: u32,
    /// Most active users of a tenant whose own quota is 0.
    pub users_max: u32,
}

impl Default for IdentitySettings {
    fn default() -> Self {
        Self {
            local_tokens: None,
            assertion_audience: String::new(),
            signing_key_days: 90,
            users_max: 10_000,
        }
    }
}

impl IdentitySettings {
    /// Whether tokens are signed at the machine under `settings`.
    #[must_use]
    pub fn signs_local_tokens(&self, settings: &Settings) -> bool {
        self.local_tokens.unwrap_or_else(|| settings.database.url.starts_with("sqlite://"))
    }

    /// The `aud` that client assertions must name under `access`.
    #[must_use]
    pub fn audience_of_assertions(&self, access: &AccessSettings) -> String {
        if self.assertion_audience.is_empty() {
            format!("{}/oauth2/token", access.issuer.trim_end_matches('/'))
        } else {
            self.assertion_audience.clone()
        }
    }
}
