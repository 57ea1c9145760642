//! Exhibits as values of the layout, each judged by itself first.

use std::sync::Arc;

use domain::dictionary::vocabulary::Media;
use hayro_syntax::{LoadPdfError, Pdf};
use letters::job::{Exhibit, IN_HAND, PAGES_MAX, letter_of};
use typst::foundations::{Array, Bytes, IntoValue, dict};

use crate::fonts::{named, without_glyph};
use crate::{Refused, picture, plain};

/// What the content of all PDF pages may unpack to.
const UNPACKED_MAX: usize = 192 << 20;

/// The exhibits of a packet, one after another.
pub(crate) struct Exhibits {
    pub(crate) values: Array,
    unpacked: usize,
    pages: usize,
}

impl Exhibits {
    pub(crate) fn none() -> Self {
        Self { values: Array::new(), unpacked: 0, pages: 0 }
    }

    /// Adds the next one.
    pub(crate) fn add(&mut self, exhibit: &Exhibit, bytes: Vec<u8>) -> Result<(), Refused> {
        let place = self.values.len();
        // Whoever started this process learns from it what it broke down on.
        #[expect(clippy::print_stderr, reason = "standard error is how a broken job is traced")]
        {
            eprintln!("{IN_HAND}{place}");
        }
        let refused = |words: String| Refused::exhibit(place, words);
        for text in [&exhibit.title, &exhibit.file_name] {
            if let Some(character) = without_glyph(text) {
                let name = named(character);
                return Err(refused(format!(
                    "its name has the character {name}, which no font has"
                )));
            }
        }
        let mut value = dict! {
            "name" => letter_of(place),
            "title" => exhibit.title.as_str(),
            "file" => exhibit.file_name.as_str(),
        };
        let (what, shown) = match exhibit.media {
            Media::Pdf => ("pages", self.pdf(bytes).map_err(refused)?),
            Media::Tiff | Media::Jpeg | Media::Png => {
                let pictures = picture::pictures(exhibit.media, bytes).map_err(refused)?;
                self.pages += pictures.len();
                let page = |it: picture::Picture| {
                    dict! { "bytes" => it.bytes, "format" => it.format }.into_value()
                };
                ("pages", pictures.into_iter().map(page).collect::<Array>())
            }
            Media::Text | Media::Xml | Media::X12 => {
                let lines = plain::lines(exhibit, &bytes).map_err(refused)?;
                self.pages += 1;
                ("lines", lines.into_iter().map(IntoValue::into_value).collect())
            }
        };
        if self.pages > PAGES_MAX {
            return Err(refused(format!("with it the packet has more than {PAGES_MAX} pages")));
        }
        value.insert(what.into(), shown.into_value());
        self.values.push(value.into_value());
        Ok(())
    }

    fn pdf(&mut self, bytes: Vec<u8>) -> Result<Array, String> {
        let bytes = Bytes::new(bytes);
        let document = Pdf::new(Arc::new(bytes.clone())).map_err(|error| match error {
            LoadPdfError::Decryption(_) => "it is locked; save it without a password".to_owned(),
            LoadPdfError::Invalid => "it does not read as PDF".to_owned(),
        })?;
        let count = document.pages().len();
        if count == 0 {
            return Err("it has no pages".to_owned());
        }
        self.pages += count;
        if self.pages > PAGES_MAX {
            return Err(format!("with it the packet has more than {PAGES_MAX} pages"));
        }
        for (at, page) in document.pages().iter().enumerate() {
            self.unpacked += page.page_stream().map_or(0, <[u8]>::len);
            if self.unpacked > UNPACKED_MAX {
                let most = UNPACKED_MAX >> 20;
                let number = at + 1;
                return Err(format!(
                    "up to its page {number} the packet unpacks to over {most} MiB"
                ));
            }
        }
        let page = |number| dict! { "bytes" => bytes.clone(), "page" => number }.into_value();
        Ok((1..=count).map(page).collect())
    }
}
