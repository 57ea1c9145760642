use tests::fields;
use tests::samples::appeals::submit;
use tests::samples::ends::money;

use super::*;

impl House {
    /// Has an appeal decided `day` of June, filed on the fifth.
    async fn ended(&self, payer: &str, number: &str, kind: OutcomeKind, day: i32) -> Appeal {
        let appeal = self.free(payer, number, "20260601").await;
        let sent = self.submit(submit(&appeal, 5, number)).await.unwrap();
        let recovered = match kind {
            OutcomeKind::Overturned => money(60_00),
            OutcomeKind::PartiallyOverturned => money(20_00),
            _ => money(0),
        };
        let outcome = Outcome {
            kind: kind.into(),
            recovered,
            decided_on: Some(date(2026, 6, day)),
            ..Outcome::default()
        };
        let request = RecordOutcomeRequest {
            appeal_id: sent.id.clone(),
            outcome: Some(outcome),
            etag: sent.etag.clone(),
            request_id: id(),
        };
        let answer = self.as_a(Role::Specialist).await.record_outcome(request).await.unwrap();
        answer.into_inner().appeal.unwrap()
    }

    async fn figures(
        &self,
        request: ListOutcomeStatisticsRequest,
    ) -> Result<Vec<OutcomeStatistics>, Status> {
        let answer = self.as_a(Role::Analyst).await.list_outcome_statistics(request).await?;
        Ok(answer.into_inner().outcome_statistics)
    }
}

fn by(dimensions: &[&str]) -> ListOutcomeStatisticsRequest {
    let group_by = dimensions.iter().map(|name| (*name).to_owned()).collect();
    ListOutcomeStatisticsRequest { group_by, ..ListOutcomeStatisticsRequest::default() }
}

#[tokio::test]
async fn decided_appeals_are_counted_with_their_interval_and_days() {
    let house = House::lenient().await;
    house.payer("other", LineOfBusiness::Commercial, Network::InNetwork).await;
    assert_eq!(house.figures(by(&[])).await.unwrap(), []);
    house.ended("", "PCN1", OutcomeKind::Overturned, 8).await;
    house.ended("", "PCN2", OutcomeKind::PartiallyOverturned, 10).await;
    house.ended("", "PCN3", OutcomeKind::Upheld, 12).await;
    house.ended("other", "PCN4", OutcomeKind::Upheld, 13).await;
    house.free("", "PCN5", "20260601").await;
    let all = house.figures(by(&[])).await.unwrap();
    assert_eq!(all.len(), 1);
    assert_eq!((all[0].decided_count, all[0].overturn_basis_points), (4, 5_000));
    assert_eq!(
        (all[0].interval_low_basis_points, all[0].interval_high_basis_points),
        (1_500, 8_500)
    );
    assert_eq!(all[0].median_days, 5);
    let by_payer = house.figures(by(&["payer", "entry", "path"])).await.unwrap();
    let shares: Vec<(i64, i32, &str, Path)> = by_payer
        .iter()
        .map(|one| (one.decided_count, one.overturn_basis_points, one.entry.as_str(), one.path()))
        .collect();
    assert_eq!(shares.len(), 2);
    assert!(shares.contains(&(3, 6_667, "carc-50", Path::AppealLevel1)), "{shares:?}");
    assert!(shares.contains(&(1, 0, "carc-50", Path::AppealLevel1)), "{shares:?}");
    let days = ListOutcomeStatisticsRequest {
        starts_on: Some(date(2026, 6, 9)),
        ends_on: Some(date(2026, 6, 12)),
        ..by(&[])
    };
    assert_eq!(house.figures(days).await.unwrap()[0].decided_count, 2);
}

#[tokio::test]
async fn figures_come_in_pages_and_of_known_dimensions() {
    let house = House::lenient().await;
    house.payer("other", LineOfBusiness::Commercial, Network::InNetwork).await;
    house.ended("", "PCN1", OutcomeKind::Overturned, 8).await;
    house.ended("other", "PCN2", OutcomeKind::Upheld, 8).await;
    let wrong = house.figures(by(&["payer", "weather"])).await.unwrap_err();
    assert_eq!(fields(&wrong), ["group_by[1]"]);
    let backwards = ListOutcomeStatisticsRequest {
        starts_on: Some(date(2026, 6, 9)),
        ends_on: Some(date(2026, 6, 8)),
        ..by(&[])
    };
    assert_eq!(fields(&house.figures(backwards).await.unwrap_err()), ["ends_on"]);
    let mut request = ListOutcomeStatisticsRequest { page_size: 1, ..by(&["payer"]) };
    let mut analyst = house.as_a(Role::Analyst).await;
    let first = analyst.list_outcome_statistics(request.clone()).await.unwrap().into_inner();
    request.page_token = first.next_page_token;
    let second = analyst.list_outcome_statistics(request).await.unwrap().into_inner();
    assert_eq!((first.outcome_statistics.len(), second.outcome_statistics.len()), (1, 1));
    assert_ne!(first.outcome_statistics[0].payer_id, second.outcome_statistics[0].payer_id);
    assert_eq!(second.next_page_token, "");
}
