//! History that an earlier binary folded by month is folded by year, by the step that brings years
//! and by what the binary still posts beside a newer one.

use sea_orm::{ConnectionTrait, TransactionTrait};
use tests::{Store, id, on_postgres};

use crate::ledger::Ledger;

const STEP: &str = "m20261127_000028_routing";
const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// Takes the step back.
async fn undo(owner: &Ledger) {
    let mut statements = Vec::new();
    for trigger in ["routing_signature_month_added", "routing_signature_month_changed"] {
        statements.extend(if on_postgres() {
            vec![
                format!("DROP TRIGGER {trigger} ON routing_signature_month"),
                format!("DROP FUNCTION {trigger}()"),
            ]
        } else {
            vec![format!("DROP TRIGGER {trigger}")]
        });
    }
    statements.push("DROP TABLE routing_signature_year".to_owned());
    statements.push("DROP INDEX ix_routing_denial_signature_read".to_owned());
    statements.push(
        "CREATE INDEX ix_routing_denial_signature_signature_remit_on_denial_id \
         ON routing_denial_signature (tenant_id, signature, remit_on, denial_id)"
            .to_owned(),
    );
    statements.push(format!("DELETE FROM seaql_migrations WHERE version = '{STEP}'"));
    for statement in statements {
        owner.act(&statement).await;
    }
}

async fn migrate(owner: &Ledger) {
    migrations::migrate(owner.connection()).await.unwrap();
}

/// Counts as a binary of before does: each month of a signature in a row of its own.
async fn post(product: &Ledger, tenant: &str, months: &[(&str, i32, i64, i64)]) {
    let tx = product.connection().begin().await.unwrap();
    if on_postgres() {
        let set = format!("SET LOCAL app.tenant_id = '{tenant}'");
        tx.execute_unprepared(&set).await.unwrap();
    }
    let literal = |id: &str| {
        let hex = id.replace('-', "");
        if on_postgres() { format!("'{id}'") } else { format!("x'{hex}'") }
    };
    for (signature, month, denials, cents) in months {
        let sql = format!(
            "INSERT INTO routing_signature_month (tenant_id, signature, month, denials, cents) \
             VALUES ({}, {}, {month}, {denials}, {cents}) \
             ON CONFLICT (tenant_id, signature, month) DO UPDATE SET \
             denials = routing_signature_month.denials + excluded.denials, \
             cents = routing_signature_month.cents + excluded.cents",
            literal(tenant),
            literal(signature)
        );
        tx.execute_unprepared(&sql).await.unwrap();
    }
    tx.commit().await.unwrap();
}

/// What a tenant's months say, and what its years say, month by month.
async fn sums(product: &Ledger, tenant: &str) -> [Vec<String>; 2] {
    let mine = product.of_tenant(tenant);
    let mut found = [Vec::new(), Vec::new()];
    for (at, month) in (1..).zip(MONTHS) {
        let [of_month, of_year] = [
            format!(
                "SELECT month / 100 AS year, denials, cents FROM routing_signature_month \
                 WHERE {mine} AND month % 100 = {at}"
            ),
            format!(
                "SELECT year, denials_{month} AS denials, cents_{month} AS cents \
                 FROM routing_signature_year WHERE {mine} AND denials_{month} <> 0"
            ),
        ]
        .map(|rows| {
            format!(
                "SELECT '{month} ' || year || ' ' || denials || ' ' || cents \
                 FROM ({rows}) counted ORDER BY 1"
            )
        });
        found[0].extend(product.texts(tenant, &of_month).await);
        found[1].extend(product.texts(tenant, &of_year).await);
    }
    found
}

#[tokio::test]
async fn what_was_counted_by_month_is_counted_by_year() {
    let store = Store::fresh().await;
    let owner = Ledger::of(&store).await;
    migrate(&owner).await;
    undo(&owner).await;
    let product = Ledger::as_product(&store).await;
    let (north, south, first, second) = (id(), id(), id(), id());
    let of_north = [
        (first.as_str(), 202_511, 3, 1_000),
        (&first, 202_512, 1, -400),
        (&first, 202_601, 7, 9_000_000_000_000),
        (&first, 202_606, 2, 0),
        (&second, 202_601, 1, 17),
    ];
    post(&product, &north, &of_north).await;
    post(&product, &south, &[(&first, 202_601, 5, 55), (&second, 202_612, 6, 66)]).await;
    migrate(&owner).await;
    for (tenant, rows) in [(&north, 5), (&south, 2)] {
        let [months, years] = sums(&product, tenant).await;
        assert_eq!((&years, years.len()), (&months, rows));
    }
    // A binary of before posts on: months that were there, and new ones.
    post(&product, &north, &[(&first, 202_512, 4, -90), (&second, 202_702, 2, 8)]).await;
    post(&product, &north, &[(&second, 202_702, 1, 1), (&first, 202_607, 1, -5)]).await;
    for (tenant, rows) in [(&north, 7), (&south, 2)] {
        let [months, years] = sums(&product, tenant).await;
        assert_eq!((&years, years.len()), (&months, rows));
    }
    assert!(sums(&product, &north).await[1].contains(&"dec 2025 5 -490".to_owned()));
}
