use tests::fields;

use super::*;

/// Appeals of claims PCN1, PCN2 and PCN3, of which the last one has no last day.
async fn three(house: &House) -> Vec<Appeal> {
    house.payer("advantage", LineOfBusiness::MedicareAdvantage, Network::InNetwork).await;
    let mut appeals = Vec::new();
    for (payer, number, paid_on, cents) in [
        ("", "PCN1", "20260612", 60_00),
        ("", "PCN2", "20260610", 90_00),
        ("advantage", "PCN3", "20260610", 30_00),
    ] {
        let codes = [("CO", "197", cents)];
        let line = Line { charge: cents, paid: 0, adjustments: &codes, remarks: &[] };
        house.upload(house.remittance(payer, paid_on).claim(number, "DOE", &[line])).await;
        let denial = house.denials(number).await.remove(0);
        appeals.push(house.appeal(&[&denial]).await.unwrap());
    }
    appeals
}

fn numbers(appeals: &[Appeal]) -> Vec<&str> {
    appeals.iter().map(|appeal| appeal.patient_control_number.as_str()).collect()
}

#[tokio::test]
async fn lists_are_ordered_by_last_day_age_or_amount_and_read_page_by_page() {
    let house = House::new().await;
    three(&house).await;
    for (order_by, expected) in [
        ("", ["PCN2", "PCN1", "PCN3"]),
        ("due_on", ["PCN2", "PCN1", "PCN3"]),
        ("created_at  desc", ["PCN3", "PCN2", "PCN1"]),
        ("in_dispute_cents desc", ["PCN2", "PCN1", "PCN3"]),
    ] {
        assert_eq!(numbers(&house.list("", order_by).await.unwrap()), expected, "{order_by}");
        let (mut seen, mut page_token) = (Vec::new(), String::new());
        loop {
            let request = ListAppealsRequest {
                page_size: 1,
                page_token,
                order_by: order_by.to_owned(),
                ..ListAppealsRequest::default()
            };
            let page = house.as_a(Role::Partner).await.list_appeals(request).await.unwrap();
            let page = page.into_inner();
            assert_eq!(page.appeals.len(), 1);
            seen.extend(page.appeals);
            page_token = page.next_page_token;
            if page_token.is_empty() {
                break;
            }
        }
        assert_eq!(numbers(&seen), expected, "{order_by}");
    }
    let refused = house.list("", "state").await.unwrap_err();
    assert_eq!(fields(&refused), ["order_by"]);
}

#[tokio::test]
async fn a_filter_takes_every_field_it_names() {
    let house = House::new().await;
    let appeals = three(&house).await;
    let due = |at: usize| {
        let on = appeals[at].deadline.as_ref().unwrap().due_on.unwrap();
        format!("{:04}-{:02}-{:02}", on.year, on.month, on.day)
    };
    let case = format!("case_id = \"{}\" AND state = draft", appeals[0].case_id);
    let payer = format!("payer_id = \"{}\"", house.group.payer_id);
    let batch = format!("batch_id = \"{}\"", id());
    let (until, from) = (format!("due_on <= {}", due(1)), format!("due_on >= {}", due(0)));
    let (before, after) = (format!("due_on < {}", due(0)), format!("due_on > {}", due(1)));
    for (filter, expected) in [
        ("state = \"DRAFT\"", &["PCN2", "PCN1", "PCN3"][..]),
        ("state = \"READY\"", &[]),
        ("path = APPEAL_LEVEL_1", &["PCN2", "PCN1", "PCN3"]),
        ("path = APPEAL_LEVEL_2", &[]),
        ("patient_control_number = pcn2", &["PCN2"]),
        (case.as_str(), &["PCN1"]),
        (payer.as_str(), &["PCN2", "PCN1"]),
        (batch.as_str(), &[]),
        (until.as_str(), &["PCN2"]),
        (from.as_str(), &["PCN1"]),
        (before.as_str(), &["PCN2"]),
        (after.as_str(), &["PCN1"]),
    ] {
        assert_eq!(numbers(&house.list(filter, "").await.unwrap()), expected, "{filter}");
    }
    for bad in [
        "state = OPEN",
        "state != DRAFT",
        "due_on = 2026-01-01",
        "due_on > soon",
        "x = 1",
        "state = UNSPECIFIED",
        "case_id = 7",
    ] {
        assert_eq!(fields(&house.list(bad, "").await.unwrap_err()), ["filter"], "{bad}");
    }
}
