//! The letters of the base bundle: a file each in `data/letters`, its head before `---`, its
//! paragraphs parted by `====`.

use super::sections::slug_of;
use crate::deadline::Path;
use crate::dictionary::Slug;
use crate::dictionary::entry::PathRules;
use crate::dictionary::sections::{AppealTemplate, Blank};
use crate::dictionary::vocabulary::Category;

macro_rules! letters {
    ($($name:literal),+ $(,)?) => {
        &[$(($name, include_str!(concat!("../../data/letters/", $name, ".txt")))),+]
    };
}

const FILES: &[(&str, &str)] = letters![
    "external-review",
    "level-1-authorization",
    "level-1-coding",
    "level-1-eligibility",
    "level-1-general",
    "level-1-medical-necessity",
    "level-1-timely-filing",
    "level-2-general",
    "level-3-general",
    "reopening",
];

/// The letter of a first appeal whose family has none of its own.
const GENERAL: &str = "level-1-general";

/// Every letter.
pub(super) fn templates() -> Vec<AppealTemplate> {
    FILES.iter().map(|(name, text)| template(name, text)).collect()
}

fn template(name: &str, text: &str) -> AppealTemplate {
    let (head, body) = text.split_once("---\n").expect("a letter has a head");
    let mut template = AppealTemplate {
        slug: slug_of(name),
        title: String::new(),
        path: Path::AppealLevel1,
        categories: Vec::new(),
        paragraphs: body.split("\n====\n").map(|part| part.trim_end().to_owned()).collect(),
        blanks: Vec::new(),
    };
    for line in head.lines() {
        let (what, value) = line.split_once(": ").expect("a line of a head has a name");
        let known = "the head names words of closed lists, which the tests read";
        match what.strip_prefix("blank ") {
            Some(blank) => {
                template.blanks.push(Blank { name: blank.to_owned(), words: value.to_owned() })
            }
            None if what == "title" => value.clone_into(&mut template.title),
            None if what == "path" => template.path = Path::parse(value).expect(known),
            None => template.categories.push(Category::parse(value).expect(known)),
        }
    }
    template
}

/// The letter that a first appeal of a family starts from; none where there is nothing to appeal.
pub(super) fn of_first_appeal(category: Category, paths: &[PathRules]) -> Option<Slug> {
    if !paths.iter().any(|path| path.path == Path::AppealLevel1) {
        return None;
    }
    let name = match category {
        Category::AuthorizationReferral => "level-1-authorization",
        Category::MedicalNecessity => "level-1-medical-necessity",
        Category::TimelyFiling => "level-1-timely-filing",
        Category::Coding | Category::BundlingNcci => "level-1-coding",
        Category::RegistrationEligibility | Category::Cob => "level-1-eligibility",
        _ => GENERAL,
    };
    Some(slug_of(name))
}
