use super::*;
use crate::tests::{someone, world};

fn row(tx: &TenantTx) -> Preview {
    let now = tx.clock().now();
    Preview {
        tenant_id: Uuid::nil(),
        id: platform::ids::new(),
        change_request_id: platform::ids::new(),
        base_revision: "a".repeat(64),
        result_hash: "b".repeat(64),
        stage: "canary".to_owned(),
        state: RUNNING.to_owned(),
        slot: RUNNING.to_owned(),
        scope: Vec::new(),
        suspended_words: String::new(),
        stopped_words: String::new(),
        created_at: now,
        updated_at: now,
        version: 1,
    }
}

#[tokio::test]
async fn a_limit_that_was_passed_suspends_and_leaves_the_slot_to_another() {
    let world = world().await;
    let tx = world.dictionary.database.begin(&someone()).await.unwrap();
    let (first, second) = (row(&tx), row(&tx));
    assert!(previews::insert(&tx, first.clone()).await.unwrap());
    assert!(!previews::insert(&tx, second.clone()).await.unwrap(), "one runs at a time");
    let words = "21 deadlines came out earlier, more than 20".to_owned();
    let tally = PreviewTally { suspended_words: words.clone(), ..PreviewTally::default() };
    let end = ending(&tx, &first, &tally).await.unwrap().unwrap();
    let ended = keep(&tx, first.clone(), end).await.unwrap();
    assert_eq!(state(&ended), PreviewState::Suspended);
    assert_eq!((&ended.suspended_words, ended.version), (&words, 2));
    assert_eq!(found(&tx, first.id).await.unwrap().state, "suspended");
    assert!(ending(&tx, &ended, &tally).await.unwrap().is_none(), "once");
    assert!(running(&tx).await.unwrap().is_none());
    // What it decided stands until somebody stops it.
    assert!(previews::canaries(&tx).await.unwrap().contains(&first.id));
    let stopped = keep(&tx, ended, End::Stopped("seen enough".to_owned())).await.unwrap();
    assert_eq!((state(&stopped), &stopped.suspended_words), (PreviewState::Stopped, &words));
    assert!(previews::canaries(&tx).await.unwrap().is_empty());
    assert!(previews::insert(&tx, second).await.unwrap(), "the slot is free");
    let stale = keep(&tx, first, End::Committed).await;
    assert!(stale.is_err(), "over the version that was read");
}
