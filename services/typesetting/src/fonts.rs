//! The fonts that are part of the program: Latin, Greek, Cyrillic and Hebrew in Liberation Sans,
//! Arabic and signs in DejaVu Sans, Chinese, Japanese and Korean in Droid Sans Fallback.

use std::sync::LazyLock;

use typst::foundations::Bytes;
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;

static FILES: [&[u8]; 5] = [
    include_bytes!("../fonts/LiberationSans-Regular.ttf"),
    include_bytes!("../fonts/LiberationSans-Bold.ttf"),
    include_bytes!("../fonts/DejaVuSans.ttf"),
    include_bytes!("../fonts/DejaVuSansMono.ttf"),
    include_bytes!("../fonts/DroidSansFallback.ttf"),
];

/// Characters that no page shows, but for what they do to others: joiners, marks of direction,
/// selectors of variants.
const UNSEEN: [std::ops::RangeInclusive<char>; 5] = [
    '\u{200b}'..='\u{200f}',
    '\u{202a}'..='\u{202e}',
    '\u{2060}'..='\u{2069}',
    '\u{fe00}'..='\u{fe0f}',
    '\u{feff}'..='\u{feff}',
];

/// Every font, read once.
pub(crate) struct Fonts {
    pub(crate) book: LazyHash<FontBook>,
    pub(crate) all: Vec<Font>,
}

/// The fonts of the program.
pub(crate) static FONTS: LazyLock<Fonts> = LazyLock::new(|| {
    let all: Vec<Font> = FILES.iter().flat_map(|file| Font::iter(Bytes::new(*file))).collect();
    Fonts { book: LazyHash::new(FontBook::from_fonts(&all)), all }
});

/// The first character of a text that no font has.
pub(crate) fn without_glyph(text: &str) -> Option<char> {
    text.chars().find(|character| !has_glyph(*character))
}

fn has_glyph(character: char) -> bool {
    character == '\n'
        || character.is_ascii_graphic()
        || character == ' '
        || is_unseen(character)
        || FONTS.all.iter().any(|font| font.info().coverage.contains(character.into()))
}

/// Whether no page shows it by itself.
pub(crate) fn is_unseen(character: char) -> bool {
    UNSEEN.iter().any(|range| range.contains(&character))
}

/// A character by its name in Unicode's charts.
pub(crate) fn named(character: char) -> String {
    format!("U+{:04X}", u32::from(character))
}
