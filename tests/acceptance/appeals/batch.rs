use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

use contracts::jobs::v1::{Job, JobState};
use tests::samples::appeals::submit;
use tests::{fields, reason, refusal};
use tonic::Code;

use super::papers::authorized;
use super::*;

impl House {
    async fn batch(&self, filter: &str) -> Result<CreateAppealBatchResponse, Status> {
        let request = CreateAppealBatchRequest {
            filter: filter.to_owned(),
            request_id: id(),
            ..CreateAppealBatchRequest::default()
        };
        let answer = self.as_a(Role::TeamLead).await.create_appeal_batch(request).await?;
        Ok(answer.into_inner())
    }

    /// A job once it has ended.
    async fn ended_job(&self, id: &str) -> Job {
        for _ in 0..600 {
            let request = GetJobRequest { id: id.to_owned() };
            let answer = self.as_a(Role::Analyst).await.get_job(request).await.unwrap();
            let job = answer.into_inner().job.unwrap();
            if job.state() != JobState::Running {
                return job;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("the job does not end");
    }

    async fn batch_of(&self, id: &str) -> AppealBatch {
        let request = GetAppealBatchRequest { id: id.to_owned() };
        let answer = self.as_a(Role::Auditor).await.get_appeal_batch(request).await.unwrap();
        answer.into_inner().appeal_batch.unwrap()
    }

    /// Writes the letters of a batch; answers the job once it has ended.
    async fn letters(&self, batch: &str, blanks: HashMap<String, String>) -> Job {
        let request = RenderBatchLettersRequest {
            batch_id: batch.to_owned(),
            blanks,
            request_id: id(),
            ..RenderBatchLettersRequest::default()
        };
        let answer = self.as_a(Role::Specialist).await.render_batch_letters(request).await;
        self.ended_job(&answer.unwrap().into_inner().job.unwrap().id).await
    }

    /// Has claims refused under code 50, one line each.
    async fn refused_under_50(&self, numbers: &[&str]) {
        self.refused_under("50", numbers).await;
    }

    async fn refused_under(&self, carc: &str, numbers: &[&str]) {
        let codes = [("CO", carc, 60_00)];
        let line = Line { charge: 60_00, paid: 0, adjustments: &codes, remarks: &[] };
        let remittance = self.remittance("", "20260610");
        let claims = numbers.iter().fold(remittance, |file, it| file.claim(it, "DOE", &[line]));
        self.upload(claims).await;
    }
}

const LIKE: &str = "group = \"CO\" AND carc = \"50\"";

#[tokio::test]
async fn like_denials_are_appealed_at_once_and_sent_under_one_proof() {
    let house = House::lenient().await;
    house.refused_under_50(&["PCN1", "PCN2", "PCN3", "PCN4"]).await;
    let denial = house.denials("PCN4").await.remove(0);
    let alone = house.appeal(&[&denial]).await.unwrap();
    let batch = house.batch(LIKE).await.unwrap();
    assert_eq!(batch.denial_count, 4);
    let job = house.ended_job(&batch.batch_id).await;
    assert_eq!((job.state(), job.done, job.total), (JobState::Succeeded, 4, 4), "{job:?}");
    assert_eq!((job.unit.as_str(), &job.result_id), ("claims", &batch.batch_id));
    let found = house.batch_of(&batch.batch_id).await;
    assert_eq!((found.opened_count, found.refused_count), (3, 1));
    let refused = &found.refused_claims[0];
    assert_eq!(
        (refused.denial_id.as_str(), refused.reason.as_str()),
        (&*denial.id, "DUPLICATE_APPEAL")
    );
    assert!(refused.words.contains(&alone.id), "{}", refused.words);
    let filter = format!("batch_id = \"{}\"", batch.batch_id);
    let opened = house.list(&filter, "").await.unwrap();
    assert_eq!(opened.len(), 3);
    assert!(opened.iter().all(|one| one.state() == AppealState::Draft));
    // One proof for all of the batch, and for nothing else; nor twice for one of it.
    let mut sent = Vec::new();
    for appeal in &opened {
        sent.push(house.submit(submit(appeal, 15, "FAX1")).await.unwrap());
    }
    let reused = house.submit(submit(&alone, 15, "FAX1")).await.unwrap_err();
    assert_eq!(refusal(&reused), reason(Code::AlreadyExists, "PROOF_REUSED"));
    let back = house.returned(&sent[0], date(2026, 6, 15)).await.unwrap();
    let again = house.submit(submit(&back, 15, "FAX1")).await.unwrap_err();
    assert_eq!(refusal(&again), reason(Code::AlreadyExists, "PROOF_REUSED"));
    let told = house.told().await;
    let told = told.iter().find(|(kind, _)| kind == "appeal_batch.opened").unwrap();
    assert!(told.1.contains("\"opened\":3") && told.1.contains("\"refused\":1"), "{}", told.1);
}

#[tokio::test]
async fn what_is_not_alike_or_not_open_is_no_batch() {
    let house = House::lenient().await;
    house.refused("PCN1", &[("CO", "197", 60_00)], &[]).await;
    let nothing = house.batch(LIKE).await.unwrap_err();
    assert_eq!(refusal(&nothing), reason(Code::FailedPrecondition, "DENIAL_SETTLED"));
    house.refused_under_50(&["PCN2"]).await;
    let mixed = house.batch("denied_cents >= 1").await.unwrap_err();
    assert_eq!(refusal(&mixed), reason(Code::FailedPrecondition, "NOT_ALIKE"));
    assert!(mixed.message().contains("2 kinds"), "{}", mixed.message());
    let all = house.batch(" ").await.unwrap_err();
    assert_eq!(fields(&all), ["filter"]);
    let odd = house.batch("weather = \"rain\"").await.unwrap_err();
    assert_eq!(fields(&odd), ["filter"]);
    let tried = CreateAppealBatchRequest {
        filter: LIKE.to_owned(),
        validate_only: true,
        request_id: id(),
        ..CreateAppealBatchRequest::default()
    };
    let lead = house.as_a(Role::TeamLead).await.create_appeal_batch(tried).await;
    let tried = lead.unwrap().into_inner();
    assert_eq!((tried.denial_count, tried.batch_id.as_str(), tried.job), (1, "", None));
    // The control.
    let batch = house.batch(LIKE).await.unwrap();
    assert_eq!(house.ended_job(&batch.batch_id).await.state(), JobState::Succeeded);
    let request = CancelJobRequest { id: batch.batch_id.clone(), request_id: id() };
    let ended = house.as_a(Role::TeamLead).await.cancel_job(request).await.unwrap();
    assert_eq!(ended.into_inner().job.unwrap().state(), JobState::Succeeded, "it has ended");
}

#[tokio::test]
async fn the_letters_of_a_batch_are_one_job() {
    let house = House::new().await;
    house.refused_under("197", &["PCN1", "PCN2", "PCN3"]).await;
    let batch = house.batch("group = \"CO\" AND carc = \"197\"").await.unwrap();
    house.ended_job(&batch.batch_id).await;
    let unfilled = house.letters(&batch.batch_id, HashMap::new()).await;
    assert_eq!(unfilled.failure_reason, "LETTERS_NOT_WRITTEN");
    for words in ["3 letters", "`blanks.argument` is required"] {
        assert!(unfilled.failure_text.contains(words), "{words}: {}", unfilled.failure_text);
    }
    let filter = format!("batch_id = \"{}\"", batch.batch_id);
    let opened = house.list(&filter, "").await.unwrap();
    assert!(opened.iter().all(|appeal| appeal.letter_id.is_empty()));
    let blanks = authorized(&opened[0]).blanks;
    let written = house.letters(&batch.batch_id, blanks).await;
    assert_eq!(written.state(), JobState::Succeeded, "{}", written.failure_text);
    assert_eq!((written.done, written.total, written.unit.as_str()), (3, 3, "letters"));
    let written = house.list(&filter, "").await.unwrap();
    let letters: BTreeSet<&str> = written.iter().map(|appeal| &*appeal.letter_id).collect();
    assert!(letters.len() == 3 && !letters.contains(""), "{letters:?}");
    let request = RenderBatchLettersRequest {
        batch_id: id(),
        request_id: id(),
        ..RenderBatchLettersRequest::default()
    };
    let nobody = house.as_a(Role::Specialist).await.render_batch_letters(request).await;
    assert_eq!(nobody.unwrap_err().code(), Code::NotFound);
}
