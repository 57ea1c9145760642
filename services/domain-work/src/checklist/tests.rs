use chrono::{NaiveDate, TimeDelta};
use proptest::prelude::*;

use super::*;

fn slug(text: &str) -> Slug {
    Slug::new(text).unwrap()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn at(hour: i64) -> DateTime<Utc> {
    "2026-05-01T00:00:00Z".parse::<DateTime<Utc>>().unwrap() + TimeDelta::hours(hour)
}

fn wanted() -> Requirement {
    Requirement {
        standard: slug("operative-report"),
        title: "Operative report".to_owned(),
        media: Selector::of([Media::Pdf, Media::Tiff]),
        days_before: Some(1),
        days_after: Some(30),
    }
}

fn document(number: u128, hour: i64) -> Document<'static> {
    Document {
        id: Uuid::from_u128(number),
        standards: &["operative-report"],
        media: Some(Media::Pdf),
        size_bytes: 1_000,
        dated_on: Some(day("2026-03-02")),
        added_at: at(hour),
    }
}

fn service() -> Option<Service> {
    Some(Service { first: day("2026-03-02"), last: day("2026-03-03") })
}

fn said(state: EvidenceState, hour: i64) -> Said {
    Said {
        standard: slug("operative-report"),
        state,
        by: UserId(Uuid::from_u128(7)),
        reason: "it is in the record".to_owned(),
        at: at(hour),
    }
}

fn only(on_file: OnFile<'_>) -> EvidenceItem {
    let on_file = OnFile { service: service(), ..on_file };
    Checklist::of(&[wanted()], &on_file).0.remove(0)
}

#[test]
fn a_sound_document_fulfills_a_standard() {
    let documents = [document(1, 0), document(2, 1)];
    let item = only(OnFile { documents: &documents, ..OnFile::default() });
    assert_eq!(item.state, EvidenceState::Present);
    assert_eq!(item.source, Some(Source::Document(Uuid::from_u128(2))), "the latest one");
    assert_eq!(item.missing_words, "");
    let other = [Document { standards: &["auth"], ..document(1, 0) }];
    assert_eq!(
        only(OnFile { documents: &other, ..OnFile::default() }).missing_words,
        "nothing is on file"
    );
}

#[test]
fn words_say_what_exactly_is_wrong() {
    let documents = [
        Document { size_bytes: 0, media: None, ..document(1, 0) },
        Document { media: Some(Media::Png), ..document(2, 1) },
        Document { dated_on: Some(day("2026-02-27")), ..document(3, 2) },
        Document { dated_on: Some(day("2026-04-03")), ..document(4, 3) },
        Document { dated_on: None, ..document(5, 4) },
    ];
    let words = [
        "the document added on 2026-05-01 is empty and is of no kind that can be sent to a payer",
        "the document added on 2026-05-01 is image/png, and the standard asks for \
         application/pdf or image/tiff",
        "the document added on 2026-05-01 is dated 3 days before the first day of service, and at \
         most 1 will do",
        "the document added on 2026-05-01 is dated 31 days after the last day of service, and at \
         most 30 will do",
        "the document added on 2026-05-01 has no date, and the standard asks for one",
    ];
    for (document, words) in documents.iter().zip(words) {
        let item = only(OnFile { documents: &[*document], ..OnFile::default() });
        assert_eq!((item.state, item.missing_words.as_str()), (EvidenceState::Missing, words));
    }
    let list = Checklist::of(
        &[wanted()],
        &OnFile { documents: &documents, service: service(), ..OnFile::default() },
    );
    let incomplete = list.complete().unwrap_err();
    assert_eq!((incomplete.missing, incomplete.all, list.missing_count()), (1, 1, 1));
    assert!(incomplete.to_string().contains("Operative report (operative-report): the document"));
}

#[test]
fn the_edges_of_the_window_will_do() {
    for dated_on in ["2026-03-01", "2026-04-02"] {
        let documents = [Document { dated_on: Some(day(dated_on)), ..document(1, 0) }];
        let item = only(OnFile { documents: &documents, ..OnFile::default() });
        assert_eq!(item.state, EvidenceState::Present, "{dated_on}");
    }
    let pointed = Requirement { days_before: None, days_after: None, ..wanted() };
    let old = Document { dated_on: Some(day("2026-03-01")), ..document(1, 0) };
    let found = check_document(&old, &pointed, service());
    assert_eq!(found[0].words, "is dated 1 day before the first day of service");
    assert!(!found[0].refuses);
    let one_side = Requirement { days_after: None, ..wanted() };
    let late = Document { dated_on: Some(day("2027-01-01")), ..old };
    assert!(!check_document(&late, &one_side, service())[0].refuses);
    let early = Document { dated_on: Some(day("2026-02-28")), ..old };
    assert!(check_document(&early, &one_side, service())[0].refuses);
    assert!(check_document(&old, &wanted(), None)[0].refuses, "days of service are not known");
}

#[test]
fn context_and_people_fulfill_it_too() {
    let context =
        Context { id: Uuid::from_u128(3), met: &["operative-report"], unmet: &[], at: at(0) };
    let item = only(OnFile { context: Some(context), ..OnFile::default() });
    assert_eq!(item.source, Some(Source::Context(context.id)));
    let torn = Context { unmet: &["operative-report"], ..context };
    let item = only(OnFile { context: Some(torn), ..OnFile::default() });
    assert_eq!(item.missing_words, "documentation review lists it as not met");
    let word = [said(EvidenceState::Present, 0)];
    let item = only(OnFile { said: &word, ..OnFile::default() });
    assert_eq!(item.source, Some(Source::Person(word[0].by)));
    let waived = [said(EvidenceState::Missing, 0), said(EvidenceState::Waived, 1)];
    let item = only(OnFile { said: &waived, ..OnFile::default() });
    assert_eq!((item.state, item.missing_words.as_str()), (EvidenceState::Waived, ""));
}

#[test]
fn a_person_who_says_that_it_is_missing_overrules_what_was_there() {
    let documents = [document(1, 0)];
    let word = [said(EvidenceState::Missing, 1)];
    let item = only(OnFile { documents: &documents, said: &word, ..OnFile::default() });
    assert_eq!(item.missing_words, "a person marked it as missing on 2026-05-01");
    let same_instant = [document(1, 1)];
    let item = only(OnFile { documents: &same_instant, said: &word, ..OnFile::default() });
    assert_eq!(item.state, EvidenceState::Missing);
    let both = [document(1, 0), document(2, 2)];
    let item = only(OnFile { documents: &both, said: &word, ..OnFile::default() });
    assert_eq!(item.source, Some(Source::Document(Uuid::from_u128(2))));
    let silent = Said { reason: " ".to_owned(), ..said(EvidenceState::Waived, 1) };
    assert_eq!(silent.check().unwrap_err().field, "reason");
    assert!(said(EvidenceState::Waived, 1).check().is_ok());
}

#[test]
fn a_standard_of_the_starter_asks_for_any_document() {
    let bundle = domain::starter::bundle();
    let standard = &bundle.documentation_standards[0];
    let requirement = Requirement::of(standard);
    let standards = [standard.slug.as_str()];
    let any = Document { standards: &standards, media: Some(Media::Png), ..document(1, 0) };
    let on_file = OnFile { documents: &[any], service: service(), ..OnFile::default() };
    assert!(Checklist::of(std::slice::from_ref(&requirement), &on_file).complete().is_ok());
    assert!(Checklist::of(&[requirement], &OnFile::default()).complete().is_err());
}

prop_compose! {
    fn any_document()(
        number in 0..50_u128,
        named in any::<bool>(),
        media in prop::option::of(prop::sample::select(Media::ALL)),
        size_bytes in 0..3_u64,
        offset in prop::option::of(-40..60_i64),
        hour in 0..20_i64,
    ) -> Document<'static> {
        Document {
            standards: if named { &["operative-report"] } else { &[] },
            media, size_bytes,
            dated_on: offset.map(|days| day("2026-03-02") + TimeDelta::days(days)),
            ..document(number, hour)
        }
    }
}

proptest! {
    #[test]
    fn what_is_present_has_a_source_and_what_is_missing_has_words(
        mut documents in prop::collection::vec(any_document(), 0..6),
        states in prop::collection::vec(
            (prop::sample::select(EvidenceState::ALL), 0..20_i64), 0..4),
    ) {
        let people: Vec<Said> =
            states.iter().map(|(state, hour)| said(*state, *hour)).collect();
        let check = |documents: &[Document<'_>]| {
            only(OnFile { documents, said: &people, ..OnFile::default() })
        };
        let item = check(&documents);
        let missing = item.state == EvidenceState::Missing;
        prop_assert_eq!(missing, item.source.is_none());
        prop_assert_eq!(missing, !item.missing_words.is_empty());
        prop_assert!(!item.missing_words.contains("2026-03"), "a day of service is patient data");
        if let Some(Source::Document(id)) = item.source {
            let sound = |document: &&Document<'_>| {
                document.id == id
                    && document.names(&slug("operative-report"))
                    && check_document(document, &wanted(), service()).is_empty()
            };
            prop_assert!(documents.iter().any(|document| sound(&document)));
        }
        documents.reverse();
        prop_assert_eq!(check(&documents).state, item.state);
        // A later sound document is always enough, except against a waiver.
        documents.push(document(99, 30));
        prop_assert!(check(&documents).state != EvidenceState::Missing);
    }
}
