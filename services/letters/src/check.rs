//! What is wrong with a template, before any letter is written from it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use domain::dictionary::sections::AppealTemplate;

use crate::fields::{Fields, field};
use crate::render::{CannotRender, environment, preview, words};

/// A part of a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// Its title.
    Title,
    /// A paragraph, from 1.
    Paragraph(usize),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Title => f.write_str("the title"),
            Self::Paragraph(number) => write!(f, "paragraph {number}"),
        }
    }
}

/// Something wrong with a template.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Trouble {
    /// A field that is not in the list and that the template does not declare.
    Undeclared(String),
    /// It cannot be rendered.
    Broken {
        /// Where.
        place: Place,
        /// What.
        words: String,
    },
    /// A blank has the name of a field of the list.
    Taken(String),
    /// A blank has a name that no template can use.
    NoName(String),
    /// A blank that nothing in the template uses.
    Unused(String),
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Undeclared(name) => write!(f, "nothing fills `{name}`"),
            Self::Broken { place, words } => write!(f, "{place}: {words}"),
            Self::Taken(name) => write!(f, "the blank `{name}` has the name of a known field"),
            Self::NoName(name) => {
                write!(f, "the blank `{name}` needs a name of lowercase letters, digits and `_`")
            }
            Self::Unused(name) => write!(f, "the blank `{name}` is declared and not used"),
        }
    }
}

/// Everything that is wrong with a template, each thing once; a letter is written to find it.
#[must_use]
pub fn check(template: &AppealTemplate) -> Vec<Trouble> {
    let mut troubles = BTreeSet::new();
    for (place, source) in sources(template) {
        let mut broken = |words| troubles.insert(Trouble::Broken { place, words });
        if let Err(error) = environment().template_from_str(source) {
            broken(words(&error));
        } else if let Some(brace) = lone_brace(source) {
            broken(format!("a lone `{brace}`: fields are written `{{{{ name }}}}`"));
        }
    }
    troubles.extend(undeclared(template).into_iter().map(Trouble::Undeclared));
    let used = used(template);
    for blank in &template.blanks {
        let name = blank.name.clone();
        if field(&name).is_some() {
            troubles.insert(Trouble::Taken(name));
        } else if !is_name(&name) {
            troubles.insert(Trouble::NoName(name));
        } else if !used.contains(&name) {
            troubles.insert(Trouble::Unused(name));
        }
    }
    if troubles.is_empty() {
        // Both sides of what is asked of a field: with everything filled, and with nothing.
        let filled = template.blanks.iter().map(|blank| (blank.name.clone(), blank.words.clone()));
        let tried = [
            preview(template, &Fields::sample(), &filled.collect()),
            preview(template, &Fields::default(), &BTreeMap::new()),
        ];
        for tried in tried {
            if let Err(
                CannotRender::Broken { place, words } | CannotRender::TooMuch { place, words },
            ) = tried
            {
                troubles.insert(Trouble::Broken { place, words });
            }
        }
    }
    troubles.into_iter().collect()
}

/// The fields that a template uses, as far as it reads.
#[must_use]
pub fn used(template: &AppealTemplate) -> BTreeSet<String> {
    let environment = environment();
    let mut used = BTreeSet::new();
    for (_, source) in sources(template) {
        if let Ok(template) = environment.template_from_str(source) {
            used.extend(template.undeclared_variables(false));
        }
    }
    used
}

/// The fields that a template uses, that are not in the list, and that it does not declare.
#[must_use]
pub fn undeclared(template: &AppealTemplate) -> Vec<String> {
    let declared = |name: &String| template.blanks.iter().any(|blank| blank.name == *name);
    let names = used(template).into_iter();
    names.filter(|name| field(name).is_none() && !declared(name)).collect()
}

fn sources(template: &AppealTemplate) -> impl Iterator<Item = (Place, &str)> {
    let numbered = (1..).map(Place::Paragraph).zip(template.paragraphs.iter().map(String::as_str));
    std::iter::once((Place::Title, template.title.as_str())).chain(numbered)
}

/// A brace of a template's text that marks nothing: `{name}` would be printed as it stands.
fn lone_brace(source: &str) -> Option<char> {
    let mut rest = source;
    while let Some(at) = rest.find(['{', '}']) {
        let from = &rest[at..];
        let close = ["{{", "{%", "{#"].iter().position(|open| from.starts_with(open));
        let Some(close) = close.map(|which| ["}}", "%}", "#}"][which]) else {
            return from.chars().next();
        };
        rest = from.find(close).map_or("", |end| &from[end + close.len()..]);
    }
    None
}

fn is_name(name: &str) -> bool {
    let mut bytes = name.bytes();
    let begins = bytes.next().is_some_and(|byte| byte.is_ascii_lowercase());
    let goes_on = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    begins && name.len() <= 40 && bytes.all(goes_on)
}
