//! Eighteen identifiers of one patient, sent through everything: none is ever logged, none comes
//! back in an error.

use std::collections::BTreeSet;
use std::io::Write;
use std::sync::{Arc, Mutex};

use contracts::routing::v1::{
    GetDenialRequest, ListClaimOccurrencesRequest, ListDenialsRequest, ListWorkItemsRequest,
    RemittancePurpose,
};
use tests::samples::Things;
use tests::{Group, Line, NewGroup, Remittance, World, call_streaming};
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::fmt::format::FmtSpan;
use tracing_subscriber::layer::SubscriberExt;

use crate::ledger::Ledger;

/// What identifies the patient in the files below.
pub(crate) const CANARIES: [&str; 18] = [
    "QXLASTNAME",
    "QXFIRSTNAME",
    "QXMIDDLE",
    "QXMEMBER01",
    "QXSUBLAST",
    "QXSUBFIRST",
    "QXSUBMEMBER",
    "QXCORRECTEDLAST",
    "QXCORRECTEDFIRST",
    "QXCORRECTEDID",
    "QXPCN0001",
    "QXICN0001",
    "QXMRN0001",
    "QXGROUPNO",
    "QXPRIORAUTH",
    "QXPHONE5550199",
    "19870213",
    "1987-02-13",
];

/// What was heard of everything that was logged. Each event is looked at where it is logged: every
/// test of this process logs here, and would wait while somebody read all of it.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Heard>>);

#[derive(Default)]
struct Heard {
    bytes: usize,
    canaries: BTreeSet<&'static str>,
}

impl Log {
    fn canaries(&self) -> BTreeSet<&'static str> {
        self.0.lock().unwrap().canaries.clone()
    }
}

impl Write for Log {
    /// An event comes in one piece.
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let sung = sung(bytes);
        let mut heard = self.0.lock().unwrap();
        heard.bytes += bytes.len();
        heard.canaries.extend(sung);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

pub(crate) fn sung(bytes: &[u8]) -> Vec<&'static str> {
    let text = String::from_utf8_lossy(bytes);
    CANARIES.into_iter().filter(|canary| text.contains(canary)).collect()
}

/// Logs everything that our crates say in this process from now on, at TRACE, spans included. One
/// subscriber for all threads: a thread's own would miss what another thread had switched off.
fn listening() -> Log {
    let log = Log::default();
    let services = concat!(env!("CARGO_MANIFEST_DIR"), "/../services");
    let folders = std::fs::read_dir(services).unwrap().map(|folder| folder.unwrap().file_name());
    let mut ours: Vec<String> =
        folders.map(|name| name.into_string().unwrap().replace('-', "_")).collect();
    assert!(ours.len() > 20, "every crate has a folder");
    ours.extend(["migrations", "faults"].map(str::to_owned));
    let ours = ours.into_iter().map(|name| (name, tracing::Level::TRACE));
    let said = tracing_subscriber::fmt::layer()
        .with_ansi(false)
        .with_span_events(FmtSpan::FULL)
        .with_writer(log.clone());
    let subscriber =
        tracing_subscriber::registry().with(Targets::new().with_targets(ours)).with(said);
    tracing::subscriber::set_global_default(subscriber).expect("only this test listens");
    log
}

/// A file about one denied claim that carries every canary.
pub(crate) fn file(npi: &str, trace: &str) -> String {
    let line =
        Line { charge: 80_00, paid: 0, adjustments: &[("CO", "197", 80_00)], remarks: &["N54"] };
    let plain = Remittance::to(npi, "20260610").traced(trace).claim("QXPCN0001", "DOE", &[line]);
    let text = String::from_utf8(plain.x12()).unwrap();
    let people = "NM1*QC*1*QXLASTNAME*QXFIRSTNAME*QXMIDDLE***MI*QXMEMBER01~\
                  NM1*IL*1*QXSUBLAST*QXSUBFIRST****MI*QXSUBMEMBER~\
                  NM1*74*1*QXCORRECTEDLAST*QXCORRECTEDFIRST****C*QXCORRECTEDID~\
                  REF*EA*QXMRN0001~REF*1L*QXGROUPNO~REF*G1*QXPRIORAUTH~\
                  DTM*232*19870213~PER*CX**TE*QXPHONE5550199~";
    let text = text
        .replace("ICNQXPCN0001", "QXICN0001")
        .replace("NM1*QC*1*DOE*TEST****MI*MDOE~", people)
        .replace("DTM*472*20260610~", "DTM*472*19870213~");
    let (head, tail) = text.split_once("ST*835").unwrap();
    let (body, end) = tail.split_once("SE*").unwrap();
    let rest = end.split_once('*').unwrap().1;
    let segments = body.matches('~').count() + 2;
    format!("{head}ST*835{body}SE*{segments}*{rest}")
}

/// Files that post, and files that do not.
fn files(npi: &str) -> Vec<String> {
    let good = file(npi, "GOOD");
    let half = file(npi, "HALF");
    vec![
        good,
        half[..half.len() * 3 / 4].to_owned(),
        file(npi, "UNBALANCED").replace("CAS*CO*197*80", "CAS*CO*197*79"),
        file(npi, "MONEY").replace("BPR*I*0.00", "BPR*I*QXLASTNAME"),
        file("1245319599", "STRANGER"),
        file(npi, "COUNT").replace("SE*", "SE*9"),
        "QXLASTNAME QXMEMBER01 1987-02-13".to_owned(),
    ]
}

/// What `status` says, if it is a refusal.
fn refused<T>(answer: Result<T, tonic::Status>) -> Vec<u8> {
    answer.err().map_or_else(Vec::new, |status| {
        let mut said = status.message().as_bytes().to_vec();
        said.extend_from_slice(status.details());
        said
    })
}

#[tokio::test]
async fn no_identifier_of_a_patient_is_logged_or_comes_back_in_an_error() {
    let log = listening();
    let world = World::new().await;
    let group = Group::board(&world, &NewGroup::new("north", "1234567893")).await;
    let token = group.everyone(&world).await;
    let ledger = Ledger::of(world.store()).await;
    let mut states = BTreeSet::new();
    for text in files(&group.npi) {
        let answer = group.try_upload(&world, text.as_bytes(), RemittancePurpose::Live).await;
        match answer {
            Ok(answer) => {
                states.insert(answer.remittance_file.unwrap().state());
            }
            Err(status) => assert_eq!(sung(&refused(Err::<(), _>(status))), [""; 0]),
        }
    }
    assert!(states.len() >= 2, "some are posted and some are not: {states:?}");

    // A control: all of it arrived, for those who may see it.
    let stored = format!("{:?}", ledger.rows(&group.tenant_id).await);
    for canary in ["QXLASTNAME", "QXSUBMEMBER", "QXPCN0001", "QXICN0001", "QXMRN0001"] {
        assert!(stored.contains(canary), "{canary} is stored");
    }
    let mut routing = world.routing(&token);
    let things = Things::of(&world, &group).await;
    for sample in things.samples().into_iter().chain(things.missing().samples()) {
        for caller in [Some(token.as_str()), None, Some("QXLASTNAME.QXMEMBER01.QXMRN0001")] {
            let messages: Vec<&[u8]> = sample.messages.iter().map(Vec::as_slice).collect();
            let answer = call_streaming(&world.wire(), &sample.path, caller, &messages).await;
            let mut said = answer.message.into_bytes();
            said.extend_from_slice(&answer.details);
            assert_eq!(sung(&said), [""; 0], "{}", sample.path);
        }
        let torn = b"QXLASTNAME QXMEMBER01 19870213";
        let answer = call_streaming(&world.wire(), &sample.path, Some(&token), &[torn]).await;
        assert_eq!(sung(answer.message.as_bytes()), [""; 0], "{}", sample.path);
    }
    for canary in CANARIES {
        let filter = format!("patient_control_number = \"{canary}\" AND nothing = {canary}");
        let claims = ListClaimOccurrencesRequest { filter: filter.clone(), ..Default::default() };
        let denials = ListDenialsRequest { filter: filter.clone(), ..Default::default() };
        let items = ListWorkItemsRequest { filter, ..Default::default() };
        let denial = GetDenialRequest { id: canary.to_owned() };
        for said in [
            refused(routing.list_claim_occurrences(claims).await),
            refused(routing.list_denials(denials).await),
            refused(routing.list_work_items(items).await),
            refused(routing.get_denial(denial).await),
        ] {
            assert!(!said.is_empty(), "it is refused");
            assert_eq!(sung(&said), [""; 0], "{}", String::from_utf8_lossy(&said));
        }
    }
    let written = log.0.lock().unwrap().bytes;
    assert!(written > 10_000, "only {written} bytes were logged");
    assert_eq!(log.canaries(), BTreeSet::new());
    // A control: a leak would be heard, in an event and in a span.
    tracing::trace!(target: "routing::intake", patient = "QXLASTNAME", "planted");
    let span = tracing::trace_span!(target: "routing::intake", "planted", member = "QXMEMBER01");
    span.in_scope(|| tracing::trace!(target: "routing::intake", "inside"));
    assert_eq!(log.canaries(), BTreeSet::from(["QXLASTNAME", "QXMEMBER01"]));
}
