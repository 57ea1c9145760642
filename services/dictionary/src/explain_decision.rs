use contracts::dictionary::v1::{Contender, ExplainDecisionRequest, ExplainDecisionResponse};
use domain::dictionary::{Compiled, Facts, Receipt};
use platform::access::Caller;

use crate::compiled::RevisionName;
use crate::{Dictionary, Error, grpc};

/// How many entries that lost are named.
const CONTENDERS: usize = 20;

impl Dictionary {
    /// Decides one denial and tells how the answer came about.
    pub(crate) async fn explanation(
        &self,
        caller: &Caller,
        request: ExplainDecisionRequest,
    ) -> Result<ExplainDecisionResponse, Error> {
        let facts = grpc::facts(request.facts.unwrap_or_default())?;
        let name = RevisionName::pinned("revision", &request.revision)?;
        let (ready, approvers) = self.ready_here(caller, &name).await?;
        let (compiled, facts) = (&ready.compiled, facts.facts());
        let outranked = compiled.outranked(&facts, CONTENDERS).into_iter();
        Ok(ExplainDecisionResponse {
            decision: Some(grpc::decision(compiled, &facts, approvers)),
            explanation: sentences(compiled, &facts, &compiled.explain(&facts)),
            contenders: outranked
                .map(|miss| Contender { entry: miss.entry.into(), lost_on: miss.reason.field })
                .collect(),
        })
    }
}

/// The decision in sentences, in the order it was made.
fn sentences(compiled: &Compiled, facts: &Facts<'_>, receipt: &Receipt) -> Vec<String> {
    let mut told = vec![format!(
        "Asked: group {}, CARC {}, under revision {} of `{}`.",
        facts.group,
        facts.carc,
        receipt.revision,
        compiled.bundle().title
    )];
    told.push(match receipt.entry.as_ref().and_then(|slug| compiled.entry(slug.as_str())) {
        Some(entry) => format!("Entry `{}` speaks for it: {}.", entry.slug, entry.meaning.label),
        None => "No entry speaks for it, so a person decides.".to_owned(),
    });
    told.extend(receipt.why.iter().map(|reason| format!("{}: {}.", reason.field, reason.words)));
    let by = receipt
        .overridden_by
        .map_or_else(String::new, |rarc| format!(", as remark {rarc} changed it"));
    told.push(format!(
        "The next action is {}{by}; {} acts, team `{}`; an appeal is open: {}.",
        receipt.next_action, receipt.owner_function, receipt.team, receipt.appealable
    ));
    told.extend(receipt.near_misses.iter().map(|miss| {
        format!(
            "Entry `{}` nearly spoke; {}: {}.",
            miss.entry, miss.reason.field, miss.reason.words
        )
    }));
    told
}
