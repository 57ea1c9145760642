use tokio::net::TcpListener;

use super::*;

fn tenant() -> TenantId {
    TenantId::from_uuid(crate::ids::new())
}

#[test]
fn a_key_starts_with_its_tenant() {
    let tenant = tenant();
    let key = Key::new(tenant, "compiled_revision", "abc");
    assert_eq!(key.as_str(), format!("{{{tenant}}}:compiled_revision:abc"));
}

#[tokio::test]
async fn memory_keeps_tenants_apart_and_forgets() {
    let cache = Cache::open(&CacheSettings::default()).unwrap();
    let (ours, theirs) = (Key::new(tenant(), "x", "1"), Key::new(tenant(), "x", "1"));
    cache.set(&ours, b"ours".to_vec(), Duration::from_secs(60)).await;
    assert_eq!(cache.get(&ours).await.as_deref(), Some(b"ours".as_slice()));
    assert_eq!(cache.get(&theirs).await, None);
    cache.delete(&ours).await;
    assert_eq!(cache.get(&ours).await, None);
    cache.set(&ours, b"brief".to_vec(), Duration::from_millis(20)).await;
    tokio::time::sleep(Duration::from_millis(60)).await;
    assert_eq!(cache.get(&ours).await, None);
}

#[tokio::test]
async fn a_redis_that_hangs_costs_three_timeouts_and_then_nothing() {
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("redis://{}", silent.local_addr().unwrap());
    let settings = CacheSettings { url, timeout_ms: 50, ..CacheSettings::default() };
    let cache = Cache::open(&settings).unwrap();
    let key = Key::new(tenant(), "x", "1");
    for _ in 0..3 {
        assert_eq!(cache.get(&key).await, None);
    }
    let began = Instant::now();
    for _ in 0..1_000 {
        assert_eq!(cache.get(&key).await, None);
        cache.set(&key, b"v".to_vec(), Duration::from_secs(1)).await;
    }
    assert!(began.elapsed() < Duration::from_millis(900), "{:?}", began.elapsed());
}

#[tokio::test(start_paused = true)]
async fn an_open_breaker_lets_one_call_try_and_closes_on_success() {
    let breaker = breaker::Breaker::default();
    for _ in 0..2 {
        breaker.note(false);
        assert!(breaker.allows());
    }
    breaker.note(false);
    assert!(!breaker.allows());
    tokio::time::advance(Duration::from_millis(1_001)).await;
    assert!(breaker.allows());
    assert!(!breaker.allows(), "one at a time");
    breaker.note(true);
    assert!(breaker.allows() && breaker.allows());
}

#[test]
fn another_kind_of_store_is_refused_and_a_password_is_never_printed() {
    let settings = |url: &str| CacheSettings { url: url.to_owned(), ..CacheSettings::default() };
    assert!(Cache::open(&settings("memcached://x")).is_err());
    assert!(!format!("{:?}", settings("redis://:hunter2@x")).contains("hunter2"));
}
