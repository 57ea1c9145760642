use contracts::access::v1::Role;
use contracts::dictionary::v1::*;
use contracts::jobs::v1::{Job, JobState};
use tests::samples::{ended, imported};
use tests::{Group, NewGroup, World, id};
use tonic::{Code, Status};
use tonic_types::StatusExt;

fn table(version: &str, rows: &str) -> ImportCombinationTableRequest {
    ImportCombinationTableRequest {
        version: version.to_owned(),
        csv: format!("scenario,carc,rarc,group\n{rows}").into_bytes(),
        request_id: id(),
        ..ImportCombinationTableRequest::default()
    }
}

async fn load(
    world: &World,
    token: &str,
    request: ImportCombinationTableRequest,
) -> Result<Job, Status> {
    let answer = world.dictionary(token).import_combination_table(request).await?;
    let job = ended(world, token, answer.into_inner().job.unwrap()).await;
    assert_eq!(job.state(), JobState::Succeeded, "{}", job.failure_text);
    Ok(job)
}

async fn check(
    world: &World,
    token: &str,
    (carc, rarc, group): (&str, &str, &str),
) -> (CombinationVerdict, String) {
    let request = CheckCombinationRequest {
        carc: carc.to_owned(),
        rarc: rarc.to_owned(),
        group: group.to_owned(),
    };
    let answer = world.dictionary(token).check_combination(request).await.unwrap().into_inner();
    (answer.verdict(), answer.table_version)
}

#[tokio::test]
async fn a_combination_is_judged_by_the_table_that_was_imported_last() {
    use CombinationVerdict::{InTable, NotEvaluated, NotInTable};

    let world = World::new().await;
    let group = Group::board(&world, &NewGroup::new("north", "1234567893")).await;
    let admin = group.token(&world, Role::TenantAdmin).await;
    let specialist = group.token(&world, Role::Specialist).await;
    let m51 = ("16", "M51", "CO");
    let verdict = check(&world, &specialist, m51).await;
    assert_eq!(verdict, (NotEvaluated, String::new()), "no table is loaded");
    // 16 needs a remark code, 197 does not; M4 is an alert.
    let request = table("3.7.1", "2,16,M51,CO or PI\n3,197,N54,CO\n3,96,M4,CO\n");
    let job = load(&world, &admin, request.clone()).await.unwrap();
    assert_eq!((job.unit.as_str(), job.done, job.total), ("combinations", 4, 4));
    for (combination, verdict) in [
        (m51, InTable),
        (("0016", "m51", "PI"), InTable),
        (("16", "M51", "PR"), NotInTable),
        (("16", "N54", "CO"), NotInTable),
        (("16", "", "CO"), NotInTable),
        (("16", "M4", "CO"), NotInTable),
        (("197", "", "CO"), InTable),
        (("197", "M4", "CO"), InTable),
        (("197", "", "OA"), NotInTable),
        (("29", "", "CO"), NotEvaluated),
    ] {
        let answer = check(&world, &specialist, combination).await;
        assert_eq!(answer, (verdict, "3.7.1".to_owned()), "{combination:?}");
    }
    let again = world.dictionary(&admin).import_combination_table(request).await.unwrap();
    assert_eq!(again.into_inner().job.unwrap().id, job.id, "one request, one job");
    load(&world, &admin, table("3.7.2", "2,16,N54,CO\n")).await.unwrap();
    assert_eq!(check(&world, &specialist, m51).await, (NotInTable, "3.7.2".to_owned()));
    let stranger = Group::board(&world, &NewGroup::new("south", "1245319599")).await;
    let stranger = stranger.everyone(&world).await;
    assert_eq!(check(&world, &stranger, m51).await, (NotEvaluated, String::new()));
    let unreadable = CheckCombinationRequest { carc: "*".to_owned(), ..Default::default() };
    let refused = world.dictionary(&stranger).check_combination(unreadable).await.unwrap_err();
    let listed = refused.get_details_bad_request().unwrap().field_violations;
    assert_eq!(listed.len(), 2, "the code and the group");
}

#[tokio::test]
async fn a_table_with_bad_rows_or_unknown_codes_leaves_the_one_before() {
    let world = World::new().await;
    let group = Group::board(&world, &NewGroup::new("north", "1234567893")).await;
    let admin = group.token(&world, Role::TenantAdmin).await;
    load(&world, &admin, table("1", "2,16,M51,CO\n")).await.unwrap();
    let bad = "2,16,N54,CO\n7,16,M51,CO\n1,9998,M51,XX\n1,9998,M51,CO\n2,16,N54,CO or PI\n";
    let refused = load(&world, &admin, table("2", bad)).await.unwrap_err();
    let reason = refused.get_details_error_info().unwrap().reason;
    assert_eq!((refused.code(), reason.as_str()), (Code::InvalidArgument, "BAD_ROWS"));
    let listed = refused.get_details_bad_request().unwrap().field_violations;
    let fields: Vec<_> = listed.iter().map(|fault| fault.field.as_str()).collect();
    assert_eq!(fields, ["csv[3].scenario", "csv[4].group", "csv[6]", "csv[5].carc"]);
    let m51 = check(&world, &admin, ("16", "M51", "CO")).await;
    assert_eq!(m51, (CombinationVerdict::InTable, "1".to_owned()));
    let tried =
        ImportCombinationTableRequest { validate_only: true, ..table("2", "2,16,N54,CO\n") };
    world.dictionary(&admin).import_combination_table(tried).await.unwrap();
    assert_eq!(check(&world, &admin, ("16", "M51", "CO")).await, m51);
    // The control: once a release has the code, the table may name it.
    let release = ImportCodeSetReleaseRequest {
        code_set: "CARC".to_owned(),
        released_on: Some(contracts::google::r#type::Date { year: 2026, month: 5, day: 1 }),
        source: "a list".to_owned(),
        csv: b"code,label,start,stop\n9998,New,,\n".to_vec(),
        ..ImportCodeSetReleaseRequest::default()
    };
    imported(&world, &admin, release).await.unwrap();
    load(&world, &admin, table("2", "1,9998,M51,CO\n")).await.unwrap();
    let found = check(&world, &admin, ("9998", "M51", "CO")).await;
    assert_eq!(found, (CombinationVerdict::InTable, "2".to_owned()));
}
