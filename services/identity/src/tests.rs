//! The service through its gate, on a SQLite file of its own, by a clock that a test moves.

mod access;
mod people;
mod tokens;

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use contracts::access::v1::Role;
use contracts::identity::v1 as pb;
use contracts::identity::v1::identity_service_client::IdentityServiceClient;
use platform::App;
use platform::clock::Clock;
use platform::config::Settings;
use platform::wire::Wire;
use tonic::metadata::MetadataValue;
use tonic::service::interceptor::InterceptedService;
use tonic::{Request, Status};
use tonic_types::StatusExt;

use crate::local::{OPERATOR, local_token};

struct World {
    app: App,
    clock: Clock,
    folder: std::path::PathBuf,
}

impl Drop for World {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.folder).ok();
    }
}

type Bearer = Box<dyn FnMut(Request<()>) -> Result<Request<()>, Status> + Send>;
type Client = IdentityServiceClient<InterceptedService<Wire, Bearer>>;

fn noon() -> DateTime<Utc> {
    DateTime::from_timestamp(1_780_000_000, 0).unwrap()
}

async fn world() -> World {
    let folder = std::env::temp_dir().join(format!("overturn-identity-{}", platform::ids::new()));
    std::fs::create_dir(&folder).unwrap();
    let mut settings = Settings::default();
    settings.database.url = format!("sqlite://{}/t.db", folder.display());
    let clock = Clock::manual(noon());
    let app = platform::run::assemble_at(settings, &[crate::mount], clock.clone()).await.unwrap();
    World { app, clock, folder }
}

impl World {
    fn client(&self, token: &str) -> Client {
        let bearer: MetadataValue<_> = format!("Bearer {token}").parse().unwrap();
        let interceptor: Bearer = Box::new(move |mut request: Request<()>| {
            request.metadata_mut().insert("authorization", bearer.clone());
            Ok(request)
        });
        IdentityServiceClient::with_interceptor(self.app.wire(), interceptor)
    }

    async fn token(&self, user: &str) -> String {
        let env = self.app.env();
        local_token(env.database(), env.keys(), env.options(), user).await.unwrap()
    }

    async fn user(&self, user: &str) -> Client {
        self.client(&self.token(user).await)
    }

    /// Creates a tenant and answers a client of its administrator.
    async fn tenant(&self, slug: &str) -> Client {
        let mut operator = self.user(OPERATOR).await;
        operator.create_tenant(tenant(slug)).await.unwrap();
        self.user(&format!("admin@{slug}.example")).await
    }
}

fn tenant(slug: &str) -> pb::CreateTenantRequest {
    pb::CreateTenantRequest {
        slug: slug.to_owned(),
        display_name: "North".to_owned(),
        time_zone: "America/Chicago".to_owned(),
        admin_email: format!("Admin@{slug}.example"),
        admin_display_name: "Ada".to_owned(),
        request_id: platform::ids::new().to_string(),
        ..pb::CreateTenantRequest::default()
    }
}

fn user(email: &str, roles: &[Role]) -> pb::CreateUserRequest {
    pb::CreateUserRequest {
        email: email.to_owned(),
        display_name: "Sam".to_owned(),
        roles: roles.iter().map(|role| i32::from(*role)).collect(),
        ..pb::CreateUserRequest::default()
    }
}

fn reason(status: &Status) -> String {
    status.get_details_error_info().map(|info| info.reason).unwrap_or_default()
}

/// A partner application with its key.
struct Partner {
    pair: Ed25519KeyPair,
    account: pb::ServiceAccount,
}

const SCOPES: [&str; 2] = ["identity.list_facilities", "identity.list_teams"];

async fn partner(admin: &mut Client) -> Partner {
    let pair = Ed25519KeyPair::generate().unwrap();
    let x = URL_SAFE_NO_PAD.encode(pair.public_key().as_ref());
    let jwk = serde_json::json!({ "kty": "OKP", "crv": "Ed25519", "x": x }).to_string();
    let key = pb::PublicKey {
        kid: "k1".to_owned(),
        algorithm: "EdDSA".to_owned(),
        key: Some(pb::public_key::Key::Jwk(jwk)),
        expires_at: None,
    };
    let request = pb::CreateServiceAccountRequest {
        display_name: "Billing robot".to_owned(),
        keys: vec![key],
        scopes: SCOPES.map(str::to_owned).to_vec(),
        request_id: String::new(),
    };
    let answer = admin.create_service_account(request).await.unwrap().into_inner();
    Partner { pair, account: answer.service_account.unwrap() }
}

impl Partner {
    fn asks(&self, now: DateTime<Utc>, jti: &str, scope: &str) -> pb::IssueTokenRequest {
        let claims = serde_json::json!({
            "iss": self.account.client_id,
            "sub": self.account.client_id,
            "aud": "http://127.0.0.1:8080/oauth2/token",
            "exp": now.timestamp() + 240,
            "jti": jti,
        });
        let header = serde_json::json!({ "alg": "EdDSA", "kid": "k1", "typ": "JWT" });
        let encode = |part: serde_json::Value| URL_SAFE_NO_PAD.encode(part.to_string());
        let signed = format!("{}.{}", encode(header), encode(claims));
        let signature = URL_SAFE_NO_PAD.encode(self.pair.sign(signed.as_bytes()));
        pb::IssueTokenRequest {
            grant_type: "client_credentials".to_owned(),
            client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
                .to_owned(),
            client_assertion: format!("{signed}.{signature}"),
            scope: scope.to_owned(),
            client_id: String::new(),
        }
    }
}
