use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use redis::{AsyncCommands, RedisResult};
use tokio::sync::OnceCell;

use super::BadCacheUrl;
use super::breaker::Breaker;

/// Redis behind a timeout and a circuit breaker; every failure is a miss.
#[derive(Clone)]
pub(super) struct RedisStore(Arc<Inner>);

struct Inner {
    client: redis::Client,
    connection: OnceCell<ConnectionManager>,
    timeout: Duration,
    breaker: Breaker,
}

impl fmt::Debug for RedisStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisStore").field("breaker", &self.0.breaker).finish_non_exhaustive()
    }
}

impl RedisStore {
    pub(super) fn open(url: &str, timeout: Duration) -> Result<Self, BadCacheUrl> {
        let client = redis::Client::open(url).map_err(|_| BadCacheUrl)?;
        let (connection, breaker) = (OnceCell::new(), Breaker::default());
        Ok(Self(Arc::new(Inner { client, connection, timeout, breaker })))
    }

    pub(super) async fn get(&self, key: &str) -> Option<Vec<u8>> {
        self.ask(async |mut redis| redis.get::<_, Option<Vec<u8>>>(key).await).await.flatten()
    }

    pub(super) async fn set(&self, key: &str, value: Vec<u8>, ttl: Duration) {
        let ttl = u64::try_from(ttl.as_millis()).unwrap_or(u64::MAX).max(1);
        self.ask(async |mut redis| redis.pset_ex::<_, _, ()>(key, value, ttl).await).await;
    }

    pub(super) async fn delete(&self, key: &str) {
        self.ask(async |mut redis| redis.del::<_, ()>(key).await).await;
    }

    /// Runs one command, within the timeout and unless the breaker is open.
    async fn ask<T, F, C>(&self, command: C) -> Option<T>
    where
        C: FnOnce(ConnectionManager) -> F,
        F: Future<Output = RedisResult<T>>,
    {
        if !self.0.breaker.allows() {
            return None;
        }
        let answer = tokio::time::timeout(self.0.timeout, async {
            let connection = self.0.connection.get_or_try_init(|| self.connect()).await?;
            command(connection.clone()).await
        });
        let answer = answer.await.ok().and_then(Result::ok);
        self.0.breaker.note(answer.is_some());
        answer
    }

    async fn connect(&self) -> RedisResult<ConnectionManager> {
        let config = ConnectionManagerConfig::new()
            .set_connection_timeout(Some(self.0.timeout))
            .set_response_timeout(Some(self.0.timeout))
            .set_number_of_retries(0);
        ConnectionManager::new_with_config(self.0.client.clone(), config).await
    }
}
