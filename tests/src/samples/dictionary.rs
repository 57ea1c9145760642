use contracts::dictionary::v1::*;

use super::{Sample, Things, facts, sample as any};
use crate::world::id;

pub(super) fn samples(things: &Things) -> Vec<Sample> {
    let group = &things.group;
    let fresh = || format!("s{}", &id().replace('-', "")[20..]);
    let name = |value: String| PayerAlias { kind: PayerAliasKind::Name.into(), value };
    let payer = CreatePayerRequest {
        slug: fresh(),
        display_name: "Another Plan".to_owned(),
        aliases: vec![name(fresh())],
        line_of_business: LineOfBusiness::Commercial.into(),
        network: Network::InNetwork.into(),
        time_zone: "America/New_York".to_owned(),
        request_id: id(),
    };
    let alias = AddPayerAliasRequest {
        payer_id: group.payer_id.clone(),
        alias: Some(name(fresh())),
        request_id: id(),
    };
    let update = UpdatePayerRequest {
        payer: Some(Payer {
            id: things.payers[0].id.clone(),
            display_name: "Renamed Plan".to_owned(),
            etag: things.payers[0].etag.clone(),
            ..Payer::default()
        }),
        update_mask: Some(prost_types::FieldMask { paths: vec!["display_name".to_owned()] }),
        request_id: id(),
    };
    let removal = RemovePayerAliasRequest {
        payer_id: things.payers[1].id.clone(),
        alias: things.payers[1].aliases.first().cloned(),
        etag: things.payers[1].etag.clone(),
        request_id: id(),
    };
    let matching = MatchPayerRequest { aliases: vec![name("SAMPLE HEALTH PLAN".to_owned())] };
    let base = PublishBaseDictionaryRequest {
        reason: "again".to_owned(),
        request_id: id(),
        ..PublishBaseDictionaryRequest::default()
    };
    let revision = || group.revision.clone();
    let compiled = GetCompiledRevisionRequest { revision: revision(), ..Default::default() };
    let decide = DecideRequest { facts: Some(facts()), revision: revision() };
    let explain = ExplainDecisionRequest { facts: Some(facts()), revision: revision() };
    let verify =
        VerifyReceiptRequest { receipt: Some(things.receipt.clone()), facts: Some(facts()) };
    let code = GetCodeRequest { code_set: "CARC".to_owned(), code: "197".to_owned() };
    let codes = ListCodesRequest { code_set: "CARC".to_owned(), ..ListCodesRequest::default() };
    let get_payer = GetPayerRequest { id: group.payer_id.clone() };
    let service = "Dictionary";
    let watch = WatchEventsRequest { stop_at_end: true, ..WatchEventsRequest::default() };
    vec![
        any(service, "WatchEvents", &watch, false),
        any(service, "ListCodeSets", &ListCodeSetsRequest::default(), false),
        any(service, "GetCode", &code, false),
        any(service, "ListCodes", &codes, false),
        any(service, "CreatePayer", &payer, false),
        any(service, "GetPayer", &get_payer, true),
        any(service, "ListPayers", &ListPayersRequest::default(), false),
        any(service, "MatchPayer", &matching, false),
        any(service, "AddPayerAlias", &alias, true),
        any(service, "UpdatePayer", &update, true),
        any(service, "RemovePayerAlias", &removal, true),
        any(service, "PublishBaseDictionary", &base, false),
        any(service, "GetRevision", &GetRevisionRequest { revision: revision() }, false),
        any(service, "ListRevisions", &ListRevisionsRequest::default(), false),
        any(service, "GetCompiledRevision", &compiled, false),
        any(service, "Decide", &decide, false),
        any(service, "ExplainDecision", &explain, false),
        any(service, "VerifyReceipt", &verify, false),
    ]
}
