//! Differences as sentences.

mod text;
mod value;

use serde_json::Value;

use super::FieldDifference;
use crate::edit::SectionKind;
use crate::edit::fields::{self, Style};
use value::{list, one, values};

/// How many values of one set a sentence shows.
const VALUES_SHOWN: usize = 12;
/// How many texts, paths or steps of one field a sentence shows.
const ROWS_SHOWN: usize = 3;

/// What a changed item says.
pub(super) fn changed(kind: SectionKind, slug: &str, fields: &[FieldDifference]) -> String {
    sentence(kind, slug, ": ", fields.iter().map(clause))
}

/// What an item that came or went says: the fields that tell what it was about.
pub(super) fn whole(kind: SectionKind, slug: &str, verb: &str, item: &Value) -> String {
    let said = headline(kind).iter().filter_map(|path| {
        let value = path.split('.').try_fold(item, |value, name| value.get(name))?;
        let style = fields::of(path).map(|field| field.style);
        Some(format!("{} {}", fields::name(path), whole_value(style, value)))
    });
    sentence(kind, slug, &format!(" {verb}: "), said)
}

fn sentence(
    kind: SectionKind,
    slug: &str,
    verb: &str,
    clauses: impl Iterator<Item = String>,
) -> String {
    let mut words = kind.words();
    words[..1].make_ascii_uppercase();
    words.push_str(&format!(" `{slug}`{verb}"));
    for (at, clause) in clauses.enumerate() {
        if at > 0 {
            words.push_str("; ");
        }
        words.push_str(&clause);
    }
    words.push('.');
    words
}

/// The fields by which people know an item.
const fn headline(kind: SectionKind) -> &'static [&'static str] {
    match kind {
        SectionKind::Entry => &[
            "meaning.label",
            "match.carc",
            "match.rarc.any",
            "match.rarc.all",
            "match.rarc.none",
            "match.group",
            "match.payer",
            "match.lob",
            "match.network",
            "match.facility",
            "match.service_line",
            "match.claim_type",
            "match.context.authorization",
            "match.context.eligibility",
            "match.context.filing_proof",
            "match.procedure",
            "match.amount",
            "match.service_dates",
            "meaning.next_action",
            "meaning.owner_function",
            "meaning.expected_overturn",
        ],
        SectionKind::RemarkRule => &["rarc", "alert", "effect", "next_action", "opens"],
        SectionKind::OwnerRule => &["owner_function", "payer", "facility", "service_line", "team"],
        SectionKind::DocumentationStandard => &["title", "media", "days_before", "days_after"],
        SectionKind::AppealTemplate => &["title", "path", "categories"],
        SectionKind::DeadlineRule => {
            &["payer_words", "path", "count", "unit", "counted_from", "source"]
        }
        SectionKind::MetricDefinition => &["title", "numerator", "denominator"],
        SectionKind::ExceptionPolicy => &["kind", "owner_function", "team"],
        SectionKind::AutomationLimit => &["action", "carc", "ceiling"],
    }
}

/// What became of one field.
fn clause(field: &FieldDifference) -> String {
    let known = fields::of(field.path);
    let style = known.map(|known| known.style);
    let absent = known.map_or("none", |known| known.absent);
    let name = known.map_or_else(|| fields::name(field.path), |known| known.name.to_owned());
    let (from, to) = (field.from.as_ref(), field.to.as_ref());
    let (Some(before), Some(after)) =
        (from.map_or(Some(Vec::new()), values), to.map_or(Some(Vec::new()), values))
    else {
        return scalar(&name, style, absent, from, to);
    };
    let gone: Vec<&Value> = before.iter().filter(|one| !after.contains(one)).copied().collect();
    let new: Vec<&Value> = after.iter().filter(|one| !before.contains(one)).copied().collect();
    let words =
        |held: &[&Value]| -> Vec<String> { held.iter().map(|value| one(style, value)).collect() };
    if matches!(style, Some(Style::Text | Style::Paths | Style::Steps | Style::Blanks)) {
        return rows(&name, style, &gone, &new);
    }
    let anything = absent == "any" && (before.is_empty() || after.is_empty());
    if anything || (before.len() == 1 && after.len() == 1) {
        let side = |held: &[&Value]| {
            if held.is_empty() { absent.to_owned() } else { list(&words(held), VALUES_SHOWN) }
        };
        return format!("{name} changes from {} to {}", side(&before), side(&after));
    }
    let verb = |verb: &str, held: &[&Value]| {
        (!held.is_empty()).then(|| format!("{verb} {}", list(&words(held), VALUES_SHOWN)))
    };
    let verbs: Vec<String> =
        [verb("adds", &new), verb("drops", &gone)].into_iter().flatten().collect();
    if verbs.is_empty() {
        return format!("{name} changes its order or number");
    }
    format!("{name} {}", verbs.join(" and "))
}

/// A field that holds one value, or none.
fn scalar(
    name: &str,
    style: Option<Style>,
    absent: &str,
    from: Option<&Value>,
    to: Option<&Value>,
) -> String {
    if let (Some(Value::String(from)), Some(Value::String(to)), Some(Style::Text) | None) =
        (from, to, style)
    {
        return text::reworded(name, from, to);
    }
    let number = |side: Option<&Value>| side.and_then(Value::as_i64);
    let verb = match (number(from), number(to)) {
        (Some(from), Some(to)) if from < to => "rises",
        (Some(_), Some(_)) => "falls",
        _ => "changes",
    };
    let words =
        |side: Option<&Value>| side.map_or(absent.to_owned(), |value| whole_value(style, value));
    format!("{name} {verb} from {} to {}", words(from), words(to))
}

/// A list of texts or objects; `noun` is what one of them is called.
fn rows(noun: &str, style: Option<Style>, gone: &[&Value], new: &[&Value]) -> String {
    let article = if noun.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
    if let ([Value::String(gone)], [Value::String(new)]) = (gone, new) {
        return text::reworded(&format!("{article} {noun}"), gone, new);
    }
    let verb = |verb: &str, held: &[&Value]| {
        let shown: Vec<String> = held.iter().map(|value| one(style, value)).collect();
        let shown = list(&shown, ROWS_SHOWN);
        match held.len() {
            0 => None,
            1 => Some(format!("{article} {noun} is {verb}: {shown}")),
            many => Some(format!("{many} {noun}s are {verb}: {shown}")),
        }
    };
    let verbs: Vec<String> =
        [verb("added", new), verb("dropped", gone)].into_iter().flatten().collect();
    if verbs.is_empty() {
        format!("the {noun}s change their order or number")
    } else {
        verbs.join("; ")
    }
}

/// A value that may hold several.
fn whole_value(style: Option<Style>, value: &Value) -> String {
    match values(value) {
        Some(held) => {
            let words: Vec<String> = held.iter().map(|value| one(style, value)).collect();
            list(&words, VALUES_SHOWN)
        }
        None => one(style, value),
    }
}
