use std::time::Duration;

use super::*;

#[tokio::test(start_paused = true)]
async fn invented_key_ids_cause_one_fetch_a_minute() {
    let signer = Signer::from_pkcs8(&generate_signing_key()).unwrap();
    let (jwk, fetched) = (signer.public_key().jwk().clone(), Arc::new(AtomicUsize::new(0)));
    let count = fetched.clone();
    let keys = KeySet::new(Arc::new(move || {
        count.fetch_add(1, Ordering::Relaxed);
        let jwk = jwk.clone();
        Box::pin(async move { Ok(vec![jwk]) })
    }));
    let known = signer.public_key().kid();
    assert!(keys.find(known).await.unwrap().is_some());
    for n in 0..1_000 {
        assert!(keys.find(&format!("invented-{n}")).await.unwrap().is_none());
    }
    assert_eq!(fetched.load(Ordering::Relaxed), 1);
    tokio::time::advance(Duration::from_secs(61)).await;
    assert!(keys.find("invented").await.unwrap().is_none());
    assert!(keys.find(known).await.unwrap().is_some());
    assert_eq!(fetched.load(Ordering::Relaxed), 2);
}

#[tokio::test(start_paused = true)]
async fn without_any_key_the_answer_is_unavailable_and_a_later_fetch_heals_it() {
    let signer = Signer::from_pkcs8(&generate_signing_key()).unwrap();
    let (jwk, up) = (signer.public_key().jwk().clone(), Arc::new(AtomicUsize::new(0)));
    let there = up.clone();
    let keys = KeySet::new(Arc::new(move || {
        let (jwk, up) = (jwk.clone(), there.load(Ordering::Relaxed) == 1);
        Box::pin(async move { if up { Ok(vec![jwk]) } else { Err(Status::unavailable("away")) } })
    }));
    let kid = signer.public_key().kid();
    assert_eq!(keys.find(kid).await.unwrap_err().code(), Code::Unavailable);
    up.store(1, Ordering::Relaxed);
    tokio::time::advance(Duration::from_secs(2)).await;
    assert!(keys.find(kid).await.unwrap().is_some());
}

#[tokio::test(start_paused = true)]
async fn a_key_source_that_hangs_is_given_up() {
    let keys = KeySet::new(Arc::new(|| Box::pin(std::future::pending())));
    let asked = tokio::time::Instant::now();
    assert_eq!(keys.find("any").await.unwrap_err().code(), Code::Unavailable);
    assert!(asked.elapsed() < Duration::from_secs(3));
}

#[test]
fn a_key_that_is_not_ed25519_is_left_out() {
    let signer = Signer::from_pkcs8(&generate_signing_key()).unwrap();
    let good = signer.public_key().jwk();
    assert!(PublicKey::from_jwk(good.clone()).is_some());
    let changed = |change: fn(&mut contracts::identity::v1::JsonWebKey)| {
        let mut jwk = good.clone();
        change(&mut jwk);
        PublicKey::from_jwk(jwk)
    };
    assert!(changed(|jwk| jwk.kty = "RSA".to_owned()).is_none());
    assert!(changed(|jwk| jwk.crv = "X25519".to_owned()).is_none());
    assert!(changed(|jwk| jwk.alg = "RS256".to_owned()).is_none());
    assert!(changed(|jwk| jwk.r#use = "enc".to_owned()).is_none());
    assert!(changed(|jwk| jwk.x = "AAAA".to_owned()).is_none());
}
