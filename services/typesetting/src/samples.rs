//! Letters and exhibits for tests and benches.

use std::io::Cursor;

use domain::dictionary::vocabulary::Media;
use image::{GrayImage, ImageFormat, Luma};
use letters::job::{Exhibit, Job, Packet, Sheet};

/// A letter of a page and a half, with names in several scripts.
#[must_use]
pub fn sheet() -> Sheet {
    let owned = |lines: &[&str]| lines.iter().map(|line| (*line).to_owned()).collect();
    let reference = |(what, value): &(&str, &str)| ((*what).to_owned(), (*value).to_owned());
    let facts = "The patient was admitted with chest pain and an elevated troponin; the admission \
                 order, the history and the serial electrocardiograms are enclosed. ";
    Sheet {
        letterhead: owned(&[
            "North Valley Hospital",
            "100 Main Street, Springfield, NY 10001",
            "(555) 010-0100",
            "NPI 1234567893 · Tax ID 123456789",
        ]),
        dated: "June 15, 2026".to_owned(),
        addressee: owned(&["Aetna", "Appeals department", "P.O. Box 1000", "Hartford, CT 06101"]),
        references: [
            ("Patient", "DOE, JANE"),
            ("Member number", "W123456789"),
            ("Your claim number", "ICN20260610"),
            ("Our claim number", "PCN1"),
            ("Service", "May 20, 2026 to May 23, 2026"),
            ("In dispute", "$12,400.00"),
        ]
        .iter()
        .map(reference)
        .collect(),
        title: "Appeal of a medical necessity denial, claim ICN20260610".to_owned(),
        paragraphs: vec![
            "To the medical director:".to_owned(),
            "For 王小明 (Wang Xiaoming), 김민수, יוסף כהן, محمد علي, Αλέξανδρος and Наталья as well."
                .to_owned(),
            "- 99223: $400.00, code CO-50\n- 99232: $800.00, code CO-50, remark N115".to_owned(),
            facts.repeat(6),
            facts.repeat(5),
            "We ask that you find the services medically necessary and pay the claim.".to_owned(),
        ],
        signature: owned(&["Dana Reyes, MD", "Physician advisor", "North Valley Hospital"]),
        origin: "Template level-1-medical-necessity · dictionary 446f708a1186".to_owned(),
    }
}

/// A letter alone.
#[must_use]
pub fn letter() -> Job {
    Job { letter: sheet(), packet: None }
}

/// An exhibit with its bytes.
#[must_use]
pub fn exhibit(title: &str, media: Media, bytes: Vec<u8>) -> (Exhibit, Vec<u8>) {
    let ending = media.as_str().rsplit('/').next().unwrap_or_default();
    let file_name = format!("{}.{ending}", title.to_lowercase().replace(' ', "-"));
    let size = bytes.len() as u64;
    (Exhibit { title: title.to_owned(), file_name, media, size }, bytes)
}

/// A packet of these exhibits.
#[must_use]
pub fn packet(exhibits: Vec<(Exhibit, Vec<u8>)>) -> (Job, Vec<Vec<u8>>) {
    let (exhibits, bytes) = exhibits.into_iter().unzip();
    (Job { letter: sheet(), packet: Some(Packet { exhibits }) }, bytes)
}

/// A scanned page with a frame and a diagonal, in a format that the image crate writes.
///
/// # Panics
/// When the format cannot be written.
#[must_use]
pub fn scan(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
    let picture = GrayImage::from_fn(width, height, |x, y| {
        let edge = x < 8 || y < 8 || x + 8 >= width || y + 8 >= height;
        let line = (x * height).abs_diff(y * width) < 4 * width;
        Luma([if edge || line { 0 } else { 250 }])
    });
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).expect("the sample formats are written");
    bytes.into_inner()
}
