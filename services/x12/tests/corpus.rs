//! Public files of other projects, with the counts another tokenizer found in them. The corpus
//! lies beside the repository; where it is absent the test says so.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use x12::FindingCode;
use x12::inspect::{Summary, summary};

fn corpus() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/era");
    folder.join("PROVENANCE.csv").exists().then_some(folder)
}

/// One row: file, counts by column, notes.
struct Row {
    file: String,
    counts: BTreeMap<String, u64>,
    notes: Vec<String>,
}

/// The table has neither quotes nor commas inside its fields, which the width check holds.
fn rows(folder: &Path) -> Vec<Row> {
    let text = std::fs::read_to_string(folder.join("PROVENANCE.csv")).expect("the table reads");
    let mut lines = text.lines();
    let columns: Vec<&str> = lines.next().expect("a heading").split(',').collect();
    lines
        .map(|line| {
            let fields: Vec<&str> = line.split(',').collect();
            assert_eq!(fields.len(), columns.len(), "{line}");
            let mut row =
                Row { file: fields[0].to_owned(), counts: BTreeMap::new(), notes: Vec::new() };
            for (column, field) in columns.iter().zip(&fields).skip(4) {
                match *column {
                    "notes" => row.notes = field.split("; ").map(str::to_owned).collect(),
                    _ => drop(
                        row.counts.insert((*column).to_owned(), field.parse().expect("a count")),
                    ),
                }
            }
            row
        })
        .collect()
}

fn count(summary: &Summary, column: &str) -> u64 {
    match column {
        "transactions" => summary.transactions,
        "claims" => summary.claims,
        "service_lines" => summary.service_lines,
        "adjustments" => summary.adjustments,
        "remarks_lq" => summary.remarks,
        "plb" => summary.provider_segments,
        "reversals" => summary.reversals,
        other => panic!("no such count: {other}"),
    }
}

fn seen(summary: &Summary, code: FindingCode) -> usize {
    summary.findings.iter().filter(|finding| finding.code == code).count()
}

/// The finding a note asks for, and how often.
fn asked(note: &str) -> Option<(FindingCode, usize)> {
    let (name, times) = match note.split_once(" x") {
        Some((name, times)) => (name, times.parse().expect("a count")),
        None => (note, 1),
    };
    let code = match name {
        "SE-count-mismatch" => FindingCode::SeCountMismatch,
        "missing-SE" => FindingCode::MissingSe,
        "bad-amounts" => FindingCode::BadAmount,
        "bad-segment-id" => FindingCode::BadSegmentId,
        "unbalanced-claims" => FindingCode::UnbalancedClaim,
        "ISA-not-fixed-width" => FindingCode::IsaNotFixedWidth,
        "no-ISA" => FindingCode::NoIsa,
        "wrapped/mid-segment-newline" => FindingCode::WrappedLine,
        "BOM" => FindingCode::Bom,
        "no-BPR" => FindingCode::NoBpr,
        _ => return None,
    };
    Some((code, times))
}

#[test]
fn every_file_of_the_corpus_is_counted_as_it_was_and_its_faults_are_found() {
    let Some(folder) = corpus() else {
        eprintln!("corpus absent, skipped");
        return;
    };
    let mut wrong = Vec::new();
    let mut files = 0;
    for row in rows(&folder) {
        let summary = summary(&std::fs::read(folder.join(&row.file)).unwrap());
        files += 1;
        for (column, &expected) in &row.counts {
            let found = count(&summary, column);
            if found != expected {
                wrong.push(format!("{}: {column} is {found}, not {expected}", row.file));
            }
        }
        for (code, times) in row.notes.iter().filter_map(|note| asked(note)) {
            let found = seen(&summary, code);
            if found < times {
                wrong.push(format!("{}: {code} found {found} times, not {times}", row.file));
            }
        }
    }
    assert!(files > 40, "only {files} files in the corpus");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_corpus_file_with_no_unbalanced_claim_gets_no_such_finding() {
    let Some(folder) = corpus() else { return };
    for row in rows(&folder) {
        let expected: usize = row
            .notes
            .iter()
            .filter_map(|note| asked(note))
            .filter(|(code, _)| *code == FindingCode::UnbalancedClaim)
            .map(|(_, times)| times)
            .sum();
        let summary = summary(&std::fs::read(folder.join(&row.file)).unwrap());
        assert_eq!(seen(&summary, FindingCode::UnbalancedClaim), expected, "{}", row.file);
    }
}

#[test]
fn a_corpus_file_reads_the_same_byte_by_byte() {
    let Some(folder) = corpus() else { return };
    for row in rows(&folder) {
        let bytes = std::fs::read(folder.join(&row.file)).unwrap();
        let mut drip = Summary::default();
        let mut reader = x12::Reader::new();
        for byte in &bytes {
            reader.push(std::slice::from_ref(byte), &mut |event| drip.add(event));
        }
        reader.finish(&mut |event| drip.add(event));
        drip.bytes = bytes.len() as u64;
        assert_eq!(drip, summary(&bytes), "{}", row.file);
    }
}
