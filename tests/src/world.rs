//! One running product.

use std::path::PathBuf;

use chrono::{DateTime, TimeZone, Utc};
use contracts::appeals::v1::appeals_service_client::AppealsServiceClient;
use contracts::dictionary::v1::dictionary_service_client::DictionaryServiceClient;
use contracts::identity::v1::identity_service_client::IdentityServiceClient;
use contracts::routing::v1::routing_service_client::RoutingServiceClient;
use overturn::{Clients, Door};
use platform::App;
use platform::clock::Clock;
use platform::config::Settings;
use platform::wire::Wire;

use crate::store::Store;

/// The product in this process, on a database of its own, by a clock that stands still.
#[derive(Debug)]
pub struct World {
    app: App,
    clock: Clock,
    store: Store,
}

/// A new id in the form that `request_id` wants.
#[must_use]
pub fn id() -> String {
    platform::ids::new().to_string()
}

/// The typesetter that Cargo built beside the running test.
fn typesetter() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    test.ancestors().nth(2).unwrap().join("typesetter")
}

impl World {
    /// A product with nobody aboard but the operator; it is noon UTC on 2026-06-15.
    pub async fn new() -> Self {
        Self::with(&[]).await
    }

    /// As [`World::new`], with options `(SECTION__KEY, value)`.
    pub async fn with(options: &[(&str, &str)]) -> Self {
        Self::by(Clock::manual(Self::noon()), options).await
    }

    /// As [`World::with`], by `clock`.
    pub async fn by(clock: Clock, options: &[(&str, &str)]) -> Self {
        let store = Store::fresh().await;
        let key = store.folder().join("master.key");
        std::fs::write(&key, [7; 32]).unwrap();
        let originals = store.folder().join("originals");
        let mut variables = vec![
            ("OVERTURN_DATABASE__URL".to_owned(), store.url().to_owned()),
            ("OVERTURN_DATABASE__CONNECTIONS".to_owned(), "4".to_owned()),
            ("OVERTURN_CACHE__URL".to_owned(), Store::cache_url()),
            ("OVERTURN_KEYS__MASTER_KEY_FILE".to_owned(), key.display().to_string()),
            ("OVERTURN_IDENTITY__LOCAL_TOKENS".to_owned(), "true".to_owned()),
            ("OVERTURN_ROUTING__ORIGINALS_FOLDER".to_owned(), originals.display().to_string()),
        ];
        variables.push((
            "OVERTURN_APPEALS__ORIGINALS_FOLDER".to_owned(),
            originals.display().to_string(),
        ));
        variables
            .push(("OVERTURN_APPEALS__TYPESETTER".to_owned(), typesetter().display().to_string()));
        variables.extend(
            options.iter().map(|(key, value)| (format!("OVERTURN_{key}"), (*value).to_owned())),
        );
        let settings = Settings::load(None, variables).unwrap();
        let mounts = overturn::MOUNTS.map(|(_, mount)| mount);
        let app = platform::run::assemble_at(settings, &mounts, clock.clone()).await.unwrap();
        Self { app, clock, store }
    }

    /// When every world begins.
    #[must_use]
    pub fn noon() -> DateTime<Utc> {
        Utc.with_ymd_and_hms(2026, 6, 15, 12, 0, 0).unwrap()
    }

    /// The product.
    #[must_use]
    pub fn app(&self) -> &App {
        &self.app
    }

    /// The product and its database, for who serves it.
    #[must_use]
    pub fn into_parts(self) -> (App, Store) {
        (self.app, self.store)
    }

    /// Its clock: move it.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// Its database.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// The way in, without a token.
    #[must_use]
    pub fn wire(&self) -> Wire {
        self.app.wire()
    }

    /// A five-minute token of the user with `email`.
    pub async fn token(&self, email: &str) -> String {
        overturn::sign(&self.app, email).await.unwrap()
    }

    /// The operator's token.
    pub async fn operator(&self) -> String {
        self.token(identity::local::OPERATOR).await
    }

    fn clients(&self, token: &str) -> Clients {
        Clients::new(self.wire(), token)
    }

    /// A client of identity with `token`.
    #[must_use]
    pub fn identity(&self, token: &str) -> IdentityServiceClient<Door> {
        self.clients(token).identity()
    }

    /// A client of dictionary with `token`.
    #[must_use]
    pub fn dictionary(&self, token: &str) -> DictionaryServiceClient<Door> {
        self.clients(token).dictionary()
    }

    /// A client of appeals with `token`.
    #[must_use]
    pub fn appeals(&self, token: &str) -> AppealsServiceClient<Door> {
        self.clients(token).appeals()
    }

    /// A client of routing with `token`.
    #[must_use]
    pub fn routing(&self, token: &str) -> RoutingServiceClient<Door> {
        self.clients(token).routing()
    }
}
