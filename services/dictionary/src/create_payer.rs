use sea_orm::prelude::Uuid;

use contracts::dictionary::v1::{CreatePayerRequest, CreatePayerResponse};
use domain::calendar::Zone;
use domain::codes::{Lob, Network};
use domain::dictionary::Slug;
use platform::access::Caller;
use platform::idempotency::Once;
use platform::rejection::{Fault, Violations};
use platform::tenant_tx::TenantTx;

use crate::{ALIASES_MAX, Dictionary, Error, FEED, grpc};
use registry::alias::Alias;
use registry::payers::{self, Payer};

/// A payer to be.
#[derive(Debug)]
struct NewPayer {
    slug: Slug,
    display_name: String,
    aliases: Vec<Alias>,
    line_of_business: Option<Lob>,
    network: Option<Network>,
    time_zone: Option<Zone>,
}

impl Dictionary {
    /// Creates a payer with its aliases, or nothing when one of them is another payer's.
    pub(crate) async fn create(
        &self,
        caller: &Caller,
        request: CreatePayerRequest,
    ) -> Result<CreatePayerResponse, Error> {
        let once = Once::of(&request.request_id, &request)?;
        let new = NewPayer::try_from(request)?;
        self.database
            .mutate(caller, once, move |tx| Box::pin(async move { store(tx, new).await }))
            .await
    }
}

async fn store(tx: &TenantTx, new: NewPayer) -> Result<CreatePayerResponse, Error> {
    let now = tx.clock().now();
    let row = Payer {
        tenant_id: Uuid::nil(),
        id: platform::ids::new(),
        slug: new.slug.as_str().to_owned(),
        display_name: new.display_name,
        line_of_business: new.line_of_business.map(Lob::as_str).unwrap_or_default().to_owned(),
        network: new.network.map(Network::as_str).unwrap_or_default().to_owned(),
        time_zone: new.time_zone.map(Zone::name).unwrap_or_default().to_owned(),
        version: 1,
        created_at: now,
        updated_at: now,
    };
    if !payers::insert(tx, row.clone()).await? {
        return Err(Error::SlugTaken);
    }
    for alias in &new.aliases {
        if !payers::insert_alias(tx, alias, row.id).await? {
            return Err(Error::AliasTaken);
        }
    }
    tx.emit(FEED, vec![payers::changed(&row, "payer.created")]).await?;
    let aliases = payers::aliases_of(tx, vec![row.id]).await?;
    Ok(CreatePayerResponse { payer: Some(grpc::payer(row, &aliases)?) })
}

impl TryFrom<CreatePayerRequest> for NewPayer {
    type Error = Fault;

    fn try_from(request: CreatePayerRequest) -> Result<Self, Fault> {
        let mut violations = Violations::default();
        let slug = violations.check("slug", Slug::new(request.slug));
        if slug.as_ref().is_some_and(|slug| Uuid::try_parse(slug.as_str()).is_ok()) {
            violations.add("slug", "has the form of an id, which a payer is found by as well");
        }
        violations.text("display_name", &request.display_name, 200);
        if request.aliases.len() > ALIASES_MAX {
            violations.add("aliases", format!("has more than {ALIASES_MAX} items"));
        }
        let mut aliases: Vec<Alias> = Vec::new();
        for (at, alias) in request.aliases.into_iter().take(ALIASES_MAX).enumerate() {
            if let Some(alias) = grpc::alias(&format!("aliases[{at}]"), alias, &mut violations)
                && !aliases.iter().any(|held| held.is_same(&alias))
            {
                aliases.push(alias);
            }
        }
        let line_of_business =
            grpc::word("line_of_business", request.line_of_business, &mut violations);
        let network = grpc::word("network", request.network, &mut violations);
        let time_zone = (!request.time_zone.is_empty())
            .then(|| violations.check("time_zone", request.time_zone.parse::<Zone>()))
            .flatten();
        violations.into_result()?;
        Ok(Self {
            slug: slug.ok_or(Fault::Broken("a violation was lost"))?,
            display_name: request.display_name,
            aliases,
            line_of_business,
            network,
            time_zone,
        })
    }
}

#[cfg(test)]
mod tests;
