use std::io::{Cursor, Write};
use std::process::{Command, Stdio};

use domain::dictionary::vocabulary::Media;
use image::ImageFormat;
use letters::job::{self, Answer, Job};
use proptest::prelude::*;
use tiff::encoder::{TiffEncoder, colortype};

use super::samples::{exhibit, letter, packet, scan, sheet};
use super::*;

/// The text of a PDF by a tool that is not ours; `None` where it is not installed.
fn text(pdf: &[u8]) -> Option<String> {
    let tool = Command::new("pdftotext")
        .args(["-layout", "-", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn();
    let mut tool = tool.ok()?;
    let mut stdin = tool.stdin.take().unwrap();
    let pdf = pdf.to_vec();
    let write = std::thread::spawn(move || stdin.write_all(&pdf));
    let output = tool.wait_with_output().unwrap();
    write.join().unwrap().unwrap();
    Some(String::from_utf8(output.stdout).unwrap())
}

/// Leaves a PDF beside the running test, for whoever wants to look at its pages.
fn look_at(name: &str, pdf: &[u8]) {
    let test = std::env::current_exe().unwrap();
    std::fs::write(test.ancestors().nth(2).unwrap().join(name), pdf).unwrap();
}

fn fax() -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    let mut encoder = TiffEncoder::new(&mut bytes).unwrap();
    for shade in [0_u8, 128, 255] {
        let page = vec![shade; 200 * 300];
        encoder.write_image::<colortype::Gray8>(200, 300, &page).unwrap();
    }
    bytes.into_inner()
}

const ISA: &str = "ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *260610*1200\
                   *^*00501*000000001*0*P*:~GS*HP*A*B*20260610*1200*1*X*005010X221A1~ST*835*0001~";

#[test]
fn a_letter_is_accessible_and_the_same_each_time() {
    let pages = typeset(&letter(), Vec::new()).unwrap();
    look_at("letter.pdf", &pages.pdf);
    assert_eq!((pages.count, pages.of_exhibits.len()), (2, 0));
    assert_eq!(typeset(&letter(), Vec::new()).unwrap(), pages);
    let raw = String::from_utf8_lossy(&pages.pdf);
    for mark in ["pdfuaid", "/MarkInfo", "/Lang", "/StructTreeRoot"] {
        assert!(raw.contains(mark), "{mark}");
    }
    let Some(text) = text(&pages.pdf) else { return };
    for words in [
        "North Valley Hospital",
        "P.O. Box 1000",
        "ICN20260610",
        "To the medical director:",
        "王小明",
        "Αλέξανδρος",
        "Наталья",
        "code CO-50, remark N115",
        "Physician advisor",
        "Template level-1-medical-necessity · dictionary 446f708a1186",
        "Page 1 of 2",
        "Page 2 of 2",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
}

#[test]
fn markup_in_a_letter_is_text() {
    let mut job = letter();
    let hostile = "#panic(\"x\") $ *b* _i_ `c` <label> @ref // #read(\"/etc/passwd\") \\ {{ x }}";
    job.letter.paragraphs = vec![hostile.to_owned(), "= no heading".to_owned()];
    job.letter.title = "#import \"x\": *".to_owned();
    let pages = typeset(&job, Vec::new()).unwrap();
    if let Some(text) = text(&pages.pdf) {
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(text.contains("#panic(\"x\") $ *b* _i_ `c` <label> @ref"), "{text}");
        assert!(text.contains("#import \"x\": *") && text.contains("= no heading"), "{text}");
    }
}

#[test]
fn a_character_without_a_glyph_is_named_with_its_place() {
    for (text, place) in [("Sylvie \u{13000}", "U+13000"), ("\u{e000}", "U+E000")] {
        let mut job = letter();
        job.letter.paragraphs.push(text.to_owned());
        let refused = typeset(&job, Vec::new()).unwrap_err();
        let words =
            format!("paragraph 7 of the letter has the character {place}, which no font has");
        assert_eq!(refused, Refused::letter(words));
        let mut job = letter();
        job.letter.references.push(("Patient".to_owned(), text.to_owned()));
        let refused = typeset(&job, Vec::new()).unwrap_err();
        assert!(refused.words.starts_with("the reference `Patient` has"), "{refused}");
    }
}

#[test]
fn a_packet_has_an_index_and_a_stamp_on_each_page() {
    let record = typeset(&letter(), Vec::new()).unwrap().pdf;
    let (job, bytes) = packet(vec![
        exhibit("Medical record", Media::Pdf, record),
        exhibit("Order", Media::Png, scan(850, 1_100, ImageFormat::Png)),
        exhibit("Photo", Media::Jpeg, scan(600, 400, ImageFormat::Jpeg)),
        exhibit("Fax", Media::Tiff, fax()),
        exhibit("Note", Media::Text, "line\tone\r\n\u{c}line 王小明\n".repeat(150).into_bytes()),
        exhibit("Claim", Media::Xml, b"<?xml version=\"1.0\"?>\n<Claim id=\"1\"/>\n".to_vec()),
        exhibit("Remittance", Media::X12, ISA.as_bytes().to_vec()),
    ]);
    let pages = typeset(&job, bytes.clone()).unwrap();
    look_at("packet.pdf", &pages.pdf);
    assert_eq!(pages.of_exhibits[..4], [2, 1, 1, 3]);
    assert_eq!(pages.of_exhibits[5..], [1, 1]);
    assert!(pages.of_exhibits[4] > 2, "{:?}", pages.of_exhibits);
    assert_eq!(pages.count, 3 + pages.of_exhibits.iter().sum::<u32>());
    assert_eq!(typeset(&job, bytes).unwrap().pdf, pages.pdf);
    let Some(text) = text(&pages.pdf) else { return };
    for words in [
        "Index of exhibits",
        "Medical record",
        "Exhibit A, page 1 of 2",
        "Exhibit A, page 2 of 2",
        "Exhibit D, page 3 of 3",
        "Exhibit F, page 1 of 1",
        "<Claim id=\"1\"/>",
        "GS*HP*A*B*20260610*1200*1*X*005010X221A1~",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
    assert!(text.contains(&format!("Page {0} of {0}", pages.count)));
}

#[test]
fn an_exhibit_that_cannot_be_shown_is_named() {
    let sound = exhibit("Note", Media::Text, b"a note".to_vec());
    let wide = scan(20_000, 1, ImageFormat::Png);
    let mut broken = scan(200, 200, ImageFormat::Png);
    broken.truncate(120);
    let pdf = b"%PDF-1.7\n1 0 obj << /Type /Catalog >> endobj\n%%EOF\n".to_vec();
    for (media, bytes, words) in [
        (Media::Pdf, pdf, "it "),
        (Media::Pdf, b"%PDF-1.7 nothing".to_vec(), "it does not read as PDF"),
        (Media::Png, broken, "it does not read as the picture"),
        (Media::Jpeg, b"\xff\xd8\xff\xe0 no".to_vec(), "it does not read as the picture"),
        (Media::Tiff, b"II*\0 no".to_vec(), "it does not read as the picture"),
        (Media::Text, b"caf\xe9".to_vec(), "it is no UTF-8 text: byte 4 does not read"),
        (Media::Text, "a\nb \u{13000}".into(), "line 2 has the character U+13000"),
        (Media::Text, vec![b'a'; 600 << 10], "it is text of more than 512 KiB"),
    ] {
        let bad = exhibit("Bad one", media, bytes);
        let (job, bytes) = packet(vec![sound.clone(), bad]);
        let refused = typeset(&job, bytes).unwrap_err();
        assert_eq!(refused.exhibit, Some(1), "{refused}");
        assert!(refused.words.starts_with(words), "{refused}");
    }
    let (job, bytes) = packet(vec![exhibit("Wide", Media::Png, wide)]);
    typeset(&job, bytes).unwrap();
}

/// A picture whose head says that it is 100,000 dots wide and high.
#[test]
fn a_picture_that_unpacks_too_far_is_not_unpacked() {
    let mut png = scan(8, 8, ImageFormat::Png);
    png[16..24].copy_from_slice(&[0, 1, 0x86, 0xa0, 0, 1, 0x86, 0xa0]);
    let (job, bytes) = packet(vec![exhibit("Bomb", Media::Png, png)]);
    let refused = typeset(&job, bytes).unwrap_err();
    assert_eq!(refused.exhibit, Some(0), "{refused}");
}

#[test]
fn an_answer_is_read_as_it_was_written() {
    let mut job = job::framed(&letter());
    let (read, none) = job::read(&mut job.as_slice()).unwrap();
    assert_eq!((read, none.len()), (letter(), 0));
    let (answer, pdf) = super::answer(&letter(), Vec::new());
    assert_eq!(answer, Answer::Done { pages: 2, exhibit_pages: Vec::new() });
    assert!(pdf.starts_with(b"%PDF-"));
    let mut bad = letter();
    bad.letter.title = "\u{e000}".to_owned();
    let (answer, pdf) = super::answer(&bad, Vec::new());
    assert!(matches!(answer, Answer::Refused { exhibit: None, .. }) && pdf.is_empty());
    job.truncate(20);
    assert!(job::read(&mut job.as_slice()).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn no_text_panics(title in ".{0,60}", paragraph in "\\PC{0,200}") {
        let mut letter = sheet();
        letter.title = title;
        letter.paragraphs = vec![paragraph];
        let _ = typeset(&Job { letter, packet: None }, Vec::new());
    }

    #[test]
    fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300), at in 0_usize..7) {
        let media = Media::ALL[at];
        let head: &[u8] = match media {
            Media::Pdf => b"%PDF-1.7\n1 0 obj <</Type/Catalog/Pages 2 0 R>> endobj\n",
            Media::Tiff => b"II*\0\x08\0\0\0",
            Media::Jpeg => b"\xff\xd8\xff\xe0\0\x10JFIF\0",
            Media::Png => b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
            Media::Text | Media::Xml | Media::X12 => b"",
        };
        let (job, bytes) = packet(vec![exhibit("Any", media, [head, &bytes[..]].concat())]);
        let _ = typeset(&job, bytes);
    }
}
