//! Edits that cannot stand, in words for the person who wrote them.

use std::fmt;

use domain::dictionary::canonical::NotCanonical;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::error::Category;

use super::fields::{self, Style};
use super::{Edit, ITEM_BYTES_MAX, SectionKind};

/// How many characters of a path, of a value that was given, and of all words are repeated: an item
/// may be long, and what is said about it travels in a header.
const PATH_MAX: usize = 120;
const GIVEN_MAX: usize = 80;
const WORDS_MAX: usize = 800;

/// An edit that cannot stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadEdit {
    /// Which edit of the list, from 1.
    pub at: usize,
    /// The section it names.
    pub kind: SectionKind,
    /// The slug it names.
    pub slug: String,
    /// What is wrong with it.
    pub problem: Problem,
}

/// What is wrong with an edit.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// An item is added that is there.
    #[error("it cannot be added: it is in the dictionary already")]
    AlreadyThere,
    /// An item is replaced or removed that is not there.
    #[error("it cannot be changed or removed: it is not in the dictionary")]
    NotThere,
    /// An earlier edit, counted from 1, is about the same item.
    #[error("edit {0} is about the same item: edit an item once")]
    Twice(usize),
    /// The item has more than [`ITEM_BYTES_MAX`] bytes.
    #[error("it takes {0} bytes, more than the {ITEM_BYTES_MAX} an item may take")]
    TooLong(usize),
    /// The text is not JSON; both numbers count from 1.
    #[error("it is not JSON: read up to line {line}, column {column}")]
    NotJson {
        /// The line at which reading ended.
        line: usize,
        /// The column at which reading ended.
        column: usize,
    },
    /// The JSON is not an item of the section.
    #[error("{words}")]
    Field {
        /// The path of the field, such as `meaning.next_action`; empty for the item itself.
        path: String,
        /// What is wrong with it.
        words: String,
    },
    /// The item has another slug than the edit.
    #[error("the item itself has the slug `{0:.96}`")]
    OtherSlug(String),
    /// The slug is none.
    #[error("the slug must be 1 to 96 of a-z, 0-9, `-`, `_`, `.`, first a letter or a digit")]
    NotASlug,
    /// A number in the item has no canonical form.
    #[error(transparent)]
    NotCanonical(NotCanonical),
}

impl BadEdit {
    pub(super) fn new(at: usize, edit: &Edit, problem: Problem) -> Self {
        Self { at, kind: edit.kind, slug: edit.slug.clone(), problem }
    }
}

impl std::error::Error for BadEdit {}

/// Writes ``edit 2, entry `co-197`, next action (meaning.next_action): ...``.
impl fmt::Display for BadEdit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "edit {}, {} `{:.96}`", self.at, self.kind.words(), self.slug)?;
        if let Problem::Field { path, .. } = &self.problem
            && !path.is_empty()
        {
            write!(f, ", {:.PATH_MAX$} ({path:.PATH_MAX$})", fields::name(path))?;
        }
        write!(f, ": {}", self.problem)
    }
}

/// Reads an item.
pub(super) fn read<T: DeserializeOwned>(json: &str) -> Result<T, Problem> {
    let mut reader = serde_json::Deserializer::from_str(json);
    let item = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let path = error.path().to_string();
        let path = path.trim_matches('.');
        match serde_json::from_str::<IgnoredAny>(json) {
            Err(error) => not_json(&error),
            Ok(_) => problem(path, error.inner()),
        }
    })?;
    reader.end().map_err(|error| not_json(&error))?;
    Ok(item)
}

fn not_json(error: &serde_json::Error) -> Problem {
    Problem::NotJson { line: error.line(), column: error.column() }
}

/// What is wrong with a text that is JSON.
fn problem(path: &str, error: &serde_json::Error) -> Problem {
    if error.classify() != Category::Data {
        // A number or a list where a word or a named form is expected.
        let words = "its value has a form that is not allowed here".to_owned();
        return Problem::Field { path: path.to_owned(), words };
    }
    let text = error.to_string();
    let text = text.rsplit_once(" at line ").map_or(text.as_str(), |(text, _)| text);
    for (prefix, words) in
        [("missing field ", "it is missing"), ("duplicate field ", "it stands twice")]
    {
        if let Some(field) = text.strip_prefix(prefix) {
            // The path ends at the object that misses the field.
            let dot = if path.is_empty() { "" } else { "." };
            let path = format!("{path}{dot}{}", field.trim_matches('`'));
            return Problem::Field { path, words: words.to_owned() };
        }
    }
    let words = match fields::of(path).map(|field| field.style) {
        Some(Style::Day | Style::Days) if !text.starts_with("unknown ") => {
            "a day is written like 2026-01-31".to_owned()
        }
        _ => plain(text),
    };
    Problem::Field { path: path.to_owned(), words: format!("{words:.WORDS_MAX$}") }
}

/// What `serde` says, without its vocabulary; what it has no form for is said as it is.
fn plain(text: &str) -> String {
    let parts = |prefix: &str| text.strip_prefix(prefix)?.rsplit_once(", expected ");
    if let Some((_, known)) = parts("unknown field ") {
        format!("there is no such field; there is {}", known.trim_start_matches("one of "))
    } else if let Some((word, known)) = parts("unknown variant ") {
        format!("{word:.GIVEN_MAX$} is none of {}", known.trim_start_matches("one of "))
    } else if text.starts_with("invalid length ") {
        "it must be an object with named fields, not a list".to_owned()
    } else if let Some((given, wanted)) = parts("invalid type: ").or(parts("invalid value: ")) {
        format!("it must be {}, not {}", wanted_words(wanted), given_words(given))
    } else {
        text.to_owned()
    }
}

fn wanted_words(wanted: &str) -> &str {
    match wanted {
        "i64" => "a whole number",
        "u8" => "a whole number from 0 to 255",
        "u32" => "a whole number from 0 to 4294967295",
        "a string" => "a text",
        "a boolean" => "true or false",
        "a sequence" => "a list",
        "string or map" => "\"any\", {\"exact\": ..} or {\"one_of\": [..]}",
        structure if structure.starts_with("struct ") => "an object with named fields",
        other => other,
    }
}

fn given_words(given: &str) -> String {
    match given.split_once(' ') {
        Some(("string", text)) => format!("the text {text:.GIVEN_MAX$}"),
        Some(("integer", number)) => number.trim_matches('`').to_owned(),
        Some(("boolean", value)) => value.trim_matches('`').to_owned(),
        Some(("floating", number)) => {
            number.trim_start_matches("point ").trim_matches('`').to_owned()
        }
        _ => match given {
            "sequence" => "a list".to_owned(),
            "map" => "an object".to_owned(),
            other => other.to_owned(),
        },
    }
}
