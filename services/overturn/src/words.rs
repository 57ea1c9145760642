//! Numbers, days and findings in words, as people in the United States read them.

use chrono::NaiveDate;

/// `1 claim`, `2 claims`.
pub(crate) fn counted(count: impl Into<i128>, thing: &str) -> String {
    let count = count.into();
    format!("{count} {thing}{}", if count == 1 { "" } else { "s" })
}

/// `12,345`.
pub(crate) fn grouped(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut text = if number < 0 { "-".to_owned() } else { String::new() };
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `02/11/2027`.
pub(crate) fn day(date: NaiveDate) -> String {
    domain::calendar::spoken(date).to_string()
}

/// `2 days left`, and what the last day and those after it are called.
pub(crate) fn days_left(days: i64) -> String {
    match days {
        1.. => format!("{} left", counted(days, "day")),
        0 => "today is the last day".to_owned(),
        _ => format!("passed {} ago", counted(days.unsigned_abs(), "day")),
    }
}

/// The name of a contract's enum value as words: `PATH_CORRECTED_CLAIM` less `PATH_`.
pub(crate) fn spoken(name: &str, prefix: &str) -> String {
    name.strip_prefix(prefix).unwrap_or(name).to_lowercase().replace('_', " ")
}

/// One finding with its position and, where there is something to do about it, advice.
pub(crate) fn finding(offset: impl Into<i128>, segment: &str, message: &str, code: &str) -> String {
    let place = if segment.is_empty() { String::new() } else { format!(" in {segment}") };
    let mut text = format!("at byte {}{place}: {message}", offset.into());
    // A message is often the code in words; it need not be said twice.
    if !message.starts_with(&code.replace('-', " ")) {
        text.push_str(&format!(" ({code})"));
    }
    if let Some(advice) = advice(code) {
        text.push_str(&format!("; {advice}"));
    }
    text
}

/// What to do about a finding of that code, the reader's or the server's.
fn advice(code: &str) -> Option<&'static str> {
    Some(match code {
        "not-x12" | "nul-bytes" | "no-transaction" => {
            "make sure that this is the file as the payer sent it"
        }
        "utf16" => "save it as plain ASCII, or ask for it again",
        "truncated" | "cut-short" => "ask the payer or clearinghouse for the whole file",
        "missing-se" | "missing-ge" | "missing-iea" => "the file may be cut off at its end",
        "se-count-mismatch" | "ge-count-mismatch" | "iea-count-mismatch" => {
            "compare it with the sender's copy: something may be missing"
        }
        "wrong-transaction-set" => "an 835, 277 or 277CA is wanted here",
        "wrong-terminator" | "bad-segment-id" => "something rewrote the file on its way here",
        "unbalanced-line" | "unbalanced-claim" => "the payer must explain the difference",
        "unbalanced-transaction" => "compare the payment with the bank before posting it",
        "payee-unknown" => "add the facility with this NPI or tax id, then send the file again",
        "payee-unstated" => "find out whose money this is before relying on it",
        "payer-unknown" => "add the payer with this name or id to the dictionary",
        "too-many-transactions" => "split it by transactions",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_not_many() {
        assert_eq!(counted(1, "claim"), "1 claim");
        assert_eq!(counted(0, "claim"), "0 claims");
        assert_eq!(counted(2_u64, "work item"), "2 work items");
        assert_eq!(days_left(2), "2 days left");
        assert_eq!(days_left(1), "1 day left");
        assert_eq!(days_left(0), "today is the last day");
        assert_eq!(days_left(-1), "passed 1 day ago");
    }

    #[test]
    fn numbers_and_days_read_as_in_the_united_states() {
        assert_eq!(grouped(11_470_840), "11,470,840");
        assert_eq!(grouped(-1_000), "-1,000");
        assert_eq!(grouped(999), "999");
        assert_eq!(day(NaiveDate::from_ymd_opt(2027, 2, 1).unwrap()), "02/01/2027");
    }

    #[test]
    fn a_finding_says_where_once_and_what_to_do() {
        let text = finding(360, "CLP", "missing lx", "missing-lx");
        assert_eq!(text, "at byte 360 in CLP: missing lx");
        let text = finding(7, "", "the payee is no facility of this tenant", "payee-unknown");
        assert!(text.starts_with("at byte 7: the payee is"), "{text}");
        assert!(text.contains(" (payee-unknown); add the facility"), "{text}");
    }

    #[test]
    fn every_advice_is_about_a_finding_there_is() {
        let ours = ["cut-short", "payee-unknown", "payee-unstated", "payer-unknown"];
        let known: Vec<&str> = x12::FindingCode::ALL.iter().map(|code| code.as_str()).collect();
        for code in include_str!("words.rs").split('"').filter(|text| advice(text).is_some()) {
            let server = ours.contains(&code) || code == "too-many-transactions";
            assert!(server || known.contains(&code), "{code}");
        }
    }
}
