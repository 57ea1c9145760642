//! A job becomes pages.

use letters::job::{Job, PAGES_MAX, Sheet};
use typst::foundations::{Array, Dict, IntoValue, Smart, dict};
use typst::layout::{Frame, FrameItem};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

use crate::Refused;
use crate::exhibits::Exhibits;
use crate::fonts::{named, without_glyph};
use crate::world::Desk;

/// What was typeset.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pages {
    /// The pages, as PDF.
    pub pdf: Vec<u8>,
    /// How many there are.
    pub count: u32,
    /// How many each exhibit has.
    pub of_exhibits: Vec<u32>,
}

/// Typesets a job; the same one makes the same bytes.
///
/// # Errors
/// When the letter or an exhibit cannot be shown as it is.
pub fn typeset(job: &Job, exhibits: Vec<Vec<u8>>) -> Result<Pages, Refused> {
    shown(&job.letter)?;
    let listed = job.packet.as_ref().map_or(&[][..], |packet| &packet.exhibits);
    let mut held = Exhibits::none();
    for (exhibit, bytes) in listed.iter().zip(exhibits) {
        held.add(exhibit, bytes)?;
    }
    let desk = Desk::with(values(&job.letter, held.values));
    let document = typst::compile::<PagedDocument>(&desk).output;
    let document = document.map_err(|_| Refused::letter("the layout cannot hold it"))?;
    if document.pages().len() > PAGES_MAX {
        return Err(Refused::letter(format!("it has more than {PAGES_MAX} pages")));
    }
    for page in document.pages() {
        if let Some(text) = without_glyphs(&page.frame) {
            let names: Vec<String> = text.chars().map(named).collect();
            let words =
                format!("page {} has {}, which no font shows", page.number, names.join(" "));
            return Err(Refused::letter(words));
        }
    }
    // Others' pages have no tags that would be true, so that a packet does not claim the standard.
    let standards: &[PdfStandard] =
        if job.packet.is_some() { &[PdfStandard::V_1_7] } else { &[PdfStandard::Ua_1] };
    let options = PdfOptions {
        ident: Smart::Auto,
        creator: Smart::Custom(Some("Overturn".to_owned())),
        timestamp: None,
        page_ranges: None,
        standards: PdfStandards::new(standards).map_err(|_| Refused::letter("no such standard"))?,
        tagged: true,
        pretty: false,
    };
    let pdf = typst_pdf::pdf(&document, &options);
    let pdf = pdf.map_err(|_| Refused::letter("its pages cannot be written as PDF"))?;
    let count = document.pages().len();
    Ok(Pages { pdf, count: number(count), of_exhibits: of_exhibits(&document, listed.len()) })
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// Refuses a letter with a character that no font has, by its name and place.
fn shown(sheet: &Sheet) -> Result<(), Refused> {
    let lines = |what: &'static str, lines: &[String]| -> Vec<(String, String)> {
        (1..).zip(lines).map(|(at, line)| (format!("line {at} of {what}"), line.clone())).collect()
    };
    let mut texts = lines("the letterhead", &sheet.letterhead);
    texts.extend(lines("the address", &sheet.addressee));
    texts.extend(lines("the signature", &sheet.signature));
    texts.extend(
        (1..)
            .zip(&sheet.paragraphs)
            .map(|(at, text)| (format!("paragraph {at} of the letter"), text.clone())),
    );
    texts.push(("the title".to_owned(), sheet.title.clone()));
    texts.push(("the date".to_owned(), sheet.dated.clone()));
    texts.push(("the footer".to_owned(), sheet.origin.clone()));
    for (what, value) in &sheet.references {
        texts.push((format!("the reference `{what}`"), format!("{what}{value}")));
    }
    match texts.iter().find_map(|(place, text)| Some((place, without_glyph(text)?))) {
        None => Ok(()),
        Some((place, character)) => {
            let name = named(character);
            Err(Refused::letter(format!("{place} has the character {name}, which no font has")))
        }
    }
}

fn values(sheet: &Sheet, exhibits: Array) -> Dict {
    let list =
        |lines: &[String]| -> Array { lines.iter().map(|it| it.as_str().into_value()).collect() };
    let reference = |(what, value): &(String, String)| {
        [what, value].map(|it| it.as_str().into_value()).into_iter().collect::<Array>().into_value()
    };
    let paragraph =
        |text: &String| text.lines().map(IntoValue::into_value).collect::<Array>().into_value();
    dict! {
        "title" => sheet.title.as_str(),
        "author" => sheet.letterhead.first().map_or("", String::as_str),
        "letterhead" => list(&sheet.letterhead),
        "dated" => sheet.dated.as_str(),
        "addressee" => list(&sheet.addressee),
        "references" => sheet.references.iter().map(reference).collect::<Array>(),
        "paragraphs" => sheet.paragraphs.iter().map(paragraph).collect::<Array>(),
        "signature" => list(&sheet.signature),
        "origin" => sheet.origin.as_str(),
        "exhibits" => exhibits,
    }
}

/// The text of the first glyph that its font does not have: the wall behind [`shown`], for what
/// only comes about when marks and letters meet.
fn without_glyphs(frame: &Frame) -> Option<String> {
    frame.items().find_map(|(_, item)| match item {
        FrameItem::Group(group) => without_glyphs(&group.frame),
        FrameItem::Text(text) => {
            let glyph = text.glyphs.iter().find(|glyph| glyph.id == 0)?;
            Some(text.text.get(glyph.range()).unwrap_or_default().to_owned())
        }
        _ => None,
    })
}

/// Pages of each exhibit, by the marks that the layout sets on its first and last one.
fn of_exhibits(document: &PagedDocument, exhibits: usize) -> Vec<u32> {
    use typst::foundations::{Label, Selector};
    use typst::introspection::Introspector;
    use typst::utils::PicoStr;
    let introspector = document.introspector();
    let page = |at: usize, edge: &str| {
        let label = Label::new(PicoStr::intern(&format!("exhibit-{at}-{edge}")))?;
        let found = introspector.query_first(&Selector::Label(label))?;
        Some(introspector.page(found.location()?)?.get())
    };
    let pages = |at| Some(number(page(at, "last")? - page(at, "first")? + 1));
    (0..exhibits).map(|at| pages(at).unwrap_or_default()).collect()
}
