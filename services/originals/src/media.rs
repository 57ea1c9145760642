//! What a document is, by its first bytes; its name says nothing.

use domain::dictionary::vocabulary::Media;

/// The kind of a document that begins with `head`; `None` when it is no kind that payers take.
///
/// Formats with a signature are known by it; what is left is text if it is UTF-8 without control
/// characters, X12 if it begins as an interchange does (ISA and its element separator, X12.5), and
/// XML if it begins with a tag.
#[must_use]
pub fn media(head: &[u8]) -> Option<Media> {
    if let Some(kind) = infer::get(head) {
        // XML and HTML are told by how they begin, as below; all else that has a signature is not
        // text.
        match kind.mime_type() {
            "application/pdf" => return Some(Media::Pdf),
            "image/tiff" => return Some(Media::Tiff),
            "image/jpeg" => return Some(Media::Jpeg),
            "image/png" => return Some(Media::Png),
            "text/xml" => return Some(Media::Xml),
            _ => return None,
        }
    }
    let text = text(head)?.trim_start_matches('\u{feff}').trim_start();
    let mut begins = text.chars();
    match (begins.next()?, begins.next()) {
        ('<', Some('?' | '!')) => Some(Media::Xml),
        ('<', Some(next)) if next.is_ascii_alphabetic() => Some(Media::Xml),
        ('I', _) if is_interchange(text.as_bytes()) => Some(Media::X12),
        _ => Some(Media::Text),
    }
}

/// The head as text, but for a character that its end cuts.
fn text(head: &[u8]) -> Option<&str> {
    let text = match std::str::from_utf8(head) {
        Ok(text) => text,
        Err(error) if error.error_len().is_none() => {
            std::str::from_utf8(&head[..error.valid_up_to()]).ok()?
        }
        Err(_) => return None,
    };
    // X12 separates by whatever character its header says, control characters too.
    let printable = |c: char| !c.is_control() || c.is_ascii_whitespace() || c == '\u{c}';
    (is_interchange(text.as_bytes()) || text.chars().all(printable)).then_some(text)
}

fn is_interchange(text: &[u8]) -> bool {
    let separates = |byte: &u8| !byte.is_ascii_alphanumeric() && *byte != b' ';
    text.starts_with(b"ISA") && text.get(3).is_some_and(separates) && text.get(6) == text.get(3)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_document_is_what_its_bytes_say() {
        let cases: [(&[u8], Option<Media>); 13] = [
            (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3", Some(Media::Pdf)),
            (b"II*\x00\x08\x00\x00\x00\x0f\x00\xfe\x00", Some(Media::Tiff)),
            (b"MM\x00*\x00\x00\x00\x08\x00\x0f\x00\xfe", Some(Media::Tiff)),
            (b"\xff\xd8\xff\xe0\x00\x10JFIF", Some(Media::Jpeg)),
            (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", Some(Media::Png)),
            (b"Authorization A1 was granted on 5 May.\r\n", Some(Media::Text)),
            (b"<?xml version=\"1.0\"?><ClinicalDocument/>", Some(Media::Xml)),
            ("\u{feff}  <ClinicalDocument>".as_bytes(), Some(Media::Xml)),
            (b"ISA*00*          *00*", Some(Media::X12)),
            (b"ISAAC was here", Some(Media::Text)),
            (b"PK\x03\x04\x14\x00", None),
            (b"MZ\x90\x00\x03\x00", None),
            (b"\x00\x01\x02\x03", None),
        ];
        for (head, expected) in cases {
            assert_eq!(media(head), expected, "{:?}", String::from_utf8_lossy(head));
        }
        assert_eq!(media(b""), None);
    }

    #[test]
    fn a_character_that_the_head_cuts_does_no_harm() {
        let text = "é".repeat(3_000);
        assert_eq!(media(&text.as_bytes()[..4_095]), Some(Media::Text));
        assert_eq!(media(b"caf\xe9 au lait"), None);
    }

    proptest! {
        #[test]
        fn no_bytes_panic(head in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = media(&head);
        }
    }
}
