//! Free text in a sentence: quoted, and cut to what differs.

use std::borrow::Cow;

/// How many characters of a text a sentence shows.
const SHOWN: usize = 120;
/// How many equal words around a difference a sentence shows.
const AROUND: usize = 3;

/// A text in quotes, on one line, its end cut off when it is long.
pub(super) fn quoted(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    format!("\"{}\"", cut(&words.join(" ")))
}

/// The text, its end cut off when it is long.
pub(super) fn cut(text: &str) -> Cow<'_, str> {
    match text.char_indices().nth(SHOWN) {
        None => text.into(),
        Some((end, _)) => format!("{}...", text[..end].trim_end()).into(),
    }
}

/// What became of a text; of long texts only what differs, with a few words around it.
pub(super) fn reworded(name: &str, from: &str, to: &str) -> String {
    let (before, after) = if from.chars().count().max(to.chars().count()) <= SHOWN {
        (quoted(from), quoted(to))
    } else {
        differing(from, to)
    };
    if before == after {
        format!("{name} is set out otherwise or differs within a very long word")
    } else {
        format!("{name} changes from {before} to {after}")
    }
}

fn differing(from: &str, to: &str) -> (String, String) {
    let from: Vec<&str> = from.split_whitespace().collect();
    let to: Vec<&str> = to.split_whitespace().collect();
    let alike =
        |pairs: &mut dyn Iterator<Item = (&&str, &&str)>| pairs.take_while(|(a, b)| a == b).count();
    let front = alike(&mut from.iter().zip(&to));
    let behind = alike(&mut from[front..].iter().rev().zip(to[front..].iter().rev()));
    let (skipped, left) = (front.saturating_sub(AROUND), behind.saturating_sub(AROUND));
    let part = |words: &[&str]| {
        let start = if skipped > 0 { "... " } else { "" };
        let end = if left > 0 { " ..." } else { "" };
        format!("\"{start}{}{end}\"", cut(&words[skipped..words.len() - left].join(" ")))
    };
    (part(&from), part(&to))
}
