//! A group whose dictionary is governed: a committee of two seats, and the steps of a change.

use contracts::access::v1::Role;
use contracts::dictionary::v1::*;
use contracts::google::r#type::Date;
use contracts::jobs::v1::JobState;
use prost_types::FieldMask;

use crate::group::Group;
use crate::world::{World, id};

/// The client of the dictionary that a token opens.
pub type Client = dictionary_service_client::DictionaryServiceClient<overturn::Door>;

/// A group with a committee: seat `coding` is the committee member's, seat `compliance` is that of
/// the user with every role; `coding` must agree on everything, `compliance` on deadline rules.
#[derive(Debug)]
pub struct Governing<'w> {
    world: &'w World,
    /// The group.
    pub group: Group,
    /// A token of the analyst, who writes changes.
    pub analyst: String,
    /// A token of the committee member.
    pub member: String,
    /// A token of the user with every role.
    pub everyone: String,
    /// Their ids.
    pub users: Users,
}

/// Ids of the people concerned.
#[derive(Clone, Debug)]
pub struct Users {
    /// Writes changes.
    pub analyst: String,
    /// Holds `coding`.
    pub member: String,
    /// Holds `compliance`.
    pub everyone: String,
    /// Holds nothing.
    pub auditor: String,
}

impl<'w> Governing<'w> {
    /// Gives `group` its committee.
    pub async fn of(world: &'w World, group: &Group) -> Self {
        let roles = [Role::Analyst, Role::CommitteeMember, Role::Unspecified, Role::Auditor];
        let [analyst, member, everyone, auditor] = group.people(world, roles).await;
        let users = Users { analyst, member, everyone, auditor };
        let governing = Self {
            world,
            group: group.clone(),
            analyst: group.token(world, Role::Analyst).await,
            member: group.token(world, Role::CommitteeMember).await,
            everyone: group.everyone(world).await,
            users,
        };
        governing
            .update_committee(governing.committee("0"), &["title", "seats", "policies"])
            .await
            .unwrap();
        governing
    }

    /// The same with fresh tokens: after the clock went on.
    pub async fn again(&self) -> Self {
        Self {
            world: self.world,
            group: self.group.clone(),
            analyst: self.group.token(self.world, Role::Analyst).await,
            member: self.group.token(self.world, Role::CommitteeMember).await,
            everyone: self.group.everyone(self.world).await,
            users: self.users.clone(),
        }
    }

    /// The committee as it begins, over the one with `etag`.
    #[must_use]
    pub fn committee(&self, etag: &str) -> Committee {
        let seat = |slug: &str, holder: &str| Seat {
            slug: slug.to_owned(),
            holder: holder.to_owned(),
            starts_on: Some(Date { year: 2026, month: 1, day: 1 }),
            ..Seat::default()
        };
        let policy = |section: SectionKind, seats: &[&str], quorum_count| Policy {
            section: section.into(),
            required_seats: seats.iter().map(|seat| (*seat).to_owned()).collect(),
            quorum_count,
        };
        Committee {
            title: "Denial governance".to_owned(),
            seats: vec![
                seat("coding", &self.users.member),
                seat("compliance", &self.users.everyone),
            ],
            policies: vec![
                policy(SectionKind::Unspecified, &["coding"], 1),
                policy(SectionKind::DeadlineRule, &["coding", "compliance"], 2),
            ],
            etag: etag.to_owned(),
            ..Committee::default()
        }
    }

    /// Writes `paths` of a committee: the user with every role asks for it, and the committee member
    /// confirms it where somebody must.
    ///
    /// # Errors
    /// The refusal.
    pub async fn update_committee(
        &self,
        committee: Committee,
        paths: &[&str],
    ) -> Result<Committee, tonic::Status> {
        let everyone = &self.everyone;
        let answer = self.propose_committee(everyone, committee, paths).await?;
        match answer.proposal {
            Some(proposal) => self.confirm_committee(&self.member, &proposal.hash).await,
            None => Ok(answer.committee.unwrap()),
        }
    }

    /// Confirms the change of the committee with this hash.
    ///
    /// # Errors
    /// The refusal.
    pub async fn confirm_committee(
        &self,
        token: &str,
        hash: &str,
    ) -> Result<Committee, tonic::Status> {
        let request =
            ConfirmCommitteeRequest { hash: hash.to_owned(), ..ConfirmCommitteeRequest::default() };
        let answer = self.client(token).confirm_committee(request).await?;
        Ok(answer.into_inner().committee.unwrap())
    }

    /// Asks for `paths` of a committee.
    ///
    /// # Errors
    /// The refusal.
    pub async fn propose_committee(
        &self,
        token: &str,
        committee: Committee,
        paths: &[&str],
    ) -> Result<UpdateCommitteeResponse, tonic::Status> {
        let paths = paths.iter().map(|path| (*path).to_owned()).collect();
        let request = UpdateCommitteeRequest {
            committee: Some(committee),
            update_mask: Some(FieldMask { paths }),
            reason: "people change".to_owned(),
            ..UpdateCommitteeRequest::default()
        };
        Ok(self.client(token).update_committee(request).await?.into_inner())
    }

    /// The committee member hands the vote of `coding` to the user with every role.
    pub async fn delegated(&self) -> Committee {
        let request = DelegateSeatRequest {
            seat: "coding".to_owned(),
            delegate: self.users.everyone.clone(),
            etag: "1".to_owned(),
            ..DelegateSeatRequest::default()
        };
        let answer = self.client(&self.member).delegate_seat(request).await.unwrap();
        answer.into_inner().committee.unwrap()
    }

    /// The client of `token`.
    #[must_use]
    pub fn client(&self, token: &str) -> Client {
        self.world.dictionary(token)
    }

    /// An entry of the active revision, by slug.
    pub async fn entry(&self, slug: &str) -> Section {
        let request = ListSectionsRequest {
            revision: "active".to_owned(),
            kind: SectionKind::Entry.into(),
            filter: format!("slug = \"{slug}\""),
            ..ListSectionsRequest::default()
        };
        let listed = self.client(&self.analyst).list_sections(request).await.unwrap();
        listed.into_inner().sections.remove(0)
    }

    /// The edit that gives the work of an entry to `function`.
    pub async fn reowned(&self, slug: &str, function: &str) -> Edit {
        let mut section = self.entry(slug).await;
        let mut entry: serde_json::Value = serde_json::from_str(&section.json).unwrap();
        entry["meaning"]["owner_function"] = function.into();
        section.json = entry.to_string();
        Edit { change: DifferenceKind::Changed.into(), section: Some(section), ..Edit::default() }
    }

    /// As [`Self::reowned`]; and nothing must be on file for such a denial.
    pub async fn without_evidence(&self, slug: &str, function: &str) -> Edit {
        self.reviewed(slug, function, &[]).await
    }

    /// An entry whose appeals need nothing on file, and these reviews.
    pub async fn reviewed(&self, slug: &str, function: &str, sign_offs: &[&str]) -> Edit {
        let mut edit = self.reowned(slug, function).await;
        let section = edit.section.as_mut().unwrap();
        let mut entry: serde_json::Value = serde_json::from_str(&section.json).unwrap();
        let meaning = entry["meaning"].as_object_mut().unwrap();
        meaning.remove("evidence");
        meaning.remove("sign_offs");
        if !sign_offs.is_empty() {
            meaning.insert("sign_offs".to_owned(), sign_offs.into());
        }
        section.json = entry.to_string();
        edit
    }

    /// A draft of the analyst.
    ///
    /// # Errors
    /// The refusal.
    pub async fn try_draft(
        &self,
        title: &str,
        edits: Vec<Edit>,
    ) -> Result<ChangeRequest, tonic::Status> {
        let request = CreateChangeRequestRequest {
            title: title.to_owned(),
            reason: "the team asked for it".to_owned(),
            edits,
            request_id: id(),
            ..CreateChangeRequestRequest::default()
        };
        let answer = self.client(&self.analyst).create_change_request(request).await?;
        Ok(answer.into_inner().change_request.unwrap())
    }

    /// A draft that gives the work of an entry to `function`.
    pub async fn draft(&self, slug: &str, function: &str) -> ChangeRequest {
        let edit = self.reowned(slug, function).await;
        self.try_draft(&format!("{slug} to {function}"), vec![edit]).await.unwrap()
    }

    /// The change as it stands.
    pub async fn read(&self, change: &ChangeRequest) -> ChangeRequest {
        let request = GetChangeRequestRequest { id: change.id.clone() };
        let answer = self.client(&self.analyst).get_change_request(request).await.unwrap();
        answer.into_inner().change_request.unwrap()
    }

    /// Puts a draft before the committee.
    pub async fn submitted(&self, change: &ChangeRequest) -> ChangeRequest {
        let request = SubmitChangeRequestRequest {
            id: change.id.clone(),
            etag: change.etag.clone(),
            ..SubmitChangeRequestRequest::default()
        };
        let answer = self.client(&self.analyst).submit_change_request(request).await.unwrap();
        answer.into_inner().change_request.unwrap()
    }

    /// Runs both checks, and answers them with the change as it stands then.
    pub async fn checked(&self, change: &ChangeRequest) -> (Check, Check, ChangeRequest) {
        let mut client = self.client(&self.analyst);
        let verify = RunVerifyRequest { change_request_id: change.id.clone(), request_id: id() };
        let verify = client.run_verify(verify).await.unwrap().into_inner().job.unwrap();
        let verify = self.check(&verify.id).await;
        let replay = RunReplayRequest { change_request_id: change.id.clone(), request_id: id() };
        let replay = client.run_replay(replay).await.unwrap().into_inner().job.unwrap();
        let replay = self.check(&replay.id).await;
        (verify, replay, self.read(change).await)
    }

    /// The check that a job makes, once it has.
    pub async fn check(&self, job: &str) -> Check {
        let mut client = self.client(&self.analyst);
        for _ in 0..600 {
            let request = GetJobRequest { id: job.to_owned() };
            let job = client.get_job(request).await.unwrap().into_inner().job.unwrap();
            if job.state() == JobState::Succeeded {
                let request = GetCheckRequest { id: job.result_id };
                return client.get_check(request).await.unwrap().into_inner().check.unwrap();
            }
            assert_eq!(job.state(), JobState::Running, "{}", job.failure_text);
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        panic!("the check takes too long");
    }

    /// Votes for a seat on the content of `change`.
    ///
    /// # Errors
    /// The refusal.
    pub async fn vote(
        &self,
        token: &str,
        seat: &str,
        change: &ChangeRequest,
        verdict: ReviewVerdict,
    ) -> Result<ChangeRequest, tonic::Status> {
        let request = CreateReviewRequest {
            change_request_id: change.id.clone(),
            seat: seat.to_owned(),
            verdict: verdict.into(),
            reason: "as discussed".to_owned(),
            result_hash: change.result_hash.clone(),
            request_id: id(),
            ..CreateReviewRequest::default()
        };
        let answer = self.client(token).create_review(request).await?;
        Ok(answer.into_inner().change_request.unwrap())
    }

    /// A change that is drafted, checked and agreed to.
    pub async fn approved(&self, slug: &str, function: &str) -> ChangeRequest {
        self.agreed(self.draft(slug, function).await).await
    }

    /// A draft that is checked and agreed to.
    pub async fn agreed(&self, draft: ChangeRequest) -> ChangeRequest {
        let change = self.submitted(&draft).await;
        let (verify, replay, change) = self.checked(&change).await;
        assert!(verify.passed && replay.passed, "{verify:?} {replay:?}");
        let approve = ReviewVerdict::Approve;
        self.vote(&self.member, "coding", &change, approve).await.unwrap()
    }

    /// Activates an approved change, at once or at an instant.
    ///
    /// # Errors
    /// The refusal.
    pub async fn activate(
        &self,
        change: &ChangeRequest,
        activate_at: Option<prost_types::Timestamp>,
    ) -> Result<ChangeRequest, tonic::Status> {
        let request = ActivateRevisionRequest {
            change_request_id: change.id.clone(),
            activate_at,
            etag: change.etag.clone(),
            ..ActivateRevisionRequest::default()
        };
        let answer = self.client(&self.member).activate_revision(request).await?;
        Ok(answer.into_inner().change_request.unwrap())
    }

    /// Puts a change on trial as the committee member: a canary at `payers`, or a shadow run.
    ///
    /// # Errors
    /// The refusal.
    pub async fn preview(
        &self,
        change: &ChangeRequest,
        stage: PreviewStage,
        payers: &[String],
    ) -> Result<Preview, tonic::Status> {
        let request = StartPreviewRequest {
            change_request_id: change.id.clone(),
            stage: stage.into(),
            payers: payers.to_vec(),
            request_id: id(),
            ..StartPreviewRequest::default()
        };
        let answer = self.client(&self.member).start_preview(request).await?;
        Ok(answer.into_inner().preview.unwrap())
    }

    /// The changes with this source, the newest first, with their edits.
    pub async fn changes_from(&self, source: ChangeSource) -> Vec<ChangeRequest> {
        let word = source.as_str_name().trim_start_matches("CHANGE_SOURCE_").to_owned();
        let request = ListChangeRequestsRequest {
            filter: format!("source = \"{word}\""),
            ..ListChangeRequestsRequest::default()
        };
        let listed = self.client(&self.analyst).list_change_requests(request).await.unwrap();
        let mut read = Vec::new();
        for change in listed.into_inner().change_requests {
            read.push(self.read(&change).await);
        }
        read
    }

    /// Hash of the revision that decisions are made with.
    pub async fn active(&self) -> Revision {
        let request = GetRevisionRequest { revision: "active".to_owned() };
        let answer = self.client(&self.analyst).get_revision(request).await.unwrap();
        answer.into_inner().revision.unwrap()
    }
}
