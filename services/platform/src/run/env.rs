use std::collections::BTreeSet;
use std::fmt;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use serde::de::DeserializeOwned;

use super::StartError;
use crate::access::Errand;
use crate::cache::Cache;
use crate::clock::Clock;
use crate::config::Settings;
use crate::keys::Keys;
use crate::tasks::Tasks;
use crate::tenant_tx::Database;
use crate::wire::{Methods, Wire};

/// What a service gets from its process; clones share it.
#[derive(Clone)]
pub struct Env(Arc<Inner>);

struct Inner {
    settings: Settings,
    database: Database,
    clock: Clock,
    cache: Cache,
    keys: Keys,
    tasks: Tasks,
    methods: Arc<OnceLock<Methods>>,
    remote: Vec<(String, Wire)>,
    wanted: Mutex<BTreeSet<String>>,
}

impl fmt::Debug for Env {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Env").field("settings", &self.0.settings).finish_non_exhaustive()
    }
}

impl Env {
    pub(super) async fn open(
        settings: Settings,
        keys: Keys,
        clock: Clock,
        methods: Arc<OnceLock<Methods>>,
    ) -> Result<Self, StartError> {
        let mut remote = Vec::new();
        for (name, url) in &settings.peers {
            let wire = Wire::remote(url).map_err(|_| StartError::Peer(name.clone()))?;
            remote.push((name.clone(), wire));
        }
        let database = Database::open(&settings.database, clock.clone()).await?;
        let cache = Cache::open(&settings.cache)?;
        let (tasks, wanted) = (Tasks::default(), Mutex::default());
        Ok(Self(Arc::new(Inner {
            settings,
            database,
            clock,
            cache,
            keys,
            tasks,
            methods,
            remote,
            wanted,
        })))
    }

    /// The database.
    #[must_use]
    pub fn database(&self) -> &Database {
        &self.0.database
    }

    /// The clock.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.0.clock
    }

    /// The cache.
    #[must_use]
    pub fn cache(&self) -> &Cache {
        &self.0.cache
    }

    /// Background tasks that are not jobs.
    #[must_use]
    pub fn tasks(&self) -> &Tasks {
        &self.0.tasks
    }

    /// The master key's derivatives.
    #[must_use]
    pub fn keys(&self) -> &Keys {
        &self.0.keys
    }

    /// The platform's own options, read-only.
    #[must_use]
    pub fn options(&self) -> &Settings {
        &self.0.settings
    }

    /// The options of `service`, see [`Settings::service`].
    ///
    /// # Errors
    /// When a key is unknown or a value has the wrong kind.
    pub fn settings<T: DeserializeOwned + Default>(&self, service: &str) -> Result<T, StartError> {
        Ok(self.0.settings.service(service)?)
    }

    /// What `service` asks of peers on duty, with these permissions; a test lists who does.
    #[must_use]
    pub fn errand(&self, service: &'static str, scopes: &'static [&'static str]) -> Errand {
        let inner = &self.0;
        Errand::new((&inner.keys, &inner.settings.access, &inner.clock), service, scopes)
    }

    /// The way to service `name`: where `peers.name` says, or in this process. A peer that is in
    /// neither place keeps the process from starting.
    #[must_use]
    pub fn peer(&self, name: &str) -> Wire {
        if let Some((_, wire)) = self.0.remote.iter().find(|(known, _)| known == name) {
            return wire.clone();
        }
        self.0.wanted.lock().unwrap_or_else(PoisonError::into_inner).insert(name.to_owned());
        Wire::in_process(self.0.methods.clone())
    }

    /// Refuses to start when somebody wants a peer that is nowhere.
    pub(super) fn check_peers(&self, mounted: &[&'static str]) -> Result<(), StartError> {
        let wanted = self.0.wanted.lock().unwrap_or_else(PoisonError::into_inner);
        match wanted.iter().find(|name| !mounted.contains(&name.as_str())) {
            Some(missing) => Err(StartError::Peer(missing.clone())),
            None => Ok(()),
        }
    }

    pub(super) fn methods(&self) -> &Arc<OnceLock<Methods>> {
        &self.0.methods
    }
}
