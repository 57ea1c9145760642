use proptest::prelude::*;

use super::*;

const LAYOUT: Layout = Layout { required: &["code", "label"], optional: &["alert"] };

fn read(text: &[u8]) -> (Option<Sheet>, BadRows) {
    let mut bad = BadRows::default();
    (Sheet::read(text, LAYOUT, &mut bad), bad)
}

fn fields(bad: &BadRows) -> Vec<&str> {
    bad.listed().iter().map(|violation| violation.field.as_str()).collect()
}

#[test]
fn lines_are_numbered_as_an_editor_does_past_blank_ones_and_quoted_breaks() {
    let text = "\u{feff}label,CODE\r\n\r\n\"a,\nb\",1\n\n\nsecond,2\nthird,3";
    let (sheet, bad) = read(text.as_bytes());
    let sheet = sheet.unwrap();
    assert!(bad.into_result().is_ok());
    let lines: Vec<_> = sheet
        .lines
        .iter()
        .map(|line| (line.number, sheet.cell(line, "code"), sheet.cell(line, "label")))
        .collect();
    assert_eq!(lines, [(3, "1", "a,\nb"), (7, "2", "second"), (8, "3", "third")]);
    assert!(!sheet.has("alert") && sheet.cell(&sheet.lines[0], "alert").is_empty());
}

#[test]
fn a_header_says_everything_that_is_wrong_with_it() {
    let (sheet, bad) = read(b"code,code,colour\n1,2,3\n");
    assert!(sheet.is_none());
    assert_eq!(fields(&bad), ["csv[1].code", "csv[1]", "csv[1].label"]);
    let words = &bad.listed()[1].description;
    assert!(words.contains("column 3") && !words.contains("colour"), "{words}");
}

#[test]
fn rows_of_another_length_and_encoding_are_listed_and_the_rest_is_read() {
    let (sheet, bad) = read(b"code,label\n1,one\n2\n3,a,b\n4,\xff\n5,five\n");
    assert_eq!(fields(&bad), ["csv[5]", "csv[3]", "csv[4]"]);
    assert_eq!(sheet.unwrap().lines.len(), 2);
    assert_eq!(fields(&read(b"").1), ["csv[1]"]);
    assert_eq!(fields(&read(b"code,label\n").1), ["csv[1]"]);
}

#[test]
fn faults_are_counted_beyond_what_is_listed() {
    let text = (0..200).fold("code,label\n".to_owned(), |text, _| text + "1\n");
    let bad = read(text.as_bytes()).1;
    assert_eq!(bad.listed().len(), LISTED_MAX);
    let words = bad.into_result().unwrap_err().to_string();
    let expected = "the file has 200 faults, and nothing was imported; the first 50 are listed";
    assert_eq!(words, expected);
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let (sheet, bad) = read(&bytes);
        prop_assert_eq!(sheet.is_none(), bad.total > 0 && sheet.is_none());
        let lines = 1 + bytes.iter().filter(|byte| **byte == b'\n').count() as u64;
        for line in sheet.iter().flat_map(|sheet| &sheet.lines) {
            prop_assert!((1..=lines).contains(&line.number));
        }
    }

    #[test]
    fn what_was_written_is_read(rows in prop::collection::vec(("[0-9A-Z]{1,8}", "[a-z ,\"'\n]{0,12}z"), 1..20)) {
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(["code", "label"]).unwrap();
        for (code, label) in &rows {
            writer.write_record([code, label]).unwrap();
        }
        let (sheet, bad) = read(&writer.into_inner().unwrap());
        prop_assert!(bad.into_result().is_ok());
        let sheet = sheet.unwrap();
        let read: Vec<_> = sheet
            .lines
            .iter()
            .map(|line| (sheet.cell(line, "code").to_owned(), sheet.cell(line, "label").to_owned()))
            .collect();
        let rows: Vec<_> = rows.into_iter().map(|(code, label)| (code, label.trim().to_owned())).collect();
        prop_assert_eq!(read, rows);
    }
}
