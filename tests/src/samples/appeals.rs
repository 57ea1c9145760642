//! Appeals in the states that calls begin from.

use contracts::access::v1::Role;
use contracts::appeals::v1::*;
use contracts::routing::v1::{Denial, ListDenialsRequest};
use prost_types::FieldMask;

use super::{Sample, sample as any};
use crate::fixtures::{Line, Remittance};
use crate::group::Group;
use crate::world::{World, id};

/// What calls of appeals begin from.
#[derive(Clone, Debug)]
pub struct Appealed {
    /// The payer of all of it.
    pub payer_id: String,
    /// A denial that nobody has appealed.
    pub denial_id: String,
    /// A case whose appeal is stopped by N211.
    pub stopped_case: String,
    /// A draft.
    pub to_change: Appeal,
    /// A draft.
    pub to_withdraw: Appeal,
}

/// Opens an appeal of one denial at the first level that is open.
fn create(denial: &str) -> CreateAppealRequest {
    CreateAppealRequest {
        denial_ids: vec![denial.to_owned()],
        request_id: id(),
        ..CreateAppealRequest::default()
    }
}

impl Appealed {
    /// Gives `group` denials and appeals of some of them.
    pub async fn of(world: &World, group: &Group) -> Self {
        let adjustments = [("CO", "197", 70_00)];
        let line = |remarks| Line { charge: 70_00, paid: 0, adjustments: &adjustments, remarks };
        let mut remittance = Remittance::to(&group.npi, "20260608").traced("APPEALS");
        for at in 0..3 {
            remittance = remittance.claim(&format!("APPEAL{at}"), "DOE", &[line(&[])]);
        }
        let remittance = remittance.claim("APPEAL3", "DOE", &[line(&["N211"])]);
        group.upload(world, &remittance.x12()).await;
        let token = group.token(world, Role::Specialist).await;
        let mut denials: Vec<Denial> = Vec::new();
        for at in 0..4 {
            let filter = format!("patient_control_number = \"APPEAL{at}\"");
            let request = ListDenialsRequest { filter, ..ListDenialsRequest::default() };
            let listed = world.routing(&token).list_denials(request).await.unwrap().into_inner();
            denials.push(listed.denials[0].clone());
        }
        let mut opened = Vec::new();
        for denial in &denials[1..3] {
            let answer = world.appeals(&token).create_appeal(create(&denial.id)).await.unwrap();
            opened.push(answer.into_inner().appeal.unwrap());
        }
        Self {
            payer_id: group.payer_id.clone(),
            denial_id: denials[0].id.clone(),
            stopped_case: denials[3].case_id.clone(),
            to_change: opened[0].clone(),
            to_withdraw: opened[1].clone(),
        }
    }

    /// The same with ids that nobody has.
    #[must_use]
    pub fn missing(&self) -> Self {
        let appeal = |appeal: &Appeal| Appeal { id: id(), ..appeal.clone() };
        Self {
            payer_id: id(),
            denial_id: id(),
            stopped_case: id(),
            to_change: appeal(&self.to_change),
            to_withdraw: appeal(&self.to_withdraw),
        }
    }

    /// A sample of every call about appeals.
    pub(super) fn samples(&self) -> Vec<Sample> {
        let service = "Appeals";
        let stop = OverrideStopRequest {
            case_id: self.stopped_case.clone(),
            rarc: "N211".to_owned(),
            reason: "this payer prints N211 on every claim".to_owned(),
            request_id: id(),
        };
        let changed = Appeal { level_words: "first review".to_owned(), ..self.to_change.clone() };
        let update = UpdateAppealRequest {
            appeal: Some(changed),
            update_mask: Some(FieldMask { paths: vec!["level_words".to_owned()] }),
            request_id: id(),
        };
        let withdraw = WithdrawAppealRequest {
            id: self.to_withdraw.id.clone(),
            reason: "the payer has called".to_owned(),
            etag: self.to_withdraw.etag.clone(),
            request_id: id(),
        };
        let levels =
            ListLevelsRequest { payer_id: self.payer_id.clone(), ..ListLevelsRequest::default() };
        let get = GetAppealRequest { id: self.to_change.id.clone() };
        let watch = WatchEventsRequest { stop_at_end: true, ..WatchEventsRequest::default() };
        vec![
            any(service, "ListLevels", &levels, true),
            any(service, "CreateAppeal", &create(&self.denial_id), true),
            any(service, "OverrideStop", &stop, true),
            any(service, "GetAppeal", &get, true),
            any(service, "ListAppeals", &ListAppealsRequest::default(), false),
            any(service, "UpdateAppeal", &update, true),
            any(service, "WithdrawAppeal", &withdraw, true),
            any(service, "WatchEvents", &watch, false),
        ]
    }
}
