//! Go-live: open denials of an existing system, from CSV.

use contracts::access::v1::Role;
use contracts::jobs::v1::JobState;
use contracts::routing::v1::import_open_denials_request::Part;
use contracts::routing::v1::*;
use tests::{Group, Line, NewGroup, Remittance, World, fields, id, reason, refusal};
use tonic::{Code, Status};

const NPI: &str = "1234567893";
const HEADINGS: &str = "Account,Plan,Site,From,Billed,Grp,Reason,Remarks,Open amount,Denied on,ICN";
const COLUMNS: [(&str, &str); 11] = [
    ("patient_control_number", "Account"),
    ("payer", "Plan"),
    ("facility", "Site"),
    ("service_from", "From"),
    ("claim_charge", "Billed"),
    ("group", "Grp"),
    ("carc", "Reason"),
    ("rarcs", "Remarks"),
    ("denied_amount", "Open amount"),
    ("remit_date", "Denied on"),
    ("payer_claim_number", "ICN"),
];

struct House {
    world: World,
    group: Group,
}

fn row(account: &str, carc: &str, amount: &str) -> String {
    format!(
        "{account},Sample Health Plan,{NPI},5/1/2026,\"1,000.00\",CO,{carc},M62,{amount},6/1/2026,\
         ICN{account}\n"
    )
}

fn header() -> ImportHeader {
    ImportHeader {
        file_name: "open.csv".to_owned(),
        columns: COLUMNS.iter().map(|(of, is)| ((*of).to_owned(), (*is).to_owned())).collect(),
        request_id: id(),
        ..ImportHeader::default()
    }
}

impl House {
    async fn new() -> Self {
        let world = World::new().await;
        let group = Group::board(&world, &NewGroup::new("north", NPI)).await;
        Self { world, group }
    }

    async fn import(
        &self,
        header: ImportHeader,
        rows: &str,
    ) -> Result<ImportOpenDenialsResponse, Status> {
        self.send(header, format!("{HEADINGS}\n{rows}").as_bytes()).await
    }

    async fn send(
        &self,
        header: ImportHeader,
        bytes: &[u8],
    ) -> Result<ImportOpenDenialsResponse, Status> {
        let token = self.group.token(&self.world, Role::TeamLead).await;
        let chunks = bytes.chunks(100_000).map(|chunk| Part::Chunk(chunk.to_vec()));
        let parts: Vec<ImportOpenDenialsRequest> = std::iter::once(Part::Header(header))
            .chain(chunks)
            .map(|part| ImportOpenDenialsRequest { part: Some(part) })
            .collect();
        let mut routing = self.world.routing(&token);
        let answer = routing.import_open_denials(tokio_stream::iter(parts)).await?;
        Ok(answer.into_inner())
    }

    async fn items(&self) -> Vec<WorkItem> {
        let token = self.group.token(&self.world, Role::Specialist).await;
        let request = ListWorkItemsRequest::default();
        self.world.routing(&token).list_work_items(request).await.unwrap().into_inner().work_items
    }

    async fn files(&self) -> Vec<RemittanceFile> {
        let token = self.group.token(&self.world, Role::Specialist).await;
        let request = ListRemittanceFilesRequest::default();
        let listed = self.world.routing(&token).list_remittance_files(request).await.unwrap();
        listed.into_inner().remittance_files
    }
}

#[tokio::test]
async fn rows_under_other_headings_become_owned_and_dated_work() {
    let house = House::new().await;
    let rows = [row("A1", "197", "$200.00"), row("A1", "29", "100"), row("A2", "50", "1000")];
    let answer = house.import(header(), &rows.concat()).await.unwrap();
    assert_eq!((answer.refused_rows, answer.refused_count), (Vec::new(), 0));
    let job = answer.job.unwrap();
    assert_eq!((job.state(), job.done, job.total), (JobState::Succeeded, 3, 3));
    let files = house.files().await;
    assert_eq!((files.len(), files[0].id.as_str()), (1, job.result_id.as_str()));
    assert_eq!(files[0].state(), RemittanceFileState::Posted, "{:?}", files[0].findings);
    let items = house.items().await;
    assert!(items.len() >= 2, "{items:?}");
    for item in &items {
        assert_eq!(item.kind(), WorkItemKind::Denial, "{item:?}");
        assert!(!item.team.is_empty() && item.deadline.is_some(), "{item:?}");
        assert!(item.priority.as_ref().is_some_and(|priority| priority.score > 0), "{item:?}");
    }
    let stake: i64 = items.iter().map(|item| item.at_stake.as_ref().unwrap().amount_cents).sum();
    assert_eq!(stake, 1300_00);
    let token = house.group.token(&house.world, Role::TeamLead).await;
    let request = GetJobRequest { id: job.id.clone() };
    let read = house.world.routing(&token).get_job(request).await.unwrap().into_inner().job;
    assert_eq!(read, Some(job));
    // A later remittance settles what was imported.
    let line = Line { charge: 1000_00, paid: 1000_00, adjustments: &[], remarks: &[] };
    let paid = Remittance::to(NPI, "20260612").claim("A2", "DOE", &[line]);
    house.group.upload(&house.world, &paid.x12()).await;
    for item in house.items().await {
        let is_paid = item.patient_control_number == "A2";
        let wanted = if is_paid { WorkItemState::Resolved } else { WorkItemState::Open };
        assert_eq!(item.state(), wanted, "{item:?}");
    }
}

#[tokio::test]
async fn a_dry_run_reports_the_same_and_leaves_nothing() {
    let house = House::new().await;
    let rows = [row("A1", "197", "200"), row("A2", "?", "100")].concat();
    let tried = ImportHeader { validate_only: true, ..header() };
    let tried = house.import(tried, &rows).await.unwrap();
    assert_eq!((house.files().await.len(), house.items().await.len()), (0, 0));
    let job = tried.job.unwrap();
    assert_eq!((job.id.as_str(), job.done, job.total), ("", 1, 2));
    let real = house.import(header(), &rows).await.unwrap();
    assert_eq!((tried.refused_rows, tried.refused_count), (real.refused_rows, real.refused_count));
    assert_eq!(house.items().await.len(), 1);
}

#[tokio::test]
async fn what_was_imported_is_not_imported_again() {
    let house = House::new().await;
    let rows = [row("A1", "197", "200"), row("A2", "50", "100"), row("A3", "?", "5")];
    let first = header();
    let answer = house.import(first.clone(), &rows.concat()).await.unwrap();
    assert_eq!(answer.refused_count, 1);
    let items = house.items().await;
    assert_eq!(house.import(first.clone(), &rows.concat()).await.unwrap(), answer, "a repeat");
    let again = house.import(header(), &rows.concat()).await.unwrap();
    assert_eq!(again.job.unwrap().result_id, answer.job.unwrap().result_id, "the same file");
    assert_eq!(house.items().await, items);
    let other = house.import(first, &rows[0]).await.unwrap_err();
    assert_eq!(refusal(&other).1, "REQUEST_ID_REUSED");
    // The mended file adds what was mended.
    let mended = [row("A3", "29", "5"), rows[1].clone(), rows[0].clone()].concat();
    assert_eq!(house.import(header(), &mended).await.unwrap().refused_count, 0);
    let added: Vec<WorkItem> =
        house.items().await.into_iter().filter(|item| !items.contains(item)).collect();
    assert_eq!((added.len(), added[0].patient_control_number.as_str()), (1, "A3"));
}

#[tokio::test]
async fn refused_rows_stand_beside_those_that_were_taken() {
    let house = House::new().await;
    let mut rows = vec![row("GOOD", "197", "200")];
    rows.push(row("B1", "197", "200").replace("Sample Health Plan", "Nobody"));
    rows.push(row("B2", "197", "200").replace(NPI, "1245319599"));
    rows.push("short,row\n".to_owned());
    rows.extend((0..1_100).map(|at| row(&format!("C{at}"), "197", "-1")));
    let answer = house.import(header(), &rows.concat()).await.unwrap();
    assert_eq!((answer.refused_rows.len(), answer.refused_count), (1_000, 1_103));
    let told: Vec<(i64, &str)> =
        answer.refused_rows[..4].iter().map(|row| (row.row, row.column.as_str())).collect();
    assert_eq!(told, [(2, "Plan"), (3, "Site"), (4, ""), (5, "Open amount")]);
    let items = house.items().await;
    assert_eq!((items.len(), items[0].patient_control_number.as_str()), (1, "GOOD"));
    // A file of which no row is good is an import, too.
    let none = house.import(header(), &rows[1]).await.unwrap();
    let job = none.job.unwrap();
    assert_eq!((job.done, job.result_id.as_str(), none.refused_count), (0, "", 1));
}

#[tokio::test]
async fn what_cannot_be_read_at_all_is_refused_with_words() {
    let house = House::new().await;
    let good = row("A1", "197", "200");
    let with = |change: fn(&mut ImportHeader)| {
        let mut header = header();
        change(&mut header);
        header
    };
    for (header, wrong) in [
        (with(|it| drop(it.columns.remove("payer"))), "header.columns.payer"),
        (
            with(|it| drop(it.columns.insert("payer".to_owned(), "Nowhere".to_owned()))),
            "header.columns.payer",
        ),
        (
            with(|it| drop(it.columns.insert("cpt".to_owned(), "Plan".to_owned()))),
            "header.columns.cpt",
        ),
        (with(|it| it.file_name.clear()), "header.file_name"),
        (with(|it| it.request_id = "x".to_owned()), "header.request_id"),
    ] {
        let status = house.import(header, &good).await.unwrap_err();
        assert_eq!(fields(&status), [wrong], "{status:?}");
    }
    let doubled = format!("{HEADINGS},plan\n{}", good.replace('\n', ",x\n"));
    let status = house.send(header(), doubled.as_bytes()).await.unwrap_err();
    assert_eq!(fields(&status), ["header.columns.payer"]);
    let status = house.import(header(), "").await.unwrap_err();
    assert_eq!(fields(&status), ["chunk"]);
    let status = house.send(header(), b"").await.unwrap_err();
    assert_eq!(refusal(&status), reason(Code::InvalidArgument, "UPLOAD_EMPTY"));
    let status = house.send(header(), &vec![b'x'; (16 << 20) + 1]).await.unwrap_err();
    assert_eq!(refusal(&status), reason(Code::InvalidArgument, "UPLOAD_TOO_LARGE"));
    assert_eq!(house.files().await, []);
    house.import(header(), &good).await.expect("the same without a fault");
}
