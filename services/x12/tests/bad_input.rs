//! Input no one would send on purpose, and some that people do send: a finding with a position,
//! bounded memory, nothing lost.

use x12::inspect::{Summary, summary};
use x12::{Assembled, Detail, FindingCode, MAX_SEGMENT_BYTES, PART_SEGMENTS, Reader, Severity};

const ISA: &str = "ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       \
                   *240101*1200*^*00501*000000001*0*P*:~";

fn file(body: &str) -> String {
    format!("{ISA}GS*HP*A*B*20240101*1200*1*X*005010X221A1~{body}GE*1*1~IEA*1*000000001~")
}

fn codes(summary: &Summary) -> Vec<FindingCode> {
    summary.findings.iter().map(|finding| finding.code).collect()
}

#[track_caller]
fn found_at(text: &[u8], code: FindingCode, offset: usize) -> Summary {
    let summary = summary(text);
    let finding = summary.findings.iter().find(|finding| finding.code == code);
    let finding = finding.unwrap_or_else(|| panic!("no {code} in {:?}", codes(&summary)));
    assert_eq!(finding.offset, offset as u64, "{code}");
    summary
}

const SOUND: &str = "ST*835*1~BPR*I*80*C*CHK~LX*1~CLP*A*1*100*80~CAS*CO*45*20~SE*6*1~";

#[test]
fn a_sound_file_has_no_finding() {
    let summary = summary(file(SOUND).as_bytes());
    assert_eq!(codes(&summary), []);
    assert!(summary.balanced);
}

#[test]
fn utf16_is_refused_at_its_first_byte() {
    for swap in [false, true] {
        let sound = file(SOUND);
        let units = sound.encode_utf16().flat_map(|unit| {
            let bytes = unit.to_le_bytes();
            if swap { [bytes[1], bytes[0]] } else { bytes }
        });
        let text: Vec<u8> = units.collect();
        let summary = found_at(&text, FindingCode::Utf16, 0);
        assert_eq!(summary.severity, Some(Severity::Fatal));
        assert_eq!(summary.findings[1].detail, Detail::Bytes(text.len() as u64));
    }
}

#[test]
fn nul_bytes_are_found_and_what_is_around_them_is_read() {
    let text = file(SOUND).replace("CAS*CO", "CAS*C\0O");
    let at = text.find('\0').unwrap();
    let summary = found_at(text.as_bytes(), FindingCode::NulBytes, at);
    assert_eq!((summary.severity, summary.adjustments), (Some(Severity::Fatal), 1));
    found_at(&[0; 5_000], FindingCode::NulBytes, 0);
}

#[test]
fn an_837_is_the_wrong_transaction_set() {
    let text = file("ST*837*1~BHT*0019*00*1*20240101*1200*CH~CLM*A*100~CAS*CO*45*20~SE*5*1~");
    let summary =
        found_at(text.as_bytes(), FindingCode::WrongTransactionSet, text.find("ST*").unwrap());
    assert_eq!((summary.severity, summary.readable_transactions), (Some(Severity::Fatal), 0));
    assert_eq!(summary.adjustments, 0);
}

#[test]
fn what_is_not_x12_is_refused_and_counted() {
    let text = b"claim;amount\n1;2\n".repeat(1_000);
    let summary = found_at(&text, FindingCode::NotX12, 0);
    assert_eq!(summary.findings[0].detail, Detail::Bytes(text.len() as u64));
    assert_eq!(codes(&self::summary(b"")), [FindingCode::NoTransaction]);
}

#[test]
fn a_byte_order_mark_and_blanks_before_the_header_are_passed_over() {
    let text = format!("\u{feff}{}", file(SOUND));
    let summary = found_at(text.as_bytes(), FindingCode::Bom, 0);
    assert_eq!(codes(&summary), [FindingCode::Bom]);
    let blanks = format!("\r\n  {}", file(SOUND).replace('~', " ~ \r\n  "));
    assert_eq!(self::summary(blanks.as_bytes()).claims, 1);
}

#[test]
fn a_wrong_terminator_is_found_and_the_one_in_use_believed() {
    let text = file(SOUND).replacen(":~", ":!", 1);
    let summary = found_at(text.as_bytes(), FindingCode::WrongTerminator, 0);
    assert_eq!((summary.claims, summary.adjustments), (1, 1));
}

#[test]
fn a_segment_without_end_is_skipped_in_bounded_memory() {
    let mut summary = Summary::default();
    let mut reader = Reader::new();
    let mut sink = |event: x12::Event<'_>| summary.add(event);
    let head = format!("{ISA}ST*835*1~BPR*I*80*C~");
    reader.push(head.as_bytes(), &mut sink);
    let block = vec![b'x'; 1 << 20];
    for _ in 0..64 {
        reader.push(&block, &mut sink);
    }
    reader.push(b"~CLP*A*1*100*80~CAS*CO*45*20~SE*5*1~IEA*0*000000001~", &mut sink);
    reader.finish(&mut sink);
    let finding = summary.findings[0];
    assert_eq!(finding.code, FindingCode::SegmentTooLong);
    assert_eq!(
        (finding.offset, finding.detail),
        (head.len() as u64, Detail::Bytes((64 << 20) + 1))
    );
    assert_eq!((summary.claims, summary.adjustments), (1, 1));
}

#[test]
fn the_longest_segment_is_read_and_one_byte_more_is_not() {
    for (extra, long) in [(0, false), (1, true)] {
        let filler = "x".repeat(MAX_SEGMENT_BYTES - "REF*1L*".len() + extra);
        let text = file(&SOUND.replace("CAS*", &format!("REF*1L*{filler}~CAS*")));
        let whole = summary(text.as_bytes());
        let mut chunked = Summary::default();
        let mut reader = Reader::new();
        for chunk in text.as_bytes().chunks(10_007) {
            reader.push(chunk, &mut |event| chunked.add(event));
        }
        reader.finish(&mut |event| chunked.add(event));
        chunked.bytes = text.len() as u64;
        assert_eq!(chunked, whole);
        assert_eq!(codes(&whole).contains(&FindingCode::SegmentTooLong), long);
        assert_eq!(whole.adjustments, 1);
    }
}

#[test]
fn a_claim_of_a_million_segments_arrives_in_parts() {
    let mut body = String::from("ST*835*1~BPR*I*0*C~LX*1~CLP*A*1*1000000*0~SVC*HC:1*1000000*0~");
    body.push_str(&"CAS*CO*45*1~".repeat(1_000_000));
    body.push_str("SE*1000006*1~");
    let text = file(&body);
    let (mut parts, mut adjustments, mut largest) = (0, 0, 0);
    x12::claims(text.as_bytes(), &mut |value| {
        if let Assembled::Claim(part) = value {
            assert_eq!((part.part, part.index), (parts, 0));
            assert_eq!(part.lines.len(), 1);
            let line = &part.lines[0];
            assert_eq!((line.continued, line.charge.cents()), (parts > 0, Some(100_000_000)));
            parts += 1;
            adjustments += line.adjustments.len();
            largest = largest.max(line.adjustments.len());
            assert_eq!(part.last, adjustments == 1_000_000);
        }
    });
    assert_eq!((parts, adjustments), (101, 1_000_000));
    assert!(largest <= PART_SEGMENTS as usize);
    assert!(summary(text.as_bytes()).balanced);
}

#[test]
fn an_empty_segment_is_found_whatever_blanks_it_holds_and_wherever_it_stands() {
    for blanks in ["", " ", "\n", "\r\n", " \n", "\n ", " \r\n\t "] {
        for width in 0..130 {
            let note = "N".repeat(width);
            let start = "ST*835*1~BPR*I*80*C*CHK~LX*1~CLP*A*1*100*80~CAS*CO*45*20~NTE*";
            let body = format!("{start}{note}~{blanks}~{blanks}SE*7*1~{blanks}");
            let summary = summary(file(&body).as_bytes());
            assert_eq!(codes(&summary), [FindingCode::EmptySegment], "{blanks:?} after {width}");
        }
    }
}

#[test]
fn a_truncated_file_ends_with_what_is_missing() {
    let text = file(SOUND);
    let cut = &text.as_bytes()[..text.find("*20~").unwrap() + 2];
    let summary = summary(cut);
    let expected = [
        FindingCode::Truncated,
        FindingCode::UnbalancedClaim,
        FindingCode::MissingSe,
        FindingCode::MissingGe,
        FindingCode::MissingIea,
    ];
    let mut found = codes(&summary);
    found.sort();
    let mut expected = expected.to_vec();
    expected.sort();
    assert_eq!((found, summary.adjustments), (expected, 1));
}

#[test]
fn bad_amounts_keep_their_place_and_their_adjustment() {
    let text = file(&SOUND.replace("45*20", "0045*2O.00**96*1,000**97"));
    let at = text.find("2O.00").unwrap();
    let summary = found_at(text.as_bytes(), FindingCode::BadAmount, at);
    assert_eq!((summary.adjustments, summary.unreadable_adjustments), (3, 3));
    let expected = [
        FindingCode::BadAmount,
        FindingCode::LeadingZeroCode,
        FindingCode::BadAmount,
        FindingCode::MissingAmount,
    ];
    assert_eq!(codes(&summary), expected);
    assert!(!summary.balanced);
}

#[test]
fn a_provider_adjustment_lowers_the_payment() {
    let body =
        |plb: &str| file(&SOUND.replace("SE*6", &format!("PLB*1*20241231*WO:R1*{plb}~SE*7")));
    let taken = summary(body("-20").replace("BPR*I*80", "BPR*I*100").as_bytes());
    assert_eq!((codes(&taken), taken.provider_adjustments), (vec![], 1));
    let wrong = summary(body("20").replace("BPR*I*80", "BPR*I*100").as_bytes());
    assert_eq!(codes(&wrong), [FindingCode::UnbalancedTransaction]);
    assert_eq!(wrong.findings[0].detail, Detail::Difference(4_000));
}

#[test]
fn transactions_are_read_without_any_envelope() {
    let summary = summary(SOUND.repeat(3).as_bytes());
    assert_eq!((codes(&summary), summary.transactions), (vec![FindingCode::NoIsa], 3));
}

#[test]
fn a_second_interchange_may_be_separated_otherwise() {
    let other = file(SOUND).replace('*', "|").replace(':', ">").replace('~', "'");
    let text = format!("{}\n{other}\n{}", file(SOUND), file(SOUND));
    let summary = summary(text.as_bytes());
    assert_eq!((codes(&summary), summary.transactions), (vec![], 3));
    assert_eq!((summary.claims, summary.adjustments), (3, 3));
}

#[test]
fn content_without_its_frame_is_read_all_the_same() {
    let orphan = summary(file("ST*835*1~BPR*I*0*C~CAS*CO*45*20~SE*4*1~").as_bytes());
    assert_eq!(codes(&orphan), [FindingCode::AdjustmentOutsideClaim]);
    assert_eq!(orphan.adjustments, 1);
    let no_start = summary(file("BPR*I*80*C~LX*1~CLP*A*1*100*80~CAS*CO*45*20~").as_bytes());
    assert_eq!(codes(&no_start), [FindingCode::MissingSt, FindingCode::MissingSe]);
    assert_eq!((no_start.claims, no_start.adjustments), (1, 1));
    let twice = summary(file(&SOUND.replace("SE*6*1~", "").repeat(2)).as_bytes());
    assert_eq!((twice.transactions, twice.adjustments), (2, 2));
}

#[test]
fn counts_that_do_not_agree_are_findings() {
    let text =
        file(&SOUND.replace("SE*6*1", "SE*9*2")).replace("GE*1", "GE*7").replace("IEA*1", "IEA*x");
    let expected = [
        FindingCode::SeCountMismatch,
        FindingCode::SeControlMismatch,
        FindingCode::GeCountMismatch,
        FindingCode::IeaCountMismatch,
    ];
    let summary = summary(text.as_bytes());
    assert_eq!(codes(&summary), expected);
    assert_eq!(summary.findings[0].detail, Detail::Count { stated: 9, found: 6 });
}

#[test]
fn findings_and_debug_text_hold_nothing_of_a_patient() {
    let body = "ST*835*1~BPR*I*80*C~CLP*SECRET1*1*SECRET2*80~NM1*QC*1*SECRET3*SECRET4****MI*SECRET5~\
                SECRET6*1~REF*EA*SECRET7~CAS*SECRET8*45*SECRET9~";
    let text = file(body);
    let mut told = String::new();
    x12::read(text.as_bytes(), &mut |event| told.push_str(&format!("{event:?}\n")));
    x12::claims(text.as_bytes(), &mut |value| {
        if let Assembled::Claim(claim) = &value {
            assert_eq!(claim.number.reveal(), "SECRET1");
            assert_eq!(claim.names[0].last.reveal(), "SECRET3");
        }
        if let Assembled::Finding(finding) = &value {
            told.push_str(&finding.message());
        }
        if !matches!(&value, Assembled::Claim(claim) if claim.adjustments.iter().any(|one| one.group_raw == "SECRET8"))
        {
            told.push_str(&format!("{value:?}\n"));
        }
    });
    assert!(told.contains("bad amount") && told.contains("Claim"));
    assert!(!told.contains("SECRET"), "{told}");
}
