//! What intake gets: assembled claims, statuses, byte ranges and the canonical form.

use x12::model::{ClaimPart, Closing, Money, Transaction};
use x12::{Assembled, ClaimStatus, GroupCode, RemarkSource, SetKind, canonical};

#[derive(Default)]
struct Read {
    headers: Vec<Transaction>,
    claims: Vec<ClaimPart>,
    statuses: Vec<ClaimStatus>,
    closings: Vec<Closing>,
    canonical: Vec<Vec<u8>>,
}

fn read(text: &str) -> Read {
    let mut read = Read::default();
    x12::claims(text.as_bytes(), &mut |value| match value {
        Assembled::Opened { .. } => read.canonical.push(Vec::new()),
        Assembled::Segment(segment) => {
            let form = read.canonical.last_mut().expect("a segment follows an opening");
            canonical::segment(segment, &mut |bytes| form.extend_from_slice(bytes));
        }
        Assembled::Header(header) => read.headers.push(header),
        Assembled::Claim(claim) => read.claims.push(claim),
        Assembled::Status(status) => read.statuses.push(status),
        Assembled::Closed(closing) => read.closings.push(closing),
        Assembled::ProviderAdjustment(_) | Assembled::Orphan(_) | Assembled::Finding(_) => {}
    });
    read
}

const REMITTANCE: &str = "ST*835*0007~BPR*I*60*C*ACH************20250102~TRN*1*EFT1*1990000001~\
    REF*EV*RECV~DTM*405*20250101~N1*PR*SAMPLE PLAN*XV*60001~N3*1 WAY~N4*CITY*OH*45000~REF*2U*60001~\
    N1*PE*SAMPLE HOSPITAL*XX*1234567893~REF*TJ*990000001~LX*1~\
    CLP*C1*1*100*60*10*12*ICN1*13*7**470~CAS*OA*23*5~NM1*QC*1*SYNTHETIC*ONE****MI*M1~\
    MOA***MA01*N89~REF*F8*ICN0~DTM*232*20241201~AMT*AU*70~QTY*CA*2~\
    SVC*HC:99213:25:59*95*60*0510*1*HC:99214~DTM*472*20241202~CAS*CO*0045*25~CAS*PR*1*10~\
    REF*6R*L1~LQ*HE*N115~AMT*B6*70~SE*28*0007~";

#[test]
fn a_claim_holds_everything_of_its_segments() {
    let read = read(REMITTANCE);
    let header = &read.headers[0];
    assert_eq!((header.kind, header.trace.as_str()), (SetKind::Remittance, "EFT1"));
    assert_eq!(header.controls.transaction, "0007");
    assert_eq!((header.payer.id.as_str(), header.payee.id.as_str()), ("60001", "1234567893"));
    assert_eq!(header.payer.address, ["1 WAY", "CITY", "OH", "45000"]);
    assert_eq!(header.payee.references[0].qualifier, "TJ");
    let payment = header.payment.as_ref().unwrap();
    assert_eq!((&payment.amount, payment.date.as_str()), (&Money::Cents(6_000), "20250102"));

    let [claim] = read.claims.as_slice() else { panic!("one claim") };
    assert_eq!((claim.number.reveal(), claim.frequency.as_str()), ("C1", "7"));
    assert_eq!((claim.drg.as_str(), claim.filing.as_str()), ("470", "12"));
    assert_eq!(claim.reference("F8"), Some("ICN0"));
    assert_eq!(claim.date("232"), Some("20241201"));
    assert_eq!(claim.adjustments[0].group, GroupCode::Oa);
    let remarks: Vec<_> = claim.remarks.iter().map(|remark| remark.code.as_str()).collect();
    assert_eq!((remarks, claim.remarks[0].source), (vec!["MA01", "N89"], RemarkSource::Outpatient));
    assert_eq!((claim.quantities.len(), claim.amounts.len()), (1, 1));

    let [line] = claim.lines.as_slice() else { panic!("one line") };
    assert_eq!((line.procedure.as_str(), line.modifiers.join(" ")), ("99213", "25 59".into()));
    assert_eq!((line.revenue.as_str(), line.units.as_str()), ("0510", "1"));
    assert_eq!(line.submitted_procedure, "99214");
    assert_eq!((line.reference("6R"), line.date("472")), (Some("L1"), Some("20241202")));
    let reason = &line.adjustments[0];
    assert_eq!((reason.reason.as_str(), reason.reason_raw.as_str()), ("45", "0045"));
    assert_eq!(reason.offset as usize, REMITTANCE.find("0045").unwrap());
    assert_eq!(line.remarks[0].source, RemarkSource::LineRemark);
    assert!(claim.last && claim.balance.unwrap().is_balanced());
}

#[test]
fn a_closing_covers_the_bytes_from_st_to_se() {
    let text = format!("{REMITTANCE}\n{REMITTANCE}");
    let read = read(&text);
    for closing in &read.closings {
        assert_eq!(&text[closing.offset as usize..closing.end as usize], REMITTANCE);
        assert!(closing.complete && closing.balance.is_balanced());
        assert_eq!(closing.segments, 28);
    }
    assert_eq!(read.closings.len(), 2);
}

#[test]
fn the_canonical_form_does_not_depend_on_how_it_was_written_down() {
    let plain = read(REMITTANCE).canonical;
    let other = REMITTANCE.replace("0007", "0099").replace("SE*28", "SE*5");
    let lines = other.replace('~', "~\r\n");
    let wrapped = other.as_bytes().chunks(80).map(|line| str::from_utf8(line).unwrap());
    let wrapped = wrapped.collect::<Vec<_>>().join("\n");
    let separated = other.replace('*', "|").replace(':', ">").replace('~', "\n");
    for text in [&other, &lines, &wrapped, &separated] {
        assert_eq!(read(text).canonical, plain, "{text}");
    }
    let changed = REMITTANCE.replace("CAS*PR*1*10", "CAS*PR*2*10");
    assert_ne!(read(&changed).canonical, plain);
}

#[test]
fn a_data_byte_is_not_taken_for_a_separator() {
    let one = "ST|835|1\nBPR|I|1\nREF|EV|A:B\nSVC|HC>1|1\nSE|5|1\n";
    let two = one.replace("A:B", "A>B");
    assert_ne!(read(one).canonical, read(&two).canonical);
}

#[test]
fn a_payer_named_again_governs_the_claims_after_it() {
    let again = REMITTANCE
        .replace("SE*28", "N1*PR*OTHER PLAN*XV*60002~LX*2~CLP*C2*1*5*0~CAS*CO*50*5~SE*32");
    let read = read(&again);
    let names: Vec<_> = read.headers.iter().map(|header| header.payer.name.as_str()).collect();
    assert_eq!(names, ["SAMPLE PLAN", "OTHER PLAN"]);
    assert_eq!(read.claims.len(), 2);
}

const STATUS: &str = "ST*277*1*005010X214~BHT*0085*08*B1*20250101*1025*TH~HL*1**20*1~\
    NM1*PR*2*SAMPLE PLAN*****PI*60001~TRN*1*T0~HL*2*1*21*1~NM1*41*2*SENDER*****46*S1~TRN*2*BATCH1~\
    STC*A1:19:PR*20250101*WQ*365.5~QTY*90*1~AMT*YU*200.5~HL*3*2*19*1~NM1*85*2*CLINIC*****XX*1~\
    HL*4*3*PT~NM1*QC*1*SYNTHETIC*ONE****MI*M1~TRN*2*CLAIM1~STC*A2:20*20250101*WQ*100~REF*1K*P1~\
    REF*D9*CH1~DTP*472*D8*20241201~HL*5*3*PT~NM1*QC*1*SYNTHETIC*TWO****MI*M2~TRN*2*CLAIM2~\
    STC*A3:21*20250101*U*65******A3:187~SVC*HC:99213*65~STC*A7:21:85**U~SE*29*1~";

#[test]
fn a_277ca_gives_a_status_for_each_claim_trace_number() {
    let read = read(STATUS);
    let traces: Vec<_> = read.statuses.iter().map(|status| status.trace.reveal()).collect();
    assert_eq!(traces, ["BATCH1", "CLAIM1", "CLAIM2"]);
    let accepted = &read.statuses[1];
    assert_eq!(
        (accepted.payer_control(), accepted.clearinghouse_control()),
        (Some("P1"), Some("CH1"))
    );
    assert_eq!((accepted.level, accepted.level_number.as_str()), (x12::LevelKind::Patient, "4"));
    assert_eq!(accepted.statuses[0].charge, Money::Cents(10_000));
    assert!(!accepted.is_rejected());
    let rejected = &read.statuses[2];
    let codes: Vec<_> = rejected.statuses[0]
        .codes
        .iter()
        .map(|code| format!("{}:{}", code.category, code.status))
        .collect();
    assert_eq!(codes, ["A3:21", "A3:187"]);
    assert_eq!(rejected.line_statuses[0].codes[0].entity, "85");
    assert!(rejected.is_rejected());
    assert_eq!(read.closings[0].counts.statuses, 4);
    assert!(read.closings[0].complete);
}
