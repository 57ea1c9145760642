use contracts::access::v1::Role;
use contracts::dictionary::v1::*;
use contracts::google::r#type::Date;
use contracts::jobs::v1::{Job, JobState};

use super::{Sample, Things};
use crate::group::Group;
use crate::world::{World, id};

fn any(method: &str, message: &impl prost::Message, names_a_resource: bool) -> Sample {
    super::sample("Dictionary", method, message, names_a_resource)
}

/// A release of a set that no denial is decided on.
fn statuses() -> ImportCodeSetReleaseRequest {
    ImportCodeSetReleaseRequest {
        code_set: "CLAIM_STATUS".to_owned(),
        released_on: Some(Date { year: 2026, month: 6, day: 1 }),
        source: "a licensed copy".to_owned(),
        csv: b"code,label,start,stop\n1,More is needed,,\n2,A second one,,\n".to_vec(),
        request_id: id(),
        ..ImportCodeSetReleaseRequest::default()
    }
}

/// The release that a group begins with.
pub(super) async fn release(world: &World, group: &Group) -> String {
    let admin = group.token(world, Role::TenantAdmin).await;
    let job = imported(world, &admin, statuses()).await.unwrap();
    assert_eq!(job.state(), JobState::Succeeded, "{}", job.failure_text);
    job.result_id
}

/// Imports a release, and answers the job once it has ended.
///
/// # Errors
/// The refusal.
pub async fn imported(
    world: &World,
    token: &str,
    request: ImportCodeSetReleaseRequest,
) -> Result<Job, tonic::Status> {
    let answer = world.dictionary(token).import_code_set_release(request).await?;
    Ok(ended(world, token, answer.into_inner().job.unwrap()).await)
}

/// A job of the dictionary once it has ended.
///
/// # Panics
/// When that takes too long.
pub async fn ended(world: &World, token: &str, mut job: Job) -> Job {
    for _ in 0..1_500 {
        if job.state() != JobState::Running {
            return job;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        let asked = GetJobRequest { id: job.id };
        job = world.dictionary(token).get_job(asked).await.unwrap().into_inner().job.unwrap();
    }
    panic!("the job takes too long");
}

pub(super) fn samples(things: &Things) -> Vec<Sample> {
    let changes = ListCodeChangesRequest {
        code_set_release_id: things.release_id.clone(),
        ..ListCodeChangesRequest::default()
    };
    let table = ImportCombinationTableRequest {
        version: "June".to_owned(),
        csv: b"scenario,carc,rarc,group\n2,16,M51,CO or PI\n".to_vec(),
        request_id: id(),
        ..ImportCombinationTableRequest::default()
    };
    let check = CheckCombinationRequest {
        carc: "16".to_owned(),
        rarc: "M51".to_owned(),
        group: "CO".to_owned(),
    };
    let map = MapPayerCodeRequest {
        payer_id: things.payers[0].id.clone(),
        code: "PX1".to_owned(),
        standard_carc: "197".to_owned(),
        request_id: id(),
        ..MapPayerCodeRequest::default()
    };
    vec![
        any("ImportCodeSetRelease", &statuses(), false),
        any("ListCodeSetReleases", &ListCodeSetReleasesRequest::default(), false),
        any("ListCodeChanges", &changes, true),
        any("ImportCombinationTable", &table, false),
        any("CheckCombination", &check, false),
        any("MapPayerCode", &map, true),
        any("ListPayerCodes", &ListPayerCodesRequest::default(), false),
    ]
}
