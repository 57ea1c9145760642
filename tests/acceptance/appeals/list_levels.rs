use contracts::dictionary::v1::{Confidence, RuleBasis};
use tests::{fields, reason, refusal};
use tonic::Code;

use super::*;

impl House {
    async fn levels(&self, request: ListLevelsRequest) -> Result<Vec<Level>, Status> {
        let answer = self.as_a(Role::Partner).await.list_levels(request).await?;
        Ok(answer.into_inner().levels)
    }
}

fn least(level: &Level) -> i64 {
    level.threshold.as_ref().unwrap().amount_cents
}

#[tokio::test]
async fn original_medicare_has_five_levels_with_the_amounts_of_the_year() {
    let house = House::new().await;
    let medicare = house.payer("medicare", LineOfBusiness::MedicareFfs, Network::InNetwork).await;
    let asked = ListLevelsRequest { payer_id: medicare.id, ..ListLevelsRequest::default() };
    let levels = house.levels(asked.clone()).await.unwrap();
    let paths: Vec<Path> = levels.iter().map(Level::path).collect();
    assert_eq!(
        paths,
        [
            Path::AppealLevel1,
            Path::AppealLevel2,
            Path::AppealLevel3,
            Path::AppealLevel4,
            Path::AppealLevel5
        ]
    );
    assert!(levels.iter().all(|level| level.basis() == RuleBasis::Statute && !level.possible));
    let amounts: Vec<i64> = levels.iter().map(least).collect();
    assert_eq!(amounts, [0, 0, 200_00, 0, 1_960_00]);
    assert_eq!(levels[0].rule, "medicare-redetermination");
    assert!(levels[0].source.contains("405.942") && levels[0].confidence() == Confidence::A);
    let before = ListLevelsRequest { as_of: Some(date(2025, 6, 1)), ..asked };
    let amounts: Vec<i64> = house.levels(before).await.unwrap().iter().map(least).collect();
    assert_eq!(amounts, [0, 0, 190_00, 0, 1_900_00]);
}

#[tokio::test]
async fn a_payers_manual_stands_over_what_is_usual_and_says_so() {
    let house = House::new().await;
    let aetna = house.payer("aetna", LineOfBusiness::Commercial, Network::InNetwork).await;
    let asked = ListLevelsRequest { payer_id: aetna.id, ..ListLevelsRequest::default() };
    let levels = house.levels(asked.clone()).await.unwrap();
    let of = |path: Path| levels.iter().find(|level| level.path() == path).unwrap();
    let first = of(Path::AppealLevel1);
    assert_eq!((first.rule.as_str(), first.basis()), ("aetna-reconsideration", RuleBasis::Payer));
    assert_eq!(first.beats, ["commercial-typical-level-1"]);
    assert!(!first.possible);
    // Whether the plan is self-funded nobody knows.
    let member = of(Path::MemberAppeal);
    assert_eq!((member.rule.as_str(), member.possible), ("erisa-internal-appeal", true));
    // Another kind of coverage of the same payer has other levels.
    let medicare = LineOfBusiness::MedicareFfs.into();
    let asked = ListLevelsRequest { line_of_business: medicare, ..asked };
    let levels = house.levels(asked).await.unwrap();
    assert_eq!((levels.len(), levels[1].rule.as_str()), (5, "medicare-reconsideration"));
}

#[tokio::test]
async fn what_is_no_payer_and_no_day_is_refused() {
    let house = House::new().await;
    let asked = |payer_id: &str| ListLevelsRequest {
        payer_id: payer_id.to_owned(),
        ..ListLevelsRequest::default()
    };
    let none = house.levels(asked(&id())).await.unwrap_err();
    assert_eq!(refusal(&none), reason(Code::NotFound, "NOT_FOUND"));
    let bad = house.levels(asked("aetna")).await.unwrap_err();
    assert_eq!(fields(&bad), ["payer_id"]);
    let bad = ListLevelsRequest {
        as_of: Some(date(2026, 2, 30)),
        line_of_business: 99,
        ..asked(&house.group.payer_id)
    };
    assert_eq!(fields(&house.levels(bad).await.unwrap_err()), ["line_of_business", "as_of"]);
}
