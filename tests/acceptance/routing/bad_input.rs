use contracts::routing::v1::upload_remittance_request::Part;
use contracts::routing::v1::{RemittanceFileState, RemittancePurpose, UploadRemittanceRequest};
use tests::{Group, Line, NewGroup, Remittance, World, upload_parts};
use tonic::Code;

const NPI: &str = "1234567893";

fn line() -> Line<'static> {
    Line { charge: 70_00, paid: 0, adjustments: &[("CO", "197", 70_00)], remarks: &[] }
}

#[tokio::test]
async fn what_cannot_be_read_is_kept_in_quarantine_with_its_findings() {
    let world = World::new().await;
    let group = Group::board(&world, &NewGroup::new("north", NPI)).await;
    let good = Remittance::to(NPI, "20260610").claim("GOOD", "DOE", &[line()]).x12();
    let text = String::from_utf8(good.clone()).unwrap();
    let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let claim = text
        .replace("GS*HP*", "GS*HC*")
        .replace("*835*0001", "*837*0001")
        .replace("005010X221A1", "005010X222A1");
    let stranger = Remittance::to("1245319599", "20260610").claim("X", "DOE", &[line()]).x12();
    for (what, bytes) in [
        ("text", b"Dear Sir or Madam,\nplease find enclosed nothing.\n".to_vec()),
        ("zeros", vec![0; 4_096]),
        ("UTF-16", utf16),
        ("an 837", claim.into_bytes()),
        ("another payee's file", stranger),
    ] {
        let answer = group.try_upload(&world, &bytes, RemittancePurpose::Live).await.unwrap();
        let file = answer.remittance_file.unwrap();
        assert_eq!(file.state(), RemittanceFileState::Quarantined, "{what}");
        assert!(!file.findings.is_empty(), "{what} has a finding");
        assert_eq!(file.size_bytes, i64::try_from(bytes.len()).unwrap(), "{what} is kept whole");
        assert_eq!(file.counts.unwrap_or_default().work_items, 0, "{what}");
    }
    let file = group.upload(&world, &good).await;
    assert_eq!(file.state(), RemittanceFileState::Posted, "the service is alive");
}

#[tokio::test]
async fn a_broken_file_posts_what_it_says_and_reports_the_rest() {
    let world = World::new().await;
    let group = Group::board(&world, &NewGroup::new("north", NPI)).await;
    let good = Remittance::to(NPI, "20260610").claim("CUT", "DOE", &[line(), line()]).x12();
    let text = String::from_utf8(good).unwrap();
    let miscounted = text.replace("SE*", "SE*9");
    let file = group.upload(&world, miscounted.as_bytes()).await;
    assert_eq!(file.state(), RemittanceFileState::Posted);
    assert!(file.finding_count > 0);
    assert_eq!(file.counts.unwrap().claims, 1);
    assert!(file.findings.iter().all(|f| f.offset > 0 && !f.message.contains("DOE")));
}

async fn upload(world: &World, group: &Group, parts: Vec<UploadRemittanceRequest>) -> Code {
    let token = group.token(world, contracts::access::v1::Role::Specialist).await;
    let answer = world.routing(&token).upload_remittance(tokio_stream::iter(parts)).await;
    answer.map_or_else(|refusal| refusal.code(), |_| Code::Ok)
}

#[tokio::test]
async fn an_upload_that_breaks_its_own_word_is_refused_and_leaves_nothing() {
    let world = World::new().await;
    let group = Group::board(&world, &NewGroup::new("north", NPI)).await;
    let good = Remittance::to(NPI, "20260610").claim("A", "DOE", &[line()]).x12();
    let parts = || upload_parts("a.835", &good, RemittancePurpose::Live);
    let headless = parts().split_off(1);
    let mut short = parts();
    if let Some(Part::Header(header)) = &mut short[0].part {
        header.size_bytes += 1;
    }
    let mut forged = parts();
    if let Some(Part::Header(header)) = &mut forged[0].part {
        header.sha256 = "0".repeat(64);
    }
    let mut aimless = parts();
    if let Some(Part::Header(header)) = &mut aimless[0].part {
        header.purpose = 0;
    }
    for (what, parts) in [
        ("nothing", Vec::new()),
        ("no header", headless),
        ("fewer bytes than announced", short),
        ("another hash than announced", forged),
        ("no purpose", aimless),
    ] {
        assert_eq!(upload(&world, &group, parts).await, Code::InvalidArgument, "{what}");
    }
    let file = group.upload(&world, &good).await;
    assert_eq!(file.state(), RemittanceFileState::Posted);
}
