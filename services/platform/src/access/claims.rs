use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Role;

/// The claims of an access token (RFC 9068), all of them required.
///
/// Other claims, repeated claims and numbers written as text are refused: nobody but our own
/// identity service makes these tokens.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Claims {
    /// Who issued it.
    pub iss: String,
    /// The one audience.
    pub aud: String,
    /// The user or service account.
    pub sub: String,
    /// The application it was issued to.
    pub client_id: String,
    /// Its own id.
    pub jti: String,
    /// When it was issued, seconds since 1970.
    pub iat: i64,
    /// From when it is valid, seconds since 1970.
    pub nbf: i64,
    /// When it ends, seconds since 1970; at most five minutes after `iat`.
    pub exp: i64,
    /// The tenant.
    pub tid: Uuid,
    /// Role names in lower snake case, such as `team_lead`.
    pub roles: Vec<String>,
    /// Permissions a partner application may use, separated by blanks.
    pub scope: String,
}

/// The longest life of a token, in seconds.
pub(super) const LIFE_MAX_SECONDS: i64 = 300;
/// How far two clocks may differ, in seconds.
pub(super) const LEEWAY_SECONDS: i64 = 5;

impl Claims {
    /// Whether the token is valid at `now` (seconds since 1970) and not made to live too long.
    pub(super) fn is_current(&self, now: i64) -> bool {
        let lives = self.exp.saturating_sub(self.iat);
        let remains = self.exp.saturating_sub(now);
        now < self.exp.saturating_add(LEEWAY_SECONDS)
            && now >= self.nbf.saturating_sub(LEEWAY_SECONDS)
            && now >= self.iat.saturating_sub(LEEWAY_SECONDS)
            && (1..=LIFE_MAX_SECONDS).contains(&lives)
            && remains <= LIFE_MAX_SECONDS + LEEWAY_SECONDS
    }

    /// Whether every text has content and every role is one we know.
    pub(super) fn is_complete(&self) -> bool {
        let named = [&self.sub, &self.client_id, &self.jti];
        named.iter().all(|text| !text.trim().is_empty() && text.len() <= 256)
            && self.roles.iter().all(|name| role_named(name).is_some())
    }

    pub(super) fn role_set(&self) -> Vec<Role> {
        self.roles.iter().filter_map(|name| role_named(name)).collect()
    }
}

/// A role's name in tokens: `team_lead` for `ROLE_TEAM_LEAD`.
#[must_use]
pub fn role_name(role: Role) -> String {
    role.as_str_name().trim_start_matches("ROLE_").to_ascii_lowercase()
}

/// The role of that name; nothing for a name that grants nothing.
#[must_use]
pub fn role_named(name: &str) -> Option<Role> {
    if name.chars().any(|c| c.is_ascii_uppercase()) {
        return None;
    }
    Role::from_str_name(&format!("ROLE_{}", name.to_ascii_uppercase()))
        .filter(|role| *role != Role::Unspecified)
}
