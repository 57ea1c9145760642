//! Change requests in the states that calls begin from.

use contracts::dictionary::v1::{
    BundleFormat, ChangeRequest, Committee, ExportRevisionRequest, ExportRevisionResponse, Preview,
    PreviewStage, RunVerifyRequest,
};

use crate::governing::Governing;
use crate::group::Group;
use crate::world::{World, id};

/// Change requests of one group, each for the call it is named after; the user with every role
/// wrote them all.
#[derive(Clone, Debug)]
pub struct Changes {
    /// On revision 1, while revision 2 is active.
    pub to_rebase: ChangeRequest,
    /// Approved.
    pub to_activate: ChangeRequest,
    /// Scheduled.
    pub to_cancel: ChangeRequest,
    /// Before the committee.
    pub to_review: ChangeRequest,
    /// A draft.
    pub to_force: ChangeRequest,
    /// A draft.
    pub to_submit: ChangeRequest,
    /// A draft.
    pub to_update: ChangeRequest,
    /// A draft.
    pub to_withdraw: ChangeRequest,
    /// A canary of `to_activate`, which runs.
    pub preview: Preview,
    /// A check of `to_activate`.
    pub check_id: String,
    /// A job of this service.
    pub job_id: String,
    /// Content hash of revision 2, which is active.
    pub active: String,
    /// The user who holds seat `coding`.
    pub member_id: String,
    /// Hash of a change of the committee that the committee member asks for.
    pub proposal: String,
    /// Revision 1, signed by this installation.
    pub exported: ExportRevisionResponse,
}

impl Changes {
    /// Gives `group` a committee, a second revision and a change in each state.
    pub async fn of(world: &World, group: &Group) -> Self {
        let mut group = Governing::of(world, group).await;
        group.analyst = group.everyone.clone();
        let council = Committee { title: "Council".to_owned(), ..group.committee("1") };
        let proposed = group.propose_committee(&group.member, council, &["title"]).await;
        let proposal = proposed.unwrap().proposal;
        let to_rebase = group.draft("carc-197", "coding").await;
        // In the second revision nothing must be on file for denials of code 50.
        let edit = group.without_evidence("carc-50", "coding").await;
        // Appeals of code 150 need a clinical review there, and nothing on file.
        let reviewed = group.reviewed("carc-150", "coding", &["clinical"]).await;
        let first = group.try_draft("carc-50 to coding", vec![edit, reviewed]).await.unwrap();
        let first = group.agreed(first).await;
        let first = group.activate(&first, None).await.unwrap();
        let to_activate = group.approved("carc-197", "coding").await;
        let to_cancel = group.approved("carc-197", "patient_access").await;
        let later = Some(far());
        let to_cancel = group.activate(&to_cancel, later).await.unwrap();
        let to_review = group.submitted(&group.draft("carc-197", "coding").await).await;
        let run = RunVerifyRequest { change_request_id: to_activate.id.clone(), request_id: id() };
        let verify = group.client(&group.analyst).run_verify(run).await.unwrap().into_inner();
        let job_id = verify.job.unwrap().id;
        let check_id = group.check(&job_id).await.id;
        let payers = vec!["first".to_owned()];
        let preview = group.preview(&to_activate, PreviewStage::Canary, &payers).await.unwrap();
        Self {
            to_rebase,
            to_activate: group.read(&to_activate).await,
            to_cancel,
            to_review,
            to_force: group.draft("carc-197", "pharmacy").await,
            to_submit: group.draft("carc-197", "coding").await,
            to_update: group.draft("carc-197", "coding").await,
            to_withdraw: group.draft("carc-197", "coding").await,
            preview,
            check_id,
            job_id,
            active: first.result_hash,
            exported: exported(&group).await,
            proposal: proposal.unwrap().hash,
            member_id: group.users.member,
        }
    }

    /// The same with ids that nobody has.
    pub(super) fn missing(&self) -> Self {
        let nobodys = |change: &ChangeRequest| ChangeRequest { id: id(), ..change.clone() };
        Self {
            to_rebase: nobodys(&self.to_rebase),
            to_activate: nobodys(&self.to_activate),
            to_cancel: nobodys(&self.to_cancel),
            to_review: nobodys(&self.to_review),
            to_force: nobodys(&self.to_force),
            to_submit: nobodys(&self.to_submit),
            to_update: nobodys(&self.to_update),
            to_withdraw: nobodys(&self.to_withdraw),
            preview: Preview { id: id(), ..self.preview.clone() },
            check_id: id(),
            job_id: id(),
            active: self.active.clone(),
            member_id: id(),
            proposal: self.proposal.clone(),
            exported: self.exported.clone(),
        }
    }
}

/// An instant to schedule for, by whatever clock a test goes.
pub(super) fn far() -> prost_types::Timestamp {
    let far = World::noon() + chrono::TimeDelta::days(36_500);
    prost_types::Timestamp { seconds: far.timestamp(), nanos: 0 }
}

/// Revision 1: another one than is active.
async fn exported(group: &Governing<'_>) -> ExportRevisionResponse {
    let request =
        ExportRevisionRequest { revision: "1".to_owned(), format: BundleFormat::Json.into() };
    group.client(&group.everyone).export_revision(request).await.unwrap().into_inner()
}
