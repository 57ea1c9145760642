use std::collections::BTreeMap;
use std::time::Instant;

use domain::deadline::Path;
use domain::dictionary::Slug;
use domain::dictionary::sections::{AppealTemplate, Blank};
use proptest::prelude::*;

use super::*;

fn template(paragraphs: &[&str]) -> AppealTemplate {
    AppealTemplate {
        slug: Slug::new("letter").unwrap(),
        title: "Appeal of {{ payer_claim_number }}".to_owned(),
        path: Path::AppealLevel1,
        categories: Vec::new(),
        paragraphs: paragraphs.iter().map(|text| (*text).to_owned()).collect(),
        blanks: vec![Blank { name: "called_on".to_owned(), words: "day of the call".to_owned() }],
    }
}

fn claim() -> Fields {
    let mut fields = Fields::default();
    fields.text("payer_claim_number", "ICN 17");
    fields.text("patient_name", "Müller, José <b>");
    let row = |code: &'static str| BTreeMap::from([("procedure_code", code.to_owned())]);
    fields.fill("denials", Filled::Rows(vec![row("99213"), row("71045")]));
    fields.fill("exhibits", Filled::List(vec!["Record".to_owned(), "Order".to_owned()]));
    fields
}

fn called() -> BTreeMap<String, String> {
    BTreeMap::from([("called_on".to_owned(), "5 May".to_owned())])
}

#[test]
fn a_letter_has_what_is_known_and_what_a_person_fills() {
    let template = template(&[
        "For {{ patient_name }}; called on {{ called_on }}.",
        "{% if authorization_number %}Authorized as {{ authorization_number }}.{% endif %}",
        "{% for denial in denials %}\n- {{ denial.procedure_code }}\n{% endfor %}",
        "One\n\nTwo\nlines: {{ exhibits | join(', ') }}",
    ]);
    let text = render(&template, &claim(), &called()).unwrap();
    assert_eq!(text.title, "Appeal of ICN 17");
    assert_eq!(
        text.paragraphs,
        [
            "For Müller, José <b>; called on 5 May.",
            "- 99213\n- 71045",
            "One",
            "Two\nlines: Record, Order",
        ],
        "nothing is escaped, what says nothing is left out, and an empty line parts paragraphs"
    );
    assert!(text.plain().starts_with("Appeal of ICN 17\n\nFor Müller"));
}

#[test]
fn what_nothing_fills_is_named_and_no_letter_is_written() {
    let template = template(&["{{ member_id }} {{ called_on | upper }} {{ patient_name }}"]);
    let refused = render(&template, &claim(), &BTreeMap::new()).unwrap_err();
    assert_eq!(refused.to_string(), "nothing is known for `called_on`, `member_id`");
    let shown = preview(&template, &claim(), &BTreeMap::new()).unwrap();
    assert_eq!(shown.paragraphs, ["[member_id] [CALLED_ON] Müller, José <b>"]);
}

#[test]
fn what_is_wrong_with_a_template_is_said_with_its_place() {
    let said = |paragraphs: &[&str]| -> Vec<String> {
        let mut paragraphs = paragraphs.to_vec();
        paragraphs.push("{{ called_on }}");
        check(&template(&paragraphs)).iter().map(ToString::to_string).collect()
    };
    assert_eq!(
        said(&["To {{ payer_name }}", "{% for it in denials %}{{ it.denied }}{% endfor %}"]),
        [""; 0]
    );
    for (text, words) in [
        ("{{ nickname }}", "nothing fills `nickname`"),
        ("{% if nickname %}x{% endif %}", "nothing fills `nickname`"),
        ("{{ config.secret }}", "nothing fills `config`"),
        ("{payer_name}", "paragraph 1: a lone `{`: fields are written `{{ name }}`"),
        ("all of it }", "paragraph 1: a lone `}`: fields are written `{{ name }}`"),
        (
            "{% for it in denials %}{{ it.nickname }}{% endfor %}",
            "paragraph 1: it uses what its row or list does not have in line 1",
        ),
        (
            "{{ payer_name | tojson }}",
            "paragraph 1: it uses a filter that letters do not have in line 1",
        ),
    ] {
        assert_eq!(said(&[text]), [words], "{text}");
    }
    let unclosed = said(&["line one\n{% if payer_name %}"]);
    assert!(unclosed[0].starts_with("paragraph 1: it does not read: "), "{unclosed:?}");
    let mut declared = template(&["{{ called_on }}"]);
    for name in ["payer_name", "Called", "unused"] {
        declared.blanks.push(Blank { name: name.to_owned(), words: name.to_owned() });
    }
    let words: Vec<String> = check(&declared).iter().map(ToString::to_string).collect();
    assert_eq!(
        words,
        [
            "the blank `payer_name` has the name of a known field",
            "the blank `Called` needs a name of lowercase letters, digits and `_`",
            "the blank `unused` is declared and not used",
        ]
    );
}

#[test]
fn a_hostile_template_ends_soon_and_small() {
    let thousand = "{% for a in denials %}".repeat(30) + "x" + &"{% endfor %}".repeat(30);
    let doubling = format!("{{% set a = 'a' %}}{}{{{{ a }}}}", "{% set a = a ~ a %}".repeat(40));
    for bomb in [
        thousand.as_str(),
        doubling.as_str(),
        "{{ 'a' * 1000000000 }}",
        "{% for i in range(1000000000) %}x{% endfor %}",
        "{% include '/etc/passwd' %}",
        "{% import 'x' as y %}",
        "{% extends 'x' %}",
        "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}",
        "{{ payer_name.__class__ }}",
        "{{ debug() }}",
        "{{ (((((((((((((((1 }}",
    ] {
        let began = Instant::now();
        let troubles = check(&template(&[bomb, "{{ called_on }}"]));
        assert!(!troubles.is_empty(), "{bomb}");
        let rendered = render(&template(&[bomb]), &claim(), &called());
        assert!(rendered.is_err(), "{bomb}");
        assert!(began.elapsed().as_millis() < 1_000, "{bomb} took {:?}", began.elapsed());
    }
    let mut long = claim();
    long.text("patient_name", "n".repeat(400_000));
    let three = template(&["{{ patient_name }}", "{{ patient_name }}", "{{ patient_name }}"]);
    let refused = render(&three, &long, &called()).unwrap_err().to_string();
    assert_eq!(refused, "paragraph 3: the letter has more than 1048576 bytes");
}

#[test]
fn no_value_of_a_field_stands_in_a_refusal() {
    let secret = "SECRET-77";
    let mut fields = claim();
    fields.text("member_id", secret);
    for text in [
        "{{ member_id + 1 }}",
        "{{ member_id.x.y }}",
        "{% for a in member_id | length %}{% endfor %}",
        "{{ member_id() }}",
        "{{ member_id[2:1:0] }}",
        "{{ denials | join(1, 2, 3) }}",
        "{{ 1 < denials }}{{ member_id % 2 }}",
    ] {
        let outcome = render(&template(&[text]), &fields, &called());
        if let Err(refused) = outcome {
            assert!(!refused.to_string().contains(secret), "{text}: {refused}");
        }
    }
}

#[test]
fn the_list_of_fields_is_sorted_and_complete() {
    assert!(FIELDS.is_sorted_by(|a, b| a.name < b.name));
    assert!(DENIAL_COLUMNS.is_sorted());
    assert!(field("argument").unwrap().by_person && !field("member_id").unwrap().by_person);
    assert!(field("nickname").is_none());
}

#[test]
fn exhibits_are_lettered_as_in_a_spreadsheet() {
    let names = [0, 1, 25, 26, 27, 51, 52, 701, 702].map(job::letter_of);
    assert_eq!(names, ["A", "B", "Z", "AA", "AB", "AZ", "BA", "ZZ", "AAA"]);
}

proptest! {
    #[test]
    fn no_template_panics(title in ".{0,40}", one in ".{0,120}", two in "[{}% a-z|.'()0-9]{0,80}") {
        let mut any = template(&[&one, &two]);
        any.title = title;
        let troubles = check(&any);
        let rendered = render(&any, &claim(), &called());
        if troubles.is_empty() {
            prop_assert!(matches!(rendered, Ok(_) | Err(CannotRender::Unfilled(_))));
        }
    }

    #[test]
    fn no_job_panics(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = job::read(&mut bytes.as_slice());
        let mut framed = (bytes.len() as u64).to_be_bytes().to_vec();
        framed.extend(&bytes);
        let _ = job::read(&mut framed.as_slice());
    }
}
