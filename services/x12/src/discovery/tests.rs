use super::{FindingCode, discover};
use crate::segment::Delimiters;

const ISA: &str = "ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       \
                   *240101*1200*^*00501*000000001*0*P*:";

#[track_caller]
fn separators(text: &str, expected: [u8; 3], oddities: &[FindingCode]) {
    let found = discover(text.as_bytes());
    let [element, component, terminator] = expected;
    assert_eq!(found.delimiters, Delimiters { element, component, terminator }, "{text}");
    let seen: Vec<_> = found.oddities.into_iter().flatten().collect();
    assert_eq!(seen, oddities, "{text}");
}

#[test]
fn a_fixed_width_header_names_its_separators() {
    separators(&format!("{ISA}~GS*HP~ST*835*1~"), *b"*:~", &[]);
    separators(&format!("{ISA}~\r\nGS*HP~\r\nST*835*1~"), *b"*:~", &[]);
    separators(&format!("{ISA}\nGS*HP\nST*835*1\n"), *b"*:\n", &[]);
    separators(&format!("{ISA}\r\nGS*HP\r\nST*835*1\r\n"), *b"*:\r", &[]);
    let odd = format!("{ISA}'GS*HP'ST*835*1'").replace('*', "|").replace(':', ">");
    separators(&odd, *b"|>'", &[]);
}

#[test]
fn a_header_of_another_width_is_read_by_its_elements() {
    let narrow = ISA.replace("SENDER         ", "SENDER");
    separators(&format!("{narrow}~GS*HP~"), *b"*:~", &[FindingCode::IsaNotFixedWidth]);
    let without = ISA.trim_end_matches(':');
    separators(&format!("{without}~GS*HP~ST*1~"), *b"*:~", &[FindingCode::IsaNotFixedWidth]);
}

#[test]
fn a_header_wrapped_at_eighty_columns_is_no_other_width() {
    let (first, rest) = ISA.split_at(80);
    separators(&format!("{first}\r\n{rest}~\r\nGS*HP~"), *b"*:~", &[]);
}

#[test]
fn a_broken_or_absent_header_leaves_the_separators_to_inference() {
    let broken = [FindingCode::IsaNotFixedWidth, FindingCode::NoIsa];
    separators("ISA*INVALID~GS*INVALID~ST*835*0001~SE*1*0001~", *b"*:~", &broken);
    separators("ST*835*1~BPR*I*5~", *b"*:~", &[FindingCode::NoIsa]);
    separators("ST|835|1\nBPR|I|5\nSVC|HC>1|5\n", *b"|>\n", &[FindingCode::NoIsa]);
    separators("GS*HP^ST*835*1^BPR*I^", *b"*:^", &[FindingCode::NoIsa]);
}

#[test]
fn a_terminator_the_body_does_not_use_is_not_believed() {
    let text = format!("{ISA}~\nGS*HP*X\nST*835*1\nBPR*I*5\n");
    separators(&text, *b"*:\n", &[FindingCode::WrongTerminator]);
    let text = format!("{ISA}\nGS*HP*X~\nST*835*1~\nBPR*I*5~\n");
    separators(&text, *b"*:~", &[FindingCode::WrongTerminator]);
}

#[test]
fn one_segment_without_its_terminator_changes_nothing() {
    separators(&format!("{ISA}~\nGS*HP*X\nST*835*1~\nBPR*I*5~\n"), *b"*:~", &[]);
}
