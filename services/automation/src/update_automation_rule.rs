use contracts::routing::v1::{
    AutomationRule, UpdateAutomationRuleRequest, UpdateAutomationRuleResponse,
};
use domain::money::Cents;
use domain_work::automation::{Bounds, Mode, check};
use ledger::files;
use platform::access::Caller;
use platform::idempotency::Once;
use platform::rejection::{Fault, Violations};
use platform::tenant_tx::TenantTx;
use uuid::Uuid;
use views::id_in;

use crate::create_automation_rule::tell;
use crate::{Automation, Error, Said, rule, store};

/// What may be written.
const FIELDS: [&str; 7] =
    ["title", "action", "filter", "mode", "ceiling", "daily_ceiling", "write_off_code"];

impl Automation {
    /// Writes the fields of the mask; the limits are those of now, by what peers said.
    ///
    /// # Errors
    /// When the etag is stale, the rule cannot stand or may not act yet, or the database fails.
    pub async fn update_automation_rule(
        &self,
        caller: &Caller,
        request: UpdateAutomationRuleRequest,
        said: Said,
    ) -> Result<UpdateAutomationRuleResponse, Error> {
        let once = Once::of(&request.request_id, &request)?;
        let sent = request.automation_rule.unwrap_or_default();
        let paths = request.update_mask.unwrap_or_default().paths;
        let id = id_in("automation_rule.id", &sent.id)?;
        let mut violations = Violations::default();
        violations.text("automation_rule.etag", &sent.etag, 64);
        if paths.is_empty() {
            violations.add("update_mask", format!("is required: {}", FIELDS.join(", ")));
        }
        for path in paths.iter().filter(|path| !FIELDS.contains(&path.as_str())) {
            violations.add("update_mask", format!("`{path:.96}` cannot be written"));
        }
        violations.into_result()?;
        let limit = self.write_off_limit;
        if request.validate_only {
            let tx = self.database.begin(caller).await?;
            return write(&tx, (id, sent), paths, said, limit).await;
        }
        self.database
            .mutate(caller, once, move |tx| {
                Box::pin(async move { write(tx, (id, sent), paths, said, limit).await })
            })
            .await
    }
}

async fn write(
    tx: &TenantTx,
    (id, sent): (Uuid, AutomationRule),
    paths: Vec<String>,
    said: Said,
    write_off_limit: Cents,
) -> Result<UpdateAutomationRuleResponse, Error> {
    let mut row = store::locked(tx, id).await?.ok_or(Fault::NotFound)?;
    if row.version.to_string() != sent.etag {
        return Err(Fault::StaleEtag.into());
    }
    let before = rule::shown(&row);
    let mut message = before.clone();
    for path in paths {
        match path.as_str() {
            "title" => message.title.clone_from(&sent.title),
            "action" => message.action = sent.action,
            "filter" => message.filter.clone_from(&sent.filter),
            "mode" => message.mode = sent.mode,
            "ceiling" => message.ceiling.clone_from(&sent.ceiling),
            "daily_ceiling" => message.daily_ceiling.clone_from(&sent.daily_ceiling),
            _ => message.write_off_code.clone_from(&sent.write_off_code),
        }
    }
    let stated = rule::read(&message)?;
    // Whatever has become of the limits since, a rule can be stopped.
    if stated.mode != Mode::Stopped {
        check(&stated, &Bounds { limits: &said.limits, write_off_limit })?;
    }
    let (title, mode) = (before.title.clone(), before.mode);
    if (AutomationRule { title, mode, ..message.clone() }) != before {
        (row.edition, row.rehearsed_count) = (row.edition + 1, 0);
    }
    if stated.mode == Mode::Acting && row.rehearsed_edition != row.edition {
        return Err(Error::NotRehearsed);
    }
    files::keep_revision(tx, &said.revision, &said.canonical).await?;
    rule::put(&mut row, &stated, message);
    (row.revision, row.activated_at) = (said.revision, said.activated_at);
    row.time_zone = said.time_zone;
    let former = row.version;
    (row.version, row.updated_at) = (former + 1, tx.clock().now());
    if !store::update(tx, &row, former).await? {
        return Err(Fault::StaleEtag.into());
    }
    tell(tx, &row, "automation_rule.updated").await?;
    Ok(UpdateAutomationRuleResponse { automation_rule: Some(rule::shown(&row)) })
}
