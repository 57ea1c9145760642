//! What the fields of an item are called in a sentence, and how their values read.

/// How the values of a field read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    /// A word of a closed list.
    Word,
    /// A name of something.
    Slug,
    /// A code, as it stands.
    Code,
    /// Free text; in a list, an item is a text of its own.
    Text,
    /// Cents.
    Money,
    /// Basis points.
    Percent,
    /// A whole number, with what it counts: one of it, many of it.
    Count(&'static str, &'static str),
    /// Yes or no.
    Flag,
    /// A date.
    Day,
    /// From one date to another.
    Days,
    /// From one amount to another.
    Amounts,
    /// A procedure code or a range of them.
    Procedures,
    /// The day of a year, for a fixed deadline.
    FixedDay,
    /// A list of paths, each with its rules.
    Paths,
    /// A list of escalation steps.
    Steps,
    /// A list of blanks of a letter.
    Blanks,
}

/// A field of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Field {
    pub(crate) path: &'static str,
    /// What it is called; of a list of texts or objects, what one of them is called.
    pub(crate) name: &'static str,
    pub(crate) style: Style,
    /// What a field that is left out says.
    pub(crate) absent: &'static str,
}

const fn field(path: &'static str, name: &'static str, style: Style) -> Field {
    Field { path, name, style, absent: "none" }
}

/// A field that accepts anything when it is left out.
const fn choice(path: &'static str, name: &'static str, style: Style) -> Field {
    Field { path, name, style, absent: "any" }
}

/// Every field, in the order in which its item states it; where two sections share a path, they
/// share its meaning.
const FIELDS: &[Field] = &[
    field("slug", "slug", Style::Slug),
    choice("match.rarc.any", "choice of remark codes", Style::Code),
    field("match.rarc.all", "set of required remark codes", Style::Code),
    field("match.rarc.none", "set of excluded remark codes", Style::Code),
    choice("match.carc", "reason code", Style::Code),
    choice("match.group", "group code", Style::Code),
    choice("match.payer", "payer", Style::Slug),
    choice("match.lob", "line of business", Style::Word),
    choice("match.network", "network", Style::Word),
    choice("match.facility", "facility", Style::Slug),
    choice("match.service_line", "service line", Style::Slug),
    choice("match.claim_type", "claim type", Style::Word),
    choice("match.context.authorization", "authorization on record", Style::Word),
    choice("match.context.eligibility", "eligibility on record", Style::Word),
    choice("match.context.filing_proof", "filing proof on record", Style::Word),
    choice("match.procedure", "procedure", Style::Procedures),
    choice("match.amount", "denied amount", Style::Amounts),
    choice("match.service_dates", "date of service", Style::Days),
    field("meaning.label", "label", Style::Text),
    field("meaning.record_class", "record class", Style::Word),
    field("meaning.category", "category", Style::Word),
    field("meaning.hardness", "hardness", Style::Word),
    field("meaning.preventable", "preventable", Style::Word),
    field("meaning.appealable", "appealable", Style::Word),
    field("meaning.root_cause.process", "upstream process", Style::Word),
    field("meaning.root_cause.words", "root cause", Style::Text),
    field("meaning.owner_function", "owner function", Style::Word),
    field("meaning.next_action", "next action", Style::Word),
    field("meaning.action_words", "instruction", Style::Text),
    field("meaning.evidence", "evidence", Style::Slug),
    field("meaning.paths", "open path", Style::Paths),
    field("meaning.escalation", "escalation step", Style::Steps),
    field("meaning.sign_offs", "review before an appeal", Style::Word),
    field("meaning.template", "template", Style::Slug),
    field("meaning.expected_overturn", "expected overturn", Style::Percent),
    field("meaning.expected_days", "expected time to an answer", Style::Count("day", "days")),
    field("meaning.effort_minutes", "expected effort", Style::Count("minute", "minutes")),
    field("meaning.review_reason", "reason for review by a person", Style::Text),
    field("meaning.assumed", "list of unconfirmed fields", Style::Word),
    field("meaning.notes", "note", Style::Text),
    field("rarc", "remark code", Style::Code),
    field("alert", "alert", Style::Flag),
    field("effect", "effect", Style::Word),
    field("kind", "case", Style::Word),
    field("owner_function", "owner function", Style::Word),
    field("action", "action", Style::Word),
    field("next_action", "next action", Style::Word),
    field("opens", "path it opens", Style::Word),
    field("words", "statement", Style::Text),
    field("title", "title", Style::Text),
    choice("media", "kind of document", Style::Code),
    field("days_before", "time before service", Style::Count("day", "days")),
    field("days_after", "time after service", Style::Count("day", "days")),
    field("payer_type", "regime", Style::Word),
    choice("payer", "payer", Style::Slug),
    choice("facility", "facility", Style::Slug),
    choice("service_line", "service line", Style::Slug),
    field("team", "team", Style::Slug),
    field("action_words", "instruction", Style::Text),
    field(
        "settle_within_business_days",
        "time to settle",
        Style::Count("business day", "business days"),
    ),
    choice("carc", "reason code", Style::Code),
    field("ceiling", "ceiling", Style::Money),
    field("payer_words", "payer in the source's words", Style::Text),
    choice("network", "network", Style::Word),
    field("basis", "basis", Style::Word),
    field("path", "path", Style::Word),
    choice("categories", "category", Style::Word),
    field("paragraphs", "paragraph", Style::Text),
    field("blanks", "blank", Style::Blanks),
    field("level", "level", Style::Text),
    field("count", "length", Style::Count("unit", "units")),
    field("unit", "unit", Style::Word),
    field("fixed", "fixed day", Style::FixedDay),
    field("shares_window_of", "rule whose window it shares", Style::Slug),
    field("month_end", "month end", Style::Word),
    field("roll", "what follows a weekend or holiday", Style::Word),
    field("filed_when", "what counts as filed", Style::Word),
    field("counted_from", "clock start", Style::Word),
    field("counted_from_words", "clock start in the source's words", Style::Text),
    field("presumed_receipt_days", "presumed time to receipt", Style::Count("day", "days")),
    field("decision_words", "time to decide in the source's words", Style::Text),
    field("decision_days", "time to decide", Style::Count("day", "days")),
    field("threshold", "amount in controversy", Style::Text),
    field("numerator", "numerator", Style::Text),
    field("denominator", "denominator", Style::Text),
    field("notes", "note", Style::Text),
    Field { path: "guess", name: "guess", style: Style::Flag, absent: "no" },
    field("source", "source", Style::Text),
    field("confidence", "confidence", Style::Code),
    field("effective_from", "first day in force", Style::Day),
    field("effective_until", "last day in force", Style::Day),
];

/// The field of this path, or the one that the path leads into.
pub(crate) fn of(path: &str) -> Option<&'static Field> {
    let mut known = path;
    loop {
        if let Some(field) = FIELDS.iter().find(|field| field.path == known) {
            return Some(field);
        }
        known = &known[..known.rfind(['.', '['])?];
    }
}

/// What a field is called in a sentence.
pub(crate) fn name(path: &str) -> String {
    match of(path) {
        Some(field) => field.name.to_owned(),
        None => path.rsplit('.').next().unwrap_or(path).replace('_', " "),
    }
}
