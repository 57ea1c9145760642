use std::fmt;

use http::HeaderValue;

use super::tokens::Signer;
use super::{Caller, Claims, Role, role_name};
use crate::clock::Clock;
use crate::config::AccessSettings;
use crate::keys::Keys;

/// The application that all errands are of.
const CLIENT: &str = "overturn";
/// How long a token of an errand lives, in seconds.
const LIFE_SECONDS: i64 = 60;

/// What a service asks of peers while nobody has called: a peer's feed goes on by night.
///
/// Its tokens are signed with a key that every process of an installation derives from the master
/// key; they name the service, have no role but PARTNER, and the scopes of the errand alone, so
/// that a peer's gate treats them as it does a partner application of that tenant.
#[derive(Clone)]
pub struct Errand {
    signer: Signer,
    access: AccessSettings,
    clock: Clock,
    service: &'static str,
    scopes: &'static [&'static str],
}

impl fmt::Debug for Errand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Errand").field("scopes", &self.scopes).finish_non_exhaustive()
    }
}

/// Who signs the tokens of errands.
pub(crate) fn signer(keys: &Keys) -> Signer {
    Signer::from_pkcs8(&keys.errands()).expect("a key that was made can be read")
}

impl Errand {
    pub(crate) fn new(
        (keys, access, clock): (&Keys, &AccessSettings, &Clock),
        service: &'static str,
        scopes: &'static [&'static str],
    ) -> Self {
        let signer = signer(keys);
        Self { signer, access: access.clone(), clock: clock.clone(), service, scopes }
    }

    /// Gives a caller on duty a token for this errand in its tenant, good for a minute.
    #[must_use]
    pub fn of(&self, on_duty: &Caller) -> Caller {
        let now = self.clock.now().timestamp();
        let token = self.signer.sign(&Claims {
            iss: self.access.issuer.clone(),
            aud: self.access.audience.clone(),
            sub: self.service.to_owned(),
            client_id: CLIENT.to_owned(),
            jti: crate::ids::new().to_string(),
            iat: now,
            nbf: now,
            exp: now + LIFE_SECONDS,
            tid: on_duty.tenant().as_uuid(),
            roles: vec![role_name(Role::Partner)],
            scope: self.scopes.join(" "),
        });
        let authorization = HeaderValue::try_from(format!("Bearer {token}"))
            .expect("a token is letters, digits and points");
        on_duty.sent_with(authorization)
    }
}
