//! The entries as a decision table: the first row whose conditions hold decides.

use domain::dictionary::selector::{ProcedureMatch, Selector};
use domain::dictionary::{Bundle, Entry};

/// The conditions and then the outcomes, as the first line names them.
const COLUMNS: [&str; 33] = [
    "entry",
    "rarc_any",
    "rarc_all",
    "rarc_none",
    "carc",
    "group",
    "payer",
    "line_of_business",
    "network",
    "facility",
    "service_line",
    "claim_type",
    "authorization",
    "eligibility",
    "filing_proof",
    "procedure",
    "amount_cents",
    "service_dates",
    "label",
    "record_class",
    "category",
    "hardness",
    "preventable",
    "appealable",
    "root_cause_process",
    "root_cause",
    "owner_function",
    "next_action",
    "action",
    "evidence",
    "paths",
    "expected_overturn_basis_points",
    "effort_minutes",
];

/// Entries as CSV (RFC 4180), the most specific first: of two that accept a denial the upper
/// decides. A blank condition accepts anything; several values stand between blanks, a range is
/// `from..to`.
pub fn decision_table(bundle: &Bundle) -> String {
    let mut out = line(COLUMNS.map(str::to_owned));
    for entry in super::ranked(&bundle.entries) {
        out.push_str(&line(row(entry)));
    }
    out
}

fn row(entry: &Entry) -> [String; 33] {
    let (asked, meaning) = (&entry.matches, &entry.meaning);
    let paths = meaning.paths.iter().map(|path| {
        let rules: Vec<&str> = path.rules.iter().map(|rule| rule.as_str()).collect();
        if rules.is_empty() {
            path.path.to_string()
        } else {
            format!("{}:{}", path.path, rules.join("+"))
        }
    });
    [
        entry.slug.to_string(),
        joined(&asked.rarc.any),
        joined(&asked.rarc.all),
        joined(&asked.rarc.none),
        chosen(&asked.carc, ToString::to_string),
        chosen(&asked.group, ToString::to_string),
        chosen(&asked.payer, ToString::to_string),
        chosen(&asked.lob, |lob| lob.as_str().to_owned()),
        chosen(&asked.network, |network| network.as_str().to_owned()),
        chosen(&asked.facility, ToString::to_string),
        chosen(&asked.service_line, ToString::to_string),
        chosen(&asked.claim_type, |claim_type| claim_type.as_str().to_owned()),
        chosen(&asked.context.authorization, |word| word.as_str().to_owned()),
        chosen(&asked.context.eligibility, |word| word.as_str().to_owned()),
        chosen(&asked.context.filing_proof, |word| word.as_str().to_owned()),
        procedure(&asked.procedure),
        between(
            asked.amount.at_least.map(|a| a.as_i64()),
            asked.amount.at_most.map(|a| a.as_i64()),
        ),
        between(asked.service_dates.from, asked.service_dates.to),
        meaning.label.clone(),
        meaning.record_class.as_str().to_owned(),
        meaning.category.as_str().to_owned(),
        meaning.hardness.as_str().to_owned(),
        meaning.preventable.as_str().to_owned(),
        meaning.appealable.as_str().to_owned(),
        meaning.root_cause.process.as_str().to_owned(),
        meaning.root_cause.words.clone(),
        meaning.owner_function.as_str().to_owned(),
        meaning.next_action.as_str().to_owned(),
        meaning.action_words.clone(),
        joined(&meaning.evidence),
        paths.collect::<Vec<_>>().join(" "),
        meaning.expected_overturn.as_u32().to_string(),
        meaning.effort_minutes.to_string(),
    ]
}

fn chosen<T: Ord>(selector: &Selector<T>, words: impl Fn(&T) -> String) -> String {
    selector.values().iter().map(words).collect::<Vec<_>>().join(" ")
}

fn joined<T: ToString>(values: &[T]) -> String {
    values.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
}

fn procedure(asked: &ProcedureMatch) -> String {
    match asked.bounds() {
        None => String::new(),
        Some((from, to)) if from == to => from.to_owned(),
        Some((from, to)) => format!("{from}..{to}"),
    }
}

fn between<T: ToString>(from: Option<T>, to: Option<T>) -> String {
    if from.is_none() && to.is_none() {
        return String::new();
    }
    let text = |end: Option<T>| end.map(|end| end.to_string()).unwrap_or_default();
    format!("{}..{}", text(from), text(to))
}

/// A line of CSV; what a spreadsheet would take for a formula begins with an apostrophe.
fn line<const N: usize>(fields: [String; N]) -> String {
    let quoted = fields.map(|field| {
        let field = if field.starts_with(['=', '+', '-', '@', '\t', '\r']) {
            format!("'{field}")
        } else {
            field
        };
        if field.contains(['"', ',', '\n', '\r']) {
            format!("\"{}\"", field.replace('"', "\"\""))
        } else {
            field
        }
    });
    quoted.join(",") + "\r\n"
}
