use super::*;

const FILE: &str = include_str!("../../../data/deadlines.csv");

/// A file of the header and one good row, with one cell of it replaced.
fn with_cell(column: &str, cell: &str) -> String {
    let good = [
        ("slug", "a-rule"),
        ("payer_type", "commercial"),
        ("payer", "a payer"),
        ("basis", "practice"),
        ("path", "appeal_level_1"),
        ("level", "first"),
        ("count", "90"),
        ("unit", "day"),
        ("roll", "none"),
        ("filed_when", "received"),
        ("clock_start", "notice_date"),
        ("counted_from", "remittance date"),
        ("source", "a page"),
        ("confidence", "C"),
    ];
    let cells = COLUMNS.map(|name| {
        if name == column {
            return cell;
        }
        good.iter().find(|(of, _)| *of == name).map_or("", |(_, text)| text)
    });
    format!("{}\n{}\n", COLUMNS.join(","), cells.join(","))
}

#[test]
fn every_row_of_the_file_loads() {
    let loaded = load(FILE).unwrap();
    let mut rows = csv::Reader::from_reader(FILE.as_bytes());
    let slugs: Vec<String> = rows.records().map(|record| record.unwrap()[0].to_owned()).collect();
    let mut sorted = slugs.clone();
    sorted.sort();
    assert_eq!(loaded.rules.iter().map(|rule| rule.slug.clone()).collect::<Vec<_>>(), sorted);
    assert_eq!(loaded.unverified, []);
    assert_eq!(starter_rules(), loaded.rules);
}

#[test]
fn ranges_of_the_file_are_marked_as_guesses() {
    for rule in starter_rules() {
        assert_eq!(rule.guess, rule.notes.starts_with("guess:"), "{}", rule.slug);
    }
}

#[test]
fn a_good_row_loads() {
    let loaded = load(&with_cell("slug", "b-rule")).unwrap();
    assert_eq!((loaded.rules.len(), loaded.rules[0].count), (1, Some(90)));
}

#[test]
fn a_bad_cell_is_refused_by_line_and_column() {
    for (column, cell) in [
        ("slug", "A Rule"),
        ("slug", ""),
        ("payer_type", "medicare"),
        ("payer_slug", "Aetna Inc"),
        ("network", "maybe"),
        ("basis", "hearsay"),
        ("path", "appeal"),
        ("count", "-1"),
        ("count", ""),
        ("count", "30-60"),
        ("count", "99999"),
        ("unit", "week"),
        ("month_end", "clamp"),
        ("month_end", "round"),
        ("roll", "forward"),
        ("filed_when", "soon"),
        ("clock_start", "contract"),
        ("counted_from", ""),
        ("presumed_receipt_days", "5"),
        ("presumed_receipt_days", "five"),
        ("guess", "N"),
        ("source", ""),
        ("confidence", "E"),
        ("effective_from", "2026-1-1"),
        ("effective_until", "2026-02-30"),
    ] {
        let errors = load(&with_cell(column, cell)).unwrap_err();
        let found: Vec<(u64, &str)> =
            errors.iter().map(|error| (error.line, error.column)).collect();
        assert!(found.contains(&(2, column)), "{column} = {cell}: {errors:?}");
    }
}

#[test]
fn units_say_what_the_count_must_be() {
    for (unit, count, fits) in [
        ("fixed", "12-31 of the year after service", true),
        ("fixed", "02-29 of the year after service", false),
        ("fixed", "31", false),
        ("remaining_window", "of another-rule", false),
        ("business_day", "30", true),
    ] {
        let file = with_cell("count", count).replacen(",day,", &format!(",{unit},"), 1);
        assert_eq!(load(&file).is_ok(), fits, "{unit} {count}");
    }
}

#[test]
fn a_slug_stands_once() {
    let good = with_cell("", "");
    let twice = format!("{good}{}\n", good.lines().nth(1).unwrap());
    let errors = load(&twice).unwrap_err();
    assert_eq!((errors.len(), errors[0].line, errors[0].column), (1, 3, "slug"));
}

#[test]
fn another_header_or_a_ragged_row_is_refused() {
    assert_eq!(load("slug,payer\n").unwrap_err()[0].line, 1);
    let ragged = format!("{}too,short\n", with_cell("", ""));
    assert_eq!(load(&ragged).unwrap_err()[0].line, 3);
}

#[test]
fn an_unverified_row_is_set_apart_and_never_computed() {
    let loaded = load(&with_cell("confidence", "D")).unwrap();
    assert_eq!((loaded.rules.len(), loaded.unverified.len()), (0, 1));
    let computed = compute(&loaded.unverified[0], &remitted("2026-01-05"), Zone::EASTERN);
    assert_eq!(computed, Err(NoDeadline::Unverified));
}

#[test]
fn a_rule_reads_back_from_its_canonical_parts() {
    for rule in starter_rules() {
        let text = serde_json::to_string(&rule).unwrap();
        assert_eq!(serde_json::from_str::<Rule>(&text).unwrap(), rule);
    }
}
