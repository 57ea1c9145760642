use contracts::identity::v1 as pb;
use filter::{self, Op};
use platform::access::Caller;
use platform::idempotency::Once;
use platform::rejection::{Fault, Violations};
use sea_orm::sea_query::Condition;
use uuid::Uuid;

use crate::error::Error;
use crate::listing::Listing;
use crate::store::Stamp;
use crate::store::facilities::{self, Facility, Name, Taken};
use crate::{Identity, fields, render};

/// The most NPIs of one facility.
const NPIS_MAX: usize = 200;
/// The most tax ids of one facility.
const TAX_IDS_MAX: usize = 50;

impl Identity {
    /// Creates a facility; its NPIs belong to no other one of the tenant.
    pub(crate) async fn create_facility(
        &self,
        caller: &Caller,
        request: pb::CreateFacilityRequest,
    ) -> Result<pb::CreateFacilityResponse, Error> {
        check(&request)?;
        let once = Once::of(&request.request_id, &request)?;
        self.database
            .mutate(caller, once, move |tx| {
                Box::pin(async move {
                    let facility = facility_of(request, Stamp::new(tx.clock().now()));
                    match facilities::insert(tx, &facility).await? {
                        None => Ok(pb::CreateFacilityResponse {
                            facility: Some(render::facility(facility)),
                        }),
                        Some(Taken::Slug) => Err(Error::SlugTaken),
                        Some(Taken::Npi) => Err(Error::NpiTaken),
                    }
                })
            })
            .await
    }

    /// Reads a facility by id or slug.
    pub(crate) async fn get_facility(
        &self,
        caller: &Caller,
        request: pb::GetFacilityRequest,
    ) -> Result<pb::GetFacilityResponse, Error> {
        let name = match Uuid::try_parse(&request.id) {
            Ok(id) => Name::Id(id),
            Err(_) => {
                let mut violations = Violations::default();
                fields::slug(&mut violations, "id", &request.id);
                violations.into_result()?;
                Name::Slug(request.id)
            }
        };
        let tx = self.database.read(caller).await?;
        let facility = facilities::find(&tx, &name).await?.ok_or(Fault::NotFound)?;
        Ok(pb::GetFacilityResponse { facility: Some(render::facility(facility)) })
    }

    /// Lists facilities by slug.
    pub(crate) async fn list_facilities(
        &self,
        caller: &Caller,
        request: pb::ListFacilitiesRequest,
    ) -> Result<pb::ListFacilitiesResponse, Error> {
        let narrow = narrow(&request.filter)?;
        let (size, token) = (request.page_size, &request.page_token);
        let listing = Listing::of(&self.keys, caller, size, token, &request.filter)?;
        let tx = self.database.read(caller).await?;
        let after = listing.after.clone();
        let mut rows = facilities::page(&tx, narrow, after, listing.limit()).await?;
        let next_page_token = listing.cut(&mut rows, |facility| facility.slug.clone());
        let facilities = rows.into_iter().map(render::facility).collect();
        Ok(pb::ListFacilitiesResponse { facilities, next_page_token })
    }
}

fn check(request: &pb::CreateFacilityRequest) -> Result<(), Fault> {
    let mut violations = Violations::default();
    fields::slug(&mut violations, "slug", &request.slug);
    violations.text("display_name", &request.display_name, fields::NAME_MAX);
    let npi = "must be ten digits with a valid check digit";
    fields::list(&mut violations, "npis", &request.npis, NPIS_MAX, (fields::is_npi, npi));
    let tax_id = "must be nine digits without a dash";
    let tax = (fields::is_tax_id as fn(&str) -> bool, tax_id);
    fields::list(&mut violations, "tax_ids", &request.tax_ids, TAX_IDS_MAX, tax);
    if !request.ccn.is_empty() && !fields::is_ccn(&request.ccn) {
        violations.add("ccn", "must be six digits or capital letters, or empty");
    }
    let state = &request.state_code;
    let is_state = state.len() == 2 && state.bytes().all(|b| b.is_ascii_uppercase());
    if !state.is_empty() && !is_state {
        violations.add("state_code", "must be two capital letters, or empty");
    }
    if !request.time_zone.is_empty() {
        fields::time_zone(&mut violations, "time_zone", &request.time_zone);
    }
    violations.into_result()
}

fn facility_of(request: pb::CreateFacilityRequest, stamp: Stamp) -> Facility {
    let sorted = |mut numbers: Vec<String>| {
        numbers.sort_unstable();
        numbers
    };
    Facility {
        id: platform::ids::new(),
        slug: request.slug,
        display_name: request.display_name,
        npis: sorted(request.npis),
        tax_ids: sorted(request.tax_ids),
        ccn: request.ccn,
        state_code: request.state_code,
        time_zone: request.time_zone,
        stamp,
    }
}

fn narrow(text: &str) -> Result<Condition, Fault> {
    filter::all(text, |term| {
        let known = match term.field.as_str() {
            _ if term.op != Op::Equal => None,
            "slug" => Some(facilities::slug_is(&term.value)),
            "npi" => Some(facilities::has_npi(&term.value)),
            "tax_id" => Some(facilities::has_tax_id(&term.value)),
            "ccn" => Some(facilities::ccn_is(&term.value)),
            _ => None,
        };
        known.ok_or_else(|| "knows slug, npi, tax_id and ccn, each with =".to_owned())
    })
}
