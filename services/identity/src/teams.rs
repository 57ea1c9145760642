use contracts::dictionary::v1::OwnerFunction;
use contracts::identity::v1 as pb;
use platform::access::Caller;
use platform::idempotency::Once;
use platform::rejection::{Fault, Violations};
use uuid::Uuid;

use crate::error::Error;
use crate::listing::Listing;
use crate::store::teams::{self, Team};
use crate::store::{Stamp, facilities};
use crate::{Identity, fields, render};

/// The most facilities that a team or a user is tied to.
pub(crate) const FACILITIES_MAX: usize = 500;

impl Identity {
    /// Creates a team.
    pub(crate) async fn create_team(
        &self,
        caller: &Caller,
        request: pb::CreateTeamRequest,
    ) -> Result<pb::CreateTeamResponse, Error> {
        let (owner_functions, facility_ids) = check(&request)?;
        let once = Once::of(&request.request_id, &request)?;
        self.database
            .mutate(caller, once, move |tx| {
                Box::pin(async move {
                    if facilities::count(tx, &facility_ids).await? != facility_ids.len() as u64 {
                        return Err(Error::UnknownReference("facility_ids"));
                    }
                    let team = Team {
                        id: platform::ids::new(),
                        slug: request.slug,
                        display_name: request.display_name,
                        owner_functions,
                        facility_ids,
                        stamp: Stamp::new(tx.clock().now()),
                    };
                    if !teams::insert(tx, &team).await? {
                        return Err(Error::SlugTaken);
                    }
                    Ok(pb::CreateTeamResponse { team: Some(render::team(team)) })
                })
            })
            .await
    }

    /// Lists teams by slug.
    pub(crate) async fn list_teams(
        &self,
        caller: &Caller,
        request: pb::ListTeamsRequest,
    ) -> Result<pb::ListTeamsResponse, Error> {
        let (size, token) = (request.page_size, &request.page_token);
        let listing = Listing::of(&self.keys, caller, size, token, "")?;
        let tx = self.database.read(caller).await?;
        let mut rows = teams::page(&tx, listing.after.clone(), listing.limit()).await?;
        let next_page_token = listing.cut(&mut rows, |team| team.slug.clone());
        let teams = rows.into_iter().map(render::team).collect();
        Ok(pb::ListTeamsResponse { teams, next_page_token })
    }
}

fn check(request: &pb::CreateTeamRequest) -> Result<(Vec<String>, Vec<Uuid>), Fault> {
    let mut violations = Violations::default();
    fields::slug(&mut violations, "slug", &request.slug);
    violations.text("display_name", &request.display_name, fields::NAME_MAX);
    let mut functions: Vec<String> = Vec::new();
    for (at, number) in request.owner_functions.iter().enumerate() {
        match OwnerFunction::try_from(*number) {
            Ok(function) if function != OwnerFunction::Unspecified => {
                let name = function.as_str_name().to_owned();
                if !functions.contains(&name) {
                    functions.push(name);
                }
            }
            _ => violations.add(format!("owner_functions[{at}]"), "is no owner function"),
        }
    }
    let ids = &request.facility_ids;
    let facility_ids = fields::ids(&mut violations, "facility_ids", ids, FACILITIES_MAX);
    violations.into_result()?;
    Ok((functions, facility_ids))
}
