use contracts::identity::v1 as pb;
use platform::access::Caller;
use platform::idempotency::Once;
use platform::rejection::{Fault, Violations};

use crate::error::Error;
use crate::listing::Listing;
use crate::store::Stamp;
use crate::store::service_lines::{self, CodeRange, Rule, ServiceLine};
use crate::{Identity, fields, render};

/// The most rules of one service line.
const RULES_MAX: usize = 200;
/// The most ranges or bill types in one list of a rule.
const RANGES_MAX: usize = 200;

impl Identity {
    /// Creates a service line.
    pub(crate) async fn create_service_line(
        &self,
        caller: &Caller,
        request: pb::CreateServiceLineRequest,
    ) -> Result<pb::CreateServiceLineResponse, Error> {
        let rules = check(&request)?;
        let once = Once::of(&request.request_id, &request)?;
        self.database
            .mutate(caller, once, move |tx| {
                Box::pin(async move {
                    let line = ServiceLine {
                        id: platform::ids::new(),
                        slug: request.slug,
                        display_name: request.display_name,
                        rules,
                        stamp: Stamp::new(tx.clock().now()),
                    };
                    if !service_lines::insert(tx, &line).await? {
                        return Err(Error::SlugTaken);
                    }
                    let service_line = Some(render::service_line(line));
                    Ok(pb::CreateServiceLineResponse { service_line })
                })
            })
            .await
    }

    /// Lists service lines by slug.
    pub(crate) async fn list_service_lines(
        &self,
        caller: &Caller,
        request: pb::ListServiceLinesRequest,
    ) -> Result<pb::ListServiceLinesResponse, Error> {
        let (size, token) = (request.page_size, &request.page_token);
        let listing = Listing::of(&self.keys, caller, size, token, "")?;
        let tx = self.database.read(caller).await?;
        let mut rows = service_lines::page(&tx, listing.after.clone(), listing.limit()).await?;
        let next_page_token = listing.cut(&mut rows, |line| line.slug.clone());
        let service_lines = rows.into_iter().map(render::service_line).collect();
        Ok(pb::ListServiceLinesResponse { service_lines, next_page_token })
    }
}

fn check(request: &pb::CreateServiceLineRequest) -> Result<Vec<Rule>, Fault> {
    let mut violations = Violations::default();
    fields::slug(&mut violations, "slug", &request.slug);
    violations.text("display_name", &request.display_name, fields::NAME_MAX);
    if request.rules.len() > RULES_MAX {
        violations.add("rules", format!("has more than {RULES_MAX} items"));
        return violations.into_result().map(|()| Vec::new());
    }
    let read = |(at, rule)| rule_of(&mut violations, &format!("rules[{at}]"), rule);
    let rules = request.rules.iter().enumerate().map(read).collect();
    violations.into_result()?;
    Ok(rules)
}

fn rule_of(violations: &mut Violations, field: &str, rule: &pb::ServiceLineRule) -> Rule {
    if rule.revenue_codes.is_empty()
        && rule.procedure_codes.is_empty()
        && rule.bill_types.is_empty()
    {
        violations.add(field, "must have a revenue code, a procedure code or a bill type");
    }
    let is_revenue_code = |code: &str| code.len() == 4 && code.bytes().all(|b| b.is_ascii_digit());
    let is_procedure_code = |code: &str| {
        let plain = |b: u8| b.is_ascii_digit() || b.is_ascii_uppercase();
        code.len() == 5 && code.bytes().all(plain)
    };
    let is_bill_type = |kind: &str| {
        (1..=4).contains(&kind.len()) && kind.bytes().all(|b| b.is_ascii_alphanumeric())
    };
    let revenue = format!("{field}.revenue_codes");
    let procedure = format!("{field}.procedure_codes");
    let sound = (is_bill_type as fn(&str) -> bool, "must be 1 to 4 digits or letters");
    let bill_types = format!("{field}.bill_types");
    fields::list(violations, &bill_types, &rule.bill_types, RANGES_MAX, sound);
    let four = (is_revenue_code as fn(&str) -> bool, "must be four digits");
    let five = (is_procedure_code as fn(&str) -> bool, "must be five digits or capital letters");
    Rule {
        revenue_codes: ranges(violations, &revenue, &rule.revenue_codes, four),
        procedure_codes: ranges(violations, &procedure, &rule.procedure_codes, five),
        bill_types: rule.bill_types.clone(),
    }
}

fn ranges(
    violations: &mut Violations,
    field: &str,
    ranges: &[pb::CodeRange],
    (is_code, wanted): (fn(&str) -> bool, &str),
) -> Vec<CodeRange> {
    if ranges.len() > RANGES_MAX {
        violations.add(field, format!("has more than {RANGES_MAX} items"));
        return Vec::new();
    }
    let mut read = |(at, range): (usize, &pb::CodeRange)| {
        let first = &range.first_code;
        let last = if range.last_code.is_empty() { first } else { &range.last_code };
        if !is_code(first) {
            violations.add(format!("{field}[{at}].first_code"), wanted);
        } else if !is_code(last) {
            violations.add(format!("{field}[{at}].last_code"), wanted);
        } else if last < first {
            violations.add(format!("{field}[{at}].last_code"), "must not come before first_code");
        }
        CodeRange { first: first.clone(), last: last.clone() }
    };
    ranges.iter().enumerate().map(&mut read).collect()
}
