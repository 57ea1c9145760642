//! Exhibits that are text: as lines that fit the page.

use domain::dictionary::vocabulary::Media;
use letters::job::Exhibit;

use crate::fonts::{is_unseen, named, without_glyph};

/// Columns of a page.
const COLUMNS: usize = 110;
/// The most bytes of an exhibit that is shown as text: some 90 pages.
const BYTES_MAX: usize = 512 << 10;

/// The lines of an exhibit.
pub(crate) fn lines(exhibit: &Exhibit, bytes: &[u8]) -> Result<Vec<String>, String> {
    if bytes.len() > BYTES_MAX {
        let most = BYTES_MAX >> 10;
        return Err(format!("it is text of more than {most} KiB; enclose what matters of it"));
    }
    let text = std::str::from_utf8(bytes).map_err(|error| {
        format!("it is no UTF-8 text: byte {} does not read", error.valid_up_to() + 1)
    })?;
    let text = text.trim_start_matches('\u{feff}');
    let parted = if exhibit.media == Media::X12 { segments(text) } else { text.to_owned() };
    let mut lines = Vec::new();
    for (number, line) in (1..).zip(parted.lines()) {
        let shown: String = line.chars().flat_map(shown).collect();
        if let Some(character) = without_glyph(&shown) {
            let name = named(character);
            return Err(format!("line {number} has the character {name}, which no font has"));
        }
        wrap(&shown, &mut lines);
    }
    Ok(lines)
}

/// An interchange with each segment on a line of its own; its header says what ends one.
fn segments(text: &str) -> String {
    let Some(end) = text.chars().nth(105) else {
        return text.to_owned();
    };
    let segments = text.split(end).map(|segment| segment.trim_matches(['\r', '\n']));
    let segments = segments.filter(|segment| !segment.is_empty());
    segments.map(|segment| format!("{segment}{end}\n")).collect()
}

/// A tab as blanks, another control character as a dot: interchanges may part by any of them.
fn shown(character: char) -> impl Iterator<Item = char> {
    match character {
        '\t' => std::iter::repeat_n(' ', 4),
        control if control.is_control() => std::iter::repeat_n('\u{b7}', 1),
        other => std::iter::repeat_n(other, 1),
    }
}

fn wrap(line: &str, into: &mut Vec<String>) {
    let (mut held, mut columns) = (String::new(), 0);
    for character in line.chars() {
        let width = match character {
            unseen if is_unseen(unseen) => 0,
            narrow if narrow < '\u{1100}' => 1,
            _ => 2,
        };
        if columns + width > COLUMNS {
            into.push(std::mem::take(&mut held));
            columns = 0;
        }
        held.push(character);
        columns += width;
    }
    into.push(held);
}
