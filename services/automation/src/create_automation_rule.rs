use contracts::routing::v1::{CreateAutomationRuleRequest, CreateAutomationRuleResponse};
use domain_work::automation::{Bounds, Mode, Rule, check};
use ledger::{FEED, files};
use platform::access::Caller;
use platform::events::Event;
use platform::idempotency::Once;
use platform::rejection::Fault;
use platform::tenant_tx::TenantTx;
use serde_json::json;
use uuid::Uuid;

use crate::store::{self, RuleRow};
use crate::{Automation, Error, KIND, Said, rule};

/// The most rules of a tenant: each is a pass over its items every hour.
const RULES_MAX: usize = 100;

impl Automation {
    /// Keeps a rule that the dictionary, by what peers said, allows.
    ///
    /// # Errors
    /// When a field is no good, the limits do not allow it, or the database fails.
    pub async fn create_automation_rule(
        &self,
        caller: &Caller,
        request: CreateAutomationRuleRequest,
        said: Said,
    ) -> Result<CreateAutomationRuleResponse, Error> {
        let once = Once::of(&request.request_id, &request)?;
        let sent = request.automation_rule.unwrap_or_default();
        let stated = rule::read(&sent)?;
        check(&stated, &Bounds { limits: &said.limits, write_off_limit: self.write_off_limit })?;
        if stated.mode == Mode::Acting {
            return Err(Error::NotRehearsed);
        }
        if request.validate_only {
            let tx = self.database.begin(caller).await?;
            return keep(&tx, &stated, sent, said).await;
        }
        self.database
            .mutate(caller, once, move |tx| {
                Box::pin(async move { keep(tx, &stated, sent, said).await })
            })
            .await
    }
}

async fn keep(
    tx: &TenantTx,
    stated: &Rule,
    sent: contracts::routing::v1::AutomationRule,
    said: Said,
) -> Result<CreateAutomationRuleResponse, Error> {
    if store::all(tx).await?.len() >= RULES_MAX {
        return Err(Error::TooMany(RULES_MAX));
    }
    let now = tx.clock().now();
    files::keep_revision(tx, &said.revision, &said.canonical).await?;
    let mut row = RuleRow {
        tenant_id: Uuid::nil(),
        id: platform::ids::new(),
        title: String::new(),
        action: String::new(),
        filter: String::new(),
        mode: String::new(),
        ceiling_cents: 0,
        daily_ceiling_cents: 0,
        write_off_code: String::new(),
        acted_count: 0,
        edition: 1,
        rehearsed_edition: 0,
        rehearsed_count: 0,
        skipped_count: 0,
        revision: said.revision,
        activated_at: said.activated_at,
        time_zone: said.time_zone,
        version: 1,
        created_at: now,
        updated_at: now,
    };
    rule::put(&mut row, stated, sent);
    let row = store::insert(tx, row).await?;
    tell(tx, &row, "automation_rule.created").await?;
    Ok(CreateAutomationRuleResponse { automation_rule: Some(rule::shown(&row)) })
}

/// Tells the feed of a rule and has it run; its title and filter stay out of it.
pub(crate) async fn tell(tx: &TenantTx, row: &RuleRow, kind: &'static str) -> Result<(), Fault> {
    let payload = json!({
        "action": row.action,
        "mode": row.mode,
        "ceiling_cents": row.ceiling_cents,
        "daily_ceiling_cents": row.daily_ceiling_cents,
    });
    let payload = payload.to_string().into_bytes();
    let revision = row.revision.clone();
    tx.emit(FEED, vec![Event { kind, subject: row.id, revision, payload }]).await?;
    tx.schedule(KIND, row.id, row.updated_at).await?;
    tx.put_off(KIND, row.id, row.updated_at).await
}
