//! Letters: written from governed templates, with what is known and what a person fills.

use contracts::appeals::v1::appeals_service_client::AppealsServiceClient;
use tests::samples::appeals::{render, submit};
use tests::{fields, reason, refusal};
use tonic::Code;

use super::papers::{authorized, text};
use super::*;

async fn preview(
    client: &mut AppealsServiceClient<overturn::Door>,
    denial: &Denial,
    paragraphs: &[&str],
) -> Result<PreviewTemplateResponse, Status> {
    let template = serde_json::json!({
        "slug": "drafted",
        "title": "Appeal of {{ payer_claim_number }}",
        "path": "appeal_level_1",
        "paragraphs": paragraphs,
        "blanks": [{"name": "called_on", "words": "day of the call"}],
    });
    let request = PreviewTemplateRequest {
        template_json: template.to_string(),
        denial_id: denial.id.clone(),
    };
    Ok(client.preview_template(request).await?.into_inner())
}

#[tokio::test]
async fn a_letter_is_written_from_the_template_of_the_entry() {
    let house = House::new().await;
    let appeal = house.unauthorized("PCN1").await;
    let letter = house.render(authorized(&appeal)).await.unwrap();
    assert_eq!(letter.template, "level-1-authorization");
    assert_eq!(letter.dictionary_revision, appeal.dictionary_revision);
    assert_eq!((letter.appeal_id.as_str(), letter.page_count), (appeal.id.as_str(), 1));
    for words in [
        "Appeal of an authorization denial, claim ICNPCN1",
        "member number MDOE",
        "The amount in dispute is $60.00.",
        "- 99211: $60.00, code CO-197",
        "Approved on May 1, 2026 by telephone.",
        "We enclose:",
    ] {
        assert!(letter.text.contains(words), "{words}: {}", letter.text);
    }
    assert!(!letter.text.contains("{") && !letter.text.contains("None"), "{}", letter.text);
    let now = house.get(&appeal.id).await;
    assert_eq!((now.letter_id.as_str(), now.packet_id.as_str()), (letter.id.as_str(), ""));
    assert_ne!(now.etag, appeal.etag);
    let pdf = house.bytes(&letter.id).await.unwrap();
    assert!(pdf.starts_with(b"%PDF-"));
    let shown = text(&pdf);
    if let Some(shown) = shown {
        let revision = &appeal.dictionary_revision[..12];
        for words in [
            "June 15, 2026",
            "Member number:",
            "Template level-1-authorization",
            &format!("dictionary {revision}"),
            "Page 1 of 1",
            "Dana Reyes",
            "Approved on May 1, 2026 by telephone.",
        ] {
            assert!(shown.contains(words), "{words}: {shown}");
        }
    }
    let told = house.told().await.pop().unwrap();
    assert_eq!(told.0, "appeal.letter_rendered");
    assert!(!told.1.contains("DOE") && !told.1.contains("ICN"), "{}", told.1);
    // Another one takes its place; the first can still be read.
    let second = house.render(authorized(&appeal)).await.unwrap();
    assert_eq!(house.get(&appeal.id).await.letter_id, second.id);
    assert_eq!(house.bytes(&letter.id).await.unwrap(), pdf);
}

#[tokio::test]
async fn what_is_not_filled_or_not_to_be_filled_is_named_field_by_field() {
    let house = House::new().await;
    let appeal = house.unauthorized("PCN1").await;
    let mut nothing = authorized(&appeal);
    nothing.blanks.clear();
    let refused = house.render(nothing).await.unwrap_err();
    assert_eq!(refusal(&refused), reason(Code::InvalidArgument, "INVALID_FIELDS"));
    assert_eq!(fields(&refused), ["blanks.argument", "blanks.authorization_facts"]);
    let long = "x".repeat(20_001);
    for (name, value) in [
        ("nickname", "Jo"),
        ("member_id", "M1"),
        ("criteria_met", "all of them"),
        ("clinical_summary", "none"),
        ("argument", long.as_str()),
    ] {
        let mut request = authorized(&appeal);
        request.blanks.insert(name.to_owned(), value.to_owned());
        let refused = house.render(request).await.unwrap_err();
        assert_eq!(fields(&refused), [format!("blanks.{name}")], "{refused}");
    }
    for template in ["no-such-letter", "level-1-eligibility"] {
        let mut request = authorized(&appeal);
        request.template = template.to_owned();
        let refused = house.render(request).await.unwrap_err();
        assert_eq!(refusal(&refused).1, "INVALID_FIELDS", "{template}");
    }
    let nobodys = RenderLetterRequest { appeal_id: id(), ..authorized(&appeal) };
    let refused = house.render(nobodys).await.unwrap_err();
    assert_eq!(refusal(&refused), reason(Code::NotFound, "NOT_FOUND"));
    assert_eq!(house.get(&appeal.id).await, appeal);
    // The control names the general letter.
    let mut request = authorized(&appeal);
    request.blanks.remove("authorization_facts");
    request.template = "level-1-general".to_owned();
    assert_eq!(house.render(request).await.unwrap().template, "level-1-general");
}

#[tokio::test]
async fn a_letter_is_tried_without_being_kept_and_written_once() {
    let house = House::new().await;
    let appeal = house.unauthorized("PCN1").await;
    let tried = RenderLetterRequest { validate_only: true, ..authorized(&appeal) };
    let tried = house.render(tried).await.unwrap();
    assert_eq!(house.get(&appeal.id).await, appeal);
    assert_eq!(house.bytes(&tried.id).await.unwrap_err().code(), Code::NotFound);
    let request = authorized(&appeal);
    let first = house.render(request.clone()).await.unwrap();
    assert_eq!(first.sha256, tried.sha256, "the same letter makes the same bytes");
    assert_eq!(house.render(request.clone()).await.unwrap(), first);
    let mut other = request;
    other.blanks.insert("argument".to_owned(), "Another one.".to_owned());
    assert_eq!(refusal(&house.render(other).await.unwrap_err()).1, "REQUEST_ID_REUSED");
}

#[tokio::test]
async fn a_letter_of_what_was_sent_stays_as_it_was_sent() {
    let house = House::lenient().await;
    let appeal = house.free("", "PCN1", "20260610").await;
    let letter = house.render(render(&appeal.id)).await.unwrap();
    assert_eq!(letter.template, "level-1-medical-necessity");
    let appeal = house.get(&appeal.id).await;
    let sent = house.submit(submit(&appeal, 15, "FAX1")).await.unwrap();
    assert_eq!(sent.letter_id, letter.id);
    let refused = house.render(render(&appeal.id)).await.unwrap_err();
    assert_eq!(refusal(&refused), reason(Code::FailedPrecondition, "INVALID_TRANSITION"));
    assert_eq!(house.get(&appeal.id).await, sent);
    let back = house.returned(&sent, date(2026, 6, 15)).await.unwrap();
    let letter = house.render(render(&back.id)).await.unwrap();
    let now = house.get(&appeal.id).await;
    assert_eq!((now.state(), now.letter_id), (AppealState::Returned, letter.id));
}

#[tokio::test]
async fn names_in_every_script_of_the_fonts_are_shown_and_others_are_named() {
    let house = House::new().await;
    for (at, name) in
        ["王小明", "יוסף כהן", "محمد علي", "김민수", "Ναταλία", "Łukasz"].iter().enumerate()
    {
        let number = format!("PCN{at}");
        let codes = [("CO", "197", 60_00)];
        let line = Line { charge: 60_00, paid: 0, adjustments: &codes, remarks: &[] };
        house.upload(house.remittance("", "20260610").claim(&number, name, &[line])).await;
        let denial = house.denials(&number).await.remove(0);
        let appeal = house.appeal(&[&denial]).await.unwrap();
        let letter = house.render(authorized(&appeal)).await.unwrap();
        assert!(letter.text.contains(name), "{}", letter.text);
        let pdf = house.bytes(&letter.id).await.unwrap();
        if let Some(shown) = text(&pdf) {
            // Shaped letters are joined, and lines of another direction have marks around them.
            let first = name.chars().next().unwrap();
            assert!(shown.contains(first), "{name}: {shown}");
        }
    }
    let appeal = house.unauthorized("PCN9").await;
    let mut request = authorized(&appeal);
    request.blanks.insert("argument".to_owned(), "As \u{13000} shows.".to_owned());
    let refused = house.render(request).await.unwrap_err();
    assert_eq!(refusal(&refused), reason(Code::FailedPrecondition, "LETTER_NOT_SHOWN"));
    let words = refused.message();
    assert!(words.contains("U+13000") && words.contains("paragraph"), "{words}");
    assert_eq!(house.get(&appeal.id).await, appeal);
}

#[tokio::test]
async fn a_drafted_template_is_tried_on_a_real_denial() {
    let house = House::new().await;
    let denial = house.refused("PCN1", &[("CO", "197", 60_00)], &[]).await.remove(0);
    let mut analyst = house.as_a(Role::Analyst).await;
    let sound = ["For {{ patient_name }}: {{ argument }}", "{{ called_on }}", "{{ in_dispute }}"];
    let shown = preview(&mut analyst, &denial, &sound).await.unwrap();
    assert_eq!(shown.denial_id, denial.id);
    assert!(shown.text.contains("[argument]") && shown.text.contains("[called_on]"), "{shown:?}");
    // Who does not need to know who the patient is sees it here no more than in routing.
    assert!(shown.text.contains("[patient_name]") && !shown.text.contains("DOE"), "{shown:?}");
    assert!(shown.text.contains("$60.00"), "{}", shown.text);
    let mut lead = house.as_a(Role::TeamLead).await;
    let named = preview(&mut lead, &denial, &sound).await.unwrap();
    assert!(named.text.contains("For DOE"), "{}", named.text);
    assert!(shown.pdf.starts_with(b"%PDF-") && shown.undeclared_fields.is_empty());
    let undeclared =
        preview(&mut analyst, &denial, &["{{ nickname }} {{ env.PATH }}"]).await.unwrap();
    assert_eq!(undeclared.undeclared_fields, ["env", "nickname"]);
    assert!(undeclared.text.is_empty() && undeclared.pdf.is_empty());
    let loops = "{% for a in denials %}{% for b in 'x' * 40000 %}{{ b }}{% endfor %}{% endfor %}";
    for (bomb, code, why) in [
        (loops, Code::ResourceExhausted, "RENDER_LIMIT"),
        ("{{ 'a' * 1000000000 }}", Code::ResourceExhausted, "RENDER_LIMIT"),
        ("{% if argument %}", Code::InvalidArgument, "BROKEN_TEMPLATE"),
        ("{% include '/etc/passwd' %}", Code::InvalidArgument, "BROKEN_TEMPLATE"),
        ("{{ member_id.secret }}", Code::InvalidArgument, "BROKEN_TEMPLATE"),
        ("{{ patient_name \u{13000} }}", Code::InvalidArgument, "BROKEN_TEMPLATE"),
        ("\u{13000}", Code::FailedPrecondition, "LETTER_NOT_SHOWN"),
    ] {
        let refused = preview(&mut analyst, &denial, &[bomb]).await.unwrap_err();
        assert_eq!(refusal(&refused), reason(code, why), "{bomb}: {}", refused.message());
        assert!(!refused.message().contains("DOE"), "{}", refused.message());
    }
    let none = PreviewTemplateRequest {
        template_json: "{\"slug\": \"x\"}".to_owned(),
        denial_id: denial.id.clone(),
    };
    let refused = analyst.preview_template(none).await.unwrap_err();
    assert_eq!(fields(&refused), ["template_json"]);
    let nobodys = Denial { id: id(), ..denial.clone() };
    let refused = preview(&mut analyst, &nobodys, &sound).await.unwrap_err();
    assert_eq!(refusal(&refused), reason(Code::NotFound, "NOT_FOUND"));
    // Who reads no claims in routing sees none here.
    let mut member = house.as_a(Role::CommitteeMember).await;
    let refused = preview(&mut member, &denial, &sound).await.unwrap_err();
    assert_eq!(refused.code(), Code::PermissionDenied, "{refused}");
}
